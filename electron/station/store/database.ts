// Opens the encrypted SQLite files and runs statements. The only folder that may import better-sqlite3; nothing here knows
// what a licence is. A ReadDb can only read; a WriteDb exists only inside `inTransaction`.
import Sqlite from 'better-sqlite3';
import type { z } from 'zod';
import { StationError } from '../../contract/station-error.ts';

declare const write: unique symbol;
export type ReadDb = Sqlite.Database;
/** Made only by `inTransaction`: everything written through it is one commit. */
export type WriteDb = Sqlite.Database & { readonly [write]: true };

/** First SQLite without the WAL-reset race that can corrupt a database with two connections (sqlite.org/wal.html). */
const LEAST_SQLITE = [3, 51, 3] as const;

export function assertSqliteSafe(version: string): void {
  const parts = version.split('.').map(Number);
  for (const [index, least] of LEAST_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) throw new StationError('SQLITE_TOO_OLD', { version });
  }
}

/**
 * Opens or makes an encrypted database (SQLCipher format, raw 32-byte key). Throws STORE_WRONG_KEY, STORE_CORRUPT,
 * STORE_LOCKED, SQLITE_TOO_OLD. WAL and synchronous=FULL: an acknowledged commit survives a power cut.
 */
export function openDatabase(path: string, key: Uint8Array): ReadDb {
  const db = translated(() => new Sqlite(path));
  try {
    db.pragma("cipher = 'sqlcipher'");
    db.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
    db.pragma('busy_timeout = 5000');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // Without it INSERT OR REPLACE deletes rows past the triggers that keep them.
    db.pragma('recursive_triggers = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('cache_size = -16384');
    assertSqliteSafe(db.prepare('SELECT sqlite_version()').pluck().get() as string); // pluck of one text column
    return db;
  } catch (error) {
    db.close();
    throw translateSqliteError(error);
  }
}

/** SQLite's own codes in ours; anything unknown is passed on. */
export function translateSqliteError(error: unknown): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const { code } = error;
  if (code === 'SQLITE_NOTADB') return new StationError('STORE_WRONG_KEY', {}, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT')) return new StationError('STORE_CORRUPT', {}, { cause: error });
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE') return new StationError('DISK_FULL', {}, { cause: error });
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY'))
    return new StationError('STORE_LOCKED', {}, { cause: error });
  return error;
}

/** Runs a piece of SQLite work; its own errors come out as ours. */
export function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw translateSqliteError(error);
  }
}

/** True where the database itself refused because of a UNIQUE index or primary key. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY');

/**
 * Runs `work` in one BEGIN IMMEDIATE transaction. `work` must not return a promise: no await inside a transaction.
 * Nested calls are a mistake and throw.
 */
export function inTransaction<T>(db: ReadDb, work: (db: WriteDb) => T extends PromiseLike<unknown> ? never : T): T {
  if (db.inTransaction) throw new Error('inTransaction is not nested: pass the WriteDb on');
  // The brand is this function's to give: the connection is inside BEGIN IMMEDIATE from here on.
  return translated(() => db.transaction(() => work(db as WriteDb)).immediate() as T);
}

export interface Query {
  readonly text: string;
  readonly values: readonly SqlValue[];
}
export type SqlValue = string | number | null | Uint8Array;

/** A statement whose interpolations are always bound parameters, or other queries spliced in. */
export function sql(parts: TemplateStringsArray, ...values: readonly (SqlValue | Query)[]): Query {
  let text = parts[0] ?? '';
  const bound: SqlValue[] = [];
  values.forEach((value, index) => {
    if (value !== null && typeof value === 'object' && 'text' in value) {
      text += value.text;
      bound.push(...value.values);
    } else {
      text += '?';
      bound.push(value);
    }
    text += parts[index + 1] ?? '';
  });
  return { text, values: bound };
}

/** `?, ?, ?` for IN lists; an empty list gives NULL, which matches nothing. */
export const sqlList = (values: readonly SqlValue[]): Query => ({
  text: values.length === 0 ? 'NULL' : values.map(() => '?').join(', '),
  values,
});
export const sqlJoin = (queries: readonly Query[], separator: string): Query => ({
  text: queries.map((q) => q.text).join(separator),
  values: queries.flatMap((q) => q.values),
});

const statements = new WeakMap<Sqlite.Database, Map<string, Sqlite.Statement>>();

function prepare(db: ReadDb, text: string): Sqlite.Statement {
  let known = statements.get(db);
  if (known === undefined) {
    known = new Map();
    statements.set(db, known);
  }
  let statement = known.get(text);
  if (statement === undefined) {
    statement = db.prepare(text);
    known.set(text, statement);
  }
  return statement;
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function toCamel(row: unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row as Record<string, unknown>)) out[camel(name)] = value; // better-sqlite3 rows are plain objects
  return out;
}

/** All rows, each parsed by its schema on the way out (snake_case columns become camelCase here and nowhere else). */
export const all = <S extends z.ZodType>(db: ReadDb, row: S, query: Query): z.output<S>[] =>
  translated(() => prepare(db, query.text).all(...query.values)).map((found) => row.parse(toCamel(found)));

export function first<S extends z.ZodType>(db: ReadDb, row: S, query: Query): z.output<S> | undefined {
  const found = translated(() => prepare(db, query.text).get(...query.values));
  return found === undefined ? undefined : row.parse(toCamel(found));
}

/** The one number a counting query answers. */
export function count(db: ReadDb, query: Query): number {
  const found = translated(() => prepare(db, query.text).get(...query.values));
  const value = Object.values(found ?? {})[0];
  return typeof value === 'number' ? value : 0;
}

/** Writes; answers how many rows changed. */
export const run = (db: WriteDb, query: Query): number => prepare(db, query.text).run(...query.values).changes;

/** A write that must touch exactly one row; `STATE_CONFLICT` where it does not. */
export function runOne(db: WriteDb, query: Query, details: Readonly<Record<string, string>> = {}): void {
  if (run(db, query) !== 1) throw new StationError('STATE_CONFLICT', details);
}
