// Ids and randomness, passed as values so that domain code stays repeatable.
import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

export interface Ids {
  /** UUIDv7 (RFC 9562 §5.7), lower case: sorts by time of making, also within one millisecond of one source. */
  next(): string;
}

export interface Randomness {
  bytes(count: number): Uint8Array;
  /** 0 ≤ x < 1, uniform, for jitter only. */
  fraction(): number;
}

export const systemRandomness: Randomness = {
  bytes: (count) => new Uint8Array(randomBytes(count)),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};

export function createIds(clock: Clock, randomness: Randomness): Ids {
  let lastMs = 0;
  let counter = 0;
  return {
    next() {
      const nowMs = clock.nowMs();
      // Invariant: strictly growing, so the counter (12 bits of rand_a) goes on within a millisecond and over a step back.
      if (nowMs > lastMs) {
        lastMs = nowMs;
        counter = Buffer.from(randomness.bytes(2)).readUInt16BE() & 0x3ff;
      } else {
        counter += 1;
        if (counter > 0xfff) {
          lastMs += 1;
          counter = 0;
        }
      }
      const hex = Buffer.from(randomness.bytes(8)).toString('hex');
      const time = lastMs.toString(16).padStart(12, '0');
      const variant = ((Number.parseInt(hex.slice(0, 1), 16) & 0x3) | 0x8).toString(16);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${hex.slice(1, 4)}-${hex.slice(4)}`;
    },
  };
}
