// Ways through the objects of one state of a file: following references, what can be reached from where, the pages.
// Must not judge.
import type { PdfDictionary, PdfReference, PdfValue } from './pdf-value.ts';
import type { FileState, PdfObject } from './read-file.ts';

export const EMPTY: PdfDictionary = { kind: 'dictionary', entries: new Map() };

export function objectOf(state: FileState, value: PdfValue | undefined): PdfObject | null {
  if (value?.kind !== 'reference') return null;
  const object = state.get(value.object);
  return object !== undefined && object.generation === value.generation ? object : null;
}

/** The value itself or what it refers to; null where there is none. A reference to a reference is none. */
export function resolve(state: FileState, value: PdfValue | undefined): PdfValue | null {
  if (value === undefined) return null;
  if (value.kind !== 'reference') return value;
  const target = objectOf(state, value)?.value;
  return target === undefined || target.kind === 'reference' ? null : target;
}

export function dictionaryOf(state: FileState, value: PdfValue | undefined): PdfDictionary | null {
  const found = resolve(state, value);
  return found?.kind === 'dictionary' ? found : null;
}

/** The references of an array, direct or not; null when it holds anything else. Nothing there counts as empty. */
export function referencesOf(state: FileState, value: PdfValue | undefined): readonly PdfReference[] | null {
  if (value === undefined || value.kind === 'null') return [];
  const found = resolve(state, value);
  if (found?.kind !== 'array') return null;
  const references = found.items.filter((item) => item.kind === 'reference');
  return references.length === found.items.length ? references : null;
}

/** Numbers of all objects reachable from a value; `leave` names keys that are not followed. */
export function reachable(
  state: FileState,
  from: PdfValue | undefined,
  leave: ReadonlySet<string> = new Set(),
  found = new Set<number>(),
): Set<number> {
  const open: PdfValue[] = from === undefined ? [] : [from];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value.kind === 'array') open.push(...value.items);
    else if (value.kind === 'dictionary') {
      for (const [key, entry] of value.entries) if (!leave.has(key)) open.push(entry);
    } else if (value.kind === 'reference' && !found.has(value.object)) {
      found.add(value.object);
      const object = objectOf(state, value);
      if (object) open.push(object.value);
    }
  }
  return found;
}

/** The page objects in order; null when the page tree is no tree. */
export function pagesOf(state: FileState, catalog: PdfDictionary): readonly PdfObject[] | null {
  const pages: PdfObject[] = [];
  const seen = new Set<number>();
  const open: PdfValue[] = [catalog.entries.get('Pages') ?? { kind: 'null' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const object = objectOf(state, next);
    if (object === null || object.value.kind !== 'dictionary' || seen.has(object.number)) return null;
    seen.add(object.number);
    const kids = object.value.entries.get('Kids');
    if (kids === undefined) pages.push(object);
    else {
      const references = referencesOf(state, kids);
      if (references === null) return null;
      open.push(...[...references].reverse());
    }
  }
  return pages;
}
