// The signature fields of a file and what a later revision did to them: an empty field signed, a new one added.
// Must not verify signatures.
import { canonical, nameOf, numberOf, type PdfDictionary, type PdfValue, textOf } from './pdf-value.ts';
import type { FileState } from './read-file.ts';
import { dictionaryOf, objectOf, referencesOf, resolve } from './walk-objects.ts';

export interface SignatureField {
  readonly name: string;
  readonly object: number;
  readonly value: PdfValue | undefined;
}

/** All signature fields, of nested fields too; null when the form is no tree. */
export function signatureFields(state: FileState, catalog: PdfDictionary): readonly SignatureField[] | null {
  const form = dictionaryOf(state, catalog.entries.get('AcroForm'));
  const top = referencesOf(state, form?.entries.get('Fields'));
  if (top === null) return null;
  const fields: SignatureField[] = [];
  const seen = new Set<number>();
  const open = top.map((reference) => ({ reference, type: '' }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const object = objectOf(state, next.reference);
    if (object?.value.kind !== 'dictionary' || seen.has(object.number)) return null;
    seen.add(object.number);
    const { entries } = object.value;
    const type = nameOf(entries.get('FT')) ?? next.type;
    const kids = referencesOf(state, entries.get('Kids'));
    if (kids === null) return null;
    open.push(...kids.map((reference) => ({ reference, type })));
    if (type === 'Sig') {
      const name = entries.get('T');
      fields.push({ name: name?.kind === 'string' ? textOf(name) : '', object: object.number, value: entries.get('V') });
    }
  }
  return fields.reverse();
}

export function rectangleOf(state: FileState, value: PdfValue | undefined): readonly [number, number, number, number] | null {
  const found = resolve(state, value);
  if (found?.kind !== 'array' || found.items.length !== 4) return null;
  const [a, b, c, d] = found.items.map((item) => numberOf(item) ?? Number.NaN);
  if (a === undefined || b === undefined || c === undefined || d === undefined || [a, b, c, d].some(Number.isNaN)) return null;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** Nothing of it is drawn: a signature field without an area (ISO 32000-1 §12.7.4.5). */
export function isInvisible(state: FileState, field: PdfDictionary): boolean {
  const rectangle = rectangleOf(state, field.entries.get('Rect'));
  return rectangle !== null && rectangle[0] === rectangle[2] && rectangle[1] === rectangle[3];
}

/** Keys whose values differ. */
export function changedKeys(before: PdfDictionary, after: PdfDictionary): readonly string[] {
  const text = (value: PdfValue | undefined) => (value === undefined ? 'null' : canonical(value));
  const keys = new Set([...before.entries.keys(), ...after.entries.keys()]);
  return [...keys].filter((key) => text(before.entries.get(key)) !== text(after.entries.get(key)));
}

/** What signing an empty field may set in it. */
const SET_BY_SIGNING = new Set(['V', 'F', 'M', 'AP']);

export const isFieldSigned = (before: PdfDictionary, after: PdfDictionary): boolean =>
  nameOf(before.entries.get('FT')) === 'Sig' &&
  !before.entries.has('V') &&
  after.entries.get('V')?.kind === 'reference' &&
  changedKeys(before, after).every((key) => SET_BY_SIGNING.has(key));

const NEW_FIELD_KEYS = new Set(['Type', 'Subtype', 'FT', 'T', 'TU', 'F', 'Ff', 'Rect', 'P', 'V', 'M', 'AP', 'AS', 'DA', 'MK', 'Border']);

export const isNewSignatureField = (field: PdfDictionary): boolean =>
  nameOf(field.entries.get('FT')) === 'Sig' &&
  nameOf(field.entries.get('Subtype')) === 'Widget' &&
  field.entries.get('V')?.kind === 'reference' &&
  [...field.entries.keys()].every((key) => NEW_FIELD_KEYS.has(key));
