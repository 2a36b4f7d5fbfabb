// Runs long work one piece at a time: progress, pause, cancel, a durable row per job. After a restart what was running is
// `interrupted`; whoever started it decides to go on. Must not know what the work is.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { isStationError, StationError } from '../../contract/station-error.ts';
import type { JobId } from '../../contract/values.ts';
import type { JobView } from '../../contract/work.ts';
import { instantOf } from '../platform/clock.ts';
import type { StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { insertJob, interruptJobs, type JobRecord, jobById, lastJobOf, recentJobs, saveJob } from '../store/queries/records.ts';

export interface JobPlan {
  readonly kind: JobView['kind'];
  /** For people: a file name, a number; never a person's name. */
  readonly subject: string;
  /** JSON of what the job works on, so that a later one can be recognised as its continuation. */
  readonly argument: unknown;
  readonly total: number;
  readonly personId: string;
  /**
   * One slice of the work at a time, each at most some 20 ms of this process. Says how many items ended; stops by
   * returning. An error it throws ends the job as failed, or as `interrupted` for a StationError that a person can mend.
   */
  work(): AsyncGenerator<Slice, void>;
  /** Called once when the job has ended, however it ended, and also when it was cancelled before it began. */
  onEnd?(): void;
}

export interface Slice {
  readonly done: number;
  readonly failed: number;
}

interface Live {
  readonly view: { done: number; failed: number; total: number };
  isCancelled: boolean;
  isPaused: boolean;
  wake: () => void;
  readonly ended: Promise<void>;
}

/** How often progress is written and told while a job runs. */
const TELL_EVERY_MS = 250;

export class JobRunner {
  readonly #ctx: StationContext;
  readonly #live = new Map<string, Live>();

  constructor(ctx: StationContext) {
    this.#ctx = ctx;
    inTransaction(ctx.db, (db) => interruptJobs(db, instantOf(ctx.clock)));
  }

  start(plan: JobPlan): JobView {
    const id = this.#ctx.ids.next();
    inTransaction(this.#ctx.db, (db) =>
      insertJob(db, {
        id,
        kind: plan.kind,
        subject: plan.subject,
        argument: JSON.stringify(plan.argument),
        total: plan.total,
        personId: plan.personId,
        at: instantOf(this.#ctx.clock),
      }),
    );
    let markEnded: () => void = () => undefined;
    const live: Live = {
      view: { done: 0, failed: 0, total: plan.total },
      isCancelled: false,
      isPaused: false,
      wake: () => undefined,
      ended: new Promise((resolve) => {
        markEnded = resolve;
      }),
    };
    this.#live.set(id, live);
    void this.#run(id, plan, live)
      // The store itself refuses: the row stays `running` and is `interrupted` at the next start.
      .catch((error: unknown) => this.#ctx.log.log('error', 'job.notRecorded', { job: id, stack: framesOf(error) }))
      .finally(markEnded);
    return this.view(id);
  }

  async #run(id: string, plan: JobPlan, live: Live): Promise<void> {
    let toldAtMs = this.#ctx.clock.nowMs();
    let state: JobView['state'] = 'done';
    let problem: string | null = null;
    try {
      await yieldToOthers();
      const work = plan.work();
      for (;;) {
        if (live.isPaused && !live.isCancelled) {
          this.#save(id, live, 'paused', null, null);
          await new Promise<void>((resolve) => {
            live.wake = resolve;
          });
          continue;
        }
        if (live.isCancelled) {
          state = 'cancelled';
          await work.return(undefined);
          break;
        }
        const slice = await work.next();
        if (slice.done === true) break;
        live.view.done += slice.value.done;
        live.view.failed += slice.value.failed;
        if (this.#ctx.clock.nowMs() - toldAtMs >= TELL_EVERY_MS) {
          toldAtMs = this.#ctx.clock.nowMs();
          this.#save(id, live, 'running', null, null);
        }
        await yieldToOthers();
      }
    } catch (error) {
      state = isStationError(error) && error.kind !== 'bug' ? 'interrupted' : 'failed';
      problem = isStationError(error) ? error.code : 'INTERNAL';
      this.#ctx.log.log('error', 'job.stopped', {
        job: id,
        kind: plan.kind,
        problem,
        stack: framesOf(error),
      });
    }
    this.#live.delete(id);
    plan.onEnd?.();
    this.#save(id, live, state, problem, instantOf(this.#ctx.clock));
  }

  #save(id: string, live: Live, state: JobView['state'], problem: string | null, endedAt: string | null): void {
    inTransaction(this.#ctx.db, (db) => saveJob(db, { id, state, ...live.view, problem, endedAt }));
    this.#ctx.changed({ kind: 'job', id });
  }

  view(id: string): JobView {
    const row = jobById(this.#ctx.db, id);
    if (row === undefined) throw new StationError('STATE_CONFLICT', { state: 'gone' });
    return this.viewOf(row);
  }

  viewOf(row: JobRecord): JobView {
    const live = this.#live.get(row.id);
    const { argumentJson: _a, personId: _p, ...shown } = row;
    return {
      ...shown,
      ...(live?.view ?? {}),
      state: live?.isPaused === true && row.state === 'running' ? 'paused' : row.state,
      cancellable: live !== undefined,
    };
  }

  /** Throws STATE_CONFLICT for a job that never was. */
  beganBy(id: JobId): string {
    const row = jobById(this.#ctx.db, id);
    if (row === undefined) throw new StationError('STATE_CONFLICT', { state: 'gone' });
    return row.personId;
  }

  list(): JobView[] {
    return recentJobs(this.#ctx.db, 100).map((row) => this.viewOf(row));
  }

  /** A job of this kind over the same argument that is under way. */
  liveLike({ kind, argument }: Pick<JobPlan, 'kind' | 'argument'>): JobView | undefined {
    const last = lastJobOf(this.#ctx.db, kind, JSON.stringify(argument));
    return last !== undefined && this.#live.has(last.id) ? this.viewOf(last) : undefined;
  }

  /** Takes effect between two items; what is under way ends first. */
  cancel(id: JobId): JobView {
    const live = this.#requireLive(id);
    live.isCancelled = true;
    live.wake();
    return this.view(id);
  }

  pause(id: JobId, paused: boolean): JobView {
    const live = this.#requireLive(id);
    live.isPaused = paused;
    if (!paused) {
      live.wake();
      this.#save(id, live, 'running', null, null);
    }
    return this.view(id);
  }

  #requireLive(id: string): Live {
    const live = this.#live.get(id);
    if (live === undefined) throw new StationError('STATE_CONFLICT', { state: jobById(this.#ctx.db, id)?.state ?? 'gone' });
    return live;
  }

  /** Cancels all and waits until each has ended: before the store closes. */
  async stop(): Promise<void> {
    const all = [...this.#live.values()];
    for (const live of all) {
      live.isCancelled = true;
      live.wake();
    }
    await Promise.all(all.map((live) => live.ended));
  }
}

/** Where it happened, without the message: a foreign one can quote a person's data. */
const framesOf = (error: unknown): string =>
  error instanceof Error
    ? [error.name, ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))].join('\n')
    : typeof error;
