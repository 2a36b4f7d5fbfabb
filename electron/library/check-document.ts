// Is the file validly sealed, and with a certificate of that issuer? Asks the verifier that the station uses too.
// Must not know the item's history.
import type { LicenceIssuedItem } from '../contract/library.ts';
import type { Instant } from '../contract/values.ts';
import { verifyDocument } from '../station/documents/verification/verify-document.ts';
import { type Refusal, refusal } from './refusals.ts';

export type DocumentJudgement =
  | { readonly valid: true; readonly certificateHashes: readonly string[] }
  | { readonly valid: false; readonly findings: readonly string[] };

/** `at`: the time by which dates are judged. */
export type JudgeDocument = (file: Uint8Array, at: Instant) => DocumentJudgement;

export const judgeByVerifier =
  (trustAnchors: readonly Uint8Array[]): JudgeDocument =>
  (file, at) => {
    const view = verifyDocument(file, { trustAnchors, at });
    const certificateHashes = view.signatures.flatMap(({ signer }) => (signer === null ? [] : [signer.certificateHash]));
    if (view.result === 'valid' && certificateHashes.length > 0) return { valid: true, certificateHashes };
    return { valid: false, findings: view.findings.map(({ code }) => code) };
  };

/** Certificates (SHA-256 of the DER) by issuer code. */
export type IssuerRegister = Readonly<Record<string, readonly string[]>>;

export function checkDocument(
  item: LicenceIssuedItem,
  file: Uint8Array,
  issuers: IssuerRegister,
  judge: JudgeDocument,
  at: Instant,
): Refusal | null {
  const own = Object.hasOwn(issuers, item.issuerCode) ? issuers[item.issuerCode] : undefined;
  if (own === undefined || own.length === 0) return refusal('unknownIssuer', item.issuerCode);
  const judgement = judge(file, at);
  if (!judgement.valid) return refusal('badSignature', judgement.findings.join(' '));
  return judgement.certificateHashes.every((hash) => own.includes(hash)) ? null : refusal('wrongSigner', item.issuerCode);
}
