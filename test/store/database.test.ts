import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isStationError, StationError } from '../../electron/contract/station-error.ts';
import {
  all,
  assertSqliteSafe,
  first,
  inTransaction,
  openDatabase,
  type ReadDb,
  run,
  runOne,
  sql,
  sqlJoin,
  sqlList,
} from '../../electron/station/store/database.ts';
import { openDocumentStore, sha256 } from '../../electron/station/store/document-store.ts';
import { migrate } from '../../electron/station/store/migrate.ts';
import { AT, aStore, insert, licenceIn, STORE_KEY, type Store } from '../support/a-store.ts';

let store: Store;
beforeEach(() => {
  store = aStore();
});
afterEach(() => store.close());

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    if (isStationError(error)) return error.code;
    throw error;
  }
};

describe('store.openDatabase', () => {
  it('keeps every promise of a power cut and of the keys between tables', () => {
    const pragma = (name: string) => store.db.pragma(name, { simple: true });
    expect(pragma('journal_mode')).toBe('wal');
    expect(pragma('synchronous')).toBe(2);
    expect(pragma('foreign_keys')).toBe(1);
    expect(pragma('recursive_triggers')).toBe(1);
    expect(pragma('trusted_schema')).toBe(0);
    expect(pragma('busy_timeout')).toBe(5000);
  });

  it('has no clear text in any of its files', () => {
    licenceIn(store, 'a', 'issued', { holder_name: '欧阳持证人甲', matter_number: 'MATTER-IN-CLEAR' });
    store.db.prepare("INSERT INTO licence_search (rowid, terms) VALUES (1, 'termincleartext')").run();
    const documents = openDocumentStore(store.dir, STORE_KEY, []);
    documents.put(Buffer.from('%PDF-1.7 document in clear'), '2026');
    mkdirSync(path.join(store.dir, 'backups'), { recursive: true });
    store.db.prepare('VACUUM INTO ?').run(path.join(store.dir, 'backups', 'copy.db'));
    const files = readdirSync(store.dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((f) => f.name)).toEqual(expect.arrayContaining(['station.db', 'station.db-wal', 'documents-2026.db', 'copy.db']));
    for (const file of files) {
      const bytes = readFileSync(path.join(file.parentPath, file.name));
      for (const clear of ['SQLite format 3', '欧阳持证人甲', 'MATTER-IN-CLEAR', 'termincleartext', '%PDF-1.7', 'CREATE TABLE'])
        expect(bytes.includes(clear), `${clear} in ${file.name}`).toBe(false);
    }
    documents.close();
  });

  it('says STORE_WRONG_KEY for another key, and the right one still opens', () => {
    store.db.close();
    expect(codeOf(() => openDatabase(store.path, new Uint8Array(32).fill(6)))).toBe('STORE_WRONG_KEY');
    const again = openDatabase(store.path, STORE_KEY);
    expect(again.pragma('user_version', { simple: true })).toBe(20);
    again.close();
  });

  it('says STORE_LOCKED where it cannot open a file at all', () => {
    expect(codeOf(() => openDatabase(store.dir, STORE_KEY))).toBe('STORE_LOCKED');
  });

  const damages: Readonly<Record<string, (file: string, size: number) => void>> = {
    'cut to 100 bytes': (file) => truncateSync(file, 100),
    'cut to one page': (file) => truncateSync(file, 4096),
    'cut in half': (file, size) => truncateSync(file, Math.floor(size / 2)),
    'without its last page': (file, size) => truncateSync(file, size - 4096),
    'overwritten with text': (file, size) => writeFileSync(file, Buffer.alloc(size, 'garbage ')),
    'a plain SQLite file': (file) => writeFileSync(file, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8192)])),
    'one bit of each page flipped': (file, size) => {
      const bytes = readFileSync(file);
      for (let page = 0; page < size / 4096; page++) bytes[page * 4096 + 77] = (bytes[page * 4096 + 77] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    'one bit of an inner page flipped': (file) => {
      const bytes = readFileSync(file);
      bytes[4096 * 20 + 77] = (bytes[4096 * 20 + 77] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
  };
  it.each(Object.keys(damages))('names the damage of a file %s, and never breaks otherwise', (name) => {
    for (let i = 1; i <= 400; i++)
      insert(store, 'audit_event', { seq: i, at: AT, kind: 'k', subject: 's', detail_json: '{}', previous_hash: 'p', hash: `h${i}` });
    store.db.pragma('wal_checkpoint(TRUNCATE)');
    store.db.close();
    damages[name]?.(store.path, statSync(store.path).size);
    const open: ReadDb[] = [];
    const code = codeOf(() => {
      const db = openDatabase(store.path, STORE_KEY);
      open.push(db);
      migrate(db, store.dir);
      all(db, z.looseObject({}), sql`SELECT * FROM audit_event`);
      for (const table of all(db, z.object({ name: z.string() }), sql`SELECT name FROM sqlite_master WHERE type = 'table'`))
        if (!table.name.startsWith('licence_search'))
          first(db, z.looseObject({}), { text: `SELECT count(*) FROM ${table.name}`, values: [] });
      // What no statement above has read, the check finds.
      if (db.pragma('integrity_check', { simple: true }) !== 'ok') throw new StationError('STORE_CORRUPT');
    });
    for (const db of open) db.close();
    expect(code).toMatch(/^STORE_(CORRUPT|WRONG_KEY)$/);
  });

  it('refuses an SQLite with the WAL-reset race', () => {
    for (const old of ['3.7.0', '3.50.4', '3.51.2', '2.99.99'])
      expect(
        codeOf(() => assertSqliteSafe(old)),
        old,
      ).toBe('SQLITE_TOO_OLD');
    for (const good of ['3.51.3', '3.51.10', '3.53.4', '4.0.0'])
      expect(
        codeOf(() => assertSqliteSafe(good)),
        good,
      ).toBe('none');
  });

  it('waits for another writer and then says STORE_LOCKED', () => {
    const other = openDatabase(store.path, STORE_KEY);
    other.pragma('busy_timeout = 1');
    store.db.exec('BEGIN IMMEDIATE');
    expect(codeOf(() => inTransaction(other, () => 0))).toBe('STORE_LOCKED');
    store.db.exec('ROLLBACK');
    other.close();
  });
});

describe('store.inTransaction', () => {
  it('commits all or nothing', () => {
    const write = (fail: boolean) =>
      inTransaction(store.db, (w) => {
        run(w, sql`INSERT INTO setting (key, value) VALUES ('a', 'b')`);
        if (fail) throw new Error('half-way');
      });
    expect(() => write(true)).toThrow('half-way');
    expect(store.db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(0);
    write(false);
    expect(store.db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(1);
    expect(store.db.inTransaction).toBe(false);
  });

  it('refuses a promise, and nothing stays of it', () => {
    const promising = async () => {
      store.exec("INSERT INTO setting (key, value) VALUES ('a', 'b')");
    };
    // The type forbids it; this is what happens where somebody casts.
    expect(() => inTransaction(store.db, promising as never)).toThrow(/promise/i);
    expect(store.db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(0);
  });

  it('is not nested', () => {
    expect(() => inTransaction(store.db, () => inTransaction(store.db, () => 0))).toThrow('not nested');
    expect(store.db.inTransaction).toBe(false);
  });

  it('says STATE_CONFLICT where a write must touch one row and touches none', () => {
    expect(
      codeOf(() => inTransaction(store.db, (w) => runOne(w, sql`UPDATE setting SET value = 'x' WHERE key = 'none'`, { state: 'gone' }))),
    ).toBe('STATE_CONFLICT');
  });
});

describe('store.sql', () => {
  it('binds every value, whatever it says', () => {
    const evil = `'; DROP TABLE setting; --`;
    inTransaction(store.db, (w) => run(w, sql`INSERT INTO setting (key, value) VALUES (${evil}, ${'%'})`));
    const Row = z.object({ key: z.string() });
    expect(all(store.db, Row, sql`SELECT key FROM setting WHERE key = ${evil}`)).toEqual([{ key: evil }]);
    expect(all(store.db, Row, sql`SELECT key FROM setting WHERE key IN (${sqlList([])})`)).toEqual([]);
    expect(all(store.db, Row, sql`SELECT key FROM setting WHERE key IN (${sqlList([evil, 'x'])})`)).toHaveLength(1);
    expect(sqlJoin([sql`a = ${1}`, sql`b = ${2}`], ' AND ')).toEqual({ text: 'a = ? AND b = ?', values: [1, 2] });
  });

  it('answers columns in camel case through the schema, and refuses a row that does not fit it', () => {
    insert(store, 'setting', { key: 'k', value: 'v' });
    expect(first(store.db, z.strictObject({ someName: z.string() }), sql`SELECT value AS some_name FROM setting`)).toEqual({
      someName: 'v',
    });
    expect(() => first(store.db, z.object({ value: z.number() }), sql`SELECT value FROM setting`)).toThrow(z.ZodError);
  });
});

describe('store.documents', () => {
  it('gives back the exact bytes, also from another year and after opening again', () => {
    const documents = openDocumentStore(store.dir, STORE_KEY, []);
    const [a, b] = [Buffer.from('first'), Buffer.from('second')];
    const hash = documents.put(a, '2025');
    expect(documents.putAll([b, a], '2026')).toEqual([sha256(b), sha256(a)]);
    documents.close();
    const again = openDocumentStore(store.dir, STORE_KEY, ['2025', '2026']);
    expect(Buffer.from(again.get(hash))).toEqual(a);
    again.drop([hash]);
    expect(again.has(hash)).toBe(false);
    expect(codeOf(() => again.get(hash))).toBe('STORE_CORRUPT');
    again.close();
  });

  it('says STORE_CORRUPT for bytes that no longer have their hash', () => {
    const documents = openDocumentStore(store.dir, STORE_KEY, []);
    const hash = documents.put(Buffer.from('true'), '2026');
    const other = openDatabase(path.join(store.dir, 'documents-2026.db'), STORE_KEY);
    other.prepare('UPDATE document SET bytes = ?').run(Buffer.from('forged'));
    expect(codeOf(() => documents.get(hash))).toBe('STORE_CORRUPT');
    other.close();
    documents.close();
  });

  it('opens no file of another key', () => {
    openDocumentStore(store.dir, STORE_KEY, ['2026']).close();
    copyFileSync(path.join(store.dir, 'documents-2026.db'), path.join(store.dir, 'documents-2024.db'));
    expect(codeOf(() => openDocumentStore(store.dir, new Uint8Array(32), ['2024']))).toBe('STORE_WRONG_KEY');
  });
});
