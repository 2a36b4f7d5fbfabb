// Review (R08, R09, R33): what was shown, approval as a batch by exact hashes, return with a reason. The one who entered or
// submitted a licence never decides on it; the database refuses it too.
import type { ItemOutcome } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';
import type { BatchId, LicenceId } from '../../contract/values.ts';
import { approvedHashOf } from '../documents/signature-place.ts';
import { instantOf } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { type LicenceRecord, licenceById, stepLicence } from '../store/queries/licences.ts';
import { insertBatch, insertPageShown, mendedBy, wasShown } from '../store/queries/sealing.ts';
import { requireLicence } from './draft.ts';
import { outcomeOf } from './submit.ts';
import { next } from './transitions.ts';

export function recordShown(ctx: StationContext, id: string, approvedHash: string, actor: Actor): void {
  const licence = requireLicence(ctx, id);
  if (licence.approvedHash !== approvedHash) throw new StationError('HASH_CHANGED', { licence: id });
  inTransaction(ctx.db, (db) => insertPageShown(db, id, approvedHash, actor.personId, instantOf(ctx.clock)));
}

/** R09: every page of a small choice, or the rule pack's sample of a large one, must have been shown to the person. */
export interface Sample {
  readonly needed: number;
  readonly shown: number;
  /** One that was not shown yet. */
  readonly next: LicenceId | null;
}

export function sampleOf(ctx: StationContext, ids: readonly string[], actor: Actor): Sample {
  const { batchFrom, share, least } = ctx.rulePack.sampleReview;
  const needed = ids.length < batchFrom ? ids.length : Math.min(ids.length, Math.max(least, Math.ceil(ids.length * share)));
  let shown = 0;
  let next: LicenceId | null = null;
  for (const id of ids) {
    const licence = licenceById(ctx.db, id);
    if (licence === undefined || licence.approvedHash === null) continue;
    if (wasShown(ctx.db, id, licence.approvedHash, actor.personId)) shown += 1;
    else next ??= licence.id;
  }
  return { needed, shown, next };
}

function refuseOwn(ctx: StationContext, licence: LicenceRecord, actor: Actor, step: string): void {
  if (licence.enteredBy === actor.personId || licence.submittedBy === actor.personId || mendedBy(ctx.db, licence.id, actor.personId))
    throw new StationError('SAME_PERSON', { step });
}

/**
 * Approves each item whose hash is still the one that was seen, in one batch per issuer and seal. `count` must be the number
 * of items: the person typed it. Throws BATCH_NOT_REVIEWED before anything changes.
 */
export function approve(
  ctx: StationContext,
  items: readonly { readonly id: string; readonly approvedHash: string }[],
  count: number,
  actor: Actor,
): { readonly batches: readonly BatchId[]; readonly outcomes: readonly ItemOutcome[] } {
  if (count !== items.length || new Set(items.map((i) => i.id)).size !== items.length)
    throw new StationError('INPUT_INVALID', { field: 'count', problem: 'differs' });
  const sample = sampleOf(
    ctx,
    items.map((i) => i.id),
    actor,
  );
  if (sample.shown < sample.needed) throw new StationError('BATCH_NOT_REVIEWED', { shown: sample.shown, needed: sample.needed });
  const outcomes = new Map<string, ItemOutcome>();
  const good: LicenceRecord[] = [];
  for (const { id, approvedHash } of items) {
    try {
      const licence = requireLicence(ctx, id);
      next(licence.state, 'approve');
      refuseOwn(ctx, licence, actor, 'approve');
      if (licence.approvedHash !== approvedHash || approvedHashOf(ctx.documents.get(approvedHash)) !== approvedHash)
        throw new StationError('HASH_CHANGED', { licence: id });
      good.push(licence);
    } catch (error) {
      outcomes.set(id, outcomeOf(id, error));
    }
  }
  const batches: BatchId[] = [];
  for (const group of Map.groupBy(good, (l) => `${l.issuerId} ${l.sealId}`).values()) {
    const [head] = group;
    if (head === undefined) continue;
    const batchId = ctx.ids.next();
    inTransaction(ctx.db, (db) => {
      const at = instantOf(ctx.clock);
      insertBatch(db, {
        id: batchId,
        issuerId: head.issuerId,
        sealId: head.sealId,
        size: group.length,
        approvedBy: actor.personId,
        approvedAt: at,
      });
      appendAudit(db, ctx.clock, {
        personId: actor.personId,
        kind: 'batch.approved',
        subject: batchId,
        detail: { seal: head.sealId, size: group.length },
      });
      for (const licence of group) {
        stepLicence(db, licence, next(licence.state, 'approve'), { approved_by: actor.personId, approved_at: at, batch_id: batchId });
        appendAudit(db, ctx.clock, {
          personId: actor.personId,
          kind: 'licence.approved',
          subject: licence.id,
          detail: { hash: licence.approvedHash, batch: batchId },
        });
      }
    });
    // The id was made by ctx.ids a few lines above.
    batches.push(batchId as BatchId);
    for (const { id } of group) outcomes.set(id, { id, ok: true, code: null, details: {} });
  }
  ctx.changed({ kind: 'licences', ids: good.map((l) => l.id) });
  return { batches, outcomes: items.map(({ id }) => outcomes.get(id) ?? outcomeOf(id, new StationError('LICENCE_NOT_FOUND'))) };
}

export function returnToDraft(ctx: StationContext, id: string, reason: string, actor: Actor): void {
  const licence = requireLicence(ctx, id);
  refuseOwn(ctx, licence, actor, 'return');
  inTransaction(ctx.db, (db) => {
    stepLicence(db, licence, next(licence.state, 'return'), { return_reason: reason });
    appendAudit(db, ctx.clock, { personId: actor.personId, kind: 'licence.returned', subject: id });
  });
  ctx.changed({ kind: 'licences', ids: [id] });
}
