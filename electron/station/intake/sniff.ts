// Says what a file is by its first bytes, never by its name.
// Must not parse it.

export type Sniffed = { readonly kind: 'zip' } | { readonly kind: 'text' } | { readonly kind: 'other'; readonly looksLike: string };

const MAGIC: readonly (readonly [looksLike: string, hex: string])[] = [
  ['png', '89504e470d0a1a0a'],
  ['jpeg', 'ffd8ff'],
  ['gif', '47494638'],
  ['bmp', '424d'],
  ['tiff', '49492a00'],
  ['tiff', '4d4d002a'],
  ['pdf', '255044462d'],
  ['rar', '526172211a07'],
  ['7z', '377abcaf271c'],
  ['gzip', '1f8b08'],
  ['exe', '4d5a9000'],
  ['elf', '7f454c46'],
  ['sqlite', '53514c69746520666f726d61742033'],
  ['rtf', '7b5c727466'],
];

const OLE = 'd0cf11e0a1b11ae1';
/** UTF-16LE, the stream in which a spreadsheet with a password is wrapped. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

export function sniff(bytes: Uint8Array): Sniffed {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = buffer.subarray(0, 16).toString('hex');
  if (head.startsWith(OLE)) return { kind: 'other', looksLike: buffer.includes(ENCRYPTED) ? 'xlsx-encrypted' : 'xls' };
  if (head.startsWith('504b0304') || head.startsWith('504b0506')) return { kind: 'zip' };
  const magic = MAGIC.find(([, hex]) => head.startsWith(hex));
  // BM also begins honest text, and a bitmap has binary zeros in its header.
  if (magic !== undefined && (magic[0] !== 'bmp' || buffer.subarray(0, 32).includes(0))) return { kind: 'other', looksLike: magic[0] };
  const start = buffer
    .subarray(0, 512)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  // Many systems give an HTML or XML page the name .xls; Excel opens it, but it is no table with cells of its own.
  if (/^<(!doctype html|html|head|body|table|meta)/.test(start)) return { kind: 'other', looksLike: 'html' };
  if (start.startsWith('<?xml')) return { kind: 'other', looksLike: 'xml' };
  return { kind: 'text' };
}
