// First stage of sealing: the approved document gets its signing time and its digest. Nothing else may change (R33).
// Must not ask the key: that is the caller's step between this and embed.
import { createHash } from 'node:crypto';
import { StationError } from '../../contract/station-error.ts';
import type { Instant, Sha256 } from '../../contract/values.ts';
import { approvedHashOf, locateSignature } from '../documents/signature-place.ts';

export interface PreparedPdf {
  /** The whole file, signing time filled in, /Contents still zero. */
  readonly bytes: Uint8Array;
  /** SHA-256 over the byte range: all but the /Contents string. */
  readonly digest: Uint8Array;
}

/** `unsigned` is left as it is. Throws HASH_CHANGED when the document is not the one that was approved. */
export function prepare(unsigned: Uint8Array, approvedHash: Sha256, signedAt: Instant): PreparedPdf {
  if (approvedHashOf(unsigned) !== approvedHash) throw new StationError('HASH_CHANGED');
  const { signingTime, byteRange } = locateSignature(unsigned);
  const bytes = Uint8Array.from(unsigned);
  // ISO 32000-1 §7.9.4 in UTC and whole seconds; the zone is already there.
  const digits = signedAt.slice(0, 19).replace(/\D/g, '');
  bytes.set(Buffer.from(digits, 'latin1'), signingTime.start);
  const [, beforeLength, afterStart, afterLength] = byteRange;
  const digest = createHash('sha256')
    .update(bytes.subarray(0, beforeLength))
    .update(bytes.subarray(afterStart, afterStart + afterLength))
    .digest();
  return { bytes, digest };
}
