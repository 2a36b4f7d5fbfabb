// The body of a PDF file: numbered objects in the order they are put, with their byte offsets for the cross-reference table.
// Must not know what the objects mean.
import { deflate } from 'pako';
import { latin1 } from './pdf-syntax.ts';

/** A stream whose bytes are ready: compressed once, usable in many documents. */
export interface ReadyStream {
  readonly bytes: Uint8Array;
  readonly filter: '/FlateDecode' | '';
  /** Length before compression. */
  readonly rawLength: number;
}

/**
 * Why pako and not node:zlib: the bytes must be the same on every machine and Node version (the approved hash depends on
 * them), and each Node carries its own zlib. pako is pinned.
 */
export function compressed(raw: Uint8Array | string): ReadyStream {
  const bytes = typeof raw === 'string' ? latin1(raw) : raw;
  // Short streams need no large window and tables: setting those up costs more than compressing.
  const small = bytes.length <= 8_192;
  return {
    bytes: deflate(bytes, small ? { level: 6, windowBits: 13, memLevel: 6 } : { level: 6 }),
    filter: '/FlateDecode',
    rawLength: bytes.length,
  };
}

export const plain = (raw: Uint8Array): ReadyStream => ({ bytes: raw, filter: '', rawLength: raw.length });

export class PdfBody {
  readonly #chunks: Uint8Array[] = [];
  readonly #offsets: number[] = [];
  #length = 0;

  constructor() {
    // The second line marks the file as binary for transfer programs.
    this.#append(latin1('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n'));
  }

  /** Numbers start at 1; an allocated object must be put once. */
  allocate(): number {
    this.#offsets.push(-1);
    return this.#offsets.length;
  }

  put(content: string, object = this.allocate()): number {
    this.#offsets[object - 1] = this.#length;
    this.#append(latin1(`${object} 0 obj\n${content}\nendobj\n`));
    return object;
  }

  putStream(stream: ReadyStream, dictionary: string, object = this.allocate()): number {
    const filter = stream.filter === '' ? '' : `/Filter${stream.filter}`;
    this.#offsets[object - 1] = this.#length;
    this.#append(latin1(`${object} 0 obj\n<<${dictionary}${filter}/Length ${stream.bytes.length}>>\nstream\n`));
    this.#append(stream.bytes);
    this.#append(latin1('\nendstream\nendobj\n'));
    return object;
  }

  /** The object will stand right after what was put so far; its bytes are the caller's. */
  reserve(object: number): void {
    this.#offsets[object - 1] = this.#length;
  }

  get length(): number {
    return this.#length;
  }

  get chunks(): readonly Uint8Array[] {
    return this.#chunks;
  }

  /** Cross-reference table and all that stands before the trailer dictionary. */
  crossReference(): string {
    const entries = this.#offsets.map((offset, index) => {
      if (offset < 0) throw new Error(`PDF object ${index + 1} was allocated and never put`);
      return `${String(offset).padStart(10, '0')} 00000 n \n`;
    });
    return `xref\n0 ${entries.length + 1}\n0000000000 65535 f \n${entries.join('')}`;
  }

  get size(): number {
    return this.#offsets.length + 1;
  }

  #append(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }
}
