// Seals a handful of licences that share their commits: intents recorded, each document filled with its time, signed by the
// key and verified, files stored, and then licences, use register, numbers, audit and outbox in one transaction (R14, R33).
// A crash at any point leaves a licence approved or issued. Must not choose licences, nor judge whether a batch goes on.
import { isStationError, StationError } from '../../contract/station-error.ts';
import type { SignatureAlgorithm } from '../../contract/token.contract.ts';
import { next } from '../licences/transitions.ts';
import { enqueueIssued, type Sealed } from '../licences/wire-item.ts';
import { instantOf, localDay, toInstant } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import { assembleCms, type SignedAttributes, signedAttributes } from '../signing/cms.ts';
import { embed } from '../signing/embed.ts';
import { type PreparedPdf, prepare } from '../signing/prepare.ts';
import { verifySealed } from '../signing/verify-sealed.ts';
import type { StationContext } from '../station-context.ts';
import { inTransaction, type WriteDb } from '../store/database.ts';
import { isAttached } from '../store/queries/attachments.ts';
import { type LicenceRecord, licenceById, stepLicence } from '../store/queries/licences.ts';
import { endAttempt, type GrantRow, insertAttempt } from '../store/queries/sealing.ts';
import { settleNumberUse } from '../store/queries/workspace.ts';

/** The grant with what every signature under it needs. */
export interface Signer {
  readonly grant: GrantRow;
  readonly certificate: Uint8Array;
  /** Authorities between the signer and its anchor. */
  readonly chain: readonly Uint8Array[];
  readonly algorithm: SignatureAlgorithm;
}

interface Failure {
  readonly id: string;
  readonly error: unknown;
}

export interface RoundResult {
  readonly sealed: readonly string[];
  /** Those that failed alone, without stopping the others. */
  readonly failed: readonly string[];
  /** What stopped the round; the licence it befell and those behind it are approved again. */
  readonly stopped: { readonly error: unknown } | null;
}

/** Hears how each licence ended, in order: null, or what went wrong. False stops the round. */
export type GoesOn = (error: unknown) => boolean;

/** What stood in the round behind a failure that stopped it: the key was never asked. */
const NOT_ASKED = 'INTERRUPTED';

interface Asked {
  readonly licence: LicenceRecord;
  readonly approvedHash: string;
  readonly sealedAt: string;
  readonly prepared: PreparedPdf;
  readonly attributes: SignedAttributes;
  readonly signature: Uint8Array;
}

interface SealedFile {
  readonly licence: LicenceRecord;
  readonly approvedHash: string;
  readonly sealedAt: string;
  readonly bytes: Uint8Array;
}

/** A failure to store is thrown: then the whole round is approved again, with nothing lost. */
export async function sealRound(
  ctx: StationContext,
  signer: Signer,
  licences: readonly LicenceRecord[],
  goesOn: GoesOn,
): Promise<RoundResult> {
  // First of all: what hinders a licence stands in the register of use and beside the licence too.
  beginSealing(ctx, signer.grant, licences);
  try {
    const { files, failed, stopped } = await signAll(ctx, signer, licences, goesOn);
    const hashes = storeFiles(ctx, files);
    settle(ctx, signer.grant, licences, files, hashes, failed);
    ctx.documents.drop(files.map(({ approvedHash }) => approvedHash).filter((hash) => !isAttached(ctx.db, hash)));
    const sealed = files.map(({ licence }) => licence.id);
    return { sealed, failed: (stopped === null ? failed : failed.slice(0, -1)).map(({ id }) => id), stopped };
  } catch (error) {
    for (const { id } of licences) failSealing(ctx, id, codeOf(error), signer.grant.custodianId);
    throw error;
  }
}

async function signAll(ctx: StationContext, signer: Signer, licences: readonly LicenceRecord[], goesOn: GoesOn) {
  const files: SealedFile[] = [];
  const failed: Failure[] = [];
  let stopped: RoundResult['stopped'] = null;
  let ahead: Promise<Asked> | undefined;
  for (const [index, licence] of licences.entries()) {
    const asking = ahead ?? ask(ctx, signer, licence);
    ahead = undefined;
    try {
      const asked = await asking;
      const following = licences[index + 1];
      // The key works on the next one while this one is put together and verified. Its failure is heard in its own turn.
      ahead = following === undefined ? undefined : ask(ctx, signer, following);
      ahead?.catch(() => undefined);
      files.push(finish(signer, asked));
      goesOn(null);
    } catch (error) {
      failed.push({ id: licence.id, error });
      if (goesOn(error)) continue;
      stopped = { error };
      break;
    }
  }
  await ahead?.catch(() => undefined);
  return { files, failed, stopped };
}

/** Durable when it returns; before any fact names them. Hashes by licence id. */
function storeFiles(ctx: StationContext, files: readonly SealedFile[]): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>();
  for (const [year, group] of Map.groupBy(files, ({ licence }) => licence.conclusionDay.slice(0, 4))) {
    const stored = ctx.documents.putAll(
      group.map(({ bytes }) => bytes),
      year,
    );
    for (const [index, { licence }] of group.entries()) hashes.set(licence.id, stored[index] ?? '');
  }
  return hashes;
}

async function ask(ctx: StationContext, { grant, certificate, algorithm }: Signer, licence: LicenceRecord): Promise<Asked> {
  const { approvedHash } = licence;
  if (approvedHash === null) throw new StationError('HASH_CHANGED', { licence: licence.id });
  const nowMs = ctx.clock.nowMs();
  // R01: the day may have passed while it waited; the reason is asked for, not invented.
  if (licence.lateCode === null && localDay(nowMs) > licence.conclusionDay) throw new StationError('REASON_NEEDED', { what: 'late' });
  // The file says whole seconds (ISO 32000-1 §7.9.4); the record says the same.
  const sealedAt = `${toInstant(nowMs).slice(0, 19)}.000Z`;
  const prepared = prepare(approvedDocument(ctx, licence.id, approvedHash), approvedHash, sealedAt);
  const attributes = signedAttributes(prepared.digest, certificate);
  const { signature } = await ctx.tokens.sign({ grantId: grant.id, toSign: attributes.der, algorithm });
  return { licence, approvedHash, sealedAt, prepared, attributes, signature };
}

/** The very bytes that were approved. HASH_CHANGED when the documents file no longer has them. */
function approvedDocument(ctx: StationContext, id: string, approvedHash: string): Uint8Array {
  try {
    return ctx.documents.get(approvedHash);
  } catch (error) {
    if (isStationError(error, 'STORE_CORRUPT')) throw new StationError('HASH_CHANGED', { licence: id }, { cause: error });
    throw error;
  }
}

function finish({ certificate, chain, algorithm }: Signer, asked: Asked): SealedFile {
  const { licence, approvedHash, sealedAt, prepared, attributes, signature } = asked;
  const bytes = embed(prepared, assembleCms({ attributes, signature, algorithm, certificate, chain }));
  verifySealed(bytes, { certificateDer: certificate, approvedHash });
  return { licence, approvedHash, sealedAt, bytes };
}

function beginSealing(ctx: StationContext, grant: GrantRow, licences: readonly LicenceRecord[]): void {
  inTransaction(ctx.db, (db) => {
    for (const licence of licences) {
      stepLicence(db, licence, next(licence.state, 'beginSealing'));
      insertAttempt(db, {
        id: ctx.ids.next(),
        licenceId: licence.id,
        grantId: grant.id,
        sealId: grant.sealId,
        approvedHash: licence.approvedHash ?? '',
        certificateHash: grant.certificateHash,
        personId: grant.custodianId,
        at: instantOf(ctx.clock),
      });
    }
  });
}

/** Every licence of the round leaves *sealing*: to issued with its file, or back to approved with what hindered it. */
function settle(
  ctx: StationContext,
  grant: GrantRow,
  licences: readonly LicenceRecord[],
  files: readonly SealedFile[],
  hashes: ReadonlyMap<string, string>,
  failed: readonly Failure[],
): void {
  const fileOf = new Map<string, SealedFile>(files.map((file) => [file.licence.id, file]));
  const errorOf = new Map(failed.map(({ id, error }) => [id, codeOf(error)]));
  inTransaction(ctx.db, (db) => {
    for (const { id } of licences) {
      const file = fileOf.get(id);
      const documentHash = hashes.get(id);
      if (file === undefined || documentHash === undefined) backToApproved(db, ctx, id, errorOf.get(id) ?? NOT_ASKED, grant.custodianId);
      else complete(db, ctx, grant, id, { documentHash, documentBytes: file.bytes.length, sealedAt: file.sealedAt });
    }
  });
  ctx.changed({ kind: 'licences', ids: licences.map(({ id }) => id) });
  if (files.length > 0) ctx.changed({ kind: 'delivery' });
}

function complete(db: WriteDb, ctx: StationContext, grant: GrantRow, id: string, sealed: Sealed): void {
  const licence = licenceById(db, id);
  if (licence === undefined) throw new StationError('LICENCE_NOT_FOUND');
  stepLicence(db, licence, next(licence.state, 'completeSealing'), {
    legal_status: 'valid',
    sealed_at: sealed.sealedAt,
    sealed_by: grant.custodianId,
    certificate_hash: grant.certificateHash,
    document_hash: sealed.documentHash,
    document_bytes: sealed.documentBytes,
  });
  endAttempt(db, id, instantOf(ctx.clock), 'SEALED');
  settleNumberUse(db, id, 'issued');
  appendAudit(db, ctx.clock, {
    personId: grant.custodianId,
    kind: 'licence.sealed',
    subject: id,
    detail: { document: sealed.documentHash, certificate: grant.certificateHash },
  });
  enqueueIssued(db, ctx, licence, sealed);
}

/** `personId` null: the program itself, at a start after a crash. */
export function failSealing(ctx: StationContext, id: string, result: string, personId: string | null): void {
  inTransaction(ctx.db, (db) => backToApproved(db, ctx, id, result, personId));
  ctx.changed({ kind: 'licences', ids: [id] });
}

function backToApproved(db: WriteDb, ctx: StationContext, id: string, result: string, personId: string | null): void {
  const licence = licenceById(db, id);
  // Issued already: only dropping the unsigned bytes failed, and an orphan is harmless.
  if (licence?.state !== 'sealing') return;
  stepLicence(db, licence, next(licence.state, 'failSealing'));
  endAttempt(db, id, instantOf(ctx.clock), result);
  // Also with a clock set back: a licence must never stay between key and store.
  appendAudit(db, ctx.clock, { personId, kind: 'licence.sealingFailed', subject: id, detail: { result } }, 'always');
}

const codeOf = (error: unknown): string => (isStationError(error) ? error.code : 'INTERNAL');
