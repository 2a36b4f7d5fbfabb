import { createHash } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStationError } from '../../electron/contract/station-error.ts';
import { openDatabase, type ReadDb } from '../../electron/station/store/database.ts';
import { type Migration, migrate } from '../../electron/station/store/migrate.ts';
import { migrations } from '../../electron/station/store/migrations/index.ts';
import { attachmentsOf, isAttached } from '../../electron/station/store/queries/attachments.ts';
import { AT, aStore, HASH, insert, licenceIn, licenceRow, STORE_KEY, type Store } from '../support/a-store.ts';

/**
 * SHA-256 of the SQL a released migration runs. When migration 30 comes, add its line here and its own test below; a line
 * that is here never changes again once a version with it has been released.
 */
const RELEASED: Readonly<Record<number, string>> = {
  10: 'c642c561816291f150438a8e46af8a1330c183fd249e1f3bd5cdcb655d61c578',
  20: '1eeaec354eefcb7bc815a29a7da13b9941326f9f37d6eb515c2cac9cb1c1f298',
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
const attachmentRow = (licence: string) => ({
  licence_id: licence,
  position: 1,
  name: '总平面图.pdf',
  media_type: 'application/pdf',
  sha256: HASH,
  size_bytes: 1234,
  added_by: 'clerk',
  added_at: AT,
});
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return isStationError(error) ? error.code : String(error);
  }
};
const later = (up: Migration['up'], number = 30): readonly Migration[] => [...migrations, { version: number, name: 'made-up', up }];

describe('store.migrations', () => {
  it('are pinned once released', () => {
    expect(Object.fromEntries(migrations.map((m) => [m.version, checksum(m)]))).toEqual(RELEASED);
  });

  it('are listed in growing steps', () => {
    expect(() => migrate(store.db, backups, [...migrations, { version: 20, name: 'again', up: () => undefined }])).toThrow('is not after');
  });

  it('10: makes the whole schema from an empty file, every table strict', () => {
    const loose = store.db
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all();
    expect(loose).toEqual([]);
    expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(store.db.pragma('foreign_key_check')).toEqual([]);
    expect(existsSync(path.join(store.dir, 'backups'))).toBe(false);
  });

  it('20: brings an office’s database of version 10 on, every row and law kept, with its copy beside', () => {
    const old = openDatabase(path.join(store.dir, 'old.db'), STORE_KEY);
    const atTen = {
      ...store,
      db: old,
      exec: (text: string, ...values: readonly (string | number | null)[]) => void old.prepare(text).run(...values),
    };
    migrate(old, backups, migrations.slice(0, 1));
    for (const state of ['draft', 'submitted', 'returned', 'issued', 'cancelled', 'voided'] as const) licenceIn(atTen, state, state);
    insert(atTen, 'licence', licenceRow('next', { version: 2, replaces: 'cancelled', matter_number: 'M-cancelled' }));
    const rows = () => old.prepare('SELECT * FROM licence ORDER BY row_id').all();
    const laws = () => old.prepare("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%licence_attachment%' ORDER BY name").all();
    const [before, lawsBefore] = [rows(), laws()];
    expect(migrate(old, backups)).toEqual({ from: 10, to: 20 });
    expect([version(old), rows(), laws()]).toEqual([20, before, lawsBefore]);
    expect(readdirSync(backups)).toEqual(['before-20-from-10.db']);
    for (const id of ['draft', 'returned', 'next']) insert(atTen, 'licence_attachment', attachmentRow(id));
    expect(attachmentsOf(old, 'draft').map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([['总平面图.pdf', 1234]]);
    expect([isAttached(old, HASH), isAttached(old, 'b'.repeat(64)), attachmentsOf(old, 'issued')]).toEqual([true, false, []]);
    old.close();
  });

  it('20: finds the files of a licence, and whose attachment some bytes are, by index', () => {
    const plan = (text: string) =>
      (store.db.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[]).map((row) => row.detail).join('; '); // columns of EXPLAIN
    expect(plan("SELECT * FROM licence_attachment WHERE licence_id = 'x' ORDER BY position")).toBe(
      'SEARCH licence_attachment USING PRIMARY KEY (licence_id=?)',
    );
    expect(plan("SELECT 1 FROM licence_attachment WHERE sha256 = 'x'")).toContain('licence_attachment_bytes (sha256=?)');
    expect(plan("DELETE FROM licence_attachment WHERE licence_id = 'x' AND sha256 = 'y'")).toContain('(licence_id=? AND sha256=?)');
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
    expect(migrate(store.db, backups)).toEqual({ from: 20, to: 20 });
    expect(existsSync(backups)).toBe(false);
  });

  it('refuses a database from the future and leaves it as it is', () => {
    store.db.pragma('user_version = 40');
    expect(codeOf(() => migrate(store.db, backups))).toBe('STORE_FROM_FUTURE');
    expect(version(store.db)).toBe(40);
  });

  it('copies the file under the same key before a later migration', () => {
    licenceIn(store, 'a', 'issued');
    expect(
      migrate(
        store.db,
        backups,
        later((db) => db.exec('ALTER TABLE setting ADD COLUMN more TEXT')),
      ),
    ).toEqual({ from: 20, to: 30 });
    expect(version(store.db)).toBe(30);
    expect(readdirSync(backups)).toEqual(['before-30-from-20.db']);
    expect(codeOf(() => openDatabase(path.join(backups, 'before-30-from-20.db'), new Uint8Array(32)))).toBe('STORE_WRONG_KEY');
    const copy = openDatabase(path.join(backups, 'before-30-from-20.db'), STORE_KEY);
    expect([version(copy), copy.prepare('SELECT holder_name FROM licence').pluck().get()]).toEqual([20, '王小明']);
    expect(copy.prepare('SELECT count(*) FROM pragma_table_info(?)').pluck().get('setting')).toBe(2);
    copy.close();
  });

  it('leaves the old schema where one of several migrations breaks off, and can be run again', () => {
    insert(store, 'setting', { key: 'k', value: 'v' });
    const before = names(store.db);
    const broken: readonly Migration[] = [
      ...later((db) => db.exec('CREATE TABLE made_up (a TEXT) STRICT; DELETE FROM setting;')),
      { version: 40, name: 'breaks', up: (db) => db.exec('CREATE TABLE made_up (a TEXT)') },
    ];
    expect(codeOf(() => migrate(store.db, backups, broken))).toContain('made_up already exists');
    expect([version(store.db), names(store.db), store.db.pragma('foreign_keys', { simple: true })]).toEqual([20, before, 1]);
    expect(store.db.prepare('SELECT count(*) FROM setting').pluck().get()).toBe(1);
    // A copy cut off by a power failure lies there too.
    writeFileSync(path.join(backups, 'before-30-from-20.db'), 'half a copy');
    expect(
      migrate(
        store.db,
        backups,
        later((db) => db.exec('CREATE TABLE made_up (a TEXT) STRICT')),
      ),
    ).toEqual({ from: 20, to: 30 });
    const copy = openDatabase(path.join(backups, 'before-30-from-20.db'), STORE_KEY);
    expect(version(copy)).toBe(20);
    copy.close();
  });

  it('does not keep a migration that breaks a tie between tables', () => {
    licenceIn(store, 'a', 'issued');
    const orphan = later((db) => db.exec(`DROP TRIGGER batch_kept; DELETE FROM batch`));
    expect(codeOf(() => migrate(store.db, backups, orphan))).toBe('STORE_CORRUPT');
    expect([version(store.db), store.db.prepare('SELECT count(*) FROM batch').pluck().get()]).toEqual([20, 1]);
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
