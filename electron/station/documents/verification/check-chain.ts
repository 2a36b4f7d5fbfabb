// Finds the way from a signer's certificate to a trusted authority, offline: only what the file and the trust list hold.
// Must not fetch anything and must not know about PDF.
import { verify } from 'node:crypto';
import { authorityKey } from './public-key.ts';
import { type Certificate, KEY_USAGE } from './read-certificate.ts';

/** More authorities than this between signer and anchor do not occur; a longer search is an attack. */
const MAX_PATH = 6;
/** Signature checks one search may cost (hostile files carry many certificates with one name). */
const MAX_CHECKS = 40;

/** The path from signer to anchor, both included; null when there is none. */
export function findPath(
  signer: Certificate,
  carried: readonly Certificate[],
  anchors: readonly Certificate[],
): readonly Certificate[] | null {
  const budget = { checks: MAX_CHECKS };
  const extend = (path: readonly Certificate[]): readonly Certificate[] | null => {
    const last = path.at(-1);
    if (last === undefined || path.length >= MAX_PATH) return null;
    const anchor = anchors.find((candidate) => hasIssued(candidate, last, path.length - 1, budget));
    if (anchor !== undefined) return [...path, anchor];
    for (const candidate of carried) {
      if (path.some((each) => each.hash === candidate.hash)) continue;
      const longer = hasIssued(candidate, last, path.length - 1, budget) ? extend([...path, candidate]) : null;
      if (longer !== null) return longer;
    }
    return null;
  };
  return extend([signer]);
}

/** RFC 5280 §6.1.4: names chain, the issuer is an authority that may sign certificates, and its signature is right. */
function hasIssued(issuer: Certificate, subject: Certificate, authoritiesBelow: number, budget: { checks: number }): boolean {
  if (Buffer.compare(issuer.subject, subject.issuer) !== 0 || issuer.hash === subject.hash) return false;
  if (!issuer.isAuthority || issuer.hasUnknownCritical) return false;
  if (issuer.keyUsage !== null && !issuer.keyUsage.has(KEY_USAGE.keyCertSign)) return false;
  if (issuer.pathLength !== null && authoritiesBelow > issuer.pathLength) return false;
  budget.checks -= 1;
  return budget.checks >= 0 && isSignedBy(subject, issuer);
}

function isSignedBy(subject: Certificate, issuer: Certificate): boolean {
  const use = authorityKey(issuer, subject.signatureAlgorithm);
  return use !== null && verify(use.digest, subject.body, use.key, subject.signature);
}

export const isValidAt = (certificate: Certificate, instant: string): boolean =>
  certificate.validFrom <= instant && instant <= certificate.validTo;
