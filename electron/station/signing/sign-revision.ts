// Signs a prepared later revision through whoever holds the key, and checks the result before anyone may keep it.
// Must not know tokens: it is given a function that signs the DER of the attributes.
import { createHash } from 'node:crypto';
import { StationError } from '../../contract/station-error.ts';
import type { SignatureAlgorithm } from '../../contract/token.contract.ts';
import { findingWeights } from '../../contract/verification.ts';
import { verifyDocument } from '../documents/verification/verify-document.ts';
import { assembleCms, signedAttributes } from './cms.ts';
import { embedLater, type PreparedRevision } from './later-revisions.ts';

export interface RevisionSigner {
  /** DER. */
  readonly certificate: Uint8Array;
  /** Its authorities, DER, nearest first. */
  readonly chain: readonly Uint8Array[];
  readonly algorithm: SignatureAlgorithm;
  readonly sign: (attributes: Uint8Array) => Promise<Uint8Array>;
  /** Asks a time stamp service about this SHA-256 digest of the signature value (B-T); its token is in the file then. */
  readonly stamp?: (digest: Uint8Array) => Promise<Uint8Array>;
}

/** Throws SIGNATURE_INVALID when the key answered rubbish or the file as a whole would be refused; whatever `sign` throws. */
export async function signRevision(revision: PreparedRevision, signer: RevisionSigner, at: string): Promise<Uint8Array> {
  const attributes = signedAttributes(revision.digest, signer.certificate);
  const signature = await signer.sign(attributes.der);
  const { certificate, chain, algorithm } = signer;
  const token = signer.stamp && { timestampToken: await signer.stamp(createHash('sha256').update(signature).digest()) };
  const bytes = embedLater(revision, assembleCms({ attributes, signature, algorithm, certificate, chain, ...token }));
  const { findings } = verifyDocument(bytes, { trustAnchors: [], at });
  const refused = findings.filter(({ code }) => findingWeights[code] === 'invalid').map(({ code }) => code);
  if (refused.length > 0) throw new StationError('SIGNATURE_INVALID', {}, { cause: refused.join(' ') });
  return bytes;
}
