// What an attacker does to a sealed file: appends revisions, well-formed as every PDF program reads them, signed or not. Written
// apart from the product's own writer, so that a fault of one does not hide in the other.
import { createHash } from 'node:crypto';
import { assembleCms, signedAttributes } from '../../electron/station/signing/cms.ts';
import { rawSignature, type SampleSigner } from './sealed-sample.ts';

export const latin1 = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');
export const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

interface Update {
  /** Objects by number: what stands between `obj` and `endobj`. */
  readonly objects: Readonly<Record<number, string>>;
  /** Numbers marked as free. */
  readonly free?: readonly number[];
  /** Instead of the trailer that would be right. */
  readonly trailer?: (right: string) => string;
  /** Bytes before the cross-reference table that it does not know. */
  readonly stray?: string;
}

const lastTable = (text: string): number => Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1] ?? 0);

/** An incremental update as any PDF program writes it. */
export function update(pdf: Uint8Array, { objects, free = [], trailer = (right) => right, stray = '' }: Update): Uint8Array {
  const base = latin1(pdf);
  let body = '';
  const rows: [number, string][] = free.map((number) => [number, '0000000000 00001 f \n']);
  for (const [number, content] of Object.entries(objects)) {
    rows.push([Number(number), `${String(base.length + body.length).padStart(10, '0')} 00000 n \n`]);
    body += `${number} 0 obj\n${content}\nendobj\n`;
  }
  body += stray;
  const table = rows.sort(([a], [b]) => a - b).map(([number, row]) => `${number} 1\n${row}`);
  const known = [...base.matchAll(/\n(\d+) 0 obj/g)].map((match) => Number(match[1]));
  const size = Math.max(0, ...known, ...rows.map(([number]) => number)) + 1;
  const id = /\/ID\[[^\]]*\]/.exec(base)?.[0] ?? '';
  const right = `<</Size ${size}/Root 1 0 R/Info 7 0 R${id}/Prev ${lastTable(base)}>>`;
  const at = base.length + body.length;
  return bytes(`${base}${body}xref\n${table.join('')}trailer\n${trailer(right)}\nstartxref\n${at}\n%%EOF\n`);
}

const RESERVE = 4_000;

/** The same, with a signature by somebody over all of it. `holder`: object of the signature dictionary. */
export function signedUpdate(
  pdf: Uint8Array,
  signer: SampleSigner,
  holder: number,
  order: Update & { readonly entries?: string },
): Uint8Array {
  const entries = order.entries ?? '/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261120093000Z)';
  const dictionary = `<<${entries}/ByteRange[0 ${'*'.repeat(32)}]/Contents<${'0'.repeat(RESERVE)}>>>`;
  const text = latin1(update(pdf, { ...order, objects: { ...order.objects, [holder]: dictionary } }));
  const open = text.indexOf(`<${'0'.repeat(RESERVE)}>`, pdf.length);
  const close = open + RESERVE + 2;
  const range = `${open} ${close} ${text.length - close}`.padEnd(32);
  const ranged = bytes(text.replace('*'.repeat(32), range));
  const digest = createHash('sha256').update(ranged.subarray(0, open)).update(ranged.subarray(close)).digest();
  const attributes = signedAttributes(digest, signer.certificate);
  const cms = assembleCms({
    attributes,
    signature: rawSignature(signer, attributes.der),
    algorithm: signer.algorithm,
    certificate: signer.certificate,
    chain: [signer.root],
  });
  Buffer.from(ranged.buffer, ranged.byteOffset).write(Buffer.from(cms).toString('hex'), open + 1, 'latin1');
  return ranged;
}

/** An object of the file as it stands there last, to be changed and written again. */
export function objectText(pdf: Uint8Array, number: number): string {
  const found = [...latin1(pdf).matchAll(new RegExp(`(?:^|\\n)${number} 0 obj\\n([\\s\\S]*?)\\nendobj`, 'g'))].at(-1)?.[1];
  if (found === undefined) throw new Error(`no object ${number}`);
  return found;
}

export const streamObject = (content: string, dictionary = ''): string =>
  `<<${dictionary}/Length ${content.length}>>\nstream\n${content}\nendstream`;
