// Certificates and revocation lists a file keeps for later (DSS, ETSI EN 319 142-1 §5.4). They are only material: nothing is
// believed because it stands there. What cannot be read is passed over. Bounded in number and in size when unpacked.
import { inflateSync } from 'node:zlib';
import { nameOf } from '../revisions/pdf-value.ts';
import { type Revision, stateAfter } from '../revisions/read-file.ts';
import { dictionaryOf, objectOf, referencesOf } from '../revisions/walk-objects.ts';
import { DerError } from './der.ts';
import { type Certificate, readCertificate } from './read-certificate.ts';
import { type RevocationList, readRevocationList } from './read-revocation-list.ts';

const MAX_ENTRIES = 50;
/** Of one list, and of all together. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_TOTAL_BYTES = 8 * 1024 * 1024;

export interface LongTermData {
  readonly certificates: readonly Certificate[];
  readonly lists: readonly RevocationList[];
}

export function readLongTerm(pdf: Uint8Array, revisions: readonly Revision[]): LongTermData {
  const state = stateAfter(revisions, revisions.length - 1);
  const catalog = dictionaryOf(state, revisions.at(-1)?.trailer.entries.get('Root'));
  const store = dictionaryOf(state, catalog?.entries.get('DSS'));
  let left = MAX_TOTAL_BYTES;
  const all = <T>(key: string, read: (bytes: Uint8Array) => T): readonly T[] =>
    (referencesOf(state, store?.entries.get(key)) ?? []).slice(0, MAX_ENTRIES).flatMap((reference) => {
      const object = objectOf(state, reference);
      if (!object?.stream || object.value.kind !== 'dictionary') return [];
      const stored = pdf.subarray(object.stream.start, object.stream.end);
      const filter = object.value.entries.get('Filter');
      const bytes = filter === undefined ? stored : nameOf(filter) === 'FlateDecode' ? unpack(stored) : null;
      left -= bytes?.length ?? 0;
      return bytes === null || left < 0 ? [] : attempt(() => read(bytes));
    });
  return { certificates: all('Certs', readCertificate), lists: all('CRLs', readRevocationList) };
}

function unpack(stored: Uint8Array): Uint8Array | null {
  try {
    return inflateSync(stored, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    // Broken, or larger unpacked than any list: zlib says both with a code.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

function attempt<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}
