// Finds a child that has stopped answering, by small calls at a steady beat.
// Must not be used for the token host: PKCS#11 calls block it legitimately (a PIN pad: a minute).
import { isStationError } from '../contract/station-error.ts';
import type { Timers } from '../rpc/timers.ts';

export interface HeartbeatOptions {
  /** Any answer counts, an error too; CALL_TIMEOUT does not. */
  readonly beat: () => Promise<unknown>;
  readonly everyMs: number;
  readonly limitMs: number;
}

/**
 * Calls `onSilence` once when beats went unanswered for `limitMs`. Counts beats, not time: after the machine slept,
 * hours may have passed between two of them. Returns how to stop.
 */
export function heartbeat({ beat, everyMs, limitMs }: HeartbeatOptions, timers: Timers, onSilence: () => void): () => void {
  let unanswered = 0;
  let isUnderWay = false;
  let cancel = timers.after(everyMs, tick);
  let isStopped = false;

  async function tick(): Promise<void> {
    if (unanswered * everyMs >= limitMs) return onSilence();
    cancel = timers.after(everyMs, tick);
    unanswered += 1;
    // A child that is busy answers the beat it has; more of them would only queue up.
    if (isUnderWay) return;
    isUnderWay = true;
    const answered = await beat().then(
      () => true,
      (error: unknown) => !isStationError(error, 'CALL_TIMEOUT'),
    );
    isUnderWay = false;
    if (answered && !isStopped) unanswered = 0;
  }

  return () => {
    isStopped = true;
    cancel();
  };
}
