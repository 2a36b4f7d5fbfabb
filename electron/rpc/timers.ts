// The one timer the calls need, as a value that tests replace.
// Must not read any clock.

export interface Timers {
  /** Runs `callback` once after so many milliseconds; returns how to cancel it. */
  after(ms: number, callback: () => void): () => void;
}

export const realTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
