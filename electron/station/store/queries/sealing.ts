// Batches, grants, the register of use, pages shown to a reviewer, hand-overs.
import { z } from 'zod';
import { HandOver } from '../../../contract/licence.ts';
import { BatchId, Instant, IssuerId, LicenceId, PersonId, SealId } from '../../../contract/values.ts';
import { all, count, first, type ReadDb, run, runOne, sql, type WriteDb } from '../database.ts';
import { LicenceRecord } from './licences.ts';

const BatchRow = z.object({
  id: BatchId,
  issuerId: IssuerId,
  sealId: SealId,
  size: z.number(),
  approvedBy: PersonId,
  approvedAt: Instant,
  toSeal: z.number(),
  sealed: z.number(),
});
export type BatchRow = z.infer<typeof BatchRow>;

export const insertBatch = (
  db: WriteDb,
  b: {
    readonly id: string;
    readonly issuerId: string;
    readonly sealId: string;
    readonly size: number;
    readonly approvedBy: string;
    readonly approvedAt: string;
  },
): number =>
  run(
    db,
    sql`INSERT INTO batch (id, issuer_id, seal_id, size, approved_by, approved_at) VALUES (${b.id}, ${b.issuerId}, ${b.sealId}, ${b.size}, ${b.approvedBy}, ${b.approvedAt})`,
  );

const batchColumns = /* sql */ `SELECT b.*, (SELECT count(*) FROM licence l WHERE l.batch_id = b.id AND l.state IN ('approved', 'sealing')) AS to_seal, (SELECT count(*) FROM licence l WHERE l.batch_id = b.id AND l.state = 'issued') AS sealed FROM batch b`;
export const batchById = (db: ReadDb, id: string): BatchRow | undefined =>
  first(db, BatchRow, { text: `${batchColumns} WHERE b.id = ?`, values: [id] });
/** Batches with something left to seal first, then the newest finished ones. */
export const recentBatches = (db: ReadDb, limit: number): readonly BatchRow[] =>
  all(db, BatchRow, {
    text: `SELECT * FROM (${batchColumns} WHERE b.id IN (SELECT batch_id FROM licence WHERE state IN ('approved', 'sealing'))
      OR b.id IN (SELECT id FROM batch ORDER BY approved_at DESC LIMIT ?)) ORDER BY to_seal > 0 DESC, approved_at DESC LIMIT ?`,
    values: [limit, limit],
  });
export const nextToSeal = (db: ReadDb, batchId: string, without: readonly string[], limit: number): readonly LicenceRecord[] =>
  all(
    db,
    LicenceRecord,
    // One text however many are left out: each other length would be a statement of its own.
    sql`SELECT * FROM licence WHERE batch_id = ${batchId} AND state = 'approved' AND id NOT IN (SELECT value FROM json_each(${JSON.stringify(without)})) ORDER BY conclusion_day, row_id LIMIT ${limit}`,
  );
/** How many of the batch this person entered, mended, submitted or approved. */
export const enteredOrApprovedBy = (db: ReadDb, batchId: string, personId: string): number =>
  count(
    db,
    sql`SELECT count(*) FROM licence l WHERE batch_id = ${batchId} AND (entered_by = ${personId} OR submitted_by = ${personId} OR approved_by = ${personId}
      OR EXISTS (SELECT 1 FROM audit_event a WHERE a.subject = l.id AND a.kind IN ('licence.mended', 'licence.attached', 'licence.detached') AND a.person_id = ${personId})
      OR EXISTS (SELECT 1 FROM licence_attachment f WHERE f.licence_id = l.id AND f.added_by = ${personId}))`,
  );
/** True where this person changed data or attachments of the licence while it was a draft; those a new version took over too. */
export const mendedBy = (db: ReadDb, licenceId: string, personId: string): boolean =>
  count(
    db,
    sql`SELECT (SELECT count(*) FROM audit_event WHERE subject = ${licenceId} AND kind IN ('licence.mended', 'licence.attached', 'licence.detached') AND person_id = ${personId})
      + (SELECT count(*) FROM licence_attachment WHERE licence_id = ${licenceId} AND added_by = ${personId})`,
  ) > 0;

const ItemRow = z.object({
  id: LicenceId,
  number: z.string(),
  holderName: z.string(),
  state: z.string(),
  sealedAt: Instant.nullable(),
  lastResult: z.string().nullable(),
});
export const batchItems = (db: ReadDb, batchId: string, offset: number, limit: number): readonly z.infer<typeof ItemRow>[] =>
  all(
    db,
    ItemRow,
    sql`SELECT l.id, l.number, l.holder_name, l.state, l.sealed_at, (SELECT a.result FROM sealing_attempt a WHERE a.licence_id = l.id ORDER BY a.started_at DESC, a.id DESC LIMIT 1) AS last_result
      FROM licence l WHERE l.batch_id = ${batchId} ORDER BY l.conclusion_day, l.row_id LIMIT ${limit} OFFSET ${offset}`,
  );
export const countBatchItems = (db: ReadDb, batchId: string): number =>
  count(db, sql`SELECT count(*) FROM licence WHERE batch_id = ${batchId}`);

const GrantRow = z.object({
  id: z.string(),
  batchId: BatchId,
  sealId: SealId,
  custodianId: PersonId,
  tokenSerial: z.string(),
  certificateHash: z.string(),
  signatures: z.number(),
  expiresAt: Instant,
  endedAt: Instant.nullable(),
});
export type GrantRow = z.infer<typeof GrantRow>;
export const insertGrant = (db: WriteDb, g: Omit<GrantRow, 'endedAt'> & { readonly madeAt: string }): number =>
  run(
    db,
    sql`INSERT INTO sealing_grant (id, batch_id, seal_id, custodian_id, token_serial, certificate_hash, signatures, expires_at, made_at) VALUES (${g.id}, ${g.batchId}, ${g.sealId}, ${g.custodianId}, ${g.tokenSerial}, ${g.certificateHash}, ${g.signatures}, ${g.expiresAt}, ${g.madeAt})`,
  );
export const grantById = (db: ReadDb, id: string): GrantRow | undefined =>
  first(db, GrantRow, sql`SELECT * FROM sealing_grant WHERE id = ${id}`);
export const liveGrantOf = (db: ReadDb, batchId: string, now: string): GrantRow | undefined =>
  first(
    db,
    GrantRow,
    sql`SELECT * FROM sealing_grant WHERE batch_id = ${batchId} AND ended_at IS NULL AND expires_at > ${now} ORDER BY made_at DESC, id DESC LIMIT 1`,
  );
export const endGrants = (db: WriteDb, batchId: string, at: string): number =>
  run(db, sql`UPDATE sealing_grant SET ended_at = ${at} WHERE batch_id = ${batchId} AND ended_at IS NULL`);

export const insertAttempt = (
  db: WriteDb,
  a: {
    readonly id: string;
    readonly licenceId: string;
    readonly grantId: string;
    readonly sealId: string;
    readonly approvedHash: string;
    readonly certificateHash: string;
    readonly personId: string;
    readonly at: string;
  },
): number =>
  run(
    db,
    sql`INSERT INTO sealing_attempt (id, licence_id, grant_id, seal_id, approved_hash, certificate_hash, person_id, started_at) VALUES (${a.id}, ${a.licenceId}, ${a.grantId}, ${a.sealId}, ${a.approvedHash}, ${a.certificateHash}, ${a.personId}, ${a.at})`,
  );
/** Ends the one open attempt of a licence. */
export const endAttempt = (db: WriteDb, licenceId: string, at: string, result: string): void =>
  runOne(db, sql`UPDATE sealing_attempt SET ended_at = ${at}, result = ${result} WHERE licence_id = ${licenceId} AND ended_at IS NULL`);

const AttemptRow = z.object({ at: Instant, personId: z.string(), batchId: BatchId.nullable(), number: z.string(), result: z.string() });
export const sealUses = (db: ReadDb, sealId: string, offset: number, limit: number): readonly z.infer<typeof AttemptRow>[] =>
  all(
    db,
    AttemptRow,
    sql`SELECT a.started_at AS at, a.person_id, l.batch_id, l.number, coalesce(a.result, 'OPEN') AS result FROM sealing_attempt a JOIN licence l ON l.id = a.licence_id
      WHERE a.seal_id = ${sealId} ORDER BY a.started_at DESC LIMIT ${limit} OFFSET ${offset}`,
  );
export const countSealUses = (db: ReadDb, sealId: string): number =>
  count(db, sql`SELECT count(*) FROM sealing_attempt WHERE seal_id = ${sealId}`);
export const lastSealUse = (db: ReadDb, sealId: string): string | undefined =>
  first(
    db,
    z.object({ at: Instant }),
    sql`SELECT started_at AS at FROM sealing_attempt WHERE seal_id = ${sealId} ORDER BY started_at DESC LIMIT 1`,
  )?.at;

export const insertPageShown = (db: WriteDb, licenceId: string, approvedHash: string, personId: string, at: string): number =>
  run(
    db,
    sql`INSERT INTO page_shown (licence_id, approved_hash, person_id, at) VALUES (${licenceId}, ${approvedHash}, ${personId}, ${at}) ON CONFLICT DO NOTHING`,
  );
/** True where this person has seen the page of exactly this hash. */
export const wasShown = (db: ReadDb, licenceId: string, approvedHash: string, personId: string): boolean =>
  count(
    db,
    sql`SELECT count(*) FROM page_shown WHERE licence_id = ${licenceId} AND approved_hash = ${approvedHash} AND person_id = ${personId}`,
  ) > 0;

const HandOverRow = z.object({
  collector: HandOver.shape.collector,
  collectorName: z.string(),
  identified: HandOver.shape.identified,
  paperSerial: z.string().nullable(),
  givenJson: z.string().transform((t) => HandOver.shape.given.parse(JSON.parse(t))),
  note: z.string(),
  personId: PersonId,
  at: Instant,
});
export const handOverOf = (db: ReadDb, licenceId: string): z.infer<typeof HandOverRow> | undefined =>
  first(db, HandOverRow, sql`SELECT * FROM hand_over WHERE licence_id = ${licenceId}`);
export const insertHandOver = (db: WriteDb, licenceId: string, h: HandOver, personId: string, at: string): number =>
  run(
    db,
    sql`INSERT INTO hand_over (licence_id, collector, collector_name, identified, paper_serial, given_json, note, person_id, at) VALUES (${licenceId}, ${h.collector}, ${h.collectorName}, ${h.identified}, ${h.paperSerial}, ${JSON.stringify(h.given)}, ${h.note}, ${personId}, ${at})`,
  );
