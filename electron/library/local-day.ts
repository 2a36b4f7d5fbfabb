// The library's calendar: the local day (UTC+8) of an instant, and instants as text. Must not read any clock.
import type { Day, Instant } from '../contract/values.ts';

export interface LibraryClock {
  /** Milliseconds since 1970, UTC. */
  nowMs(): number;
}

export const localDay = (ms: number): Day => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
export const localDayOf = (instant: Instant): Day => localDay(Date.parse(instant));
export const instantOf = (clock: LibraryClock): Instant => new Date(clock.nowMs()).toISOString();
