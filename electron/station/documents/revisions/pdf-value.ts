// The values a PDF object is made of (ISO 32000-1 §7.3), as read from a file, and their comparison.
// Must not know what any key means.

export interface PdfReference {
  readonly kind: 'reference';
  readonly object: number;
  readonly generation: number;
}

export interface PdfArray {
  readonly kind: 'array';
  readonly items: readonly PdfValue[];
}

export interface PdfDictionary {
  readonly kind: 'dictionary';
  readonly entries: ReadonlyMap<string, PdfValue>;
}

/** `raw` is what stands between the brackets, undecoded. */
export interface PdfString {
  readonly kind: 'string';
  readonly raw: string;
  readonly hex: boolean;
}

export type PdfValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly value: string }
  | PdfString
  | PdfArray
  | PdfDictionary
  | PdfReference;

/** One spelling for all spellings of a value: equal values, equal text. Keys in order, null entries left out. */
export function canonical(value: PdfValue): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
    case 'number':
      return String(value.value);
    case 'name':
      return `/${encodeURIComponent(value.value)}`;
    case 'string':
      return `<${Buffer.from(bytesOf(value)).toString('hex')}>`;
    case 'array':
      return `[${value.items.map(canonical).join(' ')}]`;
    case 'dictionary':
      return `{${[...value.entries]
        .filter(([, entry]) => entry.kind !== 'null')
        .map(([key, entry]) => `${encodeURIComponent(key)}=${canonical(entry)}`)
        .sort()
        .join(' ')}}`;
    case 'reference':
      return `${value.object}.${value.generation}R`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

export function bytesOf({ raw, hex }: PdfString): Uint8Array {
  if (hex) {
    const digits = raw.replace(/[\0\t\n\f\r ]/g, '');
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
  }
  const text = raw.replace(/\\([0-7]{1,3}|\r\n|[\s\S])|\r\n?/g, (whole, escaped: string | undefined) => {
    if (escaped === undefined) return '\n';
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 0xff);
    if (escaped === '\r\n' || escaped === '\n' || escaped === '\r') return '';
    return ESCAPES[escaped] ?? whole.slice(1);
  });
  return Buffer.from(text, 'latin1');
}

/** A text string as people read it: UTF-16BE or UTF-8 with a byte order mark, otherwise Latin-1. */
export function textOf(value: PdfString): string {
  const bytes = Buffer.from(bytesOf(value));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    const even = bytes.subarray(2, 2 + ((bytes.length - 2) & ~1));
    return Buffer.from(even).swap16().toString('utf16le');
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3).toString('utf8');
  return bytes.toString('latin1');
}

export const nameOf = (value: PdfValue | undefined): string | null => (value?.kind === 'name' ? value.value : null);
export const numberOf = (value: PdfValue | undefined): number | null => (value?.kind === 'number' ? value.value : null);
