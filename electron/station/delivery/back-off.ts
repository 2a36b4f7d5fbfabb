// How long to wait after a failure. Pure: the chance is passed in.
// Must not count attempts against a limit: there is none, a station may be offline for weeks.

export const BACK_OFF_BASE_MS = 5_000;
export const BACK_OFF_LIMIT_MS = 15 * 60_000;
/** No server, and nobody posing as one, can silence a station for longer. */
export const RETRY_AFTER_LIMIT_MS = 24 * 3_600_000;

/** Full jitter: between nothing and 5 s, 10 s, 20 s … 15 min. `failures` from 1; `fraction` is 0 ≤ x < 1. */
export function backOffMs(failures: number, fraction: number): number {
  const ceiling = Math.min(BACK_OFF_LIMIT_MS, BACK_OFF_BASE_MS * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.floor(ceiling * fraction);
}

/** Retry-After as seconds or as an HTTP date (RFC 9110 §10.2.3), in milliseconds from now; null when it says nothing usable. */
export function readRetryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) - nowMs : Number.NaN;
  return Number.isFinite(ms) ? Math.min(RETRY_AFTER_LIMIT_MS, Math.max(0, ms)) : null;
}
