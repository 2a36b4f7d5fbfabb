// From checked values of one matter to a draft licence, and the mending of drafts. Only checked values get here (R05).
import type { Normalisation } from '../../contract/intake.ts';
import type { Late } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';
import { type CatalogueEntry, typeOn } from '../catalogue/catalogue.ts';
import { holderCodeType } from '../catalogue/codes.ts';
import { instantOf, todayOf } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction, isUniqueViolation, runOne, sql, type WriteDb } from '../store/database.ts';
import { deleteAttachments } from '../store/queries/attachments.ts';
import {
  deleteDraft,
  indexForSearch,
  insertDraft,
  type LicenceRecord,
  licenceById,
  liveDuplicate,
  type NewDraft,
} from '../store/queries/licences.ts';

export interface CheckedMatter {
  readonly typeId: string;
  /** Item key → value, with matterNumber and conclusionDay beside them. */
  readonly values: Readonly<Record<string, string>>;
  readonly changes: readonly Normalisation[];
}

export interface Source {
  readonly importId: string;
  readonly row: number;
}

export function requireLicence(ctx: StationContext, id: string): LicenceRecord {
  const licence = licenceById(ctx.db, id);
  if (licence === undefined) throw new StationError('LICENCE_NOT_FOUND');
  return licence;
}

/** R01: a late matter needs its reason, and only a late one keeps it. Throws REASON_NEEDED. */
export function lateOf(ctx: StationContext, conclusionDay: string, late: Late | null): Late | null {
  if (conclusionDay >= todayOf(ctx.clock) || !ctx.rulePack.sameDay.required) return null;
  if (late === null || !ctx.rulePack.lateReasons.some((r) => r.code === late.code) || (late.code === 'other' && late.note.trim() === ''))
    throw new StationError('REASON_NEEDED', { what: 'late' });
  return late;
}

/** Everything that follows from the values alone. */
function derived(entry: CatalogueEntry, values: Readonly<Record<string, string>>) {
  const { type } = entry;
  const value = (key: string): string => values[key] ?? '';
  const validTo = type.validity.kind === 'items' ? value(type.validity.to) : '';
  const validFrom = type.validity.kind === 'items' && type.validity.from !== null ? value(type.validity.from) : '';
  const { matterNumber: _m, conclusionDay: _c, ...items } = values;
  const holderCode = value(type.holder.code);
  return {
    matterNumber: value('matterNumber'),
    conclusionDay: value('conclusionDay'),
    holderName: value(type.holder.name),
    holderCode,
    holderCodeType: holderCodeType(holderCode) ?? '999',
    values: items,
    validFrom: validFrom === '' ? null : validFrom,
    validTo: validTo === '' ? null : validTo,
  };
}

export function newDraft(ctx: StationContext, matter: CheckedMatter, actor: Actor, late: Late | null, source: Source | null): NewDraft {
  const conclusionDay = matter.values.conclusionDay ?? '';
  const entry = typeOn(ctx.catalogue, matter.typeId, conclusionDay);
  const { issuer, seal } = ctx.office().bindingOf(matter.typeId);
  const reason = lateOf(ctx, conclusionDay, late);
  return {
    id: ctx.ids.next(),
    typeId: matter.typeId,
    typeVersion: entry.type.version,
    typeCode: entry.type.code,
    issuerId: issuer.id,
    sealId: seal.id,
    ...derived(entry, matter.values),
    changes: matter.changes,
    lateCode: reason?.code ?? null,
    lateNote: reason?.note ?? '',
    offlineReason: ctx.office().setup.offlineReason,
    enteredBy: actor.personId,
    enteredAt: instantOf(ctx.clock),
    importId: source?.importId ?? null,
    importRow: source?.row ?? null,
    succession: null,
  };
}

/** `actor`: who made it, where that is not who entered the data. Inserts inside the caller's transaction; DUPLICATE_IN_STORE where the same matter is live already (R05). */
export function enterDraft(
  db: WriteDb,
  ctx: StationContext,
  draft: NewDraft,
  kind: 'licence.imported' | 'licence.typed' | 'licence.reissued',
  actor: Actor = { personId: draft.enteredBy },
): void {
  try {
    insertDraft(db, draft);
  } catch (error) {
    if (isUniqueViolation(error))
      throw new StationError('DUPLICATE_IN_STORE', { state: liveDuplicate(db, draft)?.state ?? '' }, { cause: error });
    throw error;
  }
  appendAudit(db, ctx.clock, {
    personId: actor.personId,
    kind,
    subject: draft.id,
    detail: { type: draft.typeId, version: draft.typeVersion },
  });
}

/** A mended draft keeps its number, if it has one; values are checked by the caller. */
export function mendDraft(ctx: StationContext, id: string, matter: CheckedMatter, late: Late | null, actor: Actor): void {
  const licence = requireLicence(ctx, id);
  if (licence.state !== 'draft') throw new StationError('STATE_CONFLICT', { state: licence.state });
  const entry = typeOn(ctx.catalogue, matter.typeId, matter.values.conclusionDay ?? '');
  const d = derived(entry, matter.values);
  const reason = lateOf(
    ctx,
    d.conclusionDay,
    late ?? (licence.lateCode === null ? null : { code: licence.lateCode, note: licence.lateNote }),
  );
  inTransaction(ctx.db, (db) => {
    try {
      runOne(
        db,
        sql`UPDATE licence SET type_version = ${entry.type.version}, matter_number = ${d.matterNumber}, conclusion_day = ${d.conclusionDay}, holder_name = ${d.holderName}, holder_code = ${d.holderCode},
          holder_code_type = ${d.holderCodeType}, values_json = ${JSON.stringify(d.values)}, changes_json = ${JSON.stringify(matter.changes)}, valid_from = ${d.validFrom}, valid_to = ${d.validTo},
          late_code = ${reason?.code ?? null}, late_note = ${reason?.note ?? ''}, revision = revision + 1 WHERE id = ${id} AND state = 'draft' AND revision = ${licence.revision}`,
        { state: licence.state },
      );
    } catch (error) {
      if (isUniqueViolation(error))
        throw new StationError(
          'DUPLICATE_IN_STORE',
          { state: liveDuplicate(db, { typeId: licence.typeId, ...d })?.state ?? '' },
          { cause: error },
        );
      throw error;
    }
    indexForSearch(db, id, { ...d, number: licence.number });
    appendAudit(db, ctx.clock, {
      personId: actor.personId,
      kind: 'licence.mended',
      subject: id,
      detail: {
        fields: matter.changes
          .filter((c) => c.kinds.includes('mended'))
          .map((c) => c.field)
          .join(' '),
      },
    });
  });
  ctx.changed({ kind: 'licences', ids: [id] });
}

/** Throws a draft away that never had a number; one that has a number is voided instead. */
export function discardDraft(ctx: StationContext, id: string, actor: Actor): void {
  const licence = requireLicence(ctx, id);
  if (licence.state !== 'draft' || licence.number !== null) throw new StationError('STATE_CONFLICT', { state: licence.state });
  inTransaction(ctx.db, (db) => {
    appendAudit(db, ctx.clock, { personId: actor.personId, kind: 'licence.discarded', subject: id });
    deleteAttachments(db, id);
    deleteDraft(db, licence);
  });
  ctx.changed({ kind: 'licences', ids: [id] });
}
