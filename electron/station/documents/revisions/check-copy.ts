// Is what a revision added an annotated copy (加注件, R11) and nothing but that: one stamp in the free strip of the page, one
// drawing for it, the four metadata elements, and both saying the same?
// Must not verify the maker's signature.
import type { FindingCode } from '../../../contract/verification.ts';
import { type AnnotatedCopy, addedCopyElements, STAMP_STRIP_MM, stampWords } from './annotated-copy.ts';
import { canonical, nameOf, numberOf, type PdfDictionary, type PdfValue, textOf } from './pdf-value.ts';
import type { FileState, PdfObject, Revision } from './read-file.ts';
import { changedKeys, rectangleOf } from './signature-fields.ts';
import { dictionaryOf, objectOf } from './walk-objects.ts';

/** A new annotation that is no field. */
export interface Stamp {
  readonly page: PdfObject;
  readonly annotation: PdfObject;
}

interface CopyWork {
  readonly text: string;
  readonly before: FileState;
  readonly after: FileState;
  readonly revision: Revision;
  readonly accounted: Set<number>;
  readonly refuse: (code: FindingCode) => void;
}

/** Null when there is none, or none that may be; the reasons are given to `refuse`. */
export function readCopy(work: CopyWork, catalogBefore: PdfDictionary, stamps: readonly Stamp[]): AnnotatedCopy | null {
  const metadata = objectOf(work.before, catalogBefore.entries.get('Metadata'));
  const isMetadataWritten = metadata !== null && work.revision.objects.has(metadata.number);
  const [stamp, second] = stamps;
  if (stamp === undefined) return null;
  const copy = isMetadataWritten ? copyIn(work, metadata) : null;
  if (copy === null || second !== undefined || !isStampRight(work, stamp, copy)) {
    work.refuse('ANNOTATION_CHANGED');
    for (const { annotation } of stamps) work.accounted.add(annotation.number);
    return null;
  }
  work.accounted.add(metadata?.number ?? 0);
  return copy;
}

function copyIn({ text, before, after }: CopyWork, metadata: PdfObject): AnnotatedCopy | null {
  const now = after.get(metadata.number);
  const was = before.get(metadata.number);
  if (!now?.stream || !was?.stream || now.value.kind !== 'dictionary' || was.value.kind !== 'dictionary') return null;
  if (was.value.entries.has('Filter') || changedKeys(was.value, now.value).some((key) => key !== 'Length')) return null;
  const utf8 = (stream: { readonly start: number; readonly end: number }) =>
    Buffer.from(text.slice(stream.start, stream.end), 'latin1').toString('utf8');
  return addedCopyElements(utf8(was.stream), utf8(now.stream));
}

const STAMP_KEYS = ['AP', 'Contents', 'CreationDate', 'F', 'M', 'NM', 'Name', 'P', 'Rect', 'Subj', 'Subtype', 'T', 'Type'];
const PAGE_KEYS_THAT_MOVE = ['Rotate', 'CropBox', 'UserUnit'];
const LOOK_KEYS = ['BBox', 'Filter', 'Length', 'Resources', 'Subtype', 'Type'];

const hasOnly = (dictionary: PdfDictionary, keys: readonly string[]): boolean =>
  [...dictionary.entries.keys()].every((key) => keys.includes(key));
const says = (value: PdfValue | undefined, text: string): boolean => value?.kind === 'string' && textOf(value) === text;

function isStampRight(work: CopyWork, { page, annotation }: Stamp, copy: AnnotatedCopy): boolean {
  const { value } = annotation;
  if (value.kind !== 'dictionary' || page.value.kind !== 'dictionary') return false;
  const { entries } = value;
  const place = rectangleOf(work.after, entries.get('Rect'));
  const paper = rectangleOf(work.after, page.value.entries.get('MediaBox'));
  const isInStrip =
    place !== null &&
    paper !== null &&
    !PAGE_KEYS_THAT_MOVE.some((key) => page.value.kind === 'dictionary' && page.value.entries.has(key)) &&
    place[0] >= paper[0] &&
    place[2] <= paper[2] &&
    place[1] >= paper[1] &&
    place[3] <= paper[1] + (STAMP_STRIP_MM * 72) / 25.4 + 0.01;
  const look = lookOf(work, entries.get('AP'));
  if (look === null) return false;
  work.accounted.add(annotation.number);
  work.accounted.add(look.number);
  return (
    isInStrip &&
    hasOnly(value, STAMP_KEYS) &&
    nameOf(entries.get('Subtype')) === 'Stamp' &&
    numberOf(entries.get('F')) === 132 &&
    objectOf(work.after, entries.get('P'))?.number === page.number &&
    says(entries.get('Contents'), stampWords(copy)) &&
    says(entries.get('T'), copy.maker)
  );
}

/** The drawing: one new form without resources, so that nothing but its own lines and surfaces can be in it. */
function lookOf(work: CopyWork, value: PdfValue | undefined): PdfObject | null {
  const looks = dictionaryOf(work.after, value);
  if (looks === null || value?.kind !== 'dictionary' || looks.entries.size !== 1) return null;
  const look = objectOf(work.after, looks.entries.get('N'));
  if (look === null || look.stream === null || work.before.has(look.number) || look.value.kind !== 'dictionary') return null;
  const { entries } = look.value;
  const resources = entries.get('Resources');
  const isPlain =
    hasOnly(look.value, LOOK_KEYS) && nameOf(entries.get('Subtype')) === 'Form' && resources !== undefined && canonical(resources) === '{}';
  return isPlain ? look : null;
}
