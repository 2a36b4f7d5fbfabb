// Fills a template's `{…}` with the values of a face, as they are to be read: Chinese dates, units, grouped codes.
// Must not change a value beyond that: what is printed equals the data (R03).
import { StationError } from '../../../contract/station-error.ts';
import type { FaceInput } from '../face.ts';

export interface Filled {
  readonly text: string;
  /** Key of the first item in the text, for naming the field; '' for a text without placeholders. */
  readonly field: string;
  /** No placeholder but the office's own constants. */
  readonly constant: boolean;
}

const OFFICE_CONSTANTS: ReadonlySet<string> = new Set(['issuer', 'issuerCode', 'typeName', 'basis']);

/** Throws INPUT_INVALID for a placeholder that is neither an item of the type nor a known word: a broken template. */
export function interpolate(template: string, face: FaceInput): Filled {
  let field = '';
  let constant = true;
  const text = template.replace(/\{([A-Za-z]+)(?::(unit))?\}/g, (_, key: string, form: string | undefined) => {
    field ||= key;
    constant &&= OFFICE_CONSTANTS.has(key);
    return wordOf(key, form, face);
  });
  return { text, field, constant };
}

function wordOf(key: string, form: string | undefined, face: FaceInput): string {
  switch (key) {
    case 'licenceNumber':
      return face.licenceNumber;
    case 'identifier':
      return face.identifier;
    case 'issuer':
      return face.issuer.name;
    case 'issuerCode':
      return face.issuer.code;
    case 'conclusionDay':
      return chineseDate(face.conclusionDay);
    case 'typeName':
      return face.type.name;
    case 'basis':
      return face.type.basis;
  }
  const item = face.type.items.find((candidate) => candidate.key === key);
  if (!item) throw new StationError('INPUT_INVALID', { field: key, problem: 'template names an item the licence type does not have' });
  const value = face.values[key] ?? '';
  if (value === '') return '';
  if (item.kind === 'date') return chineseDate(value);
  return form === 'unit' && item.unit ? `${value}${item.unit === '%' ? '' : ' '}${item.unit}` : value;
}

/** `2026-11-30` → `2026年11月30日`; anything that is no day stays as it is. */
export function chineseDate(day: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  return match ? `${match[1]}年${Number(match[2])}月${Number(match[3])}日` : day;
}
