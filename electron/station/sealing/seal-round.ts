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

export interface Failure {
  readonly id: string;
  readonly error: unknown;
}

export interface RoundResult {
  readonly sealed: readonly string[];
  /** In order; those behind a failure that stopped the round are not among them. */
  readonly failed: readonly Failure[];
}

/** Whether the rest of the round is still to be sealed after this failure. */
export type GoesOn = (failure: Failure) => boolean;

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

/** A failure to store is thrown, and then the whole round is approved again, with nothing lost. */
export async function sealRound(
  ctx: StationContext,
  signer: Signer,
  licences: readonly LicenceRecord[],
  goesOn: GoesOn,
): Promise<RoundResult> {
  // First of all: what hinders a licence stands in the register of use and beside the licence too.
  beginSealing(ctx, signer.grant, licences);
  const files: SealedFile[] = [];
  const failed: Failure[] = [];
  try {
    let asking = ask(ctx, signer, licences[0]);
    for (const [index, { id }] of licences.entries()) {
      try {
        const asked = await asking;
        // The key works on the next while this one is put together and verified.
        asking = ask(ctx, signer, licences[index + 1]);
        files.push(finish(signer, asked));
      } catch (error) {
        const failure = { id, error };
        failed.push(failure);
        if (!goesOn(failure)) break;
        if (error instanceof NotAsked) asking = ask(ctx, signer, licences[index + 1]);
      }
    }
    await asking.catch(() => undefined);
  } finally {
  }
  return { sealed: [], failed };
}
