// Compares what a later revision changed with the list of what it may change: a signature in an empty or invisible field, the
// stamp and metadata of an annotated copy, material for long keeping, a time stamp. Everything else is named as refused.
// Must not verify signatures; must not know where a revision came from.
import type { FindingCode, RevisionChange } from '../../../contract/verification.ts';
import type { AnnotatedCopy } from './annotated-copy.ts';
import { readCopy, type Stamp } from './check-copy.ts';
import { canonical, nameOf, type PdfDictionary, type PdfReference, type PdfValue } from './pdf-value.ts';
import type { FileState, PdfObject, Revision } from './read-file.ts';
import { changedKeys, isFieldSigned, isInvisible, isNewSignatureField } from './signature-fields.ts';
import { dictionaryOf, EMPTY, objectOf, pagesOf, reachable, referencesOf, resolve } from './walk-objects.ts';

export interface Comparison {
  readonly changes: readonly RevisionChange[];
  /** Empty when the revision did nothing but what it may. */
  readonly refused: readonly FindingCode[];
  /** Objects of the signature dictionaries it put into fields. */
  readonly signed: readonly number[];
  readonly copy: AnnotatedCopy | null;
}

/** What a certification by the first signer permits later (DocMDP); null without one. */
export type Permission = 1 | 2 | 3 | null;

export function permissionOf(state: FileState, root: PdfValue | undefined): Permission {
  const perms = dictionaryOf(state, dictionaryOf(state, root)?.entries.get('Perms'));
  const signature = dictionaryOf(state, perms?.entries.get('DocMDP'));
  if (!signature) return null;
  const reference = resolve(state, signature.entries.get('Reference'));
  const first = reference?.kind === 'array' ? dictionaryOf(state, reference.items[0]) : null;
  const level = dictionaryOf(state, first?.entries.get('TransformParams'))?.entries.get('P');
  const value = level?.kind === 'number' ? level.value : 2;
  return value === 1 || value === 3 ? value : 2;
}

interface Work {
  readonly text: string;
  readonly before: FileState;
  readonly after: FileState;
  readonly revision: Revision;
  /** Objects of the revision whose change has been found to be allowed, or already been refused. */
  readonly accounted: Set<number>;
  readonly refused: Set<FindingCode>;
  readonly changes: RevisionChange[];
  readonly signed: number[];
}

export function compareRevisions(
  text: string,
  before: FileState,
  after: FileState,
  revision: Revision,
  trailerBefore: PdfDictionary,
): Comparison {
  const work: Work = {
    text,
    before,
    after,
    revision,
    accounted: new Set(),
    refused: new Set(),
    changes: [],
    signed: [],
  };
  const root = revision.trailer.entries.get('Root');
  const catalogBefore = dictionaryOf(before, trailerBefore.entries.get('Root'));
  const catalog = dictionaryOf(after, root);
  checkTrailer(work, trailerBefore, revision.trailer);
  if (!catalogBefore || !catalog || work.refused.size > 0)
    return { changes: [], refused: [...work.refused, 'STRUCTURE_BROKEN'], signed: [], copy: null };

  compareCatalogs(work, catalogBefore, catalog, root);
  const added = compareForms(work, catalogBefore, catalog);
  const stamps = compareAnnotations(work, catalogBefore, catalog, added);
  compareLongTerm(work, catalogBefore, catalog);
  const copy = readCopy({ ...work, refuse: (code) => work.refused.add(code) }, catalogBefore, stamps);
  if (copy !== null) work.changes.push({ kind: 'annotatedCopy', ...copy });
  compareInfo(work, trailerBefore);
  refuseTheRest(work, catalogBefore);
  return { changes: work.changes, refused: [...work.refused], signed: work.signed, copy };
}

const TRAILER_KEYS = new Set(['Size', 'Root', 'Info', 'ID', 'Prev']);

function checkTrailer(work: Work, before: PdfDictionary, after: PdfDictionary): void {
  const changed = changedKeys(before, after);
  if (changed.some((key) => !TRAILER_KEYS.has(key)) || changed.includes('Root')) work.refused.add('STRUCTURE_BROKEN');
  if (changed.includes('Info') && before.entries.has('Info')) work.refused.add('CHANGED_METADATA');
}

const CATALOG_KEYS: Readonly<Record<string, FindingCode>> = {
  Metadata: 'CHANGED_METADATA',
  Names: 'CHANGED_ATTACHMENT',
  AF: 'CHANGED_ATTACHMENT',
  Pages: 'CHANGED_PAGE',
  OCProperties: 'CHANGED_PAGE',
  Perms: 'CHANGED_FORM',
};
/** Compared on their own, or without meaning for what is seen. */
const FREE_CATALOG_KEYS = new Set(['AcroForm', 'DSS', 'Extensions', 'Version']);

function compareCatalogs(work: Work, before: PdfDictionary, after: PdfDictionary, root: PdfValue | undefined): void {
  account(work, root);
  for (const key of changedKeys(before, after)) {
    if (!FREE_CATALOG_KEYS.has(key)) work.refused.add(CATALOG_KEYS[key] ?? 'CHANGED_OTHER');
  }
}

function account(work: Work, value: PdfValue | undefined): void {
  if (value?.kind === 'reference') work.accounted.add(value.object);
}

/** Everything new that hangs on a value; what existed before must stay as it was and is found out later. */
function accountNew(work: Work, value: PdfValue | undefined, leave?: ReadonlySet<string>): void {
  for (const number of reachable(work.after, value, leave)) if (!work.before.has(number)) work.accounted.add(number);
}

const isSame = (a: PdfReference, b: PdfReference | undefined) => a.object === b?.object && a.generation === b.generation;

/** What stands behind the old entries; null when an old entry is gone, moved or replaced. */
function behind(before: readonly PdfReference[] | null, after: readonly PdfReference[] | null): readonly PdfReference[] | null {
  if (before === null || after === null || !before.every((reference, index) => isSame(reference, after[index]))) return null;
  return after.slice(before.length);
}

/** SigFlags say that there are signatures; default resources and appearance are for typed fields, of which there are none. */
const FREE_FORM_KEYS = new Set(['Fields', 'SigFlags', 'DR', 'DA']);

/** Returns the numbers of new fields that may stand among a page's annotations. */
function compareForms(work: Work, catalogBefore: PdfDictionary, catalog: PdfDictionary): ReadonlySet<number> {
  const added = new Set<number>();
  const formBefore = dictionaryOf(work.before, catalogBefore.entries.get('AcroForm')) ?? EMPTY;
  const form = dictionaryOf(work.after, catalog.entries.get('AcroForm')) ?? EMPTY;
  account(work, catalog.entries.get('AcroForm'));
  account(work, form.entries.get('Fields'));
  if (changedKeys(formBefore, form).some((key) => !FREE_FORM_KEYS.has(key))) work.refused.add('CHANGED_FORM');
  for (const key of ['DR', 'DA']) accountNew(work, form.entries.get(key));
  const old = referencesOf(work.before, formBefore.entries.get('Fields'));
  const fresh = behind(old, referencesOf(work.after, form.entries.get('Fields')));
  if (old === null || fresh === null) {
    work.refused.add('CHANGED_FORM');
    return added;
  }
  for (const reference of old) {
    if (!work.revision.objects.has(reference.object)) continue;
    const [was, is] = [dictionaryOf(work.before, reference), dictionaryOf(work.after, reference)];
    if (was === null || is === null || canonical(was) === canonical(is)) continue;
    work.accounted.add(reference.object);
    if (isFieldSigned(was, is)) takeSignature(work, is);
    else work.refused.add('CHANGED_FORM');
  }
  for (const reference of fresh) {
    const field = dictionaryOf(work.after, reference);
    work.accounted.add(reference.object);
    if (field === null || work.before.has(reference.object) || !isNewSignatureField(field)) work.refused.add('CHANGED_FORM');
    else {
      if (!isInvisible(work.after, field))
        work.refused.add(
          permissionOf(work.before, work.revision.trailer.entries.get('Root')) === null ? 'VISIBLE_SIGNATURE_ADDED' : 'CHANGED_PAGE',
        );
      added.add(reference.object);
      takeSignature(work, field);
    }
  }
  return added;
}

function takeSignature(work: Work, field: PdfDictionary): void {
  const value = field.entries.get('V');
  const signature = objectOf(work.after, value);
  if (signature?.value.kind !== 'dictionary' || work.before.has(signature.number) || signature.value.entries.has('Reference')) {
    work.refused.add('CHANGED_FORM');
    return;
  }
  accountNew(work, value);
  accountNew(work, field.entries.get('AP'), new Set(['P', 'Parent']));
  work.signed.push(signature.number);
  const isTimestamp = nameOf(signature.value.entries.get('Type')) === 'DocTimeStamp';
  const name = field.entries.get('T');
  work.changes.push(
    isTimestamp ? { kind: 'timestampAdded' } : { kind: 'signatureAdded', field: name?.kind === 'string' ? fieldName(name) : '' },
  );
}

const fieldName = (value: Extract<PdfValue, { kind: 'string' }>): string => (canonical(value).length > 400 ? '' : textName(value));
const textName = (value: Extract<PdfValue, { kind: 'string' }>): string =>
  Buffer.from(canonical(value).slice(1, -1), 'hex').toString('latin1');

/** Returns new annotations that are no fields. */
function compareAnnotations(
  work: Work,
  catalogBefore: PdfDictionary,
  catalog: PdfDictionary,
  fields: ReadonlySet<number>,
): readonly Stamp[] {
  const pages = pagesOf(work.before, catalogBefore);
  if (pages === null || pagesOf(work.after, catalog) === null) {
    work.refused.add('CHANGED_PAGE');
    return [];
  }
  const stamps: Stamp[] = [];
  for (const page of pages) {
    if (!isTouched(work, page)) continue;
    const was = page.value;
    const is = work.after.get(page.number)?.value;
    if (was.kind !== 'dictionary' || is?.kind !== 'dictionary') {
      work.refused.add('CHANGED_PAGE');
      continue;
    }
    if (changedKeys(was, is).some((key) => key !== 'Annots')) work.refused.add('CHANGED_PAGE');
    work.accounted.add(page.number);
    account(work, is.entries.get('Annots'));
    const fresh = behind(referencesOf(work.before, was.entries.get('Annots')), referencesOf(work.after, is.entries.get('Annots')));
    if (fresh === null) work.refused.add('ANNOTATION_CHANGED');
    for (const reference of fresh ?? []) {
      if (fields.has(reference.object)) continue;
      const annotation = objectOf(work.after, reference);
      if (annotation === null || work.before.has(annotation.number)) work.refused.add('ANNOTATION_CHANGED');
      else stamps.push({ page, annotation });
    }
  }
  return stamps;
}

/** The page was written again, or its list of annotations where that is an object of its own. */
function isTouched({ revision }: Work, page: PdfObject): boolean {
  const list = page.value.kind === 'dictionary' ? page.value.entries.get('Annots') : undefined;
  return revision.objects.has(page.number) || (list?.kind === 'reference' && revision.objects.has(list.object));
}

/** Keys of a stream that only holds bytes. */
const PLAIN_STREAM_KEYS = new Set(['Length', 'Filter', 'Type']);
const STORE_KEYS = new Set(['Type', 'Certs', 'CRLs', 'OCSPs', 'VRI']);

function compareLongTerm(work: Work, catalogBefore: PdfDictionary, catalog: PdfDictionary): void {
  const store = catalog.entries.get('DSS');
  const old = reachable(work.before, catalogBefore.entries.get('DSS'));
  const now = reachable(work.after, store);
  const written = [...now].filter((number) => work.revision.objects.has(number));
  if (store === undefined ? old.size > 0 : written.length === 0) {
    if (store === undefined) work.refused.add('CHANGED_OTHER');
    return;
  }
  const dictionary = dictionaryOf(work.after, store);
  if (written.length === 0 || dictionary === null) return;
  const wrong =
    [...dictionary.entries.keys()].some((key) => !STORE_KEYS.has(key)) ||
    written.some((number) => {
      const object = work.revision.objects.get(number);
      const isForeign = work.before.has(number) && !old.has(number);
      const isBytes =
        object?.stream === null ||
        (object?.value.kind === 'dictionary' && [...object.value.entries.keys()].every((key) => PLAIN_STREAM_KEYS.has(key)));
      return isForeign || !isBytes;
    });
  for (const number of written) work.accounted.add(number);
  if (wrong) work.refused.add('CHANGED_OTHER');
  else work.changes.push({ kind: 'longTermData' });
}

/** Programs note in the information dictionary when they wrote; the rest of it is what a reader shows as title and author. */
const FREE_INFO_KEYS = new Set(['ModDate', 'Producer']);

function compareInfo(work: Work, trailerBefore: PdfDictionary): void {
  const info = work.revision.trailer.entries.get('Info');
  if (info?.kind !== 'reference' || !work.revision.objects.has(info.object)) return;
  const was = dictionaryOf(work.before, trailerBefore.entries.get('Info'));
  const is = dictionaryOf(work.after, info);
  work.accounted.add(info.object);
  if (is === null || changedKeys(was ?? EMPTY, is).some((key) => !FREE_INFO_KEYS.has(key))) work.refused.add('CHANGED_METADATA');
}

const UPWARD = new Set(['P', 'Parent', 'Pg', 'Obj']);

/** What is left over was changed, added or removed without a permission: named by what it belonged to. */
function refuseTheRest(work: Work, catalogBefore: PdfDictionary): void {
  if (work.revision.freed.length > 0) work.refused.add('CHANGED_OTHER');
  const rest = [...work.revision.objects.values()].filter(
    (object) => !work.accounted.has(object.number) && !isUnchanged(work, object) && !isLeftover(work, object),
  );
  if (rest.length === 0) return;
  const at = (key: string, leave = UPWARD) => reachable(work.before, catalogBefore.entries.get(key), leave);
  const roles: readonly (readonly [ReadonlySet<number>, FindingCode])[] = [
    [at('Metadata'), 'CHANGED_METADATA'],
    [new Set([...at('AF'), ...at('Names')]), 'CHANGED_ATTACHMENT'],
    [at('AcroForm'), 'CHANGED_FORM'],
    [new Set([...at('Pages'), ...at('OCProperties')]), 'CHANGED_PAGE'],
  ];
  for (const { number } of rest) {
    const role = roles.find(([numbers]) => numbers.has(number));
    work.refused.add(work.before.has(number) ? (role?.[1] ?? 'CHANGED_OTHER') : 'HIDDEN_OBJECTS');
  }
}

/** Quirk(poppler 22): signing leaves empty drawings behind that nothing refers to. */
function isLeftover({ before }: Work, { number, value, stream }: PdfObject): boolean {
  const isForm = value.kind === 'dictionary' && nameOf(value.entries.get('Subtype')) === 'Form';
  return !before.has(number) && isForm && stream !== null && stream.start === stream.end;
}

/** Written again as it was. */
function isUnchanged({ before, text }: Work, object: PdfObject): boolean {
  const was = before.get(object.number);
  if (was === undefined || was.generation !== object.generation || canonical(was.value) !== canonical(object.value)) return false;
  const bytes = ({ stream }: PdfObject) => (stream === null ? null : text.slice(stream.start, stream.end));
  return bytes(was) === bytes(object);
}
