import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StationError } from '../../../electron/contract/station-error.ts';
import { JobId } from '../../../electron/contract/values.ts';
import type { JobPlan, Slice } from '../../../electron/station/jobs/job-runner.ts';
import { aWorkspace, type Workspace } from '../../support/a-workspace.ts';

let w: Workspace;
beforeAll(async () => {
  w = await aWorkspace();
});
afterAll(() => w.close());

const plan = (work: JobPlan['work'], more: Partial<JobPlan> = {}): JobPlan => ({
  kind: 'licences.submit',
  subject: 's',
  argument: {},
  total: 3,
  personId: 'wangfang',
  work,
  ...more,
});
const steps = (count: number, each: () => void = () => undefined) =>
  async function* (): AsyncGenerator<Slice, void> {
    for (let i = 0; i < count; i++) {
      each();
      yield { done: 1, failed: 0 };
    }
  };

describe('jobs', () => {
  it('runs to its end and says how far it came', async () => {
    const job = await w.finish(w.station.jobs.start(plan(steps(3))));
    expect(job).toMatchObject({ state: 'done', done: 3, failed: 0, total: 3, problem: null, cancellable: false });
    expect(job.endedAt).not.toBeNull();
  });

  it.each([
    [new StationError('TOKEN_REMOVED'), 'interrupted', 'TOKEN_REMOVED'],
    [new StationError('HASH_CHANGED'), 'failed', 'HASH_CHANGED'],
    [new Error('持证人 王小明'), 'failed', 'INTERNAL'],
  ])('ends with %s as %s, and what was done stays counted', async (error, state, problem) => {
    const job = await w.finish(
      w.station.jobs.start(
        plan(async function* () {
          yield { done: 1, failed: 0 };
          throw error;
        }),
      ),
    );
    expect(job).toMatchObject({ state, problem, done: 1 });
    expect(w.lines.join('')).not.toContain('王小明');
  });

  it('tells its end once, however it ends', async () => {
    const ended: string[] = [];
    const onEnd = (name: string) => () => void ended.push(name);
    await w.finish(w.station.jobs.start(plan(steps(1), { onEnd: onEnd('done') })));
    const failing = async function* (): AsyncGenerator<Slice, void> {
      yield { done: 0, failed: 0 };
      throw new Error('x');
    };
    await w.finish(w.station.jobs.start(plan(failing, { onEnd: onEnd('failed') })));
    let begun = 0;
    const job = w.station.jobs.start(
      plan(
        steps(5, () => {
          begun += 1;
        }),
        { onEnd: onEnd('cancelled') },
      ),
    );
    w.station.jobs.cancel(JobId.parse(job.id));
    expect((await w.finish(job)).state).toBe('cancelled');
    expect([ended, begun]).toEqual([['done', 'failed', 'cancelled'], 0]);
  });

  it('pauses between two pieces, and is cancelled while paused', async () => {
    const job = w.station.jobs.start(plan(steps(1_000)));
    w.station.jobs.pause(job.id, true);
    await w.until('the pause', () => w.one('SELECT state FROM job WHERE id = ?', job.id) === 'paused');
    const at = w.station.jobs.view(job.id).done;
    expect(at).toBeLessThan(1_000);
    w.station.jobs.cancel(JobId.parse(job.id));
    expect(await w.finish(job)).toMatchObject({ state: 'cancelled', done: at });
  });

  it('is stopped in order when the station closes, and interrupted when it is killed', async () => {
    const endless = async function* (): AsyncGenerator<Slice, void> {
      for (;;) yield { done: 1, failed: 0 };
    };
    const closed = w.station.jobs.start(plan(endless));
    await w.reopen();
    expect(w.station.jobs.view(closed.id).state).toBe('cancelled');
    const killed = w.station.jobs.start(plan(endless));
    await w.crash();
    expect(w.station.jobs.view(killed.id)).toMatchObject({ state: 'interrupted', cancellable: false });
  });

  it('keeps the process alive where the store itself refuses the last word', async () => {
    const job = w.station.jobs.start(
      plan(steps(1), {
        onEnd: () => {
          throw new StationError('DISK_FULL');
        },
      }),
    );
    await w.until('the line in the log', () => w.lines.some((line) => line.includes('job.notRecorded')));
    expect(w.station.jobs.view(job.id).state).toBe('running');
  });
});
