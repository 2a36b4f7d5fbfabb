// Later revisions of a sealed licence, each keeping all earlier signatures valid: a further seal (R12), an annotated copy
// (R11), the archive's seal (R20), material for long keeping, a document timestamp. Each is prepared here, signed by whoever
// holds the key (or stamped by a service), and closed by embedLater.
// Must not ask a key or a service itself; must not touch a byte of what was there before.
import { StationError } from '../../contract/station-error.ts';
import type { Instant } from '../../contract/values.ts';
import type { FontSet } from '../documents/fonts/font-set.ts';
import { compressed, type ReadyStream } from '../documents/pdf/pdf-body.ts';
import { textString } from '../documents/pdf/pdf-syntax.ts';
import { type AnnotatedCopy, isCopyRight, stampWords, withCopyElements } from '../documents/revisions/annotated-copy.ts';
import { appendRevision, type NewObject, type SignatureSlot } from '../documents/revisions/append-revision.ts';
import { type OpenLicence, openLicence } from '../documents/revisions/open-licence.ts';
import type { PdfDictionary, PdfValue } from '../documents/revisions/pdf-value.ts';
import { rectangleOf, signatureFields } from '../documents/revisions/signature-fields.ts';
import { drawStamp } from '../documents/revisions/stamp-drawing.ts';
import { dictionaryOf, EMPTY, objectOf, referencesOf } from '../documents/revisions/walk-objects.ts';
import { reference, withEntry, writeValue } from '../documents/revisions/write-value.ts';
import { CONTENTS_BYTES, type LaterField } from '../documents/signature-place.ts';

export interface PreparedRevision {
  /** The whole file, /Contents of the new signature still zero. */
  readonly bytes: Uint8Array;
  readonly contents: { readonly start: number; readonly length: number };
  /** SHA-256 over the byte range. */
  readonly digest: Uint8Array;
}

/** A token of a time stamp service with its certificates. */
const TIMESTAMP_BYTES = 8_192;
const REASONS = { seal: '加盖电子印章', copy: '制作加注件', archive: '归档' } as const;

interface SealOrder {
  readonly field?: LaterField;
  readonly signedAt: Instant;
  /** Leaves room for a time stamp token in the signature (B-T). */
  readonly stamped?: boolean;
}

/** Into the named empty field, or for a seal into the first one left. Throws STATE_CONFLICT when it is taken or missing. */
export function prepareSeal(file: Uint8Array, order: SealOrder): PreparedRevision {
  const licence = openLicence(file);
  const field = emptyField(licence, order.field === undefined ? /^seal-\d+$/ : new RegExp(`^${order.field}$`));
  const reason = order.field === 'archive' ? REASONS.archive : order.field === 'copy' ? REASONS.copy : REASONS.seal;
  const room = CONTENTS_BYTES + (order.stamped === true ? TIMESTAMP_BYTES : 0);
  const slot = { ...sealSlot(licence.nextObject, order.signedAt, reason), contentsBytes: room };
  return prepared(licence, [signedField(field, slot)], slot);
}

/** `copy.madeAt` and the signing time are the same moment. Throws INPUT_INVALID for texts that are empty, too long or out of order. */
export function prepareAnnotatedCopy(
  file: Uint8Array,
  copy: Omit<AnnotatedCopy, 'madeAt'>,
  order: { readonly signedAt: Instant; readonly fonts: FontSet },
): PreparedRevision {
  const licence = openLicence(file);
  const field = emptyField(licence, /^copy$/);
  const whole = { ...copy, madeAt: localDigits(order.signedAt) };
  if (!isCopyRight(whole)) throw new StationError('INPUT_INVALID', { field: 'annotatedCopy', problem: 'texts or times' });
  const [annotation, look, signature] = [licence.nextObject, licence.nextObject + 1, licence.nextObject + 2];
  const paper = rectangleOf(licence.state, licence.pageEntries.entries.get('MediaBox'));
  if (paper === null) throw new StationError('FILE_UNREADABLE', {}, { cause: 'no page size' });
  const words = stampWords(whole);
  const drawing = drawStamp(order.fonts, words, paper[2] - paper[0]);
  const slot = sealSlot(signature, order.signedAt, REASONS.copy);
  const date = `(D:${whole.madeAt}+08'00')`;
  const objects: readonly NewObject[] = [
    pageWith(licence, annotation),
    metadataWith(licence, whole),
    {
      number: annotation,
      content: `<</Type/Annot/Subtype/Stamp/Name/AnnotatedCopy/NM(copy)/F 132/Rect[${drawing.rect}]/P ${licence.page.number} 0 R/T${textString(whole.maker)}/Subj${textString('加注件')}/Contents${textString(words)}/CreationDate${date}/M${date}/AP<</N ${look} 0 R>>>>`,
    },
    { number: look, content: stream(compressed(drawing.operators), `/Type/XObject/Subtype/Form/BBox[${drawing.bbox}]/Resources<<>>`) },
    signedField(field, slot),
  ];
  return prepared(licence, objects, slot);
}

/** A document timestamp over everything there is (RFC 3161, ETSI EN 319 142-1 §5.4.3): `digest` goes to the service. */
export function prepareTimestamp(file: Uint8Array): PreparedRevision {
  const licence = openLicence(file);
  const names = (signatureFields(licence.state, licence.catalogEntries) ?? []).map(({ name }) => name);
  let count = 1;
  while (names.includes(`timestamp-${count}`)) count += 1;
  const [field, signature] = [licence.nextObject, licence.nextObject + 1];
  const slot: SignatureSlot = {
    number: signature,
    entries: '/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161',
    contentsBytes: TIMESTAMP_BYTES,
  };
  const form = dictionaryOf(licence.state, licence.catalogEntries.entries.get('AcroForm')) ?? EMPTY;
  const fields = referencesOf(licence.state, form.entries.get('Fields')) ?? [];
  const newForm = withEntry(form, 'Fields', { kind: 'array', items: [...fields, reference(field)] });
  const place = objectOf(licence.state, licence.catalogEntries.entries.get('AcroForm'));
  const objects: readonly NewObject[] = [
    place === null
      ? { number: licence.catalog.number, content: writeValue(withEntry(licence.catalogEntries, 'AcroForm', newForm)) }
      : { number: place.number, content: writeValue(newForm) },
    pageWith(licence, field),
    {
      number: field,
      content: `<</Type/Annot/Subtype/Widget/FT/Sig/T(timestamp-${count})/F 132/Rect[0 0 0 0]/P ${licence.page.number} 0 R/V ${signature} 0 R>>`,
    },
  ];
  return prepared(licence, objects, slot);
}

/** Certificates and revocation lists for later (B-LT), DER; what the file keeps already stays. Needs no signature. */
export function addLongTermData(
  file: Uint8Array,
  data: { readonly certificates: readonly Uint8Array[]; readonly revocationLists: readonly Uint8Array[] },
): Uint8Array {
  const licence = openLicence(file);
  const old = dictionaryOf(licence.state, licence.catalogEntries.entries.get('DSS'));
  const objects: NewObject[] = [];
  const store = licence.nextObject;
  const list = (key: string, entries: readonly Uint8Array[]): string => {
    const kept = (referencesOf(licence.state, old?.entries.get(key)) ?? []).map(({ object }) => object);
    const added = entries.map((entry) => {
      const number = store + 1 + objects.length;
      objects.push({ number, content: stream(compressed(entry), '') });
      return number;
    });
    const all = [...kept, ...added];
    return all.length === 0 ? '' : `/${key}[${all.map((number) => `${number} 0 R`).join(' ')}]`;
  };
  const content = `<</Type/DSS${list('Certs', data.certificates)}${list('CRLs', data.revocationLists)}>>`;
  const catalog = withEntry(licence.catalogEntries, 'DSS', reference(store));
  return appendRevision(
    licence,
    [{ number: licence.catalog.number, content: writeValue(catalog) }, { number: store, content }, ...objects],
    null,
  ).bytes;
}

/** The finished file: CMS or time stamp token into the reserved place. Throws a plain Error when it is too large. */
export function embedLater(revision: PreparedRevision, cms: Uint8Array): Uint8Array {
  const { start, length } = revision.contents;
  const digits = Buffer.from(cms).toString('hex');
  if (digits.length > length) throw new Error(`CMS of ${cms.length} bytes does not fit into ${length / 2}`);
  const bytes = Uint8Array.from(revision.bytes);
  bytes.set(Buffer.from(digits, 'latin1'), start);
  return bytes;
}

function prepared(licence: OpenLicence, objects: readonly NewObject[], slot: SignatureSlot): PreparedRevision {
  const { bytes, contents, digest } = appendRevision(licence, objects, slot);
  if (contents === null || digest === null) throw new Error('a revision with a signature has a place for it');
  return { bytes, contents, digest };
}

function sealSlot(number: number, signedAt: Instant, reason: string): SignatureSlot {
  const digits = signedAt.slice(0, 19).replace(/\D/g, '');
  const entries = `/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:${digits}+00'00')/Reason${textString(reason)}`;
  return { number, entries, contentsBytes: CONTENTS_BYTES };
}

interface EmptyField {
  readonly object: number;
  readonly entries: PdfDictionary;
}

function emptyField(licence: OpenLicence, name: RegExp): EmptyField {
  const fields = signatureFields(licence.state, licence.catalogEntries) ?? [];
  const field = fields.find((each) => each.value === undefined && name.test(each.name));
  const entries = field === undefined ? undefined : licence.state.get(field.object)?.value;
  if (field === undefined || entries?.kind !== 'dictionary')
    throw new StationError('STATE_CONFLICT', {}, { cause: `no empty field ${name.source}` });
  return { object: field.object, entries };
}

const signedField = (field: EmptyField, slot: SignatureSlot): NewObject => ({
  number: field.object,
  content: writeValue(withEntry(field.entries, 'V', reference(slot.number))),
});

function pageWith(licence: OpenLicence, annotation: number): NewObject {
  const old = referencesOf(licence.state, licence.pageEntries.entries.get('Annots')) ?? [];
  const annots: PdfValue = { kind: 'array', items: [...old, reference(annotation)] };
  return { number: licence.page.number, content: writeValue(withEntry(licence.pageEntries, 'Annots', annots)) };
}

function metadataWith(licence: OpenLicence, copy: AnnotatedCopy): NewObject {
  const metadata = objectOf(licence.state, licence.catalogEntries.entries.get('Metadata'));
  if (!metadata?.stream || metadata.value.kind !== 'dictionary') throw new StationError('FILE_UNREADABLE', {}, { cause: 'no metadata' });
  const xmp = Buffer.from(licence.text.slice(metadata.stream.start, metadata.stream.end), 'latin1').toString('utf8');
  const changed = withCopyElements(xmp, copy);
  if (changed === null) throw new StationError('FILE_UNREADABLE', {}, { cause: 'no metadata packet' });
  const bytes = Buffer.from(changed, 'utf8');
  const dictionary = withEntry(metadata.value, 'Length', { kind: 'number', value: bytes.length });
  return {
    number: metadata.number,
    content: Buffer.concat([Buffer.from(`${writeValue(dictionary)}\nstream\n`, 'latin1'), bytes, Buffer.from('\nendstream', 'latin1')]),
  };
}

function stream(ready: ReadyStream, dictionary: string): Uint8Array {
  const filter = ready.filter === '' ? '' : `/Filter${ready.filter}`;
  const head = `<<${dictionary}${filter}/Length ${ready.bytes.length}>>\nstream\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), ready.bytes, Buffer.from('\nendstream', 'latin1')]);
}

/** 14 digits in the station's zone (UTC+8), as GB/T 36903 writes times. */
const localDigits = (instant: Instant): string =>
  new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 19).replace(/\D/g, '');
