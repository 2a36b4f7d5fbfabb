// What the sealing screen sees: batches with their job and grant, and one batch's items.
import type { BatchView, SealingItem } from '../../contract/work.ts';
import type { JobRunner } from '../jobs/job-runner.ts';
import { instantOf } from '../platform/clock.ts';
import type { StationContext } from '../station-context.ts';
import { lastJobOf } from '../store/queries/records.ts';
import { countBatchItems, batchItems as itemRows, liveGrantOf, recentBatches } from '../store/queries/sealing.ts';

const BATCHES = 100;

export function batchViews(ctx: StationContext, jobs: JobRunner, loggedIn: ReadonlySet<string>): BatchView[] {
  const now = instantOf(ctx.clock);
  return recentBatches(ctx.db, BATCHES).map((batch) => {
    const job = lastJobOf(ctx.db, 'sealing', JSON.stringify({ batchId: batch.id }));
    const grant = liveGrantOf(ctx.db, batch.id, now);
    return {
      id: batch.id,
      issuerId: batch.issuerId,
      sealId: batch.sealId,
      sealName: ctx.office().seal(batch.sealId).name,
      approvedBy: ctx.office().personName(batch.approvedBy),
      approvedAt: batch.approvedAt,
      size: batch.size,
      toSeal: batch.toSeal,
      sealed: batch.sealed,
      failed: job?.failed ?? 0,
      job: job === undefined ? null : jobs.viewOf(job),
      grant: grant === undefined ? null : { grantId: grant.id, loggedIn: loggedIn.has(grant.id), expiresAt: grant.expiresAt },
    };
  });
}

export function batchItems(ctx: StationContext, batchId: string, offset: number, limit: number): { items: SealingItem[]; total: number } {
  const items = itemRows(ctx.db, batchId, offset, limit).map(({ id, number, holderName, state, sealedAt, lastResult }): SealingItem => {
    const isFailed = state === 'approved' && lastResult !== null;
    return {
      licenceId: id,
      number,
      holderName,
      state: state === 'issued' ? 'sealed' : state === 'sealing' ? 'sealing' : isFailed ? 'failed' : 'waiting',
      problem: isFailed ? lastResult : null,
      sealedAt,
    };
  });
  return { items, total: countBatchItems(ctx.db, batchId) };
}
