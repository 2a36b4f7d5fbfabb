import { describe, expect, it } from 'vitest';
import { dayWithWeekday, localDay, localSeconds, localTime, minutesUntil } from '../../../renderer/ui/local-time.ts';

describe('local time of the office', () => {
  it('is UTC+8 whatever the zone of the computer', () => {
    expect(localTime('2026-11-30T16:30:05.000Z')).toBe('2026-12-01 00:30');
    expect(localSeconds('2026-11-30T07:12:09.000Z')).toBe('2026-11-30 15:12:09');
    expect(localDay('2026-12-31T16:00:00.000Z')).toBe('2027-01-01');
  });

  it('names the weekday of a day', () => {
    expect(dayWithWeekday('2026-11-22', 'zh')).toBe('11月22日 周日');
    expect(dayWithWeekday('2026-11-30', 'en')).toBe('Mon 30 Nov');
  });

  it('counts the minutes until closing, below zero afterwards', () => {
    expect(minutesUntil('17:30', Date.parse('2026-11-30T07:16:00.000Z'))).toBe(134);
    expect(minutesUntil('17:30', Date.parse('2026-11-30T10:00:00.000Z'))).toBe(-30);
  });
});
