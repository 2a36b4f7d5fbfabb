// What makes the file fit for keeping (PDF/A-3b): colour profile, metadata, the data as an attached file.
// Must not claim conformity anywhere but in the metadata PDF/A itself asks for.
import type { Day } from '../../../contract/values.ts';
import { compressed, type PdfBody, plain } from './pdf-body.ts';
import { ref, textString } from './pdf-syntax.ts';

export interface DocumentInfo {
  readonly title: string;
  /** Who issues it; '' when nobody does. */
  readonly author: string;
  readonly subject: string;
  readonly producer: string;
  readonly date: Day;
}

/** XMP packet (Spec: ISO 19005-3 §6.6): all it says follows from the face, the date being the day on the face. */
export function metadataOf(info: DocumentInfo): string {
  const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance><dc:format>application/pdf</dc:format><dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escaped(info.title)}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>${escaped(info.author)}</rdf:li></rdf:Seq></dc:creator><dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escaped(info.subject)}</rdf:li></rdf:Alt></dc:description><xmp:CreateDate>${info.date}T00:00:00+08:00</xmp:CreateDate><xmp:ModifyDate>${info.date}T00:00:00+08:00</xmp:ModifyDate><pdf:Producer>${escaped(info.producer)}</pdf:Producer></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`;
}

export function putMetadata(body: PdfBody, info: DocumentInfo): number {
  return body.putStream(plain(Buffer.from(metadataOf(info), 'utf8')), '/Type/Metadata/Subtype/XML');
}

/** The information dictionary, equal to the XMP as PDF/A wants. */
export function putInfo(body: PdfBody, info: DocumentInfo): number {
  const date = `(${pdfDate(info.date)})`;
  return body.put(
    `<</Title${textString(info.title)}/Author${textString(info.author)}/Subject${textString(info.subject)}/Producer${textString(info.producer)}/CreationDate${date}/ModDate${date}>>`,
  );
}

export const pdfDate = (day: Day): string => `D:${day.replaceAll('-', '')}000000+08'00'`;

export function putOutputIntent(body: PdfBody): number {
  const profile = body.putStream(COMPRESSED_PROFILE, '/N 3');
  return body.put(
    `<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile ${ref(profile)}>>`,
  );
}

export interface AttachedFile {
  readonly name: string;
  readonly description: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** Spec: ISO 19005-3 §6.8: `Data` is what the page was made from, `Supplement` belongs to it. */
  readonly relationship: 'Data' | 'Supplement';
}

/** File specification; `/AF` and the name tree refer to it. */
export function putAttachment(body: PdfBody, file: AttachedFile, day: Day): number {
  // A PDF speaks of signatures and ends of file too: compressed, who looks for those words in our file finds only ours.
  // Pictures are compressed already.
  const stream = file.mediaType.startsWith('image/') ? plain(file.bytes) : compressed(file.bytes);
  const embedded = body.putStream(
    stream,
    `/Type/EmbeddedFile/Subtype/${file.mediaType.replace('/', '#2F')}/Params<</Size ${stream.rawLength}/ModDate(${pdfDate(day)})>>`,
  );
  const name = fileName(file.name);
  return body.put(
    `<</Type/Filespec/F${name}/UF${name}/Desc${textString(file.description)}/AFRelationship/${file.relationship}/EF<</F ${ref(embedded)}/UF ${ref(embedded)}>>>>`,
  );
}

/** `/AF` and the name tree of embedded files, sorted as a tree must be; '' without files. */
export function attachmentEntries(files: readonly { readonly name: string; readonly object: number }[]): string {
  if (files.length === 0) return '';
  const sorted = files.map(({ name, object }) => ({ key: fileName(name), object })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const names = sorted.map(({ key, object }) => `${key}${ref(object)}`).join('');
  return `/AF[${files.map(({ object }) => ref(object)).join(' ')}]/Names<</EmbeddedFiles<</Names[${names}]>>>>`;
}

const fileName = (name: string): string => (/^[\w.-]+$/.test(name) ? `(${name})` : textString(name));

/**
 * An sRGB monitor profile of our own making (Spec: ICC.1:2004-10, version 4): colorants adapted to D50 and the sRGB curve
 * as one parametric function. About 500 bytes.
 */
function srgbProfile(): Uint8Array {
  const fixed = (value: number) => Math.round(value * 65536);
  const words = (...values: readonly number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => {
      bytes.writeInt32BE(value, 4 * i);
    });
    return bytes;
  };
  const tag = (type: string, ...rest: readonly Buffer[]) => Buffer.concat([Buffer.from(type, 'latin1'), words(0), ...rest]);
  const xyz = (x: number, y: number, z: number) => tag('XYZ ', words(fixed(x), fixed(y), fixed(z)));
  const words16 = (text: string) => Buffer.from(text, 'utf16le').swap16();
  const text = (content: string) =>
    tag('mluc', words(1, 12), Buffer.from('enUS', 'latin1'), words(2 * content.length, 28), words16(content));
  // Parametric curve type 3: Y = (aX + b)^g for X ≥ d, else cX.
  const curve = tag(
    'para',
    Buffer.from([0, 3, 0, 0]),
    words(fixed(2.4), fixed(1 / 1.055), fixed(0.055 / 1.055), fixed(1 / 12.92), fixed(0.04045)),
  );
  const adaptation = tag('sf32', words(...[1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01706, -0.00923, 0.01508, 0.75168].map(fixed)));
  const parts: readonly (readonly [string, Buffer])[] = [
    ['desc', text('sRGB')],
    ['cprt', text('No copyright')],
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['chad', adaptation],
    ['rXYZ', xyz(0.43607, 0.22249, 0.01392)],
    ['gXYZ', xyz(0.38515, 0.71687, 0.09708)],
    ['bXYZ', xyz(0.14307, 0.06061, 0.7141)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ];
  const blocks: Buffer[] = [];
  const placed = new Map<Buffer, number>();
  let at = 128 + 4 + 12 * parts.length;
  const table = parts.map(([name, block]) => {
    const start = placed.get(block) ?? at;
    if (!placed.has(block)) {
      placed.set(block, at);
      blocks.push(block, Buffer.alloc((4 - (block.length % 4)) % 4));
      at += (block.length + 3) & ~3;
    }
    return Buffer.concat([Buffer.from(name, 'latin1'), words(start, block.length)]);
  });
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x04200000, 8);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  // A fixed date: the profile is part of every document's bytes.
  [2026, 1, 1, 0, 0, 0].forEach((value, i) => {
    header.writeUInt16BE(value, 24 + 2 * i);
  });
  header.write('acsp', 36, 'latin1');
  words(fixed(0.9642), fixed(1), fixed(0.8249)).copy(header, 68);
  return Buffer.concat([header, words(parts.length), ...table, ...blocks]);
}

const COMPRESSED_PROFILE = compressed(srgbProfile());
