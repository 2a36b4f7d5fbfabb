// Writes a PDF value that was read, with entries changed: for objects a later revision writes again.
// Must keep the spelling of strings and the order of keys, so that what is not changed stays the same.
import type { PdfDictionary, PdfValue } from './pdf-value.ts';

export function writeValue(value: PdfValue): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'number':
      return numberText(value.value);
    case 'name':
      return `/${nameText(value.value)}`;
    case 'string':
      return value.hex ? `<${value.raw}>` : `(${value.raw})`;
    case 'array':
      return `[${value.items.map(writeValue).join(' ')}]`;
    case 'dictionary':
      return `<<${[...value.entries].map(([key, entry]) => `/${nameText(key)} ${writeValue(entry)}`).join('')}>>`;
    case 'reference':
      return `${value.object} ${value.generation} R`;
  }
}

/** Never in exponent form, which PDF does not know. */
const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/\.?0+$/, ''));

const nameText = (name: string): string =>
  name.replace(/[^!-~]|[#()<>[\]{}/%]/g, (character) => `#${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);

export const withEntry = (dictionary: PdfDictionary, key: string, value: PdfValue): PdfDictionary => ({
  kind: 'dictionary',
  entries: new Map([...dictionary.entries, [key, value]]),
});

export const reference = (object: number): PdfValue => ({ kind: 'reference', object, generation: 0 });
