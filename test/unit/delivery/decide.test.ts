import { describe, expect, it } from 'vitest';
import { BACK_OFF_LIMIT_MS } from '../../../electron/station/delivery/back-off.ts';
import { decide, kicked, type Line, newLine, settle } from '../../../electron/station/delivery/decide.ts';
import type { Verdict } from '../../../electron/station/delivery/judge-answer.ts';

const NOW = 1_000_000_000;
const queue = { paused: false, line: newLine, dueNow: true, nextDueMs: null };
const failed = (more: Partial<Extract<Verdict, { to: 'queued' }>> = {}): Verdict => ({
  to: 'queued',
  code: 'SYNC_OFFLINE',
  line: 'offline',
  blame: 'line',
  retryAfterMs: null,
  ...more,
});
const delivered: Verdict = { to: 'acknowledged', receipt: { receiptId: 'R', text: '{}', signature: '' } };

describe('delivery.decide', () => {
  it('sends what is due', () => {
    expect(decide(queue, NOW)).toEqual({ do: 'send' });
  });
  it('rests while paused, whatever is due', () => {
    expect(decide({ ...queue, paused: true }, NOW)).toEqual({ do: 'wait', untilMs: null });
  });
  it('waits while the line is held, and goes on at that very moment', () => {
    const line = { ...newLine, heldUntilMs: NOW + 5 };
    expect(decide({ ...queue, line }, NOW)).toEqual({ do: 'wait', untilMs: NOW + 5 });
    expect(decide({ ...queue, line }, NOW + 5)).toEqual({ do: 'send' });
  });
  it('waits for the next item that comes due, not before the line may be tried', () => {
    expect(decide({ ...queue, dueNow: false, nextDueMs: NOW + 9 }, NOW)).toEqual({ do: 'wait', untilMs: NOW + 9 });
    const line = { ...newLine, heldUntilMs: NOW + 50 };
    expect(decide({ ...queue, dueNow: false, nextDueMs: NOW + 9, line }, NOW)).toEqual({ do: 'wait', untilMs: NOW + 50 });
  });
  it('forgets waits that a clock set back has made longer than any can be', () => {
    const day = 86_400_000;
    expect(decide({ ...queue, line: { ...newLine, heldUntilMs: NOW + day + 1 } }, NOW)).toEqual({ do: 'forgetWaits' });
    expect(decide({ ...queue, dueNow: false, nextDueMs: NOW + day + 1 }, NOW)).toEqual({ do: 'forgetWaits' });
    expect(decide({ ...queue, dueNow: false, nextDueMs: NOW + day }, NOW)).toEqual({ do: 'wait', untilMs: NOW + day });
  });
  it('rests until something happens when nothing waits', () => {
    expect(decide({ ...queue, dueNow: false }, NOW)).toEqual({ do: 'wait', untilMs: null });
  });
});

describe('delivery.settle', () => {
  it('holds the line longer with each failure in a row and never gives up', () => {
    let line: Line = newLine;
    const waits: number[] = [];
    for (let n = 1; n <= 3_000; n += 1) {
      const settlement = settle(line, failed(), n, NOW, 0.999_999);
      line = settlement.line;
      waits.push(line.heldUntilMs - NOW);
      expect(settlement.nextAttemptMs).not.toBeNull();
    }
    expect(waits.slice(0, 3)).toEqual([4_999, 9_999, 19_999]);
    expect(Math.max(...waits)).toBeLessThan(BACK_OFF_LIMIT_MS);
    expect(line.failures).toBe(3_000);
  });

  it('lets an item that cannot be at fault go as soon as the line is tried again', () => {
    expect(settle(newLine, failed(), 7, NOW, 0.5).nextAttemptMs).toBe(NOW);
  });

  it('makes an item that may be at fault wait by its own attempts, so that others go first', () => {
    const settlement = settle(newLine, failed({ blame: 'item' }), 4, NOW, 0.5);
    expect(settlement.nextAttemptMs).toBe(NOW + 20_000);
    expect(settlement.line.heldUntilMs).toBe(NOW + 2_500);
  });

  it('gives Retry-After the last word, also when it is shorter', () => {
    for (const retryAfterMs of [0, 1_000, 7_200_000]) {
      const { line } = settle({ ...newLine, failures: 9 }, failed({ retryAfterMs }), 9, NOW, 0.9);
      expect(line.heldUntilMs).toBe(NOW + retryAfterMs);
      expect(line.heldBy).toBe('server');
    }
  });

  it('frees the line with any answer of the library itself, a refusal too', () => {
    const held: Line = { ...newLine, state: 'offline', sinceMs: NOW - 99, failures: 1, heldUntilMs: NOW + 99 };
    const refused: Verdict = { to: 'refused', code: 'SYNC_REFUSED', refusal: { code: 'ORDER', reason: 'r', reasonZh: '原因' } };
    for (const verdict of [delivered, refused]) {
      expect(settle(held, verdict, 1, NOW, 0.5)).toMatchObject({
        line: { state: 'online', sinceMs: NOW, failures: 0, heldUntilMs: 0 },
        nextAttemptMs: null,
        wakeAll: false,
      });
    }
  });

  it('wakes every waiting item when the line has come back, at most once in 15 minutes', () => {
    const back = settle({ ...newLine, failures: 2 }, delivered, 1, NOW, 0.5);
    expect(back.wakeAll).toBe(true);
    const again = { ...back.line, failures: 2 };
    expect(settle(again, delivered, 1, NOW + BACK_OFF_LIMIT_MS - 1, 0.5).wakeAll).toBe(false);
    expect(settle(again, delivered, 1, NOW + BACK_OFF_LIMIT_MS, 0.5).wakeAll).toBe(true);
  });

  it('says since when the line is as it is', () => {
    const first = settle(newLine, failed(), 1, NOW, 0).line;
    const second = settle(first, failed(), 2, NOW + 60_000, 0).line;
    expect(second).toMatchObject({ state: 'offline', sinceMs: NOW });
    expect(settle(second, failed({ line: 'busy' }), 3, NOW + 90_000, 0).line).toMatchObject({ state: 'busy', sinceMs: NOW + 90_000 });
  });
});

describe('delivery.kicked', () => {
  const held: Line = { ...newLine, failures: 8, heldUntilMs: NOW + 600_000, lastTryMs: NOW - 1_000 };

  it.each(['person', 'online'] as const)('%s resets line and items to now, even against Retry-After', (kick) => {
    expect(kicked({ ...held, heldBy: 'server' }, kick, NOW)).toMatchObject({ line: { failures: 0, heldUntilMs: 0 }, makeDue: true });
  });

  it('a new item breaks our own back-off, but a batch of them tries a dead line every 5 s only', () => {
    expect(kicked(held, 'newItem', NOW).line).toMatchObject({ heldUntilMs: NOW + 4_000, failures: 8 });
    expect(kicked({ ...held, lastTryMs: NOW - 60_000 }, 'newItem', NOW).line.heldUntilMs).toBeLessThanOrEqual(NOW);
    expect(kicked(newLine, 'newItem', NOW).line.heldUntilMs).toBe(0);
  });

  it('a new item does not break a pause that the library asked for', () => {
    expect(kicked({ ...held, heldBy: 'server' }, 'newItem', NOW).line.heldUntilMs).toBe(NOW + 600_000);
  });
});
