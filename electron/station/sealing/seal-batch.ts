// Seals an approved batch under a live grant, round by round, until it is done or something stops it; at a start, takes back
// what a crash left between key and store (R33). What happens to one licence is in seal-round.
import { isStationError, StationError } from '../../contract/station-error.ts';
import type { JobPlan, Slice } from '../jobs/job-runner.ts';
import { nextRoundSize } from '../jobs/round-size.ts';
import { instantOf } from '../platform/clock.ts';
import { certificatesOf } from '../seals/keys.ts';
import { chainOf } from '../signing/chain-of.ts';
import type { StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { licencesInState } from '../store/queries/licences.ts';
import { endGrants, type GrantRow, grantById, nextToSeal } from '../store/queries/sealing.ts';
import { requireBatch } from './grants.ts';
import { failSealing, type Signer, sealRound } from './seal-round.ts';

/** One bad item is the item's; this many in a row are the key's or the driver's, and the batch stops. */
const BAD_IN_A_ROW = 3;

/** Trouble of one licence: the batch goes on. Everything else stops it, with nothing lost. */
const ITEM_TROUBLE = new Set(['HASH_CHANGED', 'SIGNATURE_INVALID', 'REASON_NEEDED', 'STORE_CORRUPT']);

/** Few enough that settling a round never holds the event loop for long; mostly waiting for the key, so longer than others. */
const ROUND = { most: 8, ms: 400 } as const;

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
  const signer = signerOf(ctx, grant);
  const failed: string[] = [];
  let badInARow = 0;
  const goesOn = (error: unknown): boolean => {
    badInARow = error === null ? 0 : badInARow + 1;
    if (error === null) return true;
    return isStationError(error) && ITEM_TROUBLE.has(error.code) && !(badInARow >= BAD_IN_A_ROW && error.code === 'SIGNATURE_INVALID');
  };
  let size = 1;
  for (;;) {
    const licences = nextToSeal(ctx.db, grant.batchId, failed, size);
    if (licences.length === 0) break;
    const beganMs = ctx.machineClock.nowMs();
    const round = await sealRound(ctx, signer, licences, goesOn);
    const spentMs = ctx.machineClock.nowMs() - beganMs;
    yield { done: round.sealed.length, failed: round.failed.length };
    if (round.stopped !== null) throw round.stopped.error;
    failed.push(...round.failed);
    size = round.failed.length > 0 ? 1 : nextRoundSize(licences.length, spentMs, ROUND);
  }
  if (failed.length === 0) await releaseGrant(ctx, grant);
}

function signerOf(ctx: StationContext, grant: GrantRow): Signer {
  const certificate = certificatesOf(ctx.office().seal(grant.sealId)).find((c) => c.hash === grant.certificateHash);
  if (certificate === undefined || certificate.algorithm === null) throw new StationError('SEAL_NOT_BOUND', { seal: grant.sealId });
  const anchors = ctx.office().setup.trustAnchors.map((anchor) => Buffer.from(anchor, 'base64'));
  return { grant, certificate: certificate.der, chain: chainOf(certificate.der, anchors), algorithm: certificate.algorithm };
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

/**
 * At start: whatever was between key and store goes back to approved. Nothing is guessed or signed again by itself; a
 * signature that was lost is harmless, since content and number were fixed before.
 */
export function recoverInterruptedSealing(ctx: StationContext): number {
  const interrupted = licencesInState(ctx.db, 'sealing', 10_000);
  for (const { id } of interrupted) failSealing(ctx, id, 'INTERRUPTED', null);
  return interrupted.length;
}
