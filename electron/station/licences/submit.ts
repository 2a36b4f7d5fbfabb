// Submission: number and identifier reserved, unsigned document rendered and stored, its hash fixed (domain.md, "Two
// lives"). Documents are committed first; then number, state and audit of the whole round in one transaction.
import type { ItemOutcome, Late } from '../../contract/licence.ts';
import { isStationError, StationError } from '../../contract/station-error.ts';
import { typeVersion } from '../catalogue/catalogue.ts';
import type { FaceInput } from '../documents/face.ts';
import type { UnsignedDocument } from '../documents/renderer.ts';
import type { JobPlan, Slice } from '../jobs/job-runner.ts';
import { nextRoundSize } from '../jobs/round-size.ts';
import { instantOf } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { indexForSearch, type LicenceRecord, stepLicence } from '../store/queries/licences.ts';
import { attachedTo } from './attachments.ts';
import { lateOf, requireLicence } from './draft.ts';
import { type PlannedNumber, planNumber, takeNumber } from './numbering.ts';
import { next } from './transitions.ts';

/** Licences that share one commit: rendering holds the event loop, fsync does not. */
export const ROUND = { most: 8, ms: 200 } as const;

/** The face of a licence with this number, by the catalogue version it carries. */
export function faceOf(ctx: StationContext, licence: LicenceRecord, number: Pick<PlannedNumber, 'number' | 'identifier'>): FaceInput {
  const { issuer, seal } = ctx.office().bindingOf(licence.typeId);
  return {
    type: typeVersion(ctx.catalogue, licence.typeId, licence.typeVersion).type,
    values: licence.valuesJson,
    licenceNumber: number.number,
    identifier: number.identifier,
    issuer: { name: issuer.name, code: issuer.code },
    conclusionDay: licence.conclusionDay,
    seal: { name: seal.name, image: seal.image },
    attachments: attachedTo(ctx, licence.id),
    training: ctx.profile === 'training',
  };
}

interface Planned {
  readonly licence: LicenceRecord;
  readonly number: PlannedNumber;
  readonly document: UnsignedDocument;
  readonly late: Late | null;
}

/** Submits a round of drafts. Each gets its own outcome; those that fail stay drafts and take no number. */
export function submitRound(ctx: StationContext, ids: readonly string[], late: Late | null, actor: Actor): readonly ItemOutcome[] {
  const outcomes = new Map<string, ItemOutcome>();
  const planned: Planned[] = [];
  const numbersAhead = new Map<string, number>();
  for (const id of new Set(ids)) {
    try {
      const licence = requireLicence(ctx, id);
      next(licence.state, 'submit');
      const own = licence.lateCode === null ? null : { code: licence.lateCode, note: licence.lateNote };
      const reason = lateOf(ctx, licence.conclusionDay, own ?? late);
      // Rendered with a number that is only planned: a face that does not fit must not use one up.
      const probe = new Map(numbersAhead);
      const number = planNumber(ctx, licence, typeVersion(ctx.catalogue, licence.typeId, licence.typeVersion), probe);
      const document = ctx.renderer.render(faceOf(ctx, licence, number));
      for (const [key, value] of probe) numbersAhead.set(key, value);
      planned.push({ licence, number, document, late: reason });
    } catch (error) {
      outcomes.set(id, outcomeOf(id, error));
    }
  }
  if (planned.length > 0) {
    const byYear = Map.groupBy(planned, (p) => p.licence.conclusionDay.slice(0, 4));
    for (const [year, group] of byYear)
      ctx.documents.putAll(
        group.map((p) => p.document.bytes),
        year,
      );
    inTransaction(ctx.db, (db) => {
      const at = instantOf(ctx.clock);
      for (const { licence, number, document, late: reason } of planned) {
        takeNumber(db, licence, number, at);
        stepLicence(db, licence, next(licence.state, 'submit'), {
          serial: number.serial,
          number: number.number,
          identifier: number.identifier,
          template_version: document.templateVersion,
          renderer_version: document.rendererVersion,
          approved_hash: document.approvedHash,
          late_code: reason?.code ?? null,
          late_note: reason?.note ?? '',
          submitted_by: actor.personId,
          submitted_at: at,
          return_reason: null,
        });
        indexForSearch(db, licence.id, { ...licence, number: number.number });
        appendAudit(db, ctx.clock, {
          personId: actor.personId,
          kind: 'licence.submitted',
          subject: licence.id,
          detail: { hash: document.approvedHash, template: document.templateVersion, renderer: document.rendererVersion },
        });
      }
    });
    for (const { licence } of planned) outcomes.set(licence.id, { id: licence.id, ok: true, code: null, details: {} });
    ctx.changed({ kind: 'licences', ids: planned.map((p) => p.licence.id) });
  }
  return ids.map((id) => outcomes.get(id) ?? outcomeOf(id, new StationError('LICENCE_NOT_FOUND')));
}

/** What a batch says of one item that failed; anything but a StationError is not the item's fault and goes on up. */
export function outcomeOf(id: string, error: unknown): ItemOutcome {
  if (!isStationError(error)) throw error;
  return { id, ok: false, code: error.code, details: { ...error.details } };
}

/** Many drafts as a job, a round at a time. REASON_NEEDED at once where a late one has no reason. */
export function submitPlan(ctx: StationContext, chosen: readonly string[], late: Late | null, actor: Actor): JobPlan {
  const ids = [...new Set(chosen)];
  for (const id of ids) {
    const licence = requireLicence(ctx, id);
    lateOf(ctx, licence.conclusionDay, licence.lateCode === null ? late : { code: licence.lateCode, note: licence.lateNote });
  }
  const work = async function* (): AsyncGenerator<Slice, void> {
    for (let at = 0, size = 1; at < ids.length; ) {
      const beganMs = ctx.machineClock.nowMs();
      const outcomes = submitRound(ctx, ids.slice(at, at + size), late, actor);
      const failed = outcomes.filter((o) => !o.ok).length;
      at += size;
      size = nextRoundSize(size, ctx.machineClock.nowMs() - beganMs, ROUND);
      yield { done: outcomes.length - failed, failed };
    }
  };
  return {
    kind: 'licences.submit',
    subject: String(ids.length),
    argument: { count: ids.length },
    total: ids.length,
    personId: actor.personId,
    work,
  };
}
