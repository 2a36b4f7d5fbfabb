// Reads a PDF file as its revisions: which objects each one wrote, and that every byte belongs to exactly one of them.
// Strict on purpose: whatever two PDF programs could read in two ways (an object twice, a gap between objects, two tables,
// a hybrid table) is refused. Reads cross-reference tables as our writer makes them. Must not judge what a revision changes.
import { nameOf, type PdfDictionary, type PdfValue } from './pdf-value.ts';
import { type Budget, broken, PdfProblem, readValue, skipSpace } from './read-value.ts';

export interface PdfObject {
  readonly number: number;
  readonly generation: number;
  readonly start: number;
  /** Behind `endobj`. */
  readonly end: number;
  readonly value: PdfValue;
  /** The bytes of a stream as they are stored. */
  readonly stream: { readonly start: number; readonly end: number } | null;
}

export interface Revision {
  readonly start: number;
  /** Behind `%%EOF`. */
  readonly markerEnd: number;
  /** Behind the line end after it, which belongs to it. */
  readonly end: number;
  readonly crossReferenceAt: number;
  readonly trailer: PdfDictionary;
  readonly objects: ReadonlyMap<number, PdfObject>;
  /** Numbers it marks as free that were in use before. */
  readonly freed: readonly number[];
}

/** All objects in force after a revision, by number. */
export type FileState = ReadonlyMap<number, PdfObject>;

const MAX_REVISIONS = 64;
const MAX_OBJECTS = 200_000;
/** A licence has about 5,000; so many take about 100 MB and a second. */
const MAX_VALUES = 1_000_000;
/** Revisions times objects: each revision is compared with the whole state before it. */
const MAX_COMPARISONS = 2_000_000;

/** Oldest first. Throws PdfProblem. */
export function readRevisions(text: string): readonly Revision[] {
  const budget: Budget = { left: MAX_VALUES };
  const sections = readSections(text, budget);
  const used = new Map<number, { readonly offset: number; readonly generation: number }>();
  const revisions: Revision[] = [];
  for (const [index, section] of sections.entries()) {
    const start = sections[index - 1]?.end ?? 0;
    const freed: number[] = [];
    for (const entry of section.entries) {
      if (entry.inUse) {
        if (entry.offset < start || entry.offset >= section.at) throw broken('an object outside its revision');
        used.set(entry.number, entry);
      } else if (used.delete(entry.number)) freed.push(entry.number);
    }
    const objects = new Map<number, PdfObject>();
    for (const entry of section.entries) {
      if (entry.inUse) objects.set(entry.number, readObject(text, entry, section.at, used, budget));
    }
    checkTiling(text, start, section.at, [...objects.values()], index === 0);
    const { markerEnd, end, at: crossReferenceAt, trailer } = section;
    revisions.push({ start, markerEnd, end, crossReferenceAt, trailer, objects, freed });
  }
  if (revisions.length * used.size > MAX_COMPARISONS) throw new PdfProblem('TOO_COMPLEX', 'too many objects in too many revisions');
  return revisions;
}

export function stateAfter(revisions: readonly Revision[], index: number): FileState {
  const state = new Map<number, PdfObject>();
  for (const revision of revisions.slice(0, index + 1)) {
    for (const number of revision.freed) state.delete(number);
    for (const [number, object] of revision.objects) state.set(number, object);
  }
  return state;
}

interface Entry {
  readonly number: number;
  readonly offset: number;
  readonly generation: number;
  readonly inUse: boolean;
}

interface Section {
  readonly at: number;
  readonly entries: readonly Entry[];
  readonly trailer: PdfDictionary;
  readonly markerEnd: number;
  readonly end: number;
}

const LAST_LINES = /startxref[\r\n \t]+(\d{1,10})[\r\n \t]+%%EOF(?:\r\n|\r|\n)?$/;

/** Cross-reference sections from the last back to the first, returned oldest first. */
function readSections(text: string, budget: Budget): readonly Section[] {
  const last = LAST_LINES.exec(text.slice(-64));
  if (!last) throw broken('the file does not end as a PDF file must');
  const sections: Section[] = [];
  let end = text.length;
  for (let at: number | null = Number(last[1]); at !== null; ) {
    if (sections.length >= MAX_REVISIONS) throw new PdfProblem('TOO_COMPLEX', 'too many revisions');
    const section = readSection(text, at, budget);
    if (section.end !== end) throw broken('something stands between two revisions');
    sections.unshift(section);
    const previous = section.trailer.entries.get('Prev');
    if (previous === undefined) break;
    if (previous.kind !== 'number' || !Number.isInteger(previous.value) || previous.value >= at) throw broken('/Prev');
    at = previous.value;
    // The section before must end where this revision begins: found by its own %%EOF, compared in the next round.
    end = endOfSection(text, at, budget);
    if (end > section.at) throw broken('revisions overlap');
  }
  return sections;
}

const endOfSection = (text: string, at: number, budget: Budget): number => readSection(text, at, budget).end;

const SUBSECTION = /(\d{1,10}) (\d{1,7})[ ]?(?:\r\n|\r|\n)/y;
const ENTRY = /(\d{10}) (\d{5}) ([nf])(?: \n| \r|\r\n)/y;
const TAIL = /[\0\t\n\f\r ]*startxref[\r\n \t]+(\d{1,10})[\r\n \t]+%%EOF/y;

function readSection(text: string, at: number, budget: Budget): Section {
  if (!/^xref[ ]?(?:\r\n|\r|\n)/.test(text.slice(at, at + 8))) {
    if (isCrossReferenceStream(text, at, budget)) throw new PdfProblem('STRUCTURE_UNKNOWN', 'cross-reference stream');
    throw broken('no cross-reference table where startxref points');
  }
  const entries: Entry[] = [];
  const seen = new Set<number>();
  let next = skipSpace(text, at + 4);
  for (;;) {
    SUBSECTION.lastIndex = next;
    const head = SUBSECTION.exec(text);
    if (!head) break;
    next = SUBSECTION.lastIndex;
    const [first, count] = [Number(head[1]), Number(head[2])];
    budget.left -= count;
    if (budget.left < 0 || entries.length + count > MAX_OBJECTS) throw new PdfProblem('TOO_COMPLEX', 'too many objects');
    for (let i = 0; i < count; i++) {
      ENTRY.lastIndex = next;
      const entry = ENTRY.exec(text);
      if (!entry) throw broken('bad cross-reference entry');
      next = ENTRY.lastIndex;
      const number = first + i;
      if (seen.has(number)) throw broken('an object twice in one table');
      seen.add(number);
      entries.push({ number, offset: Number(entry[1]), generation: Number(entry[2]), inUse: entry[3] === 'n' });
    }
  }
  if (text.slice(next, next + 7) !== 'trailer') throw broken('no trailer');
  const { value: trailer, end: trailerEnd } = readValue(text, next + 7, budget);
  if (trailer.kind !== 'dictionary') throw broken('no trailer dictionary');
  if (trailer.entries.has('Encrypt')) throw new PdfProblem('FILE_ENCRYPTED', 'encrypted');
  if (trailer.entries.has('XRefStm')) throw broken('hybrid cross-reference');
  TAIL.lastIndex = trailerEnd;
  const tail = TAIL.exec(text);
  if (!tail || Number(tail[1]) !== at) throw broken('startxref does not point to its own table');
  const markerEnd = TAIL.lastIndex;
  const lineEnd = /^(?:\r\n|\r|\n)?/.exec(text.slice(markerEnd, markerEnd + 2))?.[0].length ?? 0;
  return { at, entries, trailer, markerEnd, end: markerEnd + lineEnd };
}

/** The newer form of a table, which this program does not write and does not read. */
function isCrossReferenceStream(text: string, at: number, budget: Budget): boolean {
  OBJECT_HEAD.lastIndex = at;
  if (!OBJECT_HEAD.test(text)) return false;
  const { value } = readValue(text, OBJECT_HEAD.lastIndex, budget);
  return value.kind === 'dictionary' && nameOf(value.entries.get('Type')) === 'XRef';
}

const OBJECT_HEAD = /(\d{1,10}) (\d{1,5}) obj(?![A-Za-z0-9])/y;
const OBJECT_END = /[\0\t\n\f\r ]*endobj(?![A-Za-z0-9])/y;
const STREAM_HEAD = /[\0\t\n\f\r ]*stream(?:\r\n|\n)/y;
const STREAM_END = /(?:\r\n|\r|\n)?endstream[\0\t\n\f\r ]*endobj(?![A-Za-z0-9])/y;

type Used = ReadonlyMap<number, { readonly offset: number; readonly generation: number }>;

function readObject(text: string, entry: Entry, limit: number, used: Used, budget: Budget): PdfObject {
  OBJECT_HEAD.lastIndex = entry.offset;
  const head = OBJECT_HEAD.exec(text);
  if (!head || Number(head[1]) !== entry.number || Number(head[2]) !== entry.generation) throw broken('a table entry points elsewhere');
  const { value, end } = readValue(text, OBJECT_HEAD.lastIndex, budget);
  const made = (objectEnd: number, stream: PdfObject['stream']): PdfObject => {
    if (objectEnd > limit) throw broken('an object reaches beyond its revision');
    return { number: entry.number, generation: entry.generation, start: entry.offset, end: objectEnd, value, stream };
  };
  OBJECT_END.lastIndex = end;
  if (OBJECT_END.test(text)) return made(OBJECT_END.lastIndex, null);
  STREAM_HEAD.lastIndex = end;
  if (value.kind !== 'dictionary' || !STREAM_HEAD.test(text)) throw broken('an object without end');
  if (value.entries.get('F') !== undefined) throw broken('a stream outside the file');
  const start = STREAM_HEAD.lastIndex;
  const streamEnd = start + lengthOf(text, value, used, budget);
  STREAM_END.lastIndex = streamEnd;
  if (!STREAM_END.test(text)) throw broken('a stream of another length');
  return made(STREAM_END.lastIndex, { start, end: streamEnd });
}

function lengthOf(text: string, dictionary: PdfDictionary, used: Used, budget: Budget): number {
  let length = dictionary.entries.get('Length');
  if (length?.kind === 'reference') {
    const target = used.get(length.object);
    OBJECT_HEAD.lastIndex = target?.offset ?? -1;
    if (!target || !OBJECT_HEAD.test(text)) throw broken('no length of a stream');
    length = readValue(text, OBJECT_HEAD.lastIndex, budget).value;
  }
  if (length?.kind !== 'number' || !Number.isInteger(length.value) || length.value < 0) throw broken('no length of a stream');
  return length.value;
}

const HEADER = /^%PDF-(?:1\.[0-7]|2\.0)[ ]?(?:\r\n|\r|\n)(?:%[^\r\n]{0,64}(?:\r\n|\r|\n))?[\0\t\n\f\r ]*$/;

const COMMENTS = /^(?:[\0\t\n\f\r ]*%[^\r\n]*(?:\r\n|\r|\n))*[\0\t\n\f\r ]*$/;

/** Between the objects of a revision there is white space and nothing else; before the first one of all, the header. */
function checkTiling(text: string, start: number, end: number, objects: readonly PdfObject[], isFirst: boolean): void {
  let at = start;
  const gap = (to: number) => {
    const between = text.slice(at, to);
    if (isFirst && at === 0 ? HEADER.test(between) : /^[\0\t\n\f\r ]*$/.test(between)) return;
    // Comments between objects are how some programs write; nobody here has read them, and nothing must hide in them.
    throw isFirst && COMMENTS.test(between)
      ? new PdfProblem('STRUCTURE_UNKNOWN', 'comment between objects')
      : broken('bytes that belong to no object');
  };
  for (const object of [...objects].sort((a, b) => a.start - b.start)) {
    if (object.start < at) throw broken('objects overlap');
    gap(object.start);
    at = object.end;
  }
  gap(end);
}
