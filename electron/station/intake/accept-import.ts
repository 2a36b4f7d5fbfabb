// Accepting an import: its rows without fault become drafts, and, if wanted, are submitted at once, a round at a time.
// A faulty row never holds up the others (R05).
import type { Late } from '../../contract/licence.ts';
import { isStationError, StationError } from '../../contract/station-error.ts';
import type { JobPlan, Slice } from '../jobs/job-runner.ts';
import { nextRoundSize } from '../jobs/round-size.ts';
import { enterDraft, newDraft } from '../licences/draft.ts';
import { ROUND, submitRound } from '../licences/submit.ts';
import { todayOf } from '../platform/clock.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import {
  countLate,
  countRows,
  faultRow,
  type ImportRecord,
  type ImportRowRecord,
  readyRowsAfter,
  setRowLicence,
  tryStepImport,
} from '../store/queries/imports.ts';

export interface Acceptance {
  /** The reason for those not concluded today (R01). */
  readonly late: Late | null;
  readonly submit: boolean;
  readonly actor: Actor;
}

/** Throws STATE_CONFLICT before the check is through, REASON_NEEDED where late rows have no reason. */
export function acceptPlan(ctx: StationContext, record: ImportRecord, typeId: string, acceptance: Acceptance): JobPlan {
  const { id, state } = record;
  const { late, submit, actor } = acceptance;
  if (state !== 'checked' && state !== 'accepted') throw new StationError('STATE_CONFLICT', { state });
  if (late === null && ctx.rulePack.sameDay.required && countLate(ctx.db, id, todayOf(ctx.clock)) > 0)
    throw new StationError('REASON_NEEDED', { what: 'late' });
  const work = async function* (): AsyncGenerator<Slice, void> {
    for (let size = 1, after = 0; ; ) {
      const rows = readyRowsAfter(ctx.db, id, after, size);
      if (rows.length === 0 && after === 0) break;
      // Behind the last row once more from the top: one may have been mended meanwhile.
      after = rows.at(-1)?.row ?? 0;
      if (rows.length === 0) continue;
      const beganMs = ctx.machineClock.nowMs();
      const entered = acceptRound(ctx, id, typeId, rows, acceptance);
      const failed = submit && entered.length > 0 ? submitRound(ctx, entered, late, actor).filter((o) => !o.ok).length : 0;
      ctx.changed({ kind: 'licences', ids: entered });
      size = nextRoundSize(rows.length, ctx.machineClock.nowMs() - beganMs, ROUND);
      yield { done: entered.length - failed, failed: failed + rows.length - entered.length };
    }
    const isAll = countRows(ctx.db, id, 'faulty') + countRows(ctx.db, id, 'duplicate') === 0;
    if (isAll) inTransaction(ctx.db, (db) => tryStepImport(db, id, 'checked', 'accepted'));
    ctx.changed({ kind: 'import', id });
  };
  return {
    kind: 'intake.accept',
    subject: record.fileName,
    argument: { importId: id },
    total: countRows(ctx.db, id, 'ready'),
    personId: actor.personId,
    work,
  };
}

function acceptRound(
  ctx: StationContext,
  id: string,
  typeId: string,
  rows: readonly ImportRowRecord[],
  { late, actor }: Acceptance,
): string[] {
  const entered: string[] = [];
  inTransaction(ctx.db, (db) => {
    for (const row of rows) {
      try {
        const draft = newDraft(ctx, { typeId, values: row.valuesJson, changes: row.changesJson }, actor, late, {
          importId: id,
          row: row.row,
        });
        enterDraft(db, ctx, draft, 'licence.imported');
        setRowLicence(db, id, row.row, draft.id);
        entered.push(draft.id);
      } catch (error) {
        // Midnight passed since the job began: the rows stay ready, and the clerk gives the reason.
        if (!isStationError(error) || error.code === 'REASON_NEEDED') throw error;
        // Entered by another hand since the check: the row becomes a faulty one, the others go on.
        faultRow(db, id, row.row, { code: error.code, field: null, details: { ...error.details } });
      }
    }
  });
  return entered;
}
