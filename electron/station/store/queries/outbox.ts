// The outbox table (R14): written in the transaction of the fact it reports, settled by compare-and-set, never deleted.
// Must not judge an answer of the library: delivery does.
import { z } from 'zod';
import { type ErrorCode, isErrorCode } from '../../../contract/error-codes.ts';
import { ItemKindOnWire, Receipt, RefusalReply } from '../../../contract/library.ts';
import { DeliveryState } from '../../../contract/licence.ts';
import { StationError } from '../../../contract/station-error.ts';
import { type Day, Instant, LicenceId, OutboxId, type PersonId, Sha256 } from '../../../contract/values.ts';
import type { DeliveryView, OutboxRow, ReceiptView } from '../../../contract/work.ts';
import { all, count, first, type Query, type ReadDb, run, runOne, sql, type WriteDb } from '../database.ts';
import { searchHits } from './search.ts';

export interface NewOutboxItem {
  readonly id: OutboxId;
  /** The first version of the licence: all its versions share one order. */
  readonly chainId: LicenceId;
  /** The version this item speaks of. */
  readonly versionId: LicenceId;
  readonly kind: ItemKindOnWire;
  readonly payloadVersion: number;
  /** The wire item without `file`, as it will travel byte by byte. */
  readonly payload: string;
  readonly sequence: number;
  readonly documentHash: Sha256 | null;
  readonly contentHash: Sha256;
  /** Payload and file together. */
  readonly sizeBytes: number;
  readonly statutoryDay: Day;
  readonly createdAt: Instant;
}

/** Due at once. Belongs into the transaction of the fact itself. */
export function enqueue(db: WriteDb, item: NewOutboxItem): void {
  runOne(
    db,
    sql`INSERT INTO outbox (id, licence_id, version_id, sequence, kind, payload_version, payload, document_hash, content_hash, size_bytes, statutory_day, state, created_at, next_attempt_at)
        VALUES (${item.id}, ${item.chainId}, ${item.versionId}, ${item.sequence}, ${item.kind}, ${item.payloadVersion}, ${item.payload}, ${item.documentHash},
                ${item.contentHash}, ${item.sizeBytes}, ${item.statutoryDay}, 'queued', ${item.createdAt}, ${item.createdAt})`,
  );
}

/** The position of the licence's next item, whatever its version, from 1 without gaps. */
export const nextSequence = (db: ReadDb, chainId: LicenceId): number =>
  count(db, sql`SELECT coalesce(max(sequence), 0) + 1 FROM outbox WHERE licence_id = ${chainId}`);

const Claimed = z.strictObject({
  id: OutboxId,
  versionId: LicenceId,
  sequence: z.number().int(),
  kind: ItemKindOnWire,
  payloadVersion: z.number().int(),
  payload: z.string(),
  documentHash: Sha256.nullable(),
  contentHash: Sha256,
  sizeBytes: z.number().int(),
  attempts: z.number().int(),
});
export type ClaimedRow = z.output<typeof Claimed>;

/**
 * Queued, due, and everything before it in the same licence is done. INDEXED BY: the walk must follow the statutory order
 * and must never see the acknowledged ones, however many there are.
 */
const eligible = (now: Instant): Query => sql`
  FROM outbox AS item INDEXED BY outbox_order
  WHERE item.state = 'queued' AND item.next_attempt_at <= ${now}
    AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.licence_id = item.licence_id AND earlier.sequence < item.sequence
                    AND earlier.state NOT IN ('acknowledged', 'closed'))
  ORDER BY item.state, item.statutory_day, item.id LIMIT 1`;

/** What `claimNext` asks the database, for the test of its plan. */
export const claimQuery = (now: Instant): Query => sql`
  SELECT item.id, item.version_id, item.sequence, item.kind, item.payload_version, item.payload, item.document_hash, item.content_hash,
         item.size_bytes, item.attempts ${eligible(now)}`;

export function claimNext(db: WriteDb, now: Instant, leaseUntil: (sizeBytes: number) => Instant): ClaimedRow | null {
  const item = first(db, Claimed, claimQuery(now));
  if (item === undefined) return null;
  runOne(
    db,
    sql`UPDATE outbox SET state = 'sending', attempts = attempts + 1, lease_expires_at = ${leaseUntil(item.sizeBytes)}
        WHERE id = ${item.id} AND state = 'queued' AND attempts = ${item.attempts}`,
  );
  return { ...item, attempts: item.attempts + 1 };
}

const NextDue = z.strictObject({ nextDueAt: Instant.nullable() });

export function readQueueHead(db: ReadDb, now: Instant): { readonly dueNow: boolean; readonly nextDueAt: Instant | null } {
  const dueNow = first(db, z.strictObject({ id: OutboxId }), sql`SELECT item.id ${eligible(now)}`) !== undefined;
  const next = first(
    db,
    NextDue,
    sql`SELECT min(next_attempt_at) AS next_due_at FROM outbox INDEXED BY outbox_due WHERE state = 'queued' AND next_attempt_at > ${now}`,
  );
  return { dueNow, nextDueAt: next?.nextDueAt ?? null };
}

export interface OutboxClaim {
  readonly id: OutboxId;
  readonly attempts: number;
}
/** Only the claim itself may settle: `attempts` is its fencing token. */
const held = (claim: OutboxClaim): Query => sql`WHERE id = ${claim.id} AND state = 'sending' AND attempts = ${claim.attempts}`;
const conflict = (claim: OutboxClaim) => ({ state: `outbox ${claim.id} attempt ${claim.attempts}` });

/** Delivered: only with the receipt itself. */
export function acknowledge(
  db: WriteDb,
  claim: OutboxClaim,
  receipt: { readonly receiptId: string; readonly text: string; readonly signature: string },
  at: Instant,
): void {
  runOne(
    db,
    sql`UPDATE outbox SET state = 'acknowledged', receipt = ${receipt.text}, receipt_id = ${receipt.receiptId},
        receipt_signature = ${receipt.signature}, acknowledged_at = ${at}, lease_expires_at = NULL, problem = NULL ${held(claim)}`,
    conflict(claim),
  );
}

export function backToQueue(db: WriteDb, claim: OutboxClaim, nextAttemptAt: Instant, problem: ErrorCode | null): void {
  runOne(
    db,
    sql`UPDATE outbox SET state = 'queued', next_attempt_at = ${nextAttemptAt}, lease_expires_at = NULL,
        problem = coalesce(${problem}, problem) ${held(claim)}`,
    conflict(claim),
  );
}

export function refuse(db: WriteDb, claim: OutboxClaim, refusalJson: string, problem: ErrorCode): void {
  runOne(
    db,
    sql`UPDATE outbox SET state = 'refused', refusal_json = ${refusalJson}, problem = ${problem}, lease_expires_at = NULL ${held(claim)}`,
    conflict(claim),
  );
}

export function quarantine(db: WriteDb, claim: OutboxClaim, problem: ErrorCode): void {
  runOne(db, sql`UPDATE outbox SET state = 'quarantined', problem = ${problem}, lease_expires_at = NULL ${held(claim)}`, conflict(claim));
}

const stale = (now: Instant, which: 'all' | 'expired'): Query =>
  which === 'all' ? sql`WHERE state = 'sending'` : sql`WHERE state = 'sending' AND lease_expires_at <= ${now}`;

export const hasStale = (db: ReadDb, now: Instant, which: 'all' | 'expired'): boolean =>
  count(db, sql`SELECT count(*) FROM outbox ${stale(now, which)}`) > 0;

/** Whether the library has them is unknown: the same id goes again, and that is harmless. */
export const returnStaleToQueue = (db: WriteDb, now: Instant, which: 'all' | 'expired'): number =>
  run(db, sql`UPDATE outbox SET state = 'queued', next_attempt_at = ${now}, lease_expires_at = NULL ${stale(now, which)}`);

export const makeDue = (db: WriteDb, now: Instant): number =>
  run(db, sql`UPDATE outbox SET next_attempt_at = ${now} WHERE state = 'queued' AND next_attempt_at > ${now}`);

/** A person sends a refused or set-aside item again, unchanged; STATE_CONFLICT in any other state. */
export function retryByPerson(db: WriteDb, id: OutboxId, now: Instant): void {
  runOne(db, sql`UPDATE outbox SET state = 'queued', next_attempt_at = ${now} WHERE id = ${id} AND state IN ('refused', 'quarantined')`);
}

/** The item stays for ever, with who closed it and why. */
export function closeByPerson(db: WriteDb, id: OutboxId, personId: PersonId, reason: string): void {
  runOne(
    db,
    sql`UPDATE outbox SET state = 'closed', closed_by = ${personId}, closed_reason = ${reason} WHERE id = ${id} AND state IN ('refused', 'quarantined')`,
  );
}

/** The licence version an item speaks of. */
export function readOutboxVersion(db: ReadDb, id: OutboxId): LicenceId {
  const row = first(db, z.strictObject({ versionId: LicenceId }), sql`SELECT version_id FROM outbox WHERE id = ${id}`);
  if (row === undefined) throw new StationError('STATE_CONFLICT', { state: `outbox ${id} is gone` });
  return row.versionId;
}

export const readLastAcknowledgedAt = (db: ReadDb): Instant | null =>
  first(
    db,
    z.strictObject({ at: Instant.nullable() }),
    sql`SELECT max(acknowledged_at) AS at FROM outbox WHERE acknowledged_at IS NOT NULL`,
  )?.at ?? null;

export type OutboxFigures = Pick<DeliveryView, 'counts' | 'oldestUndeliveredAt' | 'undeliveredBytes' | 'days'>;

const UNDELIVERED = sql`state IN ('queued', 'sending', 'refused', 'quarantined')`;
const UndeliveredSums = z.strictObject({ oldestUndeliveredAt: Instant.nullable(), undeliveredBytes: z.number().int() });

function countStates(db: ReadDb) {
  const of = (state: DeliveryState): number => count(db, sql`SELECT count(*) FROM outbox WHERE state = ${state}`);
  const open = {
    queued: of('queued'),
    sending: of('sending'),
    refused: of('refused'),
    quarantined: of('quarantined'),
    closed: of('closed'),
  };
  // Invariant: no row is ever deleted (trigger), so row ids run from 1 without gaps. Counting a million delivered ones takes 0.3 s.
  const total = count(db, sql`SELECT coalesce(max(rowid), 0) FROM outbox`);
  return { total, counts: { ...open, acknowledged: total - Object.values(open).reduce((sum, each) => sum + each, 0) } };
}

/** `days`: local days (UTC+8), oldest first, each with the instants between which it lies. */
export function readOutboxFigures(
  db: ReadDb,
  days: readonly { readonly day: Day; readonly from: Instant; readonly to: Instant }[],
): OutboxFigures {
  const sums = first(
    db,
    UndeliveredSums,
    sql`SELECT min(created_at) AS oldest_undelivered_at, coalesce(sum(size_bytes), 0) AS undelivered_bytes FROM outbox WHERE ${UNDELIVERED}`,
  );
  return {
    counts: countStates(db).counts,
    oldestUndeliveredAt: sums?.oldestUndeliveredAt ?? null,
    undeliveredBytes: sums?.undeliveredBytes ?? 0,
    days: days.map(({ day, from, to }) => ({
      day,
      enqueued: count(db, sql`SELECT count(*) FROM outbox WHERE created_at >= ${from} AND created_at < ${to}`),
      acknowledged: count(db, sql`SELECT count(*) FROM outbox WHERE acknowledged_at >= ${from} AND acknowledged_at < ${to}`),
    })),
  };
}

export interface OutboxFilter {
  readonly which: 'needsPerson' | 'undelivered' | 'delivered' | 'all';
  /** As licences are found; empty for all. */
  readonly text: string;
  readonly offset: number;
  readonly limit: number;
}

const Listed = z.strictObject({
  id: OutboxId,
  licenceId: LicenceId,
  kind: z.string(),
  number: z.string().nullable(),
  holderName: z.string(),
  state: DeliveryState,
  attempts: z.number().int(),
  sizeBytes: z.number().int(),
  createdAt: Instant,
  nextAttemptAt: Instant,
  acknowledgedAt: Instant.nullable(),
  problem: z.string().nullable(),
  refusalJson: z.string().nullable(),
  receiptId: z.string().nullable(),
});

const whichStates = {
  needsPerson: sql`outbox.state IN ('refused', 'quarantined')`,
  undelivered: sql`outbox.state IN ('queued', 'sending', 'refused', 'quarantined')`,
  // The second half lets the index on acknowledged_at give the order.
  delivered: sql`outbox.state = 'acknowledged' AND outbox.acknowledged_at IS NOT NULL`,
  all: sql`TRUE`,
} as const satisfies Record<OutboxFilter['which'], Query>;

/** Among delivered items a text finds those of the newest so many licences. */
const MOST_HITS = 1_000;

/** Undelivered: oldest statutory day first. Delivered and all: newest first. */
export function listOutbox(db: ReadDb, filter: OutboxFilter): { readonly items: OutboxRow[]; readonly total: number } {
  const isOpen = filter.which === 'needsPerson' || filter.which === 'undelivered';
  const hits = searchHits(filter.text, isOpen ? -1 : MOST_HITS);
  const text = hits === undefined ? sql`TRUE` : sql`licence.row_id IN (${hits})`;
  // Why the order of the join and the index by name: the planner cannot know that nearly all items are delivered.
  const tables = isOpen
    ? sql`outbox CROSS JOIN licence`
    : hits !== undefined
      ? sql`licence CROSS JOIN outbox`
      : filter.which === 'delivered'
        ? sql`outbox INDEXED BY outbox_acknowledged CROSS JOIN licence`
        : sql`outbox CROSS JOIN licence`;
  const from = sql`FROM ${tables} ON licence.id = outbox.version_id WHERE ${whichStates[filter.which]} AND ${text}`;
  const order = {
    needsPerson: sql`outbox.statutory_day, outbox.id`,
    undelivered: sql`outbox.statutory_day, outbox.id`,
    delivered: sql`outbox.acknowledged_at DESC`,
    all: sql`outbox.id DESC`,
  };
  const rows = all(
    db,
    Listed,
    sql`SELECT outbox.id, outbox.version_id AS licence_id, outbox.kind, licence.number, licence.holder_name, outbox.state, outbox.attempts, outbox.size_bytes,
               outbox.created_at, outbox.next_attempt_at, outbox.acknowledged_at, outbox.problem, outbox.refusal_json, outbox.receipt_id
        ${from} ORDER BY ${order[filter.which]} LIMIT ${filter.limit} OFFSET ${filter.offset}`,
  );
  return {
    total: hits === undefined ? countWhich(db, filter.which) : count(db, sql`SELECT count(*) ${from}`),
    items: rows.map(({ refusalJson, number, ...row }) => {
      const refusal = refusalJson === null ? null : RefusalReply.parse(JSON.parse(refusalJson));
      return {
        ...row,
        number: number ?? '',
        nextAttemptAt: row.state === 'queued' ? row.nextAttemptAt : null,
        problem: row.problem !== null && isErrorCode(row.problem) ? row.problem : null,
        refusal: refusal?.reason ?? null,
        refusalZh: refusal?.reasonZh ?? null,
      };
    }),
  };
}

/** Without the join, and without counting the delivered ones. */
function countWhich(db: ReadDb, which: OutboxFilter['which']): number {
  if (which === 'needsPerson' || which === 'undelivered') return count(db, sql`SELECT count(*) FROM outbox WHERE ${whichStates[which]}`);
  const { total, counts } = countStates(db);
  return which === 'all' ? total : counts.acknowledged;
}

const KeptReceiptRow = z.strictObject({ receipt: z.string(), receiptId: z.string(), receiptSignature: z.string() });

/** NOT_DELIVERABLE_YET while there is no receipt. */
export function readReceipt(db: ReadDb, id: OutboxId): ReceiptView {
  const row = first(
    db,
    KeptReceiptRow,
    sql`SELECT receipt, receipt_id, receipt_signature FROM outbox WHERE id = ${id} AND state = 'acknowledged'`,
  );
  if (row === undefined) throw new StationError('NOT_DELIVERABLE_YET');
  const { library, identifier, contentHash, receivedAt, repeat } = Receipt.parse(JSON.parse(row.receipt));
  return {
    receiptId: row.receiptId,
    library,
    identifier,
    contentHash,
    receivedAt,
    repeat,
    text: row.receipt,
    signature: row.receiptSignature,
  };
}
