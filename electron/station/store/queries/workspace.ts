// The workspace row, accepted provisioning packages, catalogue texts, settings and sign-in failures.
import { z } from 'zod';
import type { Day, Instant, Profile } from '../../../contract/values.ts';
import { Profile as ProfileSchema } from '../../../contract/values.ts';
import { all, count, first, type ReadDb, run, sql, type WriteDb } from '../database.ts';

const WorkspaceRow = z.object({ profile: ProfileSchema, demoToday: z.string().nullable(), createdAt: z.string() });
export type WorkspaceRow = z.infer<typeof WorkspaceRow>;

export const readWorkspace = (db: ReadDb): WorkspaceRow | undefined =>
  first(db, WorkspaceRow, sql`SELECT profile, demo_today, created_at FROM workspace`);

export const insertWorkspace = (
  db: WriteDb,
  row: { readonly profile: Profile; readonly demoToday: Day | null; readonly createdAt: Instant },
): number =>
  run(db, sql`INSERT INTO workspace (id, profile, demo_today, created_at) VALUES (1, ${row.profile}, ${row.demoToday}, ${row.createdAt})`);

const OfficeRow = z.object({ sequence: z.number(), payload: z.string(), authorityFingerprint: z.string() });

export const readOfficeSetup = (db: ReadDb): z.infer<typeof OfficeRow> | undefined =>
  first(db, OfficeRow, sql`SELECT sequence, payload, authority_fingerprint FROM office_setup ORDER BY sequence DESC LIMIT 1`);

export const insertOfficeSetup = (
  db: WriteDb,
  row: { readonly sequence: number; readonly payload: string; readonly fingerprint: string; readonly at: Instant },
): number =>
  run(
    db,
    sql`INSERT INTO office_setup (sequence, payload, authority_fingerprint, accepted_at) VALUES (${row.sequence}, ${row.payload}, ${row.fingerprint}, ${row.at})`,
  );

const CatalogueRow = z.object({ id: z.string(), version: z.string(), sha256: z.string(), json: z.string() });

export const readCatalogueEntry = (
  db: ReadDb,
  kind: 'type' | 'rulePack',
  id: string,
  version: string,
): z.infer<typeof CatalogueRow> | undefined =>
  first(
    db,
    CatalogueRow,
    sql`SELECT id, version, sha256, json FROM catalogue_entry WHERE kind = ${kind} AND id = ${id} AND version = ${version}`,
  );

/** Keeps a text once; the same id and version with another text is a mistake of the catalogue and throws. */
export function keepCatalogueEntry(
  db: WriteDb,
  entry: {
    readonly kind: 'type' | 'rulePack';
    readonly id: string;
    readonly version: string;
    readonly sha256: string;
    readonly json: string;
    readonly at: Instant;
  },
): void {
  const known = readCatalogueEntry(db, entry.kind, entry.id, entry.version);
  if (known === undefined) {
    run(
      db,
      sql`INSERT INTO catalogue_entry (kind, id, version, sha256, json, seen_at) VALUES (${entry.kind}, ${entry.id}, ${entry.version}, ${entry.sha256}, ${entry.json}, ${entry.at})`,
    );
  } else if (known.sha256 !== entry.sha256) throw new Error(`catalogue entry ${entry.id} ${entry.version} changed without a new version`);
}

const FailureRow = z.object({ count: z.number(), lastAt: z.string() });
export const readSignInFailure = (db: ReadDb, personId: string): z.infer<typeof FailureRow> | undefined =>
  first(db, FailureRow, sql`SELECT count, last_at FROM sign_in_failure WHERE person_id = ${personId}`);
export const countSignInFailure = (db: WriteDb, personId: string, at: Instant): number =>
  run(
    db,
    sql`INSERT INTO sign_in_failure (person_id, count, last_at) VALUES (${personId}, 1, ${at}) ON CONFLICT (person_id) DO UPDATE SET count = count + 1, last_at = excluded.last_at`,
  );
export const clearSignInFailure = (db: WriteDb, personId: string): number =>
  run(db, sql`DELETE FROM sign_in_failure WHERE person_id = ${personId}`);

const BlockRow = z.object({
  id: z.string(),
  typeCode: z.string(),
  year: z.number(),
  first: z.number(),
  last: z.number(),
  next: z.number(),
});
export type BlockRow = z.infer<typeof BlockRow>;
export const readBlocks = (db: ReadDb): readonly BlockRow[] =>
  all(db, BlockRow, sql`SELECT id, type_code, year, first, last, next FROM number_block ORDER BY type_code, year, first`);
export const insertBlock = (db: WriteDb, block: Omit<BlockRow, 'next'>): number =>
  run(
    db,
    sql`INSERT INTO number_block (id, type_code, year, first, last, next) VALUES (${block.id}, ${block.typeCode}, ${block.year}, ${block.first}, ${block.last}, ${block.first}) ON CONFLICT (id) DO NOTHING`,
  );
export const numbersLeft = (db: ReadDb, typeCode: string, year: number): number =>
  count(db, sql`SELECT coalesce(sum(last + 1 - next), 0) FROM number_block WHERE type_code = ${typeCode} AND year = ${year}`);
export const advanceBlock = (db: WriteDb, block: BlockRow): number =>
  run(db, sql`UPDATE number_block SET next = next + 1 WHERE id = ${block.id} AND next = ${block.next}`);
export const insertNumberUse = (
  db: WriteDb,
  use: {
    readonly typeCode: string;
    readonly year: number;
    readonly serial: number;
    readonly licenceId: string;
    readonly number: string;
    readonly at: Instant;
  },
): number =>
  run(
    db,
    sql`INSERT INTO number_use (type_code, year, serial, licence_id, number, state, taken_at) VALUES (${use.typeCode}, ${use.year}, ${use.serial}, ${use.licenceId}, ${use.number}, 'reserved', ${use.at})`,
  );
export const settleNumberUse = (db: WriteDb, licenceId: string, state: 'issued' | 'voided'): number =>
  run(db, sql`UPDATE number_use SET state = ${state} WHERE licence_id = ${licenceId} AND state = 'reserved'`);
