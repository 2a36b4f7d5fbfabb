// Finds the signature dictionaries of a PDF by their /ByteRange and reads each with a small strict tokenizer
// (ISO 32000-1 §7.3). Linear in the size of the file, bounded in depth and count. Must not judge what it finds.

export interface SignatureDictionary {
  /** Offset of its /ByteRange. */
  readonly at: number;
  /** /Type as written, with its slash; '' when absent. */
  readonly type: string;
  /** The four numbers as written; null when they are not four plain non-negative integers. */
  readonly byteRange: readonly [number, number, number, number] | null;
  /** Offsets of the /Contents string, from `<` to behind `>`; null when it is no hexadecimal string. */
  readonly contents: { readonly start: number; readonly end: number } | null;
  readonly subFilter: string;
  /** /M as an ISO 8601 instant in UTC; null when absent or unreadable. */
  readonly claimedAt: string | null;
}

/** More than this many /ByteRange in one file is an attack or a broken file. */
export const MAX_SIGNATURES = 16;
const MAX_DICTIONARY_BYTES = 4 * 1024 * 1024;
const MAX_DEPTH = 16;
const MAX_TOKENS = 10_000;

/**
 * Null entries are places that say /ByteRange but hold no readable signature dictionary. `streamEndAt`: where the stream ends
 * whose contents an offset belongs to, null for none; in a stream the words mean nothing (an attached PDF).
 */
export function findSignatures(
  pdf: Uint8Array,
  streamEndAt: (offset: number) => number | null = () => null,
): readonly (SignatureDictionary | null)[] {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const found: (SignatureDictionary | null)[] = [];
  for (let at = bytes.indexOf('/ByteRange'); at >= 0 && found.length <= MAX_SIGNATURES; ) {
    const streamEnd = streamEndAt(at);
    if (streamEnd === null) found.push(readDictionaryAround(bytes, at));
    at = bytes.indexOf('/ByteRange', streamEnd ?? at + 1);
  }
  return found;
}

/** Ends of revisions (offset behind each `%%EOF` and its line end), ascending; signed or not. */
export function findRevisionEnds(pdf: Uint8Array): readonly number[] {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const ends: number[] = [];
  for (let at = bytes.indexOf('%%EOF'); at >= 0 && ends.length < 1_000; at = bytes.indexOf('%%EOF', at + 5)) {
    let end = at + 5;
    if (bytes[end] === 0x0d) end += 1;
    if (bytes[end] === 0x0a) end += 1;
    ends.push(end);
  }
  return ends;
}

function readDictionaryAround(bytes: Buffer, byteRangeAt: number): SignatureDictionary | null {
  const from = Math.max(0, byteRangeAt - MAX_DICTIONARY_BYTES);
  const keyword = bytes.subarray(from, byteRangeAt).lastIndexOf(' obj');
  if (keyword < 0) return null;
  const entries = readDictionary(bytes.subarray(0, byteRangeAt + MAX_DICTIONARY_BYTES), from + keyword + 4);
  const range = entries?.get('ByteRange');
  if (entries === null || range === undefined || range.keyAt !== byteRangeAt) return null;
  const contents = entries.get('Contents');
  return {
    at: byteRangeAt,
    type: entries.get('Type')?.text ?? '',
    byteRange: readByteRange(range.text),
    contents: contents?.kind === 'hex' ? { start: contents.start, end: contents.end } : null,
    subFilter: entries.get('SubFilter')?.text ?? '',
    claimedAt: readPdfDate(entries.get('M')?.text ?? ''),
  };
}

interface Entry {
  readonly keyAt: number;
  readonly kind: 'hex' | 'other';
  readonly start: number;
  readonly end: number;
  /** The value as written; empty for the long hexadecimal string. */
  readonly text: string;
}

/** A direct dictionary at `at`; null when it is none, is broken, or names a key twice. */
function readDictionary(bytes: Buffer, at: number): ReadonlyMap<string, Entry> | null {
  const open = skipSpace(bytes, at);
  if (bytes[open] !== 0x3c || bytes[open + 1] !== 0x3c) return null;
  const entries = new Map<string, Entry>();
  const budget = { tokens: MAX_TOKENS };
  for (let next = skipSpace(bytes, open + 2); ; ) {
    if (bytes[next] === 0x3e && bytes[next + 1] === 0x3e) return entries;
    if (bytes[next] !== 0x2f) return null;
    const keyEnd = regularEnd(bytes, next + 1);
    const key = bytes.toString('latin1', next + 1, keyEnd);
    const start = skipSpace(bytes, keyEnd);
    const end = valueEnd(bytes, start, MAX_DEPTH, budget);
    // A name with #-escapes could be a second spelling of a key we rely on.
    if (end === null || entries.has(key) || key.includes('#')) return null;
    const kind = bytes[start] === 0x3c && bytes[start + 1] !== 0x3c ? 'hex' : 'other';
    entries.set(key, {
      keyAt: next,
      kind,
      start,
      end,
      text: kind === 'hex' ? '' : bytes.toString('latin1', start, Math.min(end, start + 200)),
    });
    next = skipSpace(bytes, end);
  }
}

/** Offset behind the value at `at`; an indirect reference counts as one value. */
function valueEnd(bytes: Buffer, at: number, depth: number, budget: { tokens: number }): number | null {
  budget.tokens -= 1;
  const first = bytes[at];
  if (first === undefined || depth === 0 || budget.tokens < 0) return null;
  switch (first) {
    case 0x28:
      return literalEnd(bytes, at);
    case 0x2f:
      return regularEnd(bytes, at + 1);
    case 0x5b:
      return groupEnd(bytes, at + 1, ']', depth, budget);
    case 0x3c: {
      if (bytes[at + 1] === 0x3c) return groupEnd(bytes, at + 2, '>>', depth, budget);
      const close = bytes.indexOf(0x3e, at);
      return close < 0 ? null : close + 1;
    }
    default: {
      const reference = /^\d{1,10} \d{1,5} R(?![^\s/<>[\]()])/.exec(bytes.toString('latin1', at, at + 24));
      if (reference) return at + reference[0].length;
      const end = regularEnd(bytes, at);
      return end === at ? null : end;
    }
  }
}

function groupEnd(bytes: Buffer, at: number, close: ']' | '>>', depth: number, budget: { tokens: number }): number | null {
  for (let next = skipSpace(bytes, at); ; ) {
    if (bytes.toString('latin1', next, next + close.length) === close) return next + close.length;
    const end = valueEnd(bytes, next, depth - 1, budget);
    if (end === null) return null;
    next = skipSpace(bytes, end);
  }
}

function literalEnd(bytes: Buffer, at: number): number | null {
  let open = 0;
  for (let next = at; next < bytes.length; next++) {
    const byte = bytes[next];
    if (byte === 0x5c) next += 1;
    else if (byte === 0x28) open += 1;
    else if (byte === 0x29 && --open === 0) return next + 1;
  }
  return null;
}

const SPACE = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);
const DELIMITER = new Set([...'()<>[]{}/%'].map((sign) => sign.charCodeAt(0)));

function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  while (next < bytes.length && SPACE.has(bytes[next] ?? -1)) next += 1;
  return next;
}

function regularEnd(bytes: Buffer, at: number): number {
  let next = at;
  while (next < bytes.length && !SPACE.has(bytes[next] ?? -1) && !DELIMITER.has(bytes[next] ?? -1)) next += 1;
  return next;
}

function readByteRange(text: string): SignatureDictionary['byteRange'] {
  const match = /^\[\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]$/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])] : null;
}

/** ISO 32000-1 §7.9.4, with seconds and an offset: a time without its zone cannot be compared with anything. */
function readPdfDate(text: string): string | null {
  const match = /^\(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z(?:00'00'?)?|([+-])(\d\d)'(\d\d)'?)\)$/.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, sign = '+', offsetHours = '00', offsetMinutes = '00'] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = new Date(`${local}.000Z`);
  // Invariant: an impossible day such as 02-30 is refused, not carried over.
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(local)) return null;
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  return new Date(asUtc.getTime() - offsetMs).toISOString();
}
