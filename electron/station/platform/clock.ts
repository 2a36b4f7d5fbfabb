// Time as the station sees it: instants in UTC, and the office's local day (UTC+8, R01) whatever the PC's zone is.
// The only place of the station that reads the machine's clock.
import type { Day, Instant } from '../../contract/values.ts';

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number;
}

export const systemClock: Clock = { nowMs: () => Date.now() };

const LOCAL_OFFSET_MS = 8 * 3_600_000;

/** A demonstration clock: it is 15:00 local time of `day` at `startedAtMs` of the underlying clock, and runs on. */
export function demoClock(day: Day, startedAtMs: number, underlying: Clock): Clock {
  const hour = 15;
  const beginsAtMs = Date.parse(`${day}T00:00:00.000Z`) - LOCAL_OFFSET_MS + hour * 3_600_000;
  return { nowMs: () => beginsAtMs + (underlying.nowMs() - startedAtMs) };
}

export const toInstant = (ms: number): Instant => new Date(ms).toISOString();
export const instantOf = (clock: Clock): Instant => toInstant(clock.nowMs());
/** The local day (UTC+8) of an instant in milliseconds. */
export const localDay = (ms: number): Day => new Date(ms + LOCAL_OFFSET_MS).toISOString().slice(0, 10);
export const localDayOf = (instant: Instant): Day => localDay(Date.parse(instant));
export const todayOf = (clock: Clock): Day => localDay(clock.nowMs());
/** `days` after (or before, if negative) a day. */
export const addDays = (day: Day, days: number): Day =>
  new Date(Date.parse(`${day}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10);
