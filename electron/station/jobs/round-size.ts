// How many items of long work share their commits: one at first, then more while a round stays short. A slow machine or key
// gets small rounds, so that no call waits long and a pause takes effect soon. Pure.

export interface RoundLimits {
  readonly most: number;
  /** What one round may take, in milliseconds. */
  readonly ms: number;
}

/** `items` of the round that just ended, and how long it took. */
export function nextRoundSize(items: number, spentMs: number, { most, ms }: RoundLimits): number {
  const fitting = Math.floor((ms * items) / Math.max(1, spentMs));
  return Math.max(1, Math.min(items * 2, fitting, most));
}
