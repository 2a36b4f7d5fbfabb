// Which authorities a seal carries along: those between the signer and its anchor, and no others.
// Must not judge dates: whoever asks the key does that before.
import { StationError } from '../../contract/station-error.ts';
import { findPath } from '../documents/verification/check-chain.ts';
import { readCertificate } from '../documents/verification/read-certificate.ts';

/** DER, nearest first, the anchor last. A certificate of another root in the CMS would make the verifier doubt the seal. */
export function chainOf(certificateDer: Uint8Array, trustAnchors: readonly Uint8Array[]): readonly Uint8Array[] {
  const path = findPath(readCertificate(certificateDer), [], trustAnchors.map(readCertificate));
  if (path === null) throw new StationError('CERTIFICATE_WRONG_ISSUER', {}, { cause: 'no way to a trust anchor' });
  return path.slice(1).map(({ der }) => der);
}
