// The outbox as one licence version's own delivery life.
import { z } from 'zod';
import { DeliveryState } from '../../../contract/licence.ts';
import { Instant, OutboxId } from '../../../contract/values.ts';
import { all, type ReadDb, sql } from '../database.ts';

const Item = z.object({
  id: OutboxId,
  kind: z.string(),
  state: DeliveryState,
  attempts: z.number(),
  createdAt: Instant,
  nextAttemptAt: Instant,
  acknowledgedAt: Instant.nullable(),
  receiptId: z.string().nullable(),
  problem: z.string().nullable(),
  closedBy: z.string().nullable(),
  closedReason: z.string().nullable(),
});
export type OutboxItemOfLicence = z.infer<typeof Item>;

/** In the order they are delivered in. */
export const itemsOfLicence = (db: ReadDb, versionId: string): readonly OutboxItemOfLicence[] =>
  all(
    db,
    Item,
    sql`SELECT id, kind, state, attempts, created_at, next_attempt_at, acknowledged_at, receipt_id, problem, closed_by, closed_reason FROM outbox WHERE version_id = ${versionId} ORDER BY sequence`,
  );
