// One-time grants (R33): the station permits one approved batch, one key, one certificate, so many signatures, for so long.
// The PIN is then typed straight to the token host. Must not sign.

import { StationError } from '../../contract/station-error.ts';
import type { Grant } from '../../contract/token.contract.ts';
import { type BatchId, PersonId } from '../../contract/values.ts';
import { toInstant } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import { requireUsable, surveyKeys } from '../seals/keys.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { type BatchRow, batchById, endGrants, enteredOrApprovedBy, insertGrant } from '../store/queries/sealing.ts';

/** Long enough for a lunch break inside a big batch, short enough that a forgotten key is not an open seal. */
const GRANT_MS = 60 * 60_000;

export interface PreparedGrant {
  readonly grantId: string;
  readonly tokenSerial: string;
  readonly tokenLabel: string;
  readonly sealName: string;
  readonly count: number;
  readonly pinPad: boolean;
}

export function requireBatch(ctx: StationContext, batchId: string): BatchRow {
  const batch = batchById(ctx.db, batchId);
  if (batch === undefined) throw new StationError('LICENCE_NOT_FOUND');
  return batch;
}

/** Only the seal's named custodian (R33), who neither entered nor approved anything of this batch. */
function refuseWrongPerson(ctx: StationContext, batch: BatchRow, actor: Actor): void {
  const seal = ctx.office().seal(batch.sealId);
  if (seal.custodianId !== actor.personId) throw new StationError('ROLE_NOT_ALLOWED', { needs: ctx.office().personName(seal.custodianId) });
  if (enteredOrApprovedBy(ctx.db, batch.id, actor.personId) > 0) throw new StationError('SAME_PERSON', { step: 'seal' });
}

export async function prepareGrant(ctx: StationContext, batchId: BatchId, actor: Actor): Promise<PreparedGrant> {
  const batch = requireBatch(ctx, batchId);
  if (batch.toSeal === 0) throw new StationError('STATE_CONFLICT', { state: 'issued' });
  refuseWrongPerson(ctx, batch, actor);
  const seal = ctx.office().seal(batch.sealId);
  if (seal.issuerId !== batch.issuerId)
    throw new StationError('CERTIFICATE_WRONG_ISSUER', { issuer: ctx.office().issuer(batch.issuerId).name });
  const { token, certificate } = requireUsable(ctx, seal, await surveyKeys(ctx));
  const grant: Grant = {
    grantId: ctx.ids.next(),
    batchId,
    custodianId: PersonId.parse(actor.personId),
    tokenSerial: token.serial,
    certificateHash: certificate.hash,
    signatures: batch.toSeal,
    expiresAt: toInstant(ctx.clock.nowMs() + GRANT_MS),
  };
  inTransaction(ctx.db, (db) => {
    const at = appendAudit(db, ctx.clock, {
      personId: actor.personId,
      kind: 'grant.made',
      subject: batchId,
      detail: { grant: grant.grantId, certificate: certificate.hash, signatures: batch.toSeal },
    });
    endGrants(db, batchId, at);
    insertGrant(db, {
      id: grant.grantId,
      batchId,
      sealId: seal.id,
      custodianId: grant.custodianId,
      tokenSerial: token.serial,
      certificateHash: certificate.hash,
      signatures: batch.toSeal,
      expiresAt: grant.expiresAt,
      madeAt: at,
    });
  });
  await ctx.tokens.grant({ ...grant, expiresAt: hostInstant(ctx, GRANT_MS) });
  return {
    grantId: grant.grantId,
    tokenSerial: token.serial,
    tokenLabel: token.label,
    sealName: seal.name,
    count: batch.toSeal,
    pinPad: token.pinPad,
  };
}

/** The token host lives by the machine's clock even where the station's is a demonstration's. */
const hostInstant = (ctx: StationContext, lifeMs: number): string => toInstant(ctx.machineClock.nowMs() + lifeMs);
