// Appends a revision to a licence file (incremental update, ISO 32000-1 §7.5.6): objects, cross-references, trailer. What was
// there before stays byte for byte, and so does every signature over it.
// Must not know what the objects mean.
import { createHash } from 'node:crypto';
import type { OpenLicence } from './open-licence.ts';
import { writeValue } from './write-value.ts';

export interface NewObject {
  readonly number: number;
  /** What stands between `obj` and `endobj`. */
  readonly content: string | Uint8Array;
}

/** A signature dictionary of which /ByteRange and /Contents are still to come. */
export interface SignatureSlot {
  readonly number: number;
  /** Entries before them, `<<` left out. */
  readonly entries: string;
  /** Room for the CMS. */
  readonly contentsBytes: number;
}

export interface AppendedRevision {
  readonly bytes: Uint8Array;
  /** The hexadecimal digits between `<` and `>`, all zero; null without a signature. */
  readonly contents: { readonly start: number; readonly length: number } | null;
  /** SHA-256 over the byte range; null without a signature. */
  readonly digest: Uint8Array | null;
}

const NUMBER_DIGITS = 10;
const padded = (value: number): string => String(value).padEnd(NUMBER_DIGITS, ' ');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

export function appendRevision(file: OpenLicence, objects: readonly NewObject[], slot: SignatureSlot | null): AppendedRevision {
  // Our own files end with a line end; one that does not gets it, so that the first object starts a line.
  const lead = file.text.endsWith('\n') ? '' : '\n';
  const chunks: Buffer[] = [latin1(lead)];
  const offsets = new Map<number, number>();
  let length = file.bytes.length + lead.length;
  const put = (number: number, content: string | Uint8Array) => {
    offsets.set(number, length);
    const chunk = Buffer.concat([
      latin1(`${number} 0 obj\n`),
      typeof content === 'string' ? latin1(content) : content,
      latin1('\nendobj\n'),
    ]);
    chunks.push(chunk);
    length += chunk.length;
  };
  for (const { number, content } of objects) put(number, content);
  if (slot === null) {
    chunks.push(latin1(closing(file, offsets, length, identifier(chunks))));
    return { bytes: Buffer.concat([file.bytes, ...chunks]), contents: null, digest: null };
  }

  const head = `${slot.number} 0 obj\n<<${slot.entries}/ByteRange[0 `;
  const rangeLength = 3 * NUMBER_DIGITS + 2;
  const open = length + head.length + rangeLength + ']/Contents'.length;
  const close = open + 2 + 2 * slot.contentsBytes;
  offsets.set(slot.number, length);
  const end = closing(file, offsets, close + '>>\nendobj\n'.length, identifier(chunks));
  const fileLength = close + '>>\nendobj\n'.length + end.length;
  const range = [open, close, fileLength - close].map(padded).join(' ');
  chunks.push(latin1(`${head}${range}]/Contents<${'0'.repeat(2 * slot.contentsBytes)}>>>\nendobj\n${end}`));
  const bytes = Buffer.concat([file.bytes, ...chunks]);
  const digest = createHash('sha256').update(bytes.subarray(0, open)).update(bytes.subarray(close)).digest();
  return { bytes, contents: { start: open + 1, length: 2 * slot.contentsBytes }, digest };
}

/** Changes with the revision and follows from its content: nothing random, nothing of a clock. */
function identifier(chunks: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex').slice(0, 32).toUpperCase();
}

/** Cross-reference table, trailer and end of file. */
function closing(file: OpenLicence, offsets: ReadonlyMap<number, number>, at: number, id: string): string {
  const rows = [...offsets].sort(([a], [b]) => a - b);
  const sections: string[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && rows[to]?.[0] === (rows[to - 1]?.[0] ?? 0) + 1) to += 1;
    const lines = rows.slice(from, to).map(([, offset]) => `${String(offset).padStart(10, '0')} 00000 n \n`);
    sections.push(`${rows[from]?.[0]} ${to - from}\n${lines.join('')}`);
    from = to;
  }
  const { trailer, crossReferenceAt } = file.last;
  const size = Math.max(file.nextObject, ...offsets.keys()) + 1;
  const entry = (key: string) => {
    const value = trailer.entries.get(key);
    return value === undefined ? '' : `/${key} ${writeValue(value)}`;
  };
  const ids = trailer.entries.get('ID');
  const first = ids?.kind === 'array' ? ids.items[0] : undefined;
  const idEntry = first === undefined ? '' : `/ID[${writeValue(first)}<${id}>]`;
  return `xref\n${sections.join('')}trailer\n<</Size ${size}${entry('Root')}${entry('Info')}${idEntry}/Prev ${crossReferenceAt}>>\nstartxref\n${at}\n%%EOF\n`;
}
