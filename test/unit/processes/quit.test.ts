import { describe, expect, it } from 'vitest';
import { StationError } from '../../../electron/contract/station-error.ts';
import { quit } from '../../../electron/processes/quit.ts';
import { FakeClock, settle } from './fake-clock.ts';

function rig(steps: Partial<Record<'stopSync' | 'closeStation' | 'closeTokenHost', () => Promise<unknown>>> = {}) {
  const clock = new FakeClock();
  const order: string[] = [];
  const note =
    (name: string, work: () => Promise<unknown> = () => Promise.resolve()) =>
    () => {
      order.push(name);
      return work();
    };
  const stop = (name: string) => ({
    stop: async () => {
      order.push(name);
    },
  });
  const outcomes: unknown[] = [];
  const done = quit({
    stopSync: note('stop sync', steps.stopSync),
    closeStation: note('close station', steps.closeStation),
    closeTokenHost: note('close token host', steps.closeTokenHost),
    station: stop('station gone'),
    tokenHost: stop('token host gone'),
    timers: clock,
    log: (_level, _event, fields) => outcomes.push(fields?.outcome),
  });
  return { clock, order, outcomes, done };
}

const inOrder = ['stop sync', 'close station', 'station gone', 'close token host', 'token host gone'];
const never = () => new Promise<never>(() => undefined);

describe('quit', () => {
  it('ends sync, station and token host in this order', async () => {
    const { order, done, clock, outcomes } = rig();
    await done;
    expect(order).toEqual(inOrder);
    expect(outcomes).toEqual(['done', 'done', 'done']);
    expect(clock.waiting).toBe(0);
  });

  it('waits for each step before the next', async () => {
    let finish: (value?: unknown) => void = () => undefined;
    const { order, done } = rig({ closeStation: () => new Promise((resolve) => (finish = resolve)) });
    await settle();
    expect(order).toEqual(inOrder.slice(0, 2));
    finish();
    await done;
    expect(order).toEqual(inOrder);
  });

  it('goes on after a step that fails or is late', async () => {
    const gone = () => Promise.reject(new StationError('PROCESS_GONE'));
    const { order, done, clock, outcomes } = rig({ stopSync: gone, closeStation: never, closeTokenHost: never });
    await clock.pass(20_000);
    expect(order).toEqual(inOrder.slice(0, 4));
    await clock.pass(3_000);
    await done;
    expect(order).toEqual(inOrder);
    expect(outcomes).toEqual(['PROCESS_GONE', 'late', 'late']);
  });
});
