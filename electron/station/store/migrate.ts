// Brings a database to the newest schema: copies the file first, then all pending migrations in one transaction.
// Refuses a database from the future. Must not import domain code.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StationError } from '../../contract/station-error.ts';
import { type ReadDb, translated } from './database.ts';
import { migrations } from './migrations/index.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  up(db: { exec(sql: string): unknown }): void;
}

export interface MigrationResult {
  readonly from: number;
  readonly to: number;
}

/** `backupsDir` gets a consistent copy (VACUUM INTO, same key) before the first change of a database that has data. */
export function migrate(db: ReadDb, backupsDir: string, known: readonly Migration[] = migrations): MigrationResult {
  const from = db.pragma('user_version', { simple: true }) as number; // SQLite answers an integer
  const newest = known.at(-1)?.version ?? 0;
  known.reduce((before, { version }) => {
    if (version <= before) throw new Error(`migration ${version} is not after ${before}`);
    return version;
  }, 0);
  if (from > newest) throw new StationError('STORE_FROM_FUTURE', { found: from, known: newest });
  const pending = known.filter(({ version }) => version > from);
  if (pending.length === 0) return { from, to: from };
  if (from > 0) {
    mkdirSync(backupsDir, { recursive: true, mode: 0o700 });
    const backupPath = path.join(backupsDir, `before-${newest}-from-${from}.db`);
    // What an interrupted migration left: VACUUM INTO writes into no file that is there.
    rmSync(backupPath, { force: true });
    translated(() => db.prepare('VACUUM INTO ?').run(backupPath));
  }
  const step = db.transaction(() => {
    for (const migration of pending) migration.up(db);
    const broken = db.pragma('foreign_key_check') as unknown[]; // rows of violations
    if (broken.length > 0) throw new StationError('STORE_CORRUPT');
    db.pragma(`user_version = ${newest}`);
  });
  db.pragma('foreign_keys = OFF');
  try {
    translated(() => step.immediate());
  } finally {
    db.pragma('foreign_keys = ON');
  }
  if (db.pragma('quick_check', { simple: true }) !== 'ok') throw new StationError('STORE_CORRUPT');
  return { from, to: newest };
}
