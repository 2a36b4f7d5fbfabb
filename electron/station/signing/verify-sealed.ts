// The check before anything is stored: the key may have answered rubbish, the wrong key, or for another document.
// Must be passed by every sealed file; must not ask for trust or dates (the station does, before the key is asked).
import { isStationError, StationError } from '../../contract/station-error.ts';
import type { Sha256 } from '../../contract/values.ts';
import { approvedHashOf } from '../documents/signature-place.ts';
import { verifySeal } from '../documents/verification/verify-seal.ts';

export interface ExpectedSeal {
  readonly certificateDer: Uint8Array;
  readonly approvedHash: Sha256;
}

/** Throws SIGNATURE_INVALID unless the file is sealed over all its bytes with exactly this certificate and is the approved document. */
export function verifySealed(bytes: Uint8Array, expected: ExpectedSeal): void {
  const answer = verifySeal(bytes, [expected.certificateDer]);
  if (!answer.sealed) throw new StationError('SIGNATURE_INVALID', {}, { cause: answer.findings.join(' ') });
  if (hashOf(bytes) !== expected.approvedHash) throw new StationError('SIGNATURE_INVALID', {}, { cause: 'not the approved document' });
}

/** Null for a file that is no document of this station at all. */
function hashOf(bytes: Uint8Array): Sha256 | null {
  try {
    return approvedHashOf(bytes);
  } catch (error) {
    if (isStationError(error, 'HASH_CHANGED')) return null;
    throw error;
  }
}
