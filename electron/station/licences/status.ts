// What happens to a licence besides its making: voided before issue, explained when late, cancelled and issued anew after
// (domain.md, "Two lives"; R01, R18). Each with its reason, each told to the library in order.

import { buildIdentifier, parseIdentifier } from '../../contract/identifier.ts';
import type { ItemOutcome, Late } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';
import { instantOf, todayOf } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction, runOne, sql } from '../store/database.ts';
import { copyAttachments } from '../store/queries/attachments.ts';
import { type LicenceRecord, stepLicence } from '../store/queries/licences.ts';
import { settleNumberUse } from '../store/queries/workspace.ts';
import { enterDraft, requireLicence } from './draft.ts';
import { outcomeOf } from './submit.ts';
import { next } from './transitions.ts';
import { enqueueCancelled, enqueueVoided } from './wire-item.ts';

/** The number is used up, on record, and the library is told; a draft without a number is discarded instead. */
export function voidLicence(ctx: StationContext, id: string, reason: string, actor: Actor): void {
  const licence = requireLicence(ctx, id);
  if (licence.number === null) throw new StationError('STATE_CONFLICT', { state: licence.state });
  inTransaction(ctx.db, (db) => {
    const at = appendAudit(db, ctx.clock, { personId: actor.personId, kind: 'licence.voided', subject: id });
    stepLicence(db, licence, next(licence.state, 'void'), { void_reason: reason });
    settleNumberUse(db, id, 'voided');
    enqueueVoided(db, ctx, licence, at, reason);
  });
  ctx.changed({ kind: 'licences', ids: [id] });
  ctx.changed({ kind: 'delivery' });
}

/** R01: the reason for issuing after the conclusion day, for licences not issued yet. */
export function explainLate(ctx: StationContext, ids: readonly string[], late: Late, actor: Actor): readonly ItemOutcome[] {
  if (!ctx.rulePack.lateReasons.some((r) => r.code === late.code) || (late.code === 'other' && late.note.trim() === ''))
    throw new StationError('REASON_NEEDED', { what: 'late' });
  const outcomes = ids.map((id): ItemOutcome => {
    try {
      const licence = requireLicence(ctx, id);
      if (licence.state === 'issued' || licence.state === 'voided') throw new StationError('STATE_CONFLICT', { state: licence.state });
      // A reason on one that is not late would count it as late for ever.
      if (licence.conclusionDay >= todayOf(ctx.clock)) throw new StationError('INPUT_INVALID', { field: 'late', problem: 'not-late' });
      inTransaction(ctx.db, (db) => {
        stepLicence(db, licence, licence.state, { late_code: late.code, late_note: late.note });
        appendAudit(db, ctx.clock, { personId: actor.personId, kind: 'licence.lateExplained', subject: id, detail: { code: late.code } });
      });
      return { id, ok: true, code: null, details: {} };
    } catch (error) {
      return outcomeOf(id, error);
    }
  });
  ctx.changed({ kind: 'licences', ids });
  return outcomes;
}

/**
 * Issued in error: cancelled with reason and basis; with `reissue` a draft of the next version begins, same serial and
 * number. The draft stays the original clerk's, so that the reviewer who cancels may approve it again (R08).
 */
export function cancelAndReissue(
  ctx: StationContext,
  id: string,
  why: { readonly reason: string; readonly basis: string; readonly reissue: boolean },
  actor: Actor,
): string | null {
  const licence = requireLicence(ctx, id);
  if (licence.state !== 'issued' || licence.legalStatus !== 'valid')
    throw new StationError('STATE_CONFLICT', { state: licence.legalStatus ?? licence.state });
  if (licence.enteredBy === actor.personId) throw new StationError('SAME_PERSON', { step: 'cancel' });
  const newId = why.reissue ? ctx.ids.next() : null;
  inTransaction(ctx.db, (db) => {
    const at = appendAudit(db, ctx.clock, { personId: actor.personId, kind: 'licence.cancelled', subject: id });
    runOne(
      db,
      sql`UPDATE licence SET legal_status = 'cancelled', cancel_reason = ${why.reason}, cancel_basis = ${why.basis}, revision = revision + 1 WHERE id = ${id} AND legal_status = 'valid' AND revision = ${licence.revision}`,
      { state: licence.state },
    );
    enqueueCancelled(db, ctx, licence, at, why.reason, why.basis);
    if (newId !== null) {
      enterDraft(db, ctx, successor(ctx, licence, newId), 'licence.reissued', actor);
      copyAttachments(db, id, newId);
    }
  });
  ctx.changed({ kind: 'licences', ids: newId === null ? [id] : [id, newId] });
  ctx.changed({ kind: 'delivery' });
  return newId;
}

function successor(ctx: StationContext, licence: LicenceRecord, id: string) {
  const parts = parseIdentifier(licence.identifier ?? '');
  if (parts === null || licence.number === null) throw new Error('an issued licence has a number and an identifier');
  const version = licence.version + 1;
  return {
    id,
    typeId: licence.typeId,
    typeVersion: licence.typeVersion,
    typeCode: licence.typeCode,
    issuerId: licence.issuerId,
    sealId: ctx.office().bindingOf(licence.typeId).seal.id,
    matterNumber: licence.matterNumber,
    conclusionDay: licence.conclusionDay,
    holderName: licence.holderName,
    holderCode: licence.holderCode,
    holderCodeType: licence.holderCodeType,
    values: licence.valuesJson,
    changes: [],
    validFrom: licence.validFrom,
    validTo: licence.validTo,
    lateCode: licence.lateCode,
    lateNote: licence.lateNote,
    offlineReason: licence.offlineReason,
    enteredBy: licence.enteredBy,
    enteredAt: instantOf(ctx.clock),
    importId: licence.importId,
    importRow: licence.importRow,
    succession: {
      replaces: licence.id,
      chainId: licence.chainId,
      version,
      serial: licence.serial,
      number: licence.number,
      identifier: buildIdentifier({ ...parts, version }),
    },
  };
}
