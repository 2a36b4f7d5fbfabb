// A strict reader of PDF values (ISO 32000-1 §7.3). Linear, bounded in depth and in work over the whole file.
// Refuses what two readers could take differently: a key twice, comments between values, unclosed strings.
import type { PdfValue } from './pdf-value.ts';

export type ProblemCode = 'STRUCTURE_BROKEN' | 'STRUCTURE_UNKNOWN' | 'FILE_ENCRYPTED' | 'TOO_COMPLEX';

/** Why a file is not read; `message` is for tests and logs, never shown. */
export class PdfProblem extends Error {
  readonly code: ProblemCode;
  constructor(code: ProblemCode, message: string) {
    super(message);
    this.code = code;
  }
}

export const broken = (message: string): PdfProblem => new PdfProblem('STRUCTURE_BROKEN', message);

/** Work left for one file: every value read costs one. */
export interface Budget {
  left: number;
}

export interface Read {
  readonly value: PdfValue;
  /** Offset behind it. */
  readonly end: number;
}

const MAX_DEPTH = 32;
const NULL: PdfValue = { kind: 'null' };

export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0x0c || code === 0x00;
}

/** NaN (behind the end) counts as a delimiter: it ends a token. */
function isRegular(code: number): boolean {
  if (Number.isNaN(code) || isSpace(code)) return false;
  return !(
    code === 0x28 ||
    code === 0x29 ||
    code === 0x3c ||
    code === 0x3e ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x2f ||
    code === 0x25 ||
    code === 0x7b ||
    code === 0x7d
  );
}

export function skipSpace(text: string, at: number): number {
  let next = at;
  while (isSpace(text.charCodeAt(next))) next += 1;
  return next;
}

function tokenEnd(text: string, at: number): number {
  let next = at;
  while (isRegular(text.charCodeAt(next))) next += 1;
  return next;
}

/** The value at `at`, leading white space skipped. Throws PdfProblem. */
export function readValue(text: string, at: number, budget: Budget, depth = MAX_DEPTH): Read {
  budget.left -= 1;
  if (budget.left < 0) throw new PdfProblem('TOO_COMPLEX', 'too many values');
  if (depth === 0) throw new PdfProblem('TOO_COMPLEX', 'nested too deep');
  const start = skipSpace(text, at);
  switch (text.charCodeAt(start)) {
    case 0x2f:
      return readName(text, start);
    case 0x28:
      return readLiteral(text, start);
    case 0x5b:
      return readArray(text, start, budget, depth);
    case 0x3c:
      return text.charCodeAt(start + 1) === 0x3c ? readDictionary(text, start, budget, depth) : readHex(text, start);
    default:
      return readWord(text, start);
  }
}

function readName(text: string, start: number): Read {
  const end = tokenEnd(text, start + 1);
  const raw = text.slice(start + 1, end);
  if (!raw.includes('#')) return { value: { kind: 'name', value: raw }, end };
  if (/#(?![0-9A-Fa-f]{2})|#00/.test(raw)) throw broken('bad escape in a name');
  return {
    value: { kind: 'name', value: raw.replace(/#(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))) },
    end,
  };
}

function readLiteral(text: string, start: number): Read {
  let open = 0;
  for (let next = start; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code === 0x5c) next += 1;
    else if (code === 0x28) open += 1;
    else if (code === 0x29 && --open === 0)
      return { value: { kind: 'string', raw: text.slice(start + 1, next), hex: false }, end: next + 1 };
  }
  throw broken('string without end');
}

function readHex(text: string, start: number): Read {
  const close = text.indexOf('>', start);
  if (close < 0) throw broken('hexadecimal string without end');
  const raw = text.slice(start + 1, close);
  if (/[^0-9A-Fa-f\0\t\n\f\r ]/.test(raw)) throw broken('no hexadecimal digit');
  return { value: { kind: 'string', raw, hex: true }, end: close + 1 };
}

function readArray(text: string, start: number, budget: Budget, depth: number): Read {
  const items: PdfValue[] = [];
  for (let at = start + 1; ; ) {
    const next = skipSpace(text, at);
    if (text.charCodeAt(next) === 0x5d) return { value: { kind: 'array', items }, end: next + 1 };
    const item = readValue(text, next, budget, depth - 1);
    items.push(item.value);
    at = item.end;
  }
}

function readDictionary(text: string, start: number, budget: Budget, depth: number): Read {
  const entries = new Map<string, PdfValue>();
  for (let at = start + 2; ; ) {
    const next = skipSpace(text, at);
    if (text.charCodeAt(next) === 0x3e && text.charCodeAt(next + 1) === 0x3e)
      return { value: { kind: 'dictionary', entries }, end: next + 2 };
    if (text.charCodeAt(next) !== 0x2f) throw broken('no key in a dictionary');
    const key = readName(text, next);
    const name = key.value.kind === 'name' ? key.value.value : '';
    if (entries.has(name)) throw broken('key twice in a dictionary');
    const value = readValue(text, key.end, budget, depth - 1);
    entries.set(name, value.value);
    at = value.end;
  }
}

const REFERENCE = /(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const NUMBER = /^[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})$/;

function readWord(text: string, start: number): Read {
  REFERENCE.lastIndex = start;
  const reference = REFERENCE.exec(text);
  if (reference)
    return { value: { kind: 'reference', object: Number(reference[1]), generation: Number(reference[2]) }, end: REFERENCE.lastIndex };
  const end = tokenEnd(text, start);
  const word = text.slice(start, Math.min(end, start + 40));
  if (NUMBER.test(word)) return { value: { kind: 'number', value: Number(word) }, end };
  if (word === 'true' || word === 'false') return { value: { kind: 'boolean', value: word === 'true' }, end };
  if (word === 'null') return { value: NULL, end };
  throw broken('no value where one must stand');
}
