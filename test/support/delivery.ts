// A station's delivery against a real reference library over real HTTP, and how to wait for what it does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ReceiptReply, type WireItem } from '../../electron/contract/library.ts';
import type { DeliveryState } from '../../electron/contract/licence.ts';
import type { Sha256 } from '../../electron/contract/values.ts';
import type { JudgeDocument } from '../../electron/library/check-document.ts';
import { makeLibraryKeys } from '../../electron/library/library-keys.ts';
import { type RunningLibrary, startLibrary } from '../../electron/library/start-library.ts';
import { checkReceipt, readReceiptKey } from '../../electron/station/delivery/check-receipt.ts';
import { createHttpClient, type SendItem } from '../../electron/station/delivery/http-client.ts';
import type { OutboxStore } from '../../electron/station/delivery/outbox-store.ts';
import { sqliteOutboxStore } from '../../electron/station/delivery/sqlite-outbox-store.ts';
import { type DeliveryChange, type DeliveryParts, DeliveryWorker } from '../../electron/station/delivery/worker.ts';
import { toInstant } from '../../electron/station/platform/clock.ts';
import { ISSUER_CODE, NOW, openTestStation, type TestStation } from './outbox.ts';

export const CERTIFICATE: Sha256 = 'c'.repeat(64);
export const sealedByAll: JudgeDocument = () => ({ valid: true, certificateHashes: [CERTIFICATE] });

/** Runs on from NOW; `skip` jumps ahead. */
export function testClock() {
  const startedAt = performance.now();
  let skipped = 0;
  return {
    nowMs: () => Math.floor(Date.parse(NOW) + performance.now() - startedAt + skipped),
    skip(ms: number) {
      skipped += ms;
    },
  };
}

export interface TestLibrary extends RunningLibrary {
  readonly dir: string;
}

export async function openTestLibrary(
  options: { judgeDocument?: JudgeDocument; dir?: string; keys?: ReturnType<typeof makeLibraryKeys> } = {},
): Promise<TestLibrary> {
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), 'library-'));
  const library = await startLibrary({
    dir,
    keys: options.keys ?? makeLibraryKeys('Test library', 'training'),
    issuers: { [ISSUER_CODE]: [CERTIFICATE] },
    trustAnchors: [],
    clock: testClock(),
    judgeDocument: options.judgeDocument ?? sealedByAll,
  });
  return {
    ...library,
    dir,
    async close() {
      await library.close();
      if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

export interface Delivery {
  readonly station: TestStation;
  readonly library: TestLibrary;
  readonly store: OutboxStore;
  readonly worker: DeliveryWorker;
  readonly changes: readonly DeliveryChange[];
  readonly faults: readonly unknown[];
  readonly clock: ReturnType<typeof testClock>;
  /** Another worker over the same outbox. */
  anotherWorker(parts?: Partial<DeliveryParts>): DeliveryWorker;
  /** Resolves when `holds` is true, looked at now and after each change; rejects after 20 s. */
  until(what: string, holds: () => boolean): Promise<void>;
  item(id: string): {
    state: DeliveryState;
    problem: string | null;
    attempts: number;
    receipt: string | null;
    receiptSignature: string | null;
    nextAttemptAt: string;
  };
  /** How many are in this state. */
  count(state: DeliveryState): number;
  /** Acknowledged, with a receipt that verifies for this item, and exactly one equal copy in the library. */
  isDeliveredOnce(item: WireItem): boolean;
  close(): Promise<void>;
}

export interface DeliveryTestOptions {
  readonly library?: TestLibrary;
  readonly judgeDocument?: JudgeDocument;
  readonly send?: (url: string) => SendItem;
  readonly store?: (store: OutboxStore) => OutboxStore;
  /** Small by default, so that 5 s become 20 ms. */
  readonly fraction?: number;
}

export async function openDelivery(options: DeliveryTestOptions = {}): Promise<Delivery> {
  const station = openTestStation();
  const library =
    options.library ?? (await openTestLibrary(options.judgeDocument === undefined ? {} : { judgeDocument: options.judgeDocument }));
  const clock = testClock();
  const real = sqliteOutboxStore({ db: station.db, documents: station.documents, now: () => toInstant(clock.nowMs()) });
  const store = options.store?.(real) ?? real;
  const changes: DeliveryChange[] = [];
  const faults: unknown[] = [];
  const waiting = new Set<() => void>();
  const looked = () => {
    for (const look of [...waiting]) look();
  };
  const receiptKey = readReceiptKey(library.keys.receiptKey);
  const parts: DeliveryParts = {
    store,
    send: options.send?.(library.url) ?? createHttpClient({ url: library.url }),
    receiptKey,
    clock,
    timers: {
      after(ms, callback) {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
    },
    fraction: () => options.fraction ?? 0.004,
    onChange(change) {
      changes.push(change);
      looked();
    },
    onFault(error) {
      faults.push(error);
      looked();
    },
  };
  const worker = new DeliveryWorker(parts);
  const workers = [worker];
  const byId = station.db.prepare(
    'SELECT state, problem, attempts, receipt, receipt_signature AS receiptSignature, next_attempt_at AS nextAttemptAt FROM outbox WHERE id = ?',
  );
  const byState = station.db.prepare('SELECT count(*) FROM outbox WHERE state = ?').pluck();
  const delivery: Delivery = {
    station,
    library,
    store,
    worker,
    changes,
    faults,
    clock,
    anotherWorker(more = {}) {
      const another = new DeliveryWorker({ ...parts, ...more });
      workers.push(another);
      return another;
    },
    until: (what, holds) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          clearInterval(again);
          reject(new Error(`waited 20 s for: ${what}; line ${worker.state().line}; last ${JSON.stringify(changes.slice(-5))}`));
        }, 20_000);
        const look = () => {
          if (!holds()) return;
          clearTimeout(timer);
          clearInterval(again);
          waiting.delete(look);
          resolve();
        };
        // What the library has seen raises no event here.
        const again = setInterval(look, 5);
        waiting.add(look);
        look();
      }),
    item: (id) => byId.get(id) as ReturnType<Delivery['item']>,
    count: (state) => byState.get(state) as number,
    isDeliveredOnce(item) {
      const { state, receipt, receiptSignature } = delivery.item(item.itemId);
      if (state !== 'acknowledged') return false;
      const reply = ReceiptReply.parse({ receipt, signature: receiptSignature });
      const held = library.holdings().filter(({ itemId }) => itemId === item.itemId);
      const isFileThere =
        item.kind !== 'licence.issued' || Buffer.from(library.file(item.contentHash) ?? []).toString('base64') === item.file;
      return checkReceipt(reply, item, receiptKey).ok && held.length === 1 && held[0]?.contentHash === item.contentHash && isFileThere;
    },
    async close() {
      await Promise.all(workers.map((each) => each.stop(AbortSignal.abort())));
      if (options.library === undefined) await library.close();
      station.close();
    },
  };
  return delivery;
}
