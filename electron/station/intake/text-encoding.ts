// Finds the encoding of a text file and decodes it piece by piece.
// Must not guess on: what cannot be decoded whole is refused.
import { isUtf8 } from 'node:buffer';
import type { TableEncoding } from '../../contract/intake.ts';

const CHUNK_BYTES = 64 * 1024;

const startsWith = (bytes: Uint8Array, ...head: readonly number[]): boolean => head.every((b, i) => bytes[i] === b);

/**
 * By byte-order mark, else UTF-16 by its zero bytes, else UTF-8 when all of it is, else GB18030 (a superset of GBK and
 * GB2312). null: too many control bytes for text in any of them.
 */
export function detectEncoding(bytes: Uint8Array): TableEncoding | null {
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return 'utf-8';
  if (startsWith(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(bytes, 0xfe, 0xff)) return 'utf-16be';
  const sample = bytes.subarray(0, 8192);
  let zerosEven = 0;
  let zerosOdd = 0;
  let controls = 0;
  for (const [i, b] of sample.entries()) {
    if (b === 0) i % 2 === 0 ? zerosEven++ : zerosOdd++;
    else if (b < 0x20 && b !== 0x09 && b !== 0x0a && b !== 0x0d) controls++;
  }
  // ASCII commas, digits and line ends give zeros on one side only.
  if (zerosOdd > sample.length / 20 && zerosEven === 0) return 'utf-16le';
  if (zerosEven > sample.length / 20 && zerosOdd === 0) return 'utf-16be';
  if (zerosEven + zerosOdd > 0 || controls > sample.length / 100) return null;
  return isUtf8(bytes) ? 'utf-8' : 'gb18030';
}

/** Pieces of text in order, the byte-order mark dropped. @throws TypeError on bytes the encoding does not have. */
export function* decodeText(bytes: Uint8Array, encoding: TableEncoding): Generator<string, void> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true });
  yield decoder.decode();
}
