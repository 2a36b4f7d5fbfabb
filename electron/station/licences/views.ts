// What screens see of licences: rows with masked codes, one licence whole, both lives as timelines, what the person may do.
// Must not change anything.
import type { LegalStatus, LicenceAction, LicenceDetail, LicenceFile, LicenceRow } from '../../contract/licence.ts';
import type { PersonEntry } from '../../contract/office.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Role } from '../../contract/values.ts';
import { typeVersion } from '../catalogue/catalogue.ts';
import { todayOf } from '../platform/clock.ts';
import type { StationContext } from '../station-context.ts';
import { attachmentsOf } from '../store/queries/attachments.ts';
import { importById } from '../store/queries/imports.ts';
import { type LicenceRecord, type RowRecord, replacementOf, rowById } from '../store/queries/licences.ts';
import { itemsOfLicence, type OutboxItemOfLicence } from '../store/queries/outbox-of-licence.ts';
import { auditOf } from '../store/queries/records.ts';
import { handOverOf } from '../store/queries/sealing.ts';
import { requireLicence } from './draft.ts';
import { planNumber } from './numbering.ts';
import { faceOf } from './submit.ts';
import { isAllowed, type LicenceEvent } from './transitions.ts';

/** R36: lists show enough of an identity code to tell people apart, and no more. */
export const maskCode = (code: string): string =>
  code.length <= 8 ? code : `${code.slice(0, 3)}${'*'.repeat(code.length - 7)}${code.slice(-4)}`;

type StatusFields = Pick<LicenceRecord, 'state' | 'legalStatus' | 'validFrom' | 'validTo'>;

/** Expired and not yet effective follow from the day; only what a person decided is stored. */
export function legalStatusOf(licence: StatusFields, today: string): LegalStatus | null {
  if (licence.state !== 'issued' || licence.legalStatus === null) return null;
  if (licence.legalStatus === 'cancelled') return 'cancelled';
  if (licence.validTo !== null && licence.validTo < today) return 'expired';
  return licence.validFrom !== null && licence.validFrom > today ? 'notYetEffective' : 'valid';
}

export function rowView(ctx: StationContext, r: RowRecord): LicenceRow {
  return {
    id: r.id,
    typeId: r.typeId,
    issuerId: r.issuerId,
    state: r.state,
    returned: r.state === 'draft' && r.returnReason !== null,
    legalStatus: legalStatusOf(r, todayOf(ctx.clock)),
    number: r.number,
    version: r.version,
    matterNumber: r.matterNumber,
    holderName: r.holderName,
    holderCode: maskCode(r.holderCode),
    conclusionDay: r.conclusionDay,
    sealedAt: r.sealedAt,
    delivery: r.deliveryState,
    handedOver: r.handedOver,
    late: r.lateCode === null ? null : { code: r.lateCode, note: r.lateNote },
    approvedHash: r.state === 'draft' ? null : r.approvedHash,
    revision: r.revision,
  };
}

const EVENT_OF: Readonly<Partial<Record<LicenceAction, LicenceEvent>>> = {
  submit: 'submit',
  approve: 'approve',
  return: 'return',
  seal: 'beginSealing',
  void: 'void',
};
const ROLES_OF: Readonly<Record<LicenceAction, readonly Role[]>> = {
  mend: ['clerk'],
  submit: ['clerk'],
  discard: ['clerk'],
  approve: ['reviewer'],
  return: ['reviewer'],
  void: ['clerk', 'reviewer'],
  seal: ['custodian'],
  handOver: ['clerk'],
  cancelAndReissue: ['reviewer'],
  saveFile: ['clerk', 'reviewer', 'custodian', 'auditor'],
  print: ['clerk', 'reviewer', 'custodian'],
};

function actionsOf(licence: LicenceRecord, person: PersonEntry): LicenceAction[] {
  const isOwn = licence.enteredBy === person.id || licence.submittedBy === person.id;
  const isValid = licence.state === 'issued' && licence.legalStatus === 'valid';
  const fits = (action: LicenceAction): boolean => {
    const event = EVENT_OF[action];
    if (event !== undefined && !isAllowed(licence.state, event)) return false;
    switch (action) {
      case 'mend':
        return licence.state === 'draft';
      case 'discard':
        return licence.state === 'draft' && licence.number === null;
      case 'void':
        return licence.number !== null;
      case 'approve':
      case 'return':
        return !isOwn;
      case 'handOver':
        return isValid && !licence.handedOver;
      case 'cancelAndReissue':
        return isValid && licence.enteredBy !== person.id;
      case 'saveFile':
      case 'print':
        return licence.state === 'issued';
      default:
        return true;
    }
  };
  return (Object.keys(ROLES_OF) as LicenceAction[]).filter(
    (action) => ROLES_OF[action].some((role) => person.roles.includes(role)) && fits(action),
  ); // keys of a Record<LicenceAction, …>
}

/** Audit kinds that are steps of a licence's legal life, and their words in the locales (`timeline.`). */
const LEGAL_LIFE: Readonly<Record<string, string>> = {
  'licence.imported': 'imported',
  'licence.typed': 'typed',
  'licence.reissued': 'reissued',
  'licence.mended': 'mended',
  'licence.attached': 'attached',
  'licence.detached': 'detached',
  'licence.submitted': 'submitted',
  'licence.returned': 'returned',
  'licence.approved': 'approved',
  'licence.sealingFailed': 'sealingFailed',
  'licence.sealed': 'sealed',
  'licence.handedOver': 'handedOver',
  'licence.cancelled': 'cancelled',
  'licence.voided': 'voided',
  'licence.file': 'fileSaved',
  'licence.print': 'printed',
};

function deliveryLife(items: readonly OutboxItemOfLicence[]): LicenceDetail['deliveryLife'] {
  return items.flatMap((item) => [
    { at: item.createdAt, person: null, what: 'queued', note: item.kind },
    ...(item.acknowledgedAt === null ? [] : [{ at: item.acknowledgedAt, person: null, what: 'delivered', note: item.receiptId ?? '' }]),
    ...(item.state === 'refused' || item.state === 'closed'
      ? [{ at: item.nextAttemptAt, person: item.closedBy, what: item.state, note: item.closedReason ?? item.problem ?? '' }]
      : []),
  ]);
}

export function licenceDetail(ctx: StationContext, id: string, person: PersonEntry): LicenceDetail {
  const licence = requireLicence(ctx, id);
  const row = rowById(ctx.db, id);
  if (row === undefined) throw new StationError('LICENCE_NOT_FOUND');
  const office = ctx.office();
  const items = itemsOfLicence(ctx.db, id);
  const handOver = handOverOf(ctx.db, id);
  const source = licence.importId === null || licence.importRow === null ? null : importById(ctx.db, licence.importId);
  return {
    row: rowView(ctx, row),
    holderCode: licence.holderCode,
    identifier: licence.identifier,
    typeVersion: licence.typeVersion,
    templateVersion: licence.templateVersion,
    rendererVersion: licence.rendererVersion,
    values: licence.valuesJson,
    attachments: attachmentsOf(ctx.db, id).map(({ name, mediaType, sha256, sizeBytes }) => ({ name, mediaType, sha256, sizeBytes })),
    changes: licence.changesJson,
    source:
      source === null || source === undefined || licence.importRow === null
        ? null
        : { importId: source.id, fileName: source.fileName, row: licence.importRow },
    enteredBy: office.personName(licence.enteredBy),
    approvedBy: licence.approvedBy === null ? null : office.personName(licence.approvedBy),
    approvedHash: licence.approvedHash,
    documentHash: licence.documentHash,
    batchId: licence.batchId,
    sealId: licence.sealId,
    sealName: office.seal(licence.sealId).name,
    certificateHash: licence.certificateHash,
    replaces: licence.replaces,
    replacedBy: replacementOf(ctx.db, id)?.id ?? null,
    returnReason: licence.returnReason,
    voidReason: licence.voidReason,
    cancelReason: licence.cancelReason,
    timeConfirmed: licence.timeConfirmed,
    handOver:
      handOver === undefined
        ? null
        : {
            collector: handOver.collector,
            collectorName: handOver.collectorName,
            identified: handOver.identified,
            paperSerial: handOver.paperSerial,
            given: handOver.givenJson,
            note: handOver.note,
            by: office.personName(handOver.personId),
            at: handOver.at,
          },
    legalLife: auditOf(ctx.db, id).flatMap((a) => {
      const what = LEGAL_LIFE[a.kind];
      return what === undefined
        ? []
        : [{ at: a.at, person: a.personId === null ? null : office.personName(a.personId), what, note: noteOf(licence, what) }];
    }),
    deliveryLife: deliveryLife(items),
    outbox: items.map((item) => ({
      id: item.id,
      kind: item.kind,
      state: item.state,
      attempts: item.attempts,
      receiptId: item.receiptId,
      receivedAt: item.acknowledgedAt,
      problem: item.problem,
    })),
    actions: actionsOf(licence, person),
  };
}

function noteOf(licence: LicenceRecord, what: string): string {
  if (what === 'returned') return licence.returnReason ?? '';
  if (what === 'voided') return licence.voidReason ?? '';
  return what === 'cancelled' ? (licence.cancelReason ?? '') : '';
}

const fileNameOf = (ctx: StationContext, licence: LicenceRecord): string =>
  `${typeVersion(ctx.catalogue, licence.typeId, licence.typeVersion).type.name}_${licence.number ?? licence.matterNumber}${licence.version > 1 ? `_${licence.version}` : ''}.pdf`.replace(
    /[\\/:*?"<>|\s]/g,
    '_',
  );

/** The stored bytes: sealed after issue, the unsigned first revision before. STATE_CONFLICT for a draft, which has none. */
export function licenceFile(ctx: StationContext, id: string): LicenceFile {
  const licence = requireLicence(ctx, id);
  const hash = licence.documentHash ?? (licence.state === 'draft' ? null : licence.approvedHash);
  if (hash === null || licence.state === 'voided') throw new StationError('STATE_CONFLICT', { state: licence.state });
  return { fileName: fileNameOf(ctx, licence), bytes: ctx.documents.get(hash), sealed: licence.documentHash !== null, sha256: hash };
}

/** A draft's page as it would be, with the number it would get now; nothing is stored or taken. */
export function previewFile(ctx: StationContext, id: string): LicenceFile {
  const licence = requireLicence(ctx, id);
  const number = planNumber(ctx, licence, typeVersion(ctx.catalogue, licence.typeId, licence.typeVersion), new Map());
  const document = ctx.renderer.render(faceOf(ctx, licence, number));
  return { fileName: fileNameOf(ctx, licence), bytes: document.bytes, sealed: false, sha256: document.approvedHash };
}
