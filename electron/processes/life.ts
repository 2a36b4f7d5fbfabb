// The life of a supervised child as a pure state machine: what state follows an event, and what is to be done.
// Must not touch processes, timers or clocks: supervisor.ts does, on the effects told here.
import { CONTRACT_VERSION } from '../contract/define.ts';
import { StationError } from '../contract/station-error.ts';
import type { Exit, KillSignal } from './process-host.ts';

export const BACKOFF_MS = [200, 1_000, 5_000, 15_000, 60_000] as const;
export const EXITS_LIMIT = 5;
export const EXITS_WINDOW_MS = 10 * 60_000;
export const KILL_AFTER_MS = 2_000;

/** What is remembered over lives: the exits of the last ten minutes, and how far the back-off has come. */
export interface Failures {
  /** Monotonic milliseconds, oldest first. */
  readonly exitsMs: readonly number[];
  readonly step: number;
}

export type Life =
  | { readonly name: 'stopped' }
  | { readonly name: 'starting'; readonly failures: Failures }
  | { readonly name: 'ready'; readonly failures: Failures; readonly pid: number }
  /** Ends on purpose; `fault` is why it will not be started again by itself. */
  | { readonly name: 'stopping'; readonly fault?: StationError }
  /** Being killed because it does not answer; its exit counts as a crash. */
  | { readonly name: 'killing'; readonly failures: Failures }
  | { readonly name: 'backoff'; readonly failures: Failures; readonly exit: Exit; readonly delayMs: number }
  | { readonly name: 'given-up'; readonly error: StationError };

export type LifeEvent =
  | { readonly type: 'start' }
  | { readonly type: 'hello'; readonly contractVersion: number; readonly pid: number }
  /** The child said why it cannot start. */
  | { readonly type: 'failed'; readonly error: StationError }
  | { readonly type: 'exited'; readonly exit: Exit }
  /** A call or the heartbeat missed its deadline. */
  | { readonly type: 'hung' }
  /** The one timer of the present state ran out. */
  | { readonly type: 'timer' }
  | { readonly type: 'stop' };

export type Effect =
  | { readonly do: 'spawn' }
  | { readonly do: 'kill'; readonly signal: KillSignal }
  /** Each state has at most one timer; leaving the state ends it. */
  | { readonly do: 'timer'; readonly ms: number };

export interface Step {
  readonly life: Life;
  readonly effects: readonly Effect[];
}

export interface LifeSettings {
  readonly name: string;
  readonly startTimeoutMs: number;
}

const fresh: Failures = { exitsMs: [], step: 0 };
const endGently: readonly Effect[] = [
  { do: 'kill', signal: 'SIGTERM' },
  { do: 'timer', ms: KILL_AFTER_MS },
];
const endNow: readonly Effect[] = [{ do: 'kill', signal: 'SIGKILL' }];

/**
 *   stopped → starting → ready → stopping → stopped
 *   starting, ready → (exit) → backoff → starting, or given-up
 *   starting, ready → (no answer) → killing → (exit) → as above
 *   starting → (other contract version, cannot start) → stopping → given-up
 *
 * An event that means nothing in the present state leaves it as it is, the same object.
 */
export function next(life: Life, event: LifeEvent, nowMs: number, settings: LifeSettings): Step {
  const spawn = (failures: Failures): Step => ({
    life: { name: 'starting', failures },
    effects: [{ do: 'spawn' }, { do: 'timer', ms: settings.startTimeoutMs }],
  });
  const stay: Step = { life, effects: [] };

  switch (life.name) {
    case 'stopped':
    case 'given-up':
      return event.type === 'start' ? spawn(fresh) : stay;

    case 'starting':
      if (event.type === 'hello') {
        if (event.contractVersion === CONTRACT_VERSION) {
          return { life: { name: 'ready', failures: life.failures, pid: event.pid }, effects: [] };
        }
        const fault = new StationError('CONTRACT_MISMATCH', { expected: CONTRACT_VERSION, got: event.contractVersion });
        return { life: { name: 'stopping', fault }, effects: endGently };
      }
      if (event.type === 'failed') {
        // Starting again may mend what a machine did or nobody foresaw, not what a person must do.
        return event.error.kind === 'process' || event.error.code === 'INTERNAL'
          ? { life: { name: 'killing', failures: life.failures }, effects: endGently }
          : { life: { name: 'stopping', fault: event.error }, effects: endGently };
      }
      if (event.type === 'timer') return { life: { name: 'killing', failures: life.failures }, effects: endGently };
      if (event.type === 'exited') return crashed(life.failures, event.exit, nowMs, settings);
      return event.type === 'stop' ? { life: { name: 'stopping' }, effects: endGently } : stay;

    case 'ready':
      if (event.type === 'exited') return crashed(life.failures, event.exit, nowMs, settings);
      if (event.type === 'hung') return { life: { name: 'killing', failures: life.failures }, effects: endGently };
      return event.type === 'stop' ? { life: { name: 'stopping' }, effects: endGently } : stay;

    case 'killing':
      if (event.type === 'timer') return { life, effects: endNow };
      if (event.type === 'exited') return crashed(life.failures, event.exit, nowMs, settings);
      return event.type === 'stop' ? { life: { name: 'stopping' }, effects: endGently } : stay;

    case 'stopping':
      if (event.type === 'timer') return { life, effects: endNow };
      if (event.type !== 'exited') return stay;
      return { life: life.fault === undefined ? { name: 'stopped' } : { name: 'given-up', error: life.fault }, effects: [] };

    case 'backoff':
      if (event.type === 'timer') return spawn(life.failures);
      if (event.type === 'start') return spawn(fresh);
      return event.type === 'stop' ? { life: { name: 'stopped' }, effects: [] } : stay;
  }
}

/** Ten minutes without an exit start the back-off anew. */
function crashed(failures: Failures, exit: Exit, nowMs: number, settings: LifeSettings): Step {
  const recent = failures.exitsMs.filter((atMs) => nowMs - atMs < EXITS_WINDOW_MS);
  const exitsMs = [...recent, nowMs];
  if (exitsMs.length >= EXITS_LIMIT) {
    return { life: { name: 'given-up', error: new StationError('PROCESS_GIVEN_UP', { process: settings.name }) }, effects: [] };
  }
  const step = recent.length === 0 ? 0 : Math.min(failures.step + 1, BACKOFF_MS.length - 1);
  const delayMs = BACKOFF_MS[step] ?? BACKOFF_MS[0];
  return { life: { name: 'backoff', failures: { exitsMs, step }, exit, delayMs }, effects: [{ do: 'timer', ms: delayMs }] };
}

export function goneError(process: string, exit: Exit): StationError {
  return new StationError('PROCESS_GONE', {
    process,
    ...(exit.signal === null ? {} : { signal: exit.signal }),
    ...(exit.code === null ? {} : { code: exit.code }),
  });
}
