// The entries of a zip file by its central directory, inflated as a stream with a bound (a bomb never gets to its size).
// Must not know what is in it. Spec: PKWARE APPNOTE 4.3, 4.5.3.
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { nextSlice } from './slices.ts';

export class BrokenZip extends Error {}
export class ZipTooLarge extends Error {
  readonly sizeBytes: number;
  readonly limitBytes: number;

  constructor(sizeBytes: number, limitBytes: number) {
    super('unfolds beyond its bound');
    this.sizeBytes = sizeBytes;
    this.limitBytes = limitBytes;
  }
}

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  /** As the directory claims; reading stops with an error when more comes out. */
  readonly size: number;
  readonly headerAt: number;
}

const MAX_ENTRIES = 4096;
const INFLATE_CHUNK = 64 * 1024;

/** @throws BrokenZip */
export function listZip(bytes: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readDirectory(bytes, view);
  } catch (error) {
    // Offsets that lead out of the file.
    if (error instanceof RangeError) throw new BrokenZip('directory leads out of the file', { cause: error });
    throw error;
  }
}

function readDirectory(bytes: Uint8Array, view: DataView): Map<string, ZipEntry> {
  let end = bytes.length - 22;
  const lowest = Math.max(0, end - 0xffff);
  while (end >= lowest && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < lowest) throw new BrokenZip('no end of directory');
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw new BrokenZip('too many entries');
  let at = view.getUint32(end + 16, true);
  const entries = new Map<string, ZipEntry>();
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new BrokenZip('directory entry without its mark');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    let size = view.getUint32(at + 24, true);
    let compressedSize = view.getUint32(at + 20, true);
    let headerAt = view.getUint32(at + 42, true);
    // Zip64: a field of all ones stands in the extra field instead, in this order. Streaming writers use it for small files too.
    let extra = at + 46 + nameLength;
    const extraEnd = extra + extraLength;
    while (extra + 4 <= extraEnd) {
      const length = view.getUint16(extra + 2, true);
      if (view.getUint16(extra, true) === 1) {
        let field = extra + 4;
        const next = (): number => {
          const value = Number(view.getBigUint64(field, true));
          field += 8;
          return value;
        };
        if (size === 0xffffffff) size = next();
        if (compressedSize === 0xffffffff) compressedSize = next();
        if (headerAt === 0xffffffff) headerAt = next();
      }
      extra += 4 + length;
    }
    entries.set(name.replaceAll('\\', '/').replace(/^\/+/, ''), {
      name,
      method: view.getUint16(at + 10, true),
      isEncrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      compressedSize,
      size,
      headerAt,
    });
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return entries;
}

function* pieces(data: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < data.length; at += INFLATE_CHUNK) yield data.subarray(at, at + INFLATE_CHUNK);
}

/**
 * The bytes of one entry, piece by piece; the event loop turns between pieces. The checksum is checked at the end.
 * Never more than the directory says, so the caller bounds `entry.size` beforehand.
 * @throws BrokenZip (also when more comes out than the directory says), CANCELLED
 */
export async function* readZipEntry(bytes: Uint8Array, entry: ZipEntry, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void> {
  if (entry.headerAt + 30 > bytes.length) throw new BrokenZip('entry leads out of the file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(entry.headerAt, true) !== 0x04034b50) throw new BrokenZip('entry without its mark');
  const from = entry.headerAt + 30 + view.getUint16(entry.headerAt + 26, true) + view.getUint16(entry.headerAt + 28, true);
  const data = bytes.subarray(from, from + entry.compressedSize);
  if (data.length !== entry.compressedSize) throw new BrokenZip('entry is cut short');
  if (entry.method !== 0 && entry.method !== 8) throw new BrokenZip(`method ${entry.method}`);

  let size = 0;
  let crc = 0;
  const inflate = createInflateRaw({ chunkSize: INFLATE_CHUNK });
  const source = entry.method === 0 ? pieces(data) : Readable.from(pieces(data), { objectMode: true }).pipe(inflate);
  try {
    for await (const piece of source as AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
      size += piece.length;
      if (size > entry.size) throw new BrokenZip('more comes out than the directory says');
      crc = crc32(piece, crc);
      yield piece;
      await nextSlice(signal);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_'))
      throw new BrokenZip('cannot be inflated', { cause: error });
    throw error;
  } finally {
    inflate.destroy();
  }
  if (size !== entry.size || crc !== entry.crc) throw new BrokenZip('checksum is wrong');
}
