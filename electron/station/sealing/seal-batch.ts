// Seals the licences of an approved batch one by one under a live grant. Each: intent recorded, document filled with its
// time, key asked, signature verified, file stored, and then licence, use register, number, audit and outbox in one
// transaction (R14, R33). A crash at any point leaves a licence approved or issued, never between for long.
import { isStationError, StationError } from '../../contract/station-error.ts';
import type { JobPlan, Slice } from '../jobs/job-runner.ts';
import { next } from '../licences/transitions.ts';
import { enqueueIssued } from '../licences/wire-item.ts';
import { instantOf, localDay } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import { certificatesOf, type SealCertificate } from '../seals/keys.ts';
import { chainOf } from '../signing/chain-of.ts';
import { assembleCms, signedAttributes } from '../signing/cms.ts';
import { embed } from '../signing/embed.ts';
import { prepare } from '../signing/prepare.ts';
import { verifySealed } from '../signing/verify-sealed.ts';
import type { StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { type LicenceRecord, licenceById, licencesInState, stepLicence } from '../store/queries/licences.ts';
import { endAttempt, endGrants, type GrantRow, grantById, insertAttempt, nextToSeal } from '../store/queries/sealing.ts';
import { settleNumberUse } from '../store/queries/workspace.ts';
import { requireBatch } from './grants.ts';

/** One bad item is the item's; this many in a row are the key's or the driver's, and the batch stops. */
const BAD_IN_A_ROW = 3;

/** Trouble of one licence: the batch goes on. Everything else stops it, with nothing lost. */
const ITEM_TROUBLE = new Set(['HASH_CHANGED', 'SIGNATURE_INVALID', 'REASON_NEEDED', 'STORE_CORRUPT']);

export function requireGrant(ctx: StationContext, grantId: string): GrantRow {
  const grant = grantById(ctx.db, grantId);
  if (grant === undefined || grant.endedAt !== null || grant.expiresAt <= instantOf(ctx.clock)) throw new StationError('GRANT_MISSING');
  return grant;
}

export function sealingPlan(ctx: StationContext, grant: GrantRow): JobPlan {
  const batch = requireBatch(ctx, grant.batchId);
  return {
    kind: 'sealing',
    subject: ctx.office().seal(batch.sealId).name,
    argument: { batchId: batch.id },
    total: batch.toSeal,
    personId: grant.custodianId,
    work: () => sealAll(ctx, grant),
  };
}

async function* sealAll(ctx: StationContext, grant: GrantRow): AsyncGenerator<Slice, void> {
  const certificate = certificatesOf(ctx.office().seal(grant.sealId)).find((c) => c.hash === grant.certificateHash);
  if (certificate === undefined) throw new StationError('SEAL_NOT_BOUND', { seal: grant.sealId });
  const failed: string[] = [];
  let badInARow = 0;
  for (;;) {
    const licence = nextToSeal(ctx.db, grant.batchId, failed);
    if (licence === undefined) break;
    try {
      await sealOne(ctx, grant, certificate, licence);
      badInARow = 0;
      yield { done: 1, failed: 0 };
    } catch (error) {
      if (!isStationError(error) || !ITEM_TROUBLE.has(error.code)) throw error;
      failed.push(licence.id);
      badInARow += 1;
      if (badInARow >= BAD_IN_A_ROW && error.code === 'SIGNATURE_INVALID') throw error;
      yield { done: 0, failed: 1 };
    }
  }
  if (failed.length === 0) await releaseGrant(ctx, grant);
}

export async function releaseGrant(ctx: StationContext, grant: GrantRow): Promise<void> {
  inTransaction(ctx.db, (db) => endGrants(db, grant.batchId, instantOf(ctx.clock)));
  try {
    await ctx.tokens.release({ grantId: grant.id });
  } catch (error) {
    // A token host that is gone holds no grant any more.
    if (!isStationError(error, 'PROCESS_GONE')) throw error;
  }
}

async function sealOne(ctx: StationContext, grant: GrantRow, certificate: SealCertificate, approved: LicenceRecord): Promise<void> {
  const { approvedHash } = approved;
  const { algorithm } = certificate;
  if (approvedHash === null || algorithm === null) throw new StationError('HASH_CHANGED', { licence: approved.id });
  // First of all: what hinders this licence stands in the register of use and beside the licence too.
  beginSealing(ctx, grant, approved, approvedHash);
  try {
    // R01: the day may have passed while it waited; the reason is asked for, not invented.
    if (approved.lateCode === null && localDay(ctx.clock.nowMs()) > approved.conclusionDay)
      throw new StationError('REASON_NEEDED', { what: 'late' });
    // The file says whole seconds (ISO 32000-1 §7.9.4); the record says the same.
    const signedAt = `${instantOf(ctx.clock).slice(0, 19)}.000Z`;
    const prepared = prepare(approvedDocument(ctx, approved.id, approvedHash), approvedHash, signedAt);
    const attributes = signedAttributes(prepared.digest, certificate.der);
    const { signature } = await ctx.tokens.sign({ grantId: grant.id, toSign: attributes.der, algorithm });
    const cms = assembleCms({
      attributes,
      signature,
      algorithm,
      certificate: certificate.der,
      chain: chainOf(
        certificate.der,
        ctx.office().setup.trustAnchors.map((anchor) => Buffer.from(anchor, 'base64')),
      ),
    });
    const sealed = embed(prepared, cms);
    verifySealed(sealed, { certificateDer: certificate.der, approvedHash });
    const documentHash = ctx.documents.put(sealed, approved.conclusionDay.slice(0, 4));
    completeSealing(ctx, grant, approved.id, { documentHash, documentBytes: sealed.length, sealedAt: signedAt }, certificate.hash);
    ctx.documents.drop([approvedHash]);
  } catch (error) {
    failSealing(ctx, approved.id, isStationError(error) ? error.code : 'INTERNAL', grant.custodianId);
    throw error;
  }
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

function beginSealing(ctx: StationContext, grant: GrantRow, licence: LicenceRecord, approvedHash: string): void {
  inTransaction(ctx.db, (db) => {
    stepLicence(db, licence, next(licence.state, 'beginSealing'));
    insertAttempt(db, {
      id: ctx.ids.next(),
      licenceId: licence.id,
      grantId: grant.id,
      sealId: grant.sealId,
      approvedHash,
      certificateHash: grant.certificateHash,
      personId: grant.custodianId,
      at: instantOf(ctx.clock),
    });
  });
}

function completeSealing(
  ctx: StationContext,
  grant: GrantRow,
  id: string,
  sealed: { readonly documentHash: string; readonly documentBytes: number; readonly sealedAt: string },
  certificateHash: string,
): void {
  inTransaction(ctx.db, (db) => {
    const licence = licenceById(db, id);
    if (licence === undefined) throw new StationError('LICENCE_NOT_FOUND');
    stepLicence(db, licence, next(licence.state, 'completeSealing'), {
      legal_status: 'valid',
      sealed_at: sealed.sealedAt,
      sealed_by: grant.custodianId,
      certificate_hash: certificateHash,
      document_hash: sealed.documentHash,
      document_bytes: sealed.documentBytes,
    });
    endAttempt(db, id, instantOf(ctx.clock), 'SEALED');
    settleNumberUse(db, id, 'issued');
    appendAudit(db, ctx.clock, {
      personId: grant.custodianId,
      kind: 'licence.sealed',
      subject: id,
      detail: { document: sealed.documentHash, certificate: certificateHash },
    });
    enqueueIssued(db, ctx, licence, sealed);
  });
  ctx.changed({ kind: 'licences', ids: [id] });
  ctx.changed({ kind: 'delivery' });
}

function failSealing(ctx: StationContext, id: string, result: string, personId: string | null): void {
  inTransaction(ctx.db, (db) => {
    const licence = licenceById(db, id);
    // Issued already: only dropping the unsigned bytes failed, which the next start sweeps.
    if (licence?.state !== 'sealing') return;
    stepLicence(db, licence, next(licence.state, 'failSealing'));
    endAttempt(db, id, instantOf(ctx.clock), result);
    // Also with a clock set back: a licence must never stay between key and store.
    appendAudit(db, ctx.clock, { personId, kind: 'licence.sealingFailed', subject: id, detail: { result } }, 'always');
  });
  ctx.changed({ kind: 'licences', ids: [id] });
}

/**
 * At start: whatever was between key and store goes back to approved. Nothing is guessed or signed again by itself; a
 * signature that was lost is harmless, since content and number were fixed before.
 */
export function recoverInterruptedSealing(ctx: StationContext): number {
  const interrupted = licencesInState(ctx.db, 'sealing', 10_000);
  for (const { id } of interrupted) failSealing(ctx, id, 'INTERRUPTED', null);
  return interrupted.length;
}
