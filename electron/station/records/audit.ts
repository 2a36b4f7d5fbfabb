// The audit chain: each entry names the hash of the one before, and is written in the transaction of the fact it records
// (R21, R38). Must not hold personal data: subjects are ids, details are codes and hashes.
import { createHash } from 'node:crypto';
import { StationError } from '../../contract/station-error.ts';
import type { Instant, Sha256 } from '../../contract/values.ts';
import { type Clock, instantOf } from '../platform/clock.ts';
import type { ReadDb, WriteDb } from '../store/database.ts';
import { auditAfter, insertAudit, lastAudit } from '../store/queries/records.ts';

export interface AuditEntry {
  readonly personId: string | null;
  /** What happened, e.g. `licence.approved`. */
  readonly kind: string;
  /** Whose life it belongs to: a licence id, an import id, `station`. */
  readonly subject: string;
  readonly detail?: Readonly<Record<string, string | number | null>>;
}

export const GENESIS: Sha256 = '0'.repeat(64);

interface Hashed {
  readonly seq: number;
  readonly at: Instant;
  readonly personId: string | null;
  readonly kind: string;
  readonly subject: string;
  readonly detailJson: string;
  readonly previousHash: string;
}

/** SHA-256 of the JSON array of the entry's fields in this order. */
export const auditHash = (e: Hashed): Sha256 =>
  createHash('sha256')
    .update(JSON.stringify([e.seq, e.at, e.personId, e.kind, e.subject, e.detailJson, e.previousHash]))
    .digest('hex');

/** A time service corrects a clock by so much without anybody noticing; the entry then bears the time of the one before. */
const CLOCK_SLACK_MS = 5_000;

/**
 * Appends; answers the instant recorded, never before the last entry. Throws CLOCK_BEHIND when the clock stands further back
 * than a correction; `always` for what has happened whatever the clock says (an interruption, an answer of the library).
 */
export function appendAudit(db: WriteDb, clock: Clock, entry: AuditEntry, whenBehind: 'refuse' | 'always' = 'refuse'): Instant {
  const last = lastAudit(db);
  const now = instantOf(clock);
  const isBehind = last !== undefined && now < last.at;
  if (isBehind && whenBehind === 'refuse' && Date.parse(last.at) - clock.nowMs() > CLOCK_SLACK_MS)
    throw new StationError('CLOCK_BEHIND', { last: last.at });
  const at = isBehind ? last.at : now;
  const unhashed = {
    seq: (last?.seq ?? 0) + 1,
    at,
    personId: entry.personId,
    kind: entry.kind,
    subject: entry.subject,
    detailJson: JSON.stringify(entry.detail ?? {}),
    previousHash: last?.hash ?? GENESIS,
  };
  insertAudit(db, { ...unhashed, hash: auditHash(unhashed) });
  return at;
}

export interface ChainVerdict {
  readonly whole: boolean;
  readonly entries: number;
  /** Number of the first entry that does not fit, counted by `seq`. */
  readonly brokenAt: number | null;
}

/** Walks the chain from its start. Finds any edit, insertion, reordering and gap; a cut end only with an outside anchor (later). */
export function verifyAuditChain(db: ReadDb): ChainVerdict {
  let previousHash: string = GENESIS;
  let seq = 0;
  for (;;) {
    const page = auditAfter(db, seq, 1_000);
    if (page.length === 0) return { whole: true, entries: seq, brokenAt: null };
    for (const entry of page) {
      if (entry.seq !== seq + 1 || entry.previousHash !== previousHash || auditHash(entry) !== entry.hash)
        return { whole: false, entries: seq, brokenAt: entry.seq };
      seq = entry.seq;
      previousHash = entry.hash;
    }
  }
}
