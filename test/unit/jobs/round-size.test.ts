import { describe, expect, it } from 'vitest';
import { nextRoundSize } from '../../../electron/station/jobs/round-size.ts';

const limits = { most: 8, ms: 400 } as const;

describe('jobs.nextRoundSize', () => {
  it('doubles while rounds are short, up to the most', () => {
    const sizes = [1];
    for (let round = 0; round < 5; round++) sizes.push(nextRoundSize(sizes.at(-1) ?? 0, 10, limits));
    expect(sizes).toEqual([1, 2, 4, 8, 8, 8]);
  });

  it('gives a key that takes half a second one licence at a time', () => {
    expect(nextRoundSize(1, 500, limits)).toBe(1);
    expect(nextRoundSize(8, 4_000, limits)).toBe(1);
  });

  it('fits as many as the time allows', () => {
    expect(nextRoundSize(8, 800, limits)).toBe(4);
  });

  it('never stops for a clock that did not move or went back', () => {
    expect(nextRoundSize(4, 0, limits)).toBe(8);
    expect(nextRoundSize(4, -50, limits)).toBe(8);
  });
});
