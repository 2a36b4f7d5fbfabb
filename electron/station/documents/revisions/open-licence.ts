// A licence file opened for a later revision: its objects, its fields, the next free number.
// Must only be used on files of this program: anything else is refused as unreadable.
import { StationError } from '../../../contract/station-error.ts';
import type { PdfDictionary } from './pdf-value.ts';
import { type FileState, type PdfObject, type Revision, readRevisions, stateAfter } from './read-file.ts';
import { PdfProblem } from './read-value.ts';
import { dictionaryOf, objectOf, pagesOf } from './walk-objects.ts';

export interface OpenLicence {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly last: Revision;
  readonly state: FileState;
  readonly catalog: PdfObject;
  readonly catalogEntries: PdfDictionary;
  readonly page: PdfObject;
  readonly pageEntries: PdfDictionary;
  /** First number not in use. */
  readonly nextObject: number;
}

/** Throws FILE_UNREADABLE. */
export function openLicence(bytes: Uint8Array): OpenLicence {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const revisions = read(text);
  const last = revisions.at(-1);
  const state = stateAfter(revisions, revisions.length - 1);
  const root = last?.trailer.entries.get('Root');
  const catalog = objectOf(state, root);
  const catalogEntries = dictionaryOf(state, root);
  const page = catalogEntries === null ? undefined : pagesOf(state, catalogEntries)?.[0];
  if (!last || !catalog || !catalogEntries || page?.value.kind !== 'dictionary')
    throw new StationError('FILE_UNREADABLE', {}, { cause: 'no page' });
  return {
    bytes,
    text,
    last,
    state,
    catalog,
    catalogEntries,
    page,
    pageEntries: page.value,
    nextObject: Math.max(...state.keys()) + 1,
  };
}

function read(text: string): readonly Revision[] {
  try {
    return readRevisions(text);
  } catch (cause) {
    if (cause instanceof PdfProblem) throw new StationError('FILE_UNREADABLE', {}, { cause });
    throw cause;
  }
}
