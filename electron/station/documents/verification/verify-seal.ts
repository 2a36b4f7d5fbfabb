// The short question of the library and of the station before it stores: is this file sealed, whole, with one of these certificates?
// Must not ask for trust, dates or revocation: that is verify-document.
import { createHash } from 'node:crypto';
import type { FindingCode } from '../../../contract/verification.ts';
import { checkSeal } from './check-seal.ts';
import { findSignatures } from './find-signatures.ts';

export type SealAnswer =
  | { readonly sealed: true; readonly certificateHash: string; readonly signedAt: string | null }
  | { readonly sealed: false; readonly findings: readonly FindingCode[] };

/** `certificates`: DER of those the issuer may seal with. A wrong signer answers SIGNER_CERTIFICATE_WRONG. Never throws. */
export function verifySeal(pdf: Uint8Array, certificates: readonly Uint8Array[]): SealAnswer {
  const found = findSignatures(pdf);
  const [dictionary] = found;
  if (dictionary === undefined) return { sealed: false, findings: ['NO_SIGNATURE'] };
  if (found.length > 1) return { sealed: false, findings: ['MORE_SIGNATURES'] };
  const seal = checkSeal(pdf, dictionary);
  if (!seal.intact || seal.findings.length > 0 || seal.signer === null) return { sealed: false, findings: seal.findings };
  if (seal.coveredUntil !== pdf.length) return { sealed: false, findings: ['BYTES_AFTER_SIGNATURE'] };
  const { hash } = seal.signer;
  if (!certificates.some((each) => createHash('sha256').update(each).digest('hex') === hash)) {
    return { sealed: false, findings: ['SIGNER_CERTIFICATE_WRONG'] };
  }
  return { sealed: true, certificateHash: hash, signedAt: dictionary?.claimedAt ?? null };
}
