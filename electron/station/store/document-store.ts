// The bytes of documents, in one encrypted SQLite file per year. Written and committed first; then the fact in the main
// database refers to them by hash. An orphan is harmless. Must not know what a document says.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { StationError } from '../../contract/station-error.ts';
import type { Sha256 } from '../../contract/values.ts';
import { openDatabase, type ReadDb, translated } from './database.ts';

export interface DocumentStore {
  /** Stores (or keeps) bytes; durable when it returns. */
  put(bytes: Uint8Array, year: string): Sha256;
  /** Several in one commit. */
  putAll(documents: readonly Uint8Array[], year: string): readonly Sha256[];
  /** The exact bytes; throws STORE_CORRUPT when they are missing or no longer have their hash. */
  get(hash: Sha256): Uint8Array;
  has(hash: Sha256): boolean;
  /** Drops bytes that no fact refers to any more (the unsigned first revision after sealing). */
  drop(hashes: readonly Sha256[]): void;
  close(): void;
}

const schema = /* sql */ `
CREATE TABLE IF NOT EXISTS document (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
`;

export const sha256 = (bytes: Uint8Array): Sha256 => createHash('sha256').update(bytes).digest('hex');

/** `years`: the years whose files exist already, found by the caller; `year` of `put` opens further ones. */
export function openDocumentStore(dir: string, key: Uint8Array, years: readonly string[]): DocumentStore {
  const files = new Map<string, ReadDb>();
  const open = (year: string): ReadDb => {
    const known = files.get(year);
    if (known !== undefined) return known;
    const db = openDatabase(path.join(dir, `documents-${year}.db`), key);
    translated(() => db.exec(schema));
    files.set(year, db);
    return db;
  };
  for (const year of years) open(year);
  const find = (hash: Sha256): Uint8Array | undefined => {
    for (const db of files.values()) {
      const bytes = translated(() => db.prepare('SELECT bytes FROM document WHERE hash = ?').pluck().get(hash)) as Uint8Array | undefined; // BLOB column
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  };
  const store: DocumentStore = {
    put: (bytes, year) => {
      const [hash] = store.putAll([bytes], year);
      if (hash === undefined) throw new Error('one document in, one hash out');
      return hash;
    },
    putAll(documents, year) {
      const db = open(year);
      const insert = db.prepare('INSERT INTO document (hash, bytes) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING');
      const insertAll = db.transaction(() =>
        documents.map((bytes) => {
          const hash = sha256(bytes);
          insert.run(hash, bytes);
          return hash;
        }),
      );
      return translated(() => insertAll.immediate());
    },
    get(hash) {
      const bytes = find(hash);
      if (bytes === undefined || sha256(bytes) !== hash) throw new StationError('STORE_CORRUPT');
      return new Uint8Array(bytes);
    },
    has: (hash) => find(hash) !== undefined,
    drop(hashes) {
      for (const db of files.values()) {
        const remove = db.prepare('DELETE FROM document WHERE hash = ?');
        const removeAll = db.transaction(() => {
          for (const hash of hashes) remove.run(hash);
        });
        translated(() => removeAll.immediate());
      }
    },
    close() {
      for (const db of files.values()) {
        db.pragma('wal_checkpoint(TRUNCATE)');
        db.close();
      }
      files.clear();
    },
  };
  return store;
}
