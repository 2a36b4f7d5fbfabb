// The frozen texts that tell the library what happened to a licence (R14): the wire item of contract/library.ts without its
// file. Written into the outbox in the transaction of the fact.
import { createHash } from 'node:crypto';
import type { LicenceIssuedItem, WireItem } from '../../contract/library.ts';
import { type Instant, OutboxId } from '../../contract/values.ts';
import { typeVersion } from '../catalogue/catalogue.ts';
import { localDayOf } from '../platform/clock.ts';
import type { StationContext } from '../station-context.ts';
import type { WriteDb } from '../store/database.ts';
import { type LicenceRecord, licenceById } from '../store/queries/licences.ts';
import { enqueue as enqueueItem, nextSequence } from '../store/queries/outbox.ts';

interface Frozen {
  readonly kind: WireItem['kind'];
  readonly payload: Readonly<Record<string, unknown>>;
  readonly contentHash: string;
  readonly documentHash: string | null;
  readonly fileBytes: number;
}

/** Queues one item of `licence` behind all earlier items of the same licence, whatever their version. */
function enqueue(db: WriteDb, ctx: StationContext, licence: LicenceRecord, at: Instant, make: (base: Base) => Frozen): void {
  const sequence = nextSequence(db, licence.chainId);
  const id = OutboxId.parse(ctx.ids.next());
  const { kind, payload, contentHash, documentHash, fileBytes } = make(baseOf(ctx, licence, id, sequence, at));
  const text = JSON.stringify(payload);
  const sizeBytes = Buffer.byteLength(text) + Math.ceil(fileBytes / 3) * 4;
  enqueueItem(db, {
    id,
    chainId: licence.chainId,
    versionId: licence.id,
    kind,
    payloadVersion: 1,
    payload: text,
    sequence,
    documentHash,
    contentHash,
    sizeBytes,
    statutoryDay: licence.conclusionDay,
    createdAt: at,
  });
}

type Base = ReturnType<typeof baseOf>;
function baseOf(ctx: StationContext, licence: LicenceRecord, itemId: OutboxId, sequence: number, at: Instant) {
  return {
    itemId,
    payloadVersion: 1,
    stationId: ctx.office().setup.stationId,
    profile: ctx.profile,
    sequence,
    identifier: licence.identifier ?? '',
    typeCode: licence.typeCode,
    licenceNumber: licence.number ?? '',
    recordedAt: at,
  } as const;
}

export interface Sealed {
  readonly documentHash: string;
  readonly documentBytes: number;
  readonly sealedAt: Instant;
}

export function enqueueIssued(db: WriteDb, ctx: StationContext, licence: LicenceRecord, sealed: Sealed): void {
  const { type } = typeVersion(ctx.catalogue, licence.typeId, licence.typeVersion);
  const { issuer } = ctx.office().bindingOf(licence.typeId);
  const data: Record<string, string> = {};
  for (const item of type.items) {
    const value = licence.valuesJson[item.key] ?? '';
    if (value !== '') data[item.shortName] = value;
  }
  const predecessor = licence.replaces === null ? undefined : licenceById(db, licence.replaces);
  enqueue(db, ctx, licence, sealed.sealedAt, (base) => ({
    kind: 'licence.issued',
    documentHash: sealed.documentHash,
    contentHash: sealed.documentHash,
    fileBytes: sealed.documentBytes,
    payload: {
      ...base,
      kind: 'licence.issued',
      typeVersion: licence.typeVersion,
      rendererVersion: licence.rendererVersion ?? '',
      conclusionDay: licence.conclusionDay,
      sealedAt: sealed.sealedAt,
      late: licence.lateCode === null ? null : { code: licence.lateCode, note: licence.lateNote },
      offlineReason: licence.offlineReason,
      matterNumber: licence.matterNumber,
      issuerCode: issuer.code,
      holder: { name: licence.holderName, code: licence.holderCode, codeType: licence.holderCodeType },
      data,
      replaces: predecessor?.identifier ?? null,
      contentHash: sealed.documentHash,
    } satisfies Omit<LicenceIssuedItem, 'file'>,
  }));
}

export function enqueueCancelled(
  db: WriteDb,
  ctx: StationContext,
  licence: LicenceRecord,
  at: Instant,
  reason: string,
  basis: string,
): void {
  const contentHash = licence.documentHash ?? '';
  enqueue(db, ctx, licence, at, (base) => ({
    kind: 'licence.status',
    documentHash: null,
    contentHash,
    fileBytes: 0,
    payload: { ...base, kind: 'licence.status', status: 'cancelled', reason, basis, decidedOn: localDayOf(at), contentHash },
  }));
}

export function enqueueVoided(db: WriteDb, ctx: StationContext, licence: LicenceRecord, at: Instant, reason: string): void {
  enqueue(db, ctx, licence, at, (base) => {
    const content = { ...base, kind: 'licence.voided', reason } as const;
    const contentHash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
    return { kind: 'licence.voided', documentHash: null, contentHash, fileBytes: 0, payload: { ...content, contentHash } };
  });
}
