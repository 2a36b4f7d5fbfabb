// Jobs of the made-up station: they go on by a timer, and can be paused and cancelled.
import { StationError } from '../../../electron/contract/station-error.ts';
import { JobId } from '../../../electron/contract/values.ts';
import type { JobView } from '../../../electron/contract/work.ts';
import { NOW, uuid } from './make-licences.ts';

const STEPS = 40;

export interface FakeJobs {
  readonly list: () => JobView[];
  readonly startJob: (kind: JobView['kind'], subject: string, total: number, done: () => void) => JobView;
  readonly setJob: (id: string, state: JobView['state']) => JobView;
}

export function fakeJobs(stepMs: number, changed: (id: JobView['id']) => void): FakeJobs {
  const jobs = new Map<string, JobView>();
  const keep = (job: JobView): JobView => {
    jobs.set(job.id, job);
    changed(job.id);
    return job;
  };
  const step = (id: JobView['id'], done: () => void): void => {
    const job = jobs.get(id);
    if (job === undefined || job.state === 'cancelled') return;
    if (job.state === 'running') {
      const next = Math.min(job.total, job.done + Math.max(1, Math.ceil(job.total / STEPS)));
      const isDone = next === job.total;
      keep({ ...job, done: next, ...(isDone ? { state: 'done' as const, endedAt: NOW, cancellable: false } : {}) });
      if (isDone) {
        done();
        return;
      }
    }
    setTimeout(() => step(id, done), stepMs);
  };
  return {
    list: () => [...jobs.values()],
    startJob(kind, subject, total, done) {
      const id = JobId.parse(uuid(9, jobs.size + 1));
      setTimeout(() => step(id, done), stepMs);
      return keep({
        id,
        kind,
        state: 'running',
        subject,
        done: 0,
        failed: 0,
        total,
        startedAt: NOW,
        endedAt: null,
        problem: null,
        cancellable: true,
      });
    },
    setJob(id, state) {
      const job = jobs.get(id);
      if (job === undefined) throw new StationError('STATE_CONFLICT', { state: 'gone' });
      return keep({ ...job, state, cancellable: state === 'running' || state === 'paused' });
    },
  };
}
