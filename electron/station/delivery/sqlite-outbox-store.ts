// The outbox port over the station's own store: each call one transaction. Where a person or the audit must learn of a step,
// `record` writes it in that same transaction. Must not hold state of its own.
import { isStationError } from '../../contract/station-error.ts';
import type { Instant, LicenceId, OutboxId } from '../../contract/values.ts';
import { inTransaction, type ReadDb, type WriteDb } from '../store/database.ts';
import type { DocumentStore } from '../store/document-store.ts';
import * as outbox from '../store/queries/outbox.ts';
import type { Claim, OutboxStore } from './outbox-store.ts';

export interface SettledItem {
  readonly id: OutboxId;
  /** The licence version it speaks of. */
  readonly versionId: LicenceId;
  readonly state: 'acknowledged' | 'refused' | 'quarantined';
  readonly at: Instant;
  /** Receipt id, or the error code. */
  readonly note: string;
}

export interface OutboxParts {
  readonly db: ReadDb;
  readonly documents: Pick<DocumentStore, 'get'>;
  readonly now: () => Instant;
  /** Runs inside the transaction of the step, for the audit. */
  readonly record?: (db: WriteDb, settled: SettledItem) => void;
}

export function sqliteOutboxStore({ db, documents, now, record }: OutboxParts): OutboxStore {
  const settled = (w: WriteDb, claim: Claim, state: SettledItem['state'], at: Instant, note: string): void =>
    record?.(w, { id: claim.id, versionId: outbox.readOutboxVersion(w, claim.id), state, at, note });
  return {
    returnStaleToQueue: (at, which) => {
      if (!outbox.hasStale(db, at, which)) return 0;
      return inTransaction(db, (w) => outbox.returnStaleToQueue(w, at, which));
    },
    head: (at) => outbox.readQueueHead(db, at),
    claimNext: (at, leaseUntil) => inTransaction(db, (w) => outbox.claimNext(w, at, leaseUntil)),
    readFile(hash) {
      try {
        return documents.get(hash);
      } catch (error) {
        if (isStationError(error, 'STORE_CORRUPT')) return null;
        throw error;
      }
    },
    acknowledge: (claim, receipt, at) =>
      inTransaction(db, (w) => {
        outbox.acknowledge(w, claim, receipt, at);
        settled(w, claim, 'acknowledged', at, receipt.receiptId);
      }),
    backToQueue: (claim, nextAttemptAt, problem) => inTransaction(db, (w) => outbox.backToQueue(w, claim, nextAttemptAt, problem)),
    refuse: (claim, refusal, problem) =>
      inTransaction(db, (w) => {
        outbox.refuse(w, claim, JSON.stringify(refusal), problem);
        settled(w, claim, 'refused', now(), problem);
      }),
    quarantine: (claim, problem) =>
      inTransaction(db, (w) => {
        outbox.quarantine(w, claim, problem);
        settled(w, claim, 'quarantined', now(), problem);
      }),
    makeDue: (at) => inTransaction(db, (w) => outbox.makeDue(w, at)),
    lastAcknowledgedAt: () => outbox.readLastAcknowledgedAt(db),
  };
}
