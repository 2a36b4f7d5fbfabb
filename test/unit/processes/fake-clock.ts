// Time that passes only when a test says so.
import type { Timers } from '../../../electron/rpc/timers.ts';

interface Due {
  readonly atMs: number;
  readonly callback: () => void;
}

export class FakeClock implements Timers {
  nowMs = 0;
  readonly #due = new Set<Due>();

  after(ms: number, callback: () => void): () => void {
    const due = { atMs: this.nowMs + ms, callback };
    this.#due.add(due);
    return () => this.#due.delete(due);
  }

  get waiting(): number {
    return this.#due.size;
  }

  /** Lets so much time pass; what a callback starts has settled before the next callback runs. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await settle();
    for (;;) {
      const first = [...this.#due].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (first === undefined) break;
      this.#due.delete(first);
      this.nowMs = Math.max(this.nowMs, first.atMs);
      first.callback();
      await settle();
    }
    this.nowMs = endMs;
  }
}

/** All promises that can go on have gone on. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
