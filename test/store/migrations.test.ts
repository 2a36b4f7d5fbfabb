import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStationError } from '../../electron/contract/station-error.ts';
import { openDatabase, type ReadDb } from '../../electron/station/store/database.ts';
import { type Migration, migrate } from '../../electron/station/store/migrate.ts';
import { migrations } from '../../electron/station/store/migrations/index.ts';
import { AT, aStore, insert, licenceIn, STORE_KEY, type Store } from '../support/a-store.ts';

/**
 * SHA-256 of the SQL a released migration runs. When migration 20 comes, add its line here and its own test below; a line
 * that is here never changes again once a version with it has been released.
 */
const RELEASED: Readonly<Record<number, string>> = {
  10: 'c642c561816291f150438a8e46af8a1330c183fd249e1f3bd5cdcb655d61c578',
};

const checksum = (migration: Migration): string => {
  const hash = createHash('sha256');
  migration.up({ exec: (text) => hash.update(text) });
  return hash.digest('hex');
};

let store: Store;
let backups: string;
beforeEach(() => {
  store = aStore();
  backups = path.join(store.dir, 'later-backups');
});
afterEach(() => store.close());

const version = (db: ReadDb) => db.pragma('user_version', { simple: true });
const names = (db: ReadDb) => db.prepare("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name").pluck().all();
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return isStationError(error) ? error.code : String(error);
  }
};
const later = (up: Migration['up'], number = 20): readonly Migration[] => [...migrations, { version: number, name: 'made-up', up }];

describe('store.migrations', () => {
  it('are pinned once released', () => {
    expect(Object.fromEntries(migrations.map((m) => [m.version, checksum(m)]))).toEqual(RELEASED);
  });

  it('are listed in growing steps', () => {
    expect(() => migrate(store.db, backups, [...migrations, { version: 10, name: 'again', up: () => undefined }])).toThrow('is not after');
  });

  it('10: makes the whole schema from an empty file, every table strict', () => {
    expect(version(store.db)).toBe(10);
    const loose = store.db
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    expect(loose).toEqual([]);
    expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(store.db.pragma('foreign_key_check')).toEqual([]);
    expect(existsSync(path.join(store.dir, 'backups'))).toBe(false);
  });

  it('10: answers its main questions by index', () => {
    const plan = (text: string) =>
      (store.db.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[]).map((row) => row.detail).join('; ');
    expect(plan("SELECT * FROM licence WHERE id = 'x'")).toContain('USING INDEX sqlite_autoindex_licence_1');
    expect(plan("SELECT * FROM licence WHERE document_hash = 'x'")).toContain('USING INDEX licence_document');
    expect(plan("SELECT * FROM audit_event WHERE subject = 'x' ORDER BY seq")).toMatch(/USING INDEX audit_event_subject[^;]*$/);
    expect(plan("SELECT * FROM job WHERE kind = 'k' AND argument_json = 'a' ORDER BY started_at DESC, id DESC LIMIT 1")).toContain(
      'job_argument',
    );
  });

  it('does nothing to a database that is up to date', () => {
    expect(migrate(store.db, backups)).toEqual({ from: 10, to: 10 });
    expect(existsSync(backups)).toBe(false);
  });

  it('refuses a database from the future and leaves it as it is', () => {
    store.db.pragma('user_version = 30');
    expect(codeOf(() => migrate(store.db, backups))).toBe('STORE_FROM_FUTURE');
    expect(version(store.db)).toBe(30);
  });

  it('copies the file under the same key before a later migration', () => {
    licenceIn(store, 'a', 'issued');
    expect(
      migrate(
        store.db,
        backups,
        later((db) => db.exec('ALTER TABLE setting ADD COLUMN more TEXT')),
      ),
    ).toEqual({ from: 10, to: 20 });
    expect(version(store.db)).toBe(20);
    expect(readdirSync(backups)).toEqual(['before-20-from-10.db']);
    expect(codeOf(() => openDatabase(path.join(backups, 'before-20-from-10.db'), new Uint8Array(32)))).toBe('STORE_WRONG_KEY');
    const copy = openDatabase(path.join(backups, 'before-20-from-10.db'), STORE_KEY);
    expect([version(copy), copy.prepare('SELECT holder_name FROM licence').pluck().get()]).toEqual([10, '王小明']);
    expect(copy.prepare('SELECT count(*) FROM pragma_table_info(?)').pluck().get('setting')).toBe(2);
    copy.close();
  });

  it('leaves the old schema where one of several migrations breaks off, and can be run again', () => {
    insert(store, 'setting', { key: 'k', value: 'v' });
    const before = names(store.db);
    const broken: readonly Migration[] = [
      ...later((db) => db.exec('CREATE TABLE made_up (a TEXT) STRICT; DELETE FROM setting;')),
      { version: 30, name: 'breaks', up: (db) => db.exec('CREATE TABLE made_up (a TEXT)') },
    ];
    expect(codeOf(() => migrate(store.db, backups, broken))).toContain('made_up already exists');
    expect([version(store.db), names(store.db), store.db.pragma('foreign_keys', { simple: true })]).toEqual([10, before, 1]);
    expect(store.db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(1);
    // A copy cut off by a power failure lies there too.
    writeFileSync(path.join(backups, 'before-20-from-10.db'), 'half a copy');
    expect(
      migrate(
        store.db,
        backups,
        later((db) => db.exec('CREATE TABLE made_up (a TEXT) STRICT')),
      ),
    ).toEqual({ from: 10, to: 20 });
    const copy = openDatabase(path.join(backups, 'before-20-from-10.db'), STORE_KEY);
    expect(version(copy)).toBe(10);
    copy.close();
  });

  it('does not keep a migration that breaks a tie between tables', () => {
    licenceIn(store, 'a', 'issued');
    const orphan = later((db) => db.exec(`DROP TRIGGER batch_kept; DELETE FROM batch`));
    expect(codeOf(() => migrate(store.db, backups, orphan))).toBe('STORE_CORRUPT');
    expect([version(store.db), store.db.prepare('SELECT count(*) FROM batch').pluck().get()]).toEqual([10, 1]);
  });

  it('leaves all rows of years of work in place', () => {
    for (const state of ['draft', 'submitted', 'approved', 'issued', 'cancelled', 'voided'] as const) licenceIn(store, state, state);
    insert(store, 'audit_event', { seq: 1, at: AT, kind: 'k', subject: 's', detail_json: '{}', previous_hash: 'p', hash: 'h' });
    const rows = () => store.db.prepare('SELECT * FROM licence ORDER BY row_id').all();
    const before = rows();
    migrate(
      store.db,
      backups,
      later((db) => db.exec('CREATE INDEX licence_more ON licence (type_id)')),
    );
    expect(rows()).toEqual(before);
  });
});
