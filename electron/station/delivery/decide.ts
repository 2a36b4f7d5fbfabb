// What the worker does next, and what a verdict does to the line. Pure: time and chance are arguments.
// Must not touch the store: it answers values, the worker carries them out.

import type { LineState } from '../../contract/work.ts';
import { BACK_OFF_BASE_MS, BACK_OFF_LIMIT_MS, backOffMs, RETRY_AFTER_LIMIT_MS } from './back-off.ts';
import type { Verdict } from './judge-answer.ts';

export interface Line {
  readonly state: LineState;
  /** Since when it is in this state; null before the first answer. */
  readonly sinceMs: number | null;
  /** Failures in a row. */
  readonly failures: number;
  /** Nothing is tried before; 0 when nothing holds. */
  readonly heldUntilMs: number;
  /** `server`: it asked for the pause by Retry-After, so a new item does not break it. */
  readonly heldBy: 'backOff' | 'server';
  readonly lastTryMs: number | null;
  /** When coming back last made every waiting item due. */
  readonly lastWakeMs: number | null;
}

export const newLine: Line = {
  state: 'unknown',
  sinceMs: null,
  failures: 0,
  heldUntilMs: 0,
  heldBy: 'backOff',
  lastTryMs: null,
  lastWakeMs: null,
};

export interface QueueState {
  readonly paused: boolean;
  readonly line: Line;
  readonly dueNow: boolean;
  readonly nextDueMs: number | null;
}

/** `untilMs` null: until something happens. `forgetWaits`: as if a person had clicked. */
export type Action = { readonly do: 'send' } | { readonly do: 'forgetWaits' } | { readonly do: 'wait'; readonly untilMs: number | null };

export function decide(state: QueueState, nowMs: number): Action {
  if (state.paused) return { do: 'wait', untilMs: null };
  const { heldUntilMs } = state.line;
  // No wait is ever that long: the clock was set back, and what was planned by it means nothing.
  if (Math.max(heldUntilMs, state.nextDueMs ?? 0) - nowMs > RETRY_AFTER_LIMIT_MS) return { do: 'forgetWaits' };
  if (state.dueNow) return heldUntilMs > nowMs ? { do: 'wait', untilMs: heldUntilMs } : { do: 'send' };
  if (state.nextDueMs === null) return { do: 'wait', untilMs: null };
  return { do: 'wait', untilMs: Math.max(state.nextDueMs, heldUntilMs) };
}

export interface Settlement {
  readonly line: Line;
  /** When the item may go again; null when it left the queue. */
  readonly nextAttemptMs: number | null;
  /** The line has come back: every waiting item may go at once. */
  readonly wakeAll: boolean;
}

/** `attempts` of the item, this one included; `fraction` 0 ≤ x < 1. */
export function settle(line: Line, verdict: Verdict, attempts: number, nowMs: number, fraction: number): Settlement {
  if (verdict.to !== 'queued') {
    // Why at most once in 15 min: an item the library always chokes on must not pull every other waiting item along each time.
    const wakeAll = line.failures >= 2 && (line.lastWakeMs === null || nowMs - line.lastWakeMs >= BACK_OFF_LIMIT_MS);
    return {
      line: {
        ...moveTo(line, 'online', nowMs),
        failures: 0,
        heldUntilMs: 0,
        heldBy: 'backOff',
        lastTryMs: nowMs,
        lastWakeMs: wakeAll ? nowMs : line.lastWakeMs,
      },
      nextAttemptMs: null,
      wakeAll,
    };
  }
  const failures = line.failures + 1;
  const lineWaitMs = verdict.retryAfterMs ?? backOffMs(failures, fraction);
  const itemWaitMs = verdict.blame === 'line' ? 0 : (verdict.retryAfterMs ?? backOffMs(attempts, fraction));
  return {
    line: {
      ...moveTo(line, verdict.line, nowMs),
      failures,
      heldUntilMs: nowMs + lineWaitMs,
      heldBy: verdict.retryAfterMs === null ? 'backOff' : 'server',
      lastTryMs: nowMs,
    },
    nextAttemptMs: nowMs + itemWaitMs,
    wakeAll: false,
  };
}

/** `newItem`: something was enqueued. `online`: the system says that there is a network. `person`: somebody clicked. */
export type Kick = 'newItem' | 'online' | 'person';

export interface KickAnswer {
  readonly line: Line;
  readonly makeDue: boolean;
}

export function kicked(line: Line, kick: Kick, nowMs: number): KickAnswer {
  if (kick !== 'newItem') return { line: { ...line, failures: 0, heldUntilMs: 0, heldBy: 'backOff' }, makeDue: true };
  if (line.heldBy === 'server') return { line, makeDue: false };
  // Why not at once: a batch being sealed enqueues several a second, and each try may cost a time-out.
  const soonestMs = (line.lastTryMs ?? nowMs - BACK_OFF_BASE_MS) + BACK_OFF_BASE_MS;
  return { line: { ...line, heldUntilMs: Math.min(line.heldUntilMs, soonestMs) }, makeDue: false };
}

const moveTo = (line: Line, state: LineState, nowMs: number): Line => (line.state === state ? line : { ...line, state, sinceMs: nowMs });
