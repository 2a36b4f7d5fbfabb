import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTRACT_VERSION } from '../../../electron/contract/define.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import { EXITS_WINDOW_MS, goneError, type Life, type LifeEvent, next } from '../../../electron/processes/life.ts';

const settings = { name: 'station', startTimeoutMs: 20_000 };
const exit = { code: null, signal: 'SIGSEGV' };
const failures = { exitsMs: [], step: 0 };
const hello = { type: 'hello', contractVersion: CONTRACT_VERSION, pid: 42 } as const;

const lives = {
  stopped: { name: 'stopped' },
  starting: { name: 'starting', failures },
  ready: { name: 'ready', failures, pid: 42 },
  stopping: { name: 'stopping' },
  'stopping for a fault': { name: 'stopping', fault: new StationError('STORE_FROM_FUTURE') },
  killing: { name: 'killing', failures },
  backoff: { name: 'backoff', failures: { exitsMs: [0], step: 0 }, exit, delayMs: 200 },
  'given-up': { name: 'given-up', error: new StationError('PROCESS_GIVEN_UP') },
} satisfies Record<string, Life>;

const events = {
  start: { type: 'start' },
  hello,
  'wrong hello': { ...hello, contractVersion: 99 },
  'cannot start': { type: 'failed', error: new StationError('STORE_FROM_FUTURE') },
  'start broke': { type: 'failed', error: new StationError('INTERNAL') },
  exited: { type: 'exited', exit },
  hung: { type: 'hung' },
  timer: { type: 'timer' },
  stop: { type: 'stop' },
} satisfies Record<string, LifeEvent>;

const spawn = 'spawn, timer 20000';
const gently = 'SIGTERM, timer 2000';
const hard = 'SIGKILL';

/** Every state and every event; what is not listed changes nothing. */
const table: Partial<Record<keyof typeof lives, Partial<Record<keyof typeof events, readonly [Life['name'], string]>>>> = {
  stopped: { start: ['starting', spawn] },
  starting: {
    hello: ['ready', ''],
    'wrong hello': ['stopping', gently],
    'cannot start': ['stopping', gently],
    'start broke': ['killing', gently],
    exited: ['backoff', 'timer 200'],
    timer: ['killing', gently],
    stop: ['stopping', gently],
  },
  ready: { exited: ['backoff', 'timer 200'], hung: ['killing', gently], stop: ['stopping', gently] },
  killing: { exited: ['backoff', 'timer 200'], timer: ['killing', hard], stop: ['stopping', gently] },
  stopping: { exited: ['stopped', ''], timer: ['stopping', hard] },
  'stopping for a fault': { exited: ['given-up', ''], timer: ['stopping', hard] },
  backoff: { timer: ['starting', spawn], start: ['starting', spawn], stop: ['stopped', ''] },
  'given-up': { start: ['starting', spawn] },
};

describe('the life of a child', () => {
  const pairs = (Object.keys(lives) as (keyof typeof lives)[]).flatMap((life) =>
    (Object.keys(events) as (keyof typeof events)[]).map((event) => ({ life, event })),
  );
  it.each(pairs)('$life + $event', ({ life, event }) => {
    const step = next(lives[life], events[event], 0, settings);
    const expected = table[life]?.[event];
    const done = step.effects.map((effect) =>
      effect.do === 'kill' ? effect.signal : effect.do === 'timer' ? `timer ${effect.ms}` : effect.do,
    );
    if (expected === undefined) expect(step).toEqual({ life: lives[life], effects: [] });
    else expect([step.life.name, done.join(', ')]).toEqual(expected);
  });

  it('gives a mismatch as the reason for not starting again', () => {
    const stopping = next(lives.starting, events['wrong hello'], 0, settings).life;
    expect(next(stopping, events.exited, 0, settings).life).toMatchObject({
      name: 'given-up',
      error: { code: 'CONTRACT_MISMATCH', details: { expected: CONTRACT_VERSION, got: 99 } },
    });
  });

  /** The delays after exits at the given instants; the child is ready in between. */
  function delaysAt(instantsMs: readonly number[]): readonly (number | string)[] {
    let life: Life = lives.ready;
    return instantsMs.map((nowMs) => {
      life = next(life, events.exited, nowMs, settings).life;
      if (life.name !== 'backoff') return life.name;
      const { delayMs } = life;
      life = next(next(life, events.timer, nowMs, settings).life, hello, nowMs, settings).life;
      return delayMs;
    });
  }

  it('waits 0.2, 1, 5, 15 s and gives up at the fifth exit within ten minutes', () => {
    expect(delaysAt([0, 1_000, 3_000, 9_000, EXITS_WINDOW_MS - 1])).toEqual([200, 1_000, 5_000, 15_000, 'given-up']);
  });

  it('goes on with 60 s when the exits are spread so that ten minutes never hold five', () => {
    const every = 150_000;
    expect(delaysAt([0, 1, 2, 3, 4, 5, 6].map((n) => n * every))).toEqual([200, 1_000, 5_000, 15_000, 60_000, 60_000, 60_000]);
  });

  it('starts the back-off anew after ten quiet minutes', () => {
    expect(delaysAt([0, 1_000, 1_000 + EXITS_WINDOW_MS])).toEqual([200, 1_000, 200]);
    expect(delaysAt([0, 1_000, 999 + EXITS_WINDOW_MS])).toEqual([200, 1_000, 5_000]);
  });

  it('forgets its failures when a person restarts it', () => {
    const { life } = next(lives['given-up'], events.start, 99, settings);
    expect(life).toEqual({ name: 'starting', failures: { exitsMs: [], step: 0 } });
  });

  it('never has two processes, and never waits for something without a timer, whatever happens', () => {
    const withProcess = ['starting', 'ready', 'killing', 'stopping'];
    const withTimer = ['starting', 'killing', 'stopping', 'backoff'];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...Object.values(events)), fc.integer({ min: 0, max: 700_000 }))), (happenings) => {
        let life: Life = lives.stopped;
        let nowMs = 0;
        let processes = 0;
        for (const [event, passedMs] of happenings) {
          if (processes === 0 && ['exited', 'hello', 'failed', 'hung'].includes(event.type)) continue;
          if (event.type === 'timer' && !withTimer.includes(life.name)) continue;
          nowMs += passedMs;
          const step = next(life, event, nowMs, settings);
          processes += step.effects.filter((effect) => effect.do === 'spawn').length - (event.type === 'exited' ? 1 : 0);
          expect(processes).toBe(withProcess.includes(step.life.name) ? 1 : 0);
          if (step.life !== life) expect(step.effects.some((effect) => effect.do === 'timer')).toBe(withTimer.includes(step.life.name));
          life = step.life;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('goneError', () => {
  it('tells the process and how it ended', () => {
    expect(goneError('station', exit).details).toEqual({ process: 'station', signal: 'SIGSEGV' });
    expect(goneError('station', { code: 3, signal: null }).details).toEqual({ process: 'station', code: 3 });
    expect(goneError('station', { code: null, signal: null }).details).toEqual({ process: 'station' });
  });
});
