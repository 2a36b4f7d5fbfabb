// The audit chain's rows and the jobs' rows.
import { z } from 'zod';
import { Instant, JobId } from '../../../contract/values.ts';
import { JobView } from '../../../contract/work.ts';
import { all, count, first, type ReadDb, run, runOne, sql, type WriteDb } from '../database.ts';

const AuditRow = z.object({
  seq: z.number(),
  at: Instant,
  personId: z.string().nullable(),
  kind: z.string(),
  subject: z.string(),
  detailJson: z.string(),
  previousHash: z.string(),
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof AuditRow>;
export const lastAudit = (db: ReadDb): AuditRecord | undefined =>
  first(db, AuditRow, sql`SELECT * FROM audit_event ORDER BY seq DESC LIMIT 1`);
export const auditOf = (db: ReadDb, subject: string): readonly AuditRecord[] =>
  all(db, AuditRow, sql`SELECT * FROM audit_event WHERE subject = ${subject} ORDER BY seq`);
/** Newest first. */
export const auditPage = (db: ReadDb, offset: number, limit: number): readonly AuditRecord[] =>
  all(db, AuditRow, sql`SELECT * FROM audit_event ORDER BY seq DESC LIMIT ${limit} OFFSET ${offset}`);
/** As it lies there, whatever somebody made of it. */
const StoredAuditRow = AuditRow.extend({ at: z.string() });
/** Oldest first, after `seq`. */
export const auditAfter = (db: ReadDb, seq: number, limit: number): readonly z.infer<typeof StoredAuditRow>[] =>
  all(db, StoredAuditRow, sql`SELECT * FROM audit_event WHERE seq > ${seq} ORDER BY seq LIMIT ${limit}`);
export const countAudit = (db: ReadDb): number => count(db, sql`SELECT count(*) FROM audit_event`);
export const insertAudit = (db: WriteDb, a: AuditRecord): number =>
  run(
    db,
    sql`INSERT INTO audit_event (seq, at, person_id, kind, subject, detail_json, previous_hash, hash) VALUES (${a.seq}, ${a.at}, ${a.personId}, ${a.kind}, ${a.subject}, ${a.detailJson}, ${a.previousHash}, ${a.hash})`,
  );

const JobRow = z.object({
  id: JobId,
  kind: JobView.shape.kind,
  subject: z.string(),
  state: JobView.shape.state,
  argumentJson: z.string(),
  done: z.number(),
  failed: z.number(),
  total: z.number(),
  problem: z.string().nullable(),
  personId: z.string(),
  startedAt: Instant,
  endedAt: Instant.nullable(),
});
export type JobRecord = z.infer<typeof JobRow>;
export const jobById = (db: ReadDb, id: string): JobRecord | undefined => first(db, JobRow, sql`SELECT * FROM job WHERE id = ${id}`);
export const recentJobs = (db: ReadDb, limit: number): readonly JobRecord[] =>
  all(db, JobRow, sql`SELECT * FROM job ORDER BY started_at DESC, id DESC LIMIT ${limit}`);
export const lastJobOf = (db: ReadDb, kind: string, argument: string): JobRecord | undefined =>
  first(db, JobRow, sql`SELECT * FROM job WHERE kind = ${kind} AND argument_json = ${argument} ORDER BY started_at DESC, id DESC LIMIT 1`);
export const insertJob = (
  db: WriteDb,
  j: {
    readonly id: string;
    readonly kind: string;
    readonly subject: string;
    readonly argument: string;
    readonly total: number;
    readonly personId: string;
    readonly at: string;
  },
): number =>
  run(
    db,
    sql`INSERT INTO job (id, kind, subject, state, argument_json, total, person_id, started_at) VALUES (${j.id}, ${j.kind}, ${j.subject}, 'running', ${j.argument}, ${j.total}, ${j.personId}, ${j.at})`,
  );
export const saveJob = (
  db: WriteDb,
  j: {
    readonly id: string;
    readonly state: string;
    readonly done: number;
    readonly failed: number;
    readonly total: number;
    readonly problem: string | null;
    readonly endedAt: string | null;
  },
): void =>
  runOne(
    db,
    sql`UPDATE job SET state = ${j.state}, done = ${j.done}, failed = ${j.failed}, total = ${j.total}, problem = ${j.problem}, ended_at = ${j.endedAt} WHERE id = ${j.id}`,
  );
export const interruptJobs = (db: WriteDb, at: string): number =>
  run(db, sql`UPDATE job SET state = 'interrupted', ended_at = ${at} WHERE state IN ('running', 'paused')`);
