import { describe, expect, it } from 'vitest';
import { BACK_OFF_LIMIT_MS, backOffMs, RETRY_AFTER_LIMIT_MS, readRetryAfterMs } from '../../../electron/station/delivery/back-off.ts';

const JUST_UNDER_ONE = 1 - 2 ** -32;

describe('delivery.backOffMs', () => {
  it.each([
    [1, 4_999],
    [2, 9_999],
    [3, 19_999],
    [8, 639_999],
    [9, 899_999],
    [1_000_000, 899_999],
  ])('after %i failures waits at most %i ms', (failures, atMost) => {
    expect(backOffMs(failures, JUST_UNDER_ONE)).toBe(atMost);
    expect(backOffMs(failures, 0)).toBe(0);
    expect(backOffMs(failures, 0.5)).toBe(Math.floor((atMost + 1) / 2));
  });

  it('never exceeds 15 minutes', () => {
    for (let failures = 0; failures < 5_000; failures += 7) expect(backOffMs(failures, JUST_UNDER_ONE)).toBeLessThan(BACK_OFF_LIMIT_MS);
  });
});

describe('delivery.readRetryAfterMs', () => {
  const now = Date.parse('2026-11-30T07:00:00.000Z');
  it.each([
    ['120', 120_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['Mon, 30 Nov 2026 07:01:00 GMT', 60_000],
    ['Mon, 30 Nov 2026 06:00:00 GMT', 0],
    ['999999999', RETRY_AFTER_LIMIT_MS],
    ['Fri, 31 Dec 2100 00:00:00 GMT', RETRY_AFTER_LIMIT_MS],
    [null, null],
    ['', null],
    ['soon', null],
    ['-5', null],
    ['1e9', null],
    ['Mon, rubbish', null],
    ['99999999999999999999', null],
  ])('reads %j as %j', (header, ms) => {
    expect(readRetryAfterMs(header, now)).toBe(ms);
  });
});
