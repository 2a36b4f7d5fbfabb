// The misbehaviour a training token is told to show, so that crash and removal paths are run for real.
// Must not be read outside training; a missing script means a well-behaved token.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Counts are signatures since the host started: `removeAfter: 2` gives two, then the token is gone until the script changes. */
export const FaultScript = z.strictObject({
  removeAfter: z.int().min(0).optional(),
  /** Every PIN is wrong, and spends a try as a real one does. */
  wrongPin: z.boolean().optional(),
  hangAfter: z.int().min(0).optional(),
  crashAfter: z.int().min(0).optional(),
  garbageSignatureAfter: z.int().min(0).optional(),
  /** Each signature takes so much longer. */
  slowMs: z.int().min(0).max(60_000).optional(),
});
export type FaultScript = z.infer<typeof FaultScript>;

export const FAULT_FILE = 'faults.json';

/** Read again at each call: a test or an instructor changes it while the host runs. */
export function readFaultScript(dir: string): FaultScript {
  const path = join(dir, FAULT_FILE);
  return existsSync(path) ? FaultScript.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
}

/** Blocks the whole process, as a vendor driver does: nothing in it can notice or end the wait. */
export const blockFor = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Dies the way a driver does: by signal, in the middle of a call. */
export function crash(): never {
  process.kill(process.pid, 'SIGSEGV');
  blockFor(Number.POSITIVE_INFINITY);
  throw new Error('the signal did not end this process');
}
