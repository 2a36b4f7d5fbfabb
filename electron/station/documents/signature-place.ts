// The two places of a licence file that sealing fills, signing time and /Contents, and the hash that does not see them.
// Must not sign nor parse PDF in general: it knows the one shape the renderer writes and refuses any other.
import { createHash } from 'node:crypto';
import { StationError } from '../../contract/station-error.ts';
import type { Sha256 } from '../../contract/values.ts';

export interface SignaturePlace {
  /** The 14 digits YYYYMMDDHHMMSS, UTC. */
  readonly signingTime: { readonly start: number; readonly length: number };
  /** The hex digits between `<` and `>`. */
  readonly contents: { readonly start: number; readonly length: number };
  readonly byteRange: readonly [number, number, number, number];
}

/** Room for the CMS in bytes; twice as many hex digits. */
export const CONTENTS_BYTES = 5_120;

const TIME_DIGITS = 14;
const NUMBER_DIGITS = 10;
/**
 * The seal certifies the document (DocMDP, ISO 32000-1 §12.8.2.2). P 3: signing and annotations may follow, nothing else. Why not
 * 2: it forbids annotations, and an annotated copy (R11) is one; the verifier narrows 3 down to its own list.
 */
const CERTIFICATION = '/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 3/V/1.2>>>>]';
const HEAD = `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached${CERTIFICATION}/M(D:`;
const AFTER_TIME = "+00'00')/Reason<FEFF7B7E53D175355B508BC17167>/ByteRange[0 ";
const BEFORE_CONTENTS = ']/Contents<';
const TAIL = '>>>\nendobj\n';

const TIME_AT = HEAD.length;
const RANGE_AT = TIME_AT + TIME_DIGITS + AFTER_TIME.length;
const CONTENTS_AT = RANGE_AT + 3 * NUMBER_DIGITS + 2 + BEFORE_CONTENTS.length;
const DICTIONARY_LENGTH = CONTENTS_AT + 2 * CONTENTS_BYTES + TAIL.length;

const padded = (value: number) => String(value).padEnd(NUMBER_DIGITS, ' ');

/**
 * The signature dictionary with both places zeroed, followed by `endobj`. It must be the last object of the file: `start`
 * is where it begins, `fileLength` the length of the whole file.
 */
export function unsignedSignature(start: number, fileLength: number): string {
  const [, first, second, rest] = byteRangeAt(start, fileLength);
  return `${HEAD}${'0'.repeat(TIME_DIGITS)}${AFTER_TIME}${padded(first)} ${padded(second)} ${padded(rest)}${BEFORE_CONTENTS}${'0'.repeat(2 * CONTENTS_BYTES)}${TAIL}`;
}

/** Empty, invisible signature fields of the first revision, so that a later seal adds none (R11, R12, R20): further seals (joint
 * issue, national seal), the maker of an annotated copy, the archive. */
export const LATER_FIELDS = ['seal-2', 'seal-3', 'seal-4', 'copy', 'archive'] as const;
export type LaterField = (typeof LATER_FIELDS)[number];

export const signatureLength = DICTIONARY_LENGTH;

function byteRangeAt(start: number, fileLength: number): readonly [number, number, number, number] {
  const open = start + CONTENTS_AT - 1;
  const close = start + CONTENTS_AT + 2 * CONTENTS_BYTES + 1;
  return [0, open, close, fileLength - close];
}

/**
 * Finds the two places by building the one dictionary that may stand there and comparing byte for byte; nothing of the
 * file's own words is believed. Throws HASH_CHANGED for bytes of any other shape, a file with a later revision included.
 */
export function locateSignature(bytes: Uint8Array): SignaturePlace {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = /startxref\n(\d{1,10})\n%%EOF\n$/.exec(text.toString('latin1', Math.max(0, text.length - 40)));
  const start = Number(end?.[1] ?? -1) - DICTIONARY_LENGTH;
  if (!end || start < 0) throw new StationError('HASH_CHANGED', {}, { cause: 'no end of file as the renderer writes it' });
  const expected = Buffer.from(unsignedSignature(start, bytes.length), 'latin1');
  const found = Buffer.from(text.subarray(start, start + DICTIONARY_LENGTH));
  if (found.length !== DICTIONARY_LENGTH) throw new StationError('HASH_CHANGED', {}, { cause: 'signature dictionary cut short' });
  const filled = (at: number, length: number, isDigit: (byte: number) => boolean) => found.subarray(at, at + length).every(isDigit);
  const isFilled =
    filled(TIME_AT, TIME_DIGITS, (byte) => byte >= 0x30 && byte <= 0x39) &&
    filled(
      CONTENTS_AT,
      2 * CONTENTS_BYTES,
      (byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66),
    );
  found.fill('0', TIME_AT, TIME_AT + TIME_DIGITS);
  found.fill('0', CONTENTS_AT, CONTENTS_AT + 2 * CONTENTS_BYTES);
  if (!isFilled || !found.equals(expected))
    throw new StationError('HASH_CHANGED', {}, { cause: 'signature dictionary differs from what the renderer writes' });
  return {
    signingTime: { start: start + TIME_AT, length: TIME_DIGITS },
    contents: { start: start + CONTENTS_AT, length: 2 * CONTENTS_BYTES },
    byteRange: byteRangeAt(start, bytes.length),
  };
}

/** SHA-256 with both places zeroed: the same before and after sealing (domain.md, what is approved). */
export function approvedHashOf(bytes: Uint8Array): Sha256 {
  const { signingTime, contents } = locateSignature(bytes);
  const copy = Buffer.from(bytes);
  copy.fill('0', signingTime.start, signingTime.start + signingTime.length);
  copy.fill('0', contents.start, contents.start + contents.length);
  return createHash('sha256').update(copy).digest('hex');
}
