// What delivery needs of the outbox table, as a port: a claim is a compare-and-set, and only who holds the claim may settle it.
// Must not know SQL or HTTP.
import type { ErrorCode } from '../../contract/error-codes.ts';
import type { ItemKindOnWire, RefusalReply } from '../../contract/library.ts';
import type { Instant, LicenceId, OutboxId, Sha256 } from '../../contract/values.ts';

/** Who holds an item: `attempts` grows with each claim, so a claim that was lost can no longer settle anything. */
export interface Claim {
  readonly id: OutboxId;
  readonly attempts: number;
}

export interface ClaimedItem extends Claim {
  /** The licence version it speaks of. */
  readonly versionId: LicenceId;
  readonly sequence: number;
  readonly kind: ItemKindOnWire;
  readonly payloadVersion: number;
  /** The wire item as frozen at enqueue, without its file. */
  readonly payload: string;
  readonly documentHash: Sha256 | null;
  readonly contentHash: Sha256;
  readonly sizeBytes: number;
}

export interface KeptReceipt {
  readonly receiptId: string;
  /** The exact text the library signed. */
  readonly text: string;
  readonly signature: string;
}

export interface QueueHead {
  /** Something may be sent now: due, and everything before it of the same licence is done. */
  readonly dueNow: boolean;
  /** When the next waiting item comes due; null when none waits for a time. */
  readonly nextDueAt: Instant | null;
}

/** Every settling call throws STATE_CONFLICT when the claim is no longer held. */
export interface OutboxStore {
  /** `all` at start, when no worker can hold anything; `expired` later. Answers how many went back. */
  returnStaleToQueue(now: Instant, which: 'all' | 'expired'): number;
  head(now: Instant): QueueHead;
  /** Nearest statutory day first, then oldest; per licence strictly in sequence (R14). */
  claimNext(now: Instant, leaseUntil: (sizeBytes: number) => Instant): ClaimedItem | null;
  /** Null when the bytes are missing or no longer have their hash. */
  readFile(hash: Sha256): Uint8Array | null;
  acknowledge(claim: Claim, receipt: KeptReceipt, at: Instant): void;
  /** `problem` null: nothing went wrong, the sending was abandoned. */
  backToQueue(claim: Claim, nextAttemptAt: Instant, problem: ErrorCode | null): void;
  refuse(claim: Claim, refusal: RefusalReply, problem: ErrorCode): void;
  quarantine(claim: Claim, problem: ErrorCode): void;
  /** Every queued item may go at once. Answers how many were waiting for a time. */
  makeDue(now: Instant): number;
  lastAcknowledgedAt(): Instant | null;
}
