// The thin loop that empties the outbox: one item at a time, forever, until stopped. All judgement is in decide and
// judge-answer; all durability is in the store. Must not know SQL or HTTP, and never gives an item up.
import type { KeyObject } from 'node:crypto';
import { isStationError } from '../../contract/station-error.ts';
import type { Instant, LicenceId, OutboxId } from '../../contract/values.ts';
import type { LineState } from '../../contract/work.ts';
import { type Clock, toInstant } from '../platform/clock.ts';
import { backOffMs } from './back-off.ts';
import { decide, type Kick, kicked, type Line, newLine, settle } from './decide.ts';
import { type SendItem, sendTimeoutMs } from './http-client.ts';
import { judgeAnswer, type Verdict } from './judge-answer.ts';
import type { ClaimedItem, OutboxStore } from './outbox-store.ts';
import { buildWireBody } from './wire.ts';

export interface DeliveryTimers {
  /** Runs `callback` once after so many milliseconds; answers how to cancel it. */
  after(ms: number, callback: () => void): () => void;
}

export type DeliveryChange =
  | { readonly what: 'line' }
  | {
      readonly what: 'item';
      readonly id: OutboxId;
      /** The licence version it speaks of. */
      readonly versionId: LicenceId;
      readonly state: 'sending' | 'queued' | 'acknowledged' | 'refused' | 'quarantined';
    };

export interface DeliveryParts {
  readonly store: OutboxStore;
  readonly send: SendItem;
  /** The library's pinned key. */
  readonly receiptKey: KeyObject;
  readonly clock: Clock;
  readonly timers: DeliveryTimers;
  /** 0 ≤ x < 1, for jitter. */
  readonly fraction: () => number;
  /** A hint, after the commit it speaks of. Must not throw. */
  readonly onChange: (change: DeliveryChange) => void;
  /** A fault of our own (store, disk): the worker waits and goes on; somebody must hear of it. */
  readonly onFault: (error: unknown) => void;
}

export interface WorkerState {
  readonly line: LineState;
  readonly since: Instant | null;
  readonly lastDeliveredAt: Instant | null;
  readonly nextAttemptAt: Instant | null;
  readonly paused: boolean;
  readonly sending: OutboxId | null;
}

/** Longer than any transfer may take, so that a lease runs out only when its holder is gone. */
const leaseMs = (sizeBytes: number): number => 2 * sendTimeoutMs(sizeBytes * 2) + 60_000;
/** A timer further away would wrap around; waking early is harmless. */
const LONGEST_SLEEP_MS = 3_600_000;

export class DeliveryWorker {
  readonly #parts: DeliveryParts;
  readonly #stopping = new AbortController();
  readonly #abandon = new AbortController();
  #running: Promise<void> | null = null;
  #line: Line = newLine;
  #paused = false;
  #sending: OutboxId | null = null;
  #lastDeliveredAt: Instant | null = null;
  #nextAttemptMs: number | null = null;
  #faults = 0;
  #wake: () => void = () => undefined;
  #kicks = 0;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Takes back what an earlier run left in `sending`, then works until `stop`. Once, before any other worker has claimed. */
  start(): void {
    if (this.#running !== null) throw new Error('a delivery worker starts once');
    this.#parts.store.returnStaleToQueue(this.#now(), 'all');
    this.#lastDeliveredAt = this.#parts.store.lastAcknowledgedAt();
    this.#running = Promise.resolve().then(() => this.#run());
  }

  /** Waits for the item in flight; when `signal` is aborted it is abandoned and goes back to the queue. */
  async stop(signal?: AbortSignal): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    const abandon = (): void => this.#abandon.abort();
    if (signal?.aborted) abandon();
    signal?.addEventListener('abort', abandon, { once: true });
    await this.#running;
    signal?.removeEventListener('abort', abandon);
  }

  kick(kick: Kick): void {
    const answer = kicked(this.#line, kick, this.#parts.clock.nowMs());
    this.#line = answer.line;
    if (answer.makeDue) this.#parts.store.makeDue(this.#now());
    this.#kicks += 1;
    this.#wake();
  }

  /** An item in flight is finished; the next is not begun. */
  pause(paused: boolean): void {
    this.#paused = paused;
    this.#kicks += 1;
    this.#wake();
    this.#parts.onChange({ what: 'line' });
  }

  state(): WorkerState {
    return {
      line: this.#line.state,
      since: this.#line.sinceMs === null ? null : toInstant(this.#line.sinceMs),
      lastDeliveredAt: this.#lastDeliveredAt,
      nextAttemptAt: this.#nextAttemptMs === null || this.#paused ? null : toInstant(this.#nextAttemptMs),
      paused: this.#paused,
      sending: this.#sending,
    };
  }

  #now(): Instant {
    return toInstant(this.#parts.clock.nowMs());
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const kicks = this.#kicks;
      let waitMs: number | null = 0;
      try {
        waitMs = await this.#step();
        this.#faults = 0;
      } catch (error) {
        // The store would not take it (disk full, claim lost). The item is safe: its lease runs out, the same id goes again.
        this.#sending = null;
        this.#faults += 1;
        this.#parts.onFault(error);
        waitMs = isStationError(error, 'STATE_CONFLICT') ? 0 : Math.max(1_000, backOffMs(this.#faults, this.#parts.fraction()));
      }
      if (waitMs !== 0) await this.#sleep(waitMs, kicks);
    }
  }

  /** One decision carried out; answers how long to rest, null for until something happens. */
  async #step(): Promise<number | null> {
    const { store, clock } = this.#parts;
    const nowMs = clock.nowMs();
    const now = toInstant(nowMs);
    store.returnStaleToQueue(now, 'expired');
    const head = store.head(now);
    const nextDueMs = head.nextDueAt === null ? null : Date.parse(head.nextDueAt);
    const action = decide({ paused: this.#paused, line: this.#line, dueNow: head.dueNow, nextDueMs }, nowMs);
    if (action.do === 'forgetWaits') {
      this.#line = kicked(this.#line, 'person', nowMs).line;
      store.makeDue(now);
      return 0;
    }
    if (action.do === 'wait') {
      this.#planNext(action.untilMs);
      return action.untilMs === null ? null : Math.max(1, action.untilMs - nowMs);
    }
    const item = store.claimNext(now, (sizeBytes) => toInstant(nowMs + leaseMs(sizeBytes)));
    // Somebody else took it between looking and claiming.
    if (item === null) return 1_000;
    this.#planNext(null);
    await this.#deliver(item);
    return 0;
  }

  async #deliver(item: ClaimedItem): Promise<void> {
    const { store, send, receiptKey, clock } = this.#parts;
    this.#sending = item.id;
    this.#report(item, 'sending');
    const wire = buildWireBody(item, (hash) => store.readFile(hash));
    if (!wire.ok) {
      store.quarantine(item, wire.problem);
      this.#sending = null;
      this.#report(item, 'quarantined');
      return;
    }
    const answer = await send({ itemId: item.id, body: wire.body }, this.#abandon.signal);
    this.#sending = null;
    if (answer === null) {
      store.backToQueue(item, this.#now(), null);
      this.#report(item, 'queued');
      return;
    }
    this.#carryOut(item, judgeAnswer(answer, wire.sent, receiptKey, clock.nowMs()));
  }

  #carryOut(item: ClaimedItem, verdict: Verdict): void {
    const { store, clock, fraction } = this.#parts;
    const nowMs = clock.nowMs();
    const now = toInstant(nowMs);
    const settlement = settle(this.#line, verdict, item.attempts, nowMs, fraction());
    switch (verdict.to) {
      case 'acknowledged':
        store.acknowledge(item, verdict.receipt, now);
        this.#lastDeliveredAt = now;
        break;
      case 'refused':
        store.refuse(item, verdict.refusal, verdict.code);
        break;
      case 'queued':
        store.backToQueue(item, toInstant(settlement.nextAttemptMs ?? nowMs), verdict.code);
        break;
    }
    if (settlement.wakeAll) store.makeDue(now);
    const isMoved = settlement.line.state !== this.#line.state;
    // Memory only after the commit.
    this.#line = settlement.line;
    if (verdict.to === 'queued') this.#nextAttemptMs = settlement.line.heldUntilMs;
    this.#report(item, verdict.to);
    if (isMoved) this.#parts.onChange({ what: 'line' });
  }

  #report(item: ClaimedItem, state: Extract<DeliveryChange, { what: 'item' }>['state']): void {
    this.#parts.onChange({ what: 'item', id: item.id, versionId: item.versionId, state });
  }

  #planNext(atMs: number | null): void {
    if (this.#nextAttemptMs === atMs) return;
    this.#nextAttemptMs = atMs;
    this.#parts.onChange({ what: 'line' });
  }

  /** `kicks`: how many there had been when the decision was made; one more means that it is out of date. */
  #sleep(waitMs: number | null, kicks: number): Promise<void> {
    if (this.#kicks !== kicks || this.#stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#parts.timers.after(Math.min(waitMs ?? LONGEST_SLEEP_MS, LONGEST_SLEEP_MS), () => this.#wake());
      this.#wake = () => {
        this.#wake = () => undefined;
        cancel();
        resolve();
      };
    });
  }
}
