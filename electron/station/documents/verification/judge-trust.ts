// Whom to believe: the way from a signer to a trusted authority, dates, revocation, and how sure the time is.
// Must not look at the file's bytes; must not fetch anything.
import type { FindingCode, SignatureView } from '../../../contract/verification.ts';
import { findPath, isValidAt } from './check-chain.ts';
import type { SealCheck } from './check-seal.ts';
import type { SignatureDictionary } from './find-signatures.ts';
import { type Certificate, KEY_USAGE } from './read-certificate.ts';
import { askRevocation, type RevocationList } from './read-revocation-list.ts';
import type { Timestamp } from './read-timestamp.ts';

/** Two clocks of honest stations may differ by so much. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

export interface Trust {
  readonly anchors: readonly Certificate[];
  readonly timestampAnchors: readonly Certificate[];
  /** Certificates kept in the file for later. */
  readonly kept: readonly Certificate[];
  readonly lists: readonly RevocationList[];
  readonly at: string;
}

export interface TrustJudgement {
  readonly findings: readonly FindingCode[];
  readonly view: Omit<SignatureView, 'coversWholeDocument' | 'field'>;
}

/**
 * When a trusted service says these bytes existed; null when it is not trusted, or its certificate has ended and nothing
 * newer (`provenAt`) shows that the stamp was made before.
 */
export function trustedTime(stamp: Timestamp, trust: Trust, provenAt: string | null): string | null {
  const path = findPath(stamp.signer, [...stamp.certificates, ...trust.kept], trust.timestampAnchors);
  if (path === null || path.some((each) => each.hasUnknownCritical && each !== stamp.signer) || stamp.signer.hasUnknownCritical)
    return null;
  const seenAt = provenAt ?? trust.at;
  if (Date.parse(stamp.time) > Date.parse(seenAt) + CLOCK_TOLERANCE_MS) return null;
  if (path.some((each) => !isValidAt(each, stamp.time) || seenAt > each.validTo)) return null;
  const isRevoked = path.slice(0, -1).some((each, index) => {
    const authority = path[index + 1];
    return authority !== undefined && askRevocation(each, authority, trust.lists).state === 'revoked';
  });
  return isRevoked ? null : stamp.time;
}

/** `provenAt`: a trusted time by which the signature existed. `stored`: this station kept exactly these bytes since then. */
export function judgeTrust(
  seal: SealCheck,
  dictionary: SignatureDictionary | null,
  trust: Trust,
  { provenAt, stored }: { readonly provenAt: string | null; readonly stored: boolean },
): TrustJudgement {
  const claimedAt = seal.kind === 'timestamp' ? (seal.timestamp?.time ?? null) : (dictionary?.claimedAt ?? null);
  const { signer } = seal;
  const base = {
    kind: seal.kind,
    format: dictionary?.subFilter.replace('/', '') ?? '',
    signer: signer === null ? null : signerView(signer),
    algorithm: seal.algorithm,
    signedAt: claimedAt,
    timeProof: provenAt !== null ? ('timestamp' as const) : claimedAt === null ? ('none' as const) : ('claimed' as const),
    provenAt,
    intact: seal.intact,
    chain: 'notChecked' as const,
    revocation: { state: 'notChecked' as const, listFrom: null },
  };
  if (signer === null || !seal.intact) return { findings: [], view: base };

  const anchors = seal.kind === 'timestamp' ? trust.timestampAnchors : trust.anchors;
  const path = findPath(signer, [...seal.certificates, ...trust.kept], anchors);
  const chain = path === null ? 'untrusted' : 'trusted';
  const revocation = judgeRevocation(claimedAt, path, trust, provenAt, stored);
  // A stamp that is not believed proves no time and takes nothing away.
  if (seal.kind === 'timestamp') {
    return { findings: provenAt === null ? ['TIMESTAMP_UNTRUSTED'] : [], view: { ...base, chain, revocation: revocation.view } };
  }
  const findings: FindingCode[] = [];
  if (signer.keyUsage !== null && !signer.keyUsage.has(KEY_USAGE.digitalSignature) && !signer.keyUsage.has(KEY_USAGE.nonRepudiation)) {
    findings.push('KEY_USAGE_WRONG');
  }
  if (signer.hasUnknownCritical) findings.push('CERTIFICATE_CRITICAL_UNKNOWN');
  if (path === null) findings.push('CHAIN_UNTRUSTED');
  else if (seal.certificates.some((each) => !path.some((used) => used.hash === each.hash))) findings.push('STRAY_CERTIFICATE');
  findings.push(...judgeTime(claimedAt, path ?? [signer], trust, provenAt, stored), ...revocation.findings);
  return { findings, view: { ...base, chain, revocation: revocation.view } };
}

function signerView(signer: Certificate): NonNullable<SignatureView['signer']> {
  return {
    name: signer.commonName,
    organization: signer.organization,
    code: signer.subjectCode,
    certificateHash: signer.hash,
    certificateFrom: signer.validFrom,
    certificateUntil: signer.validTo,
  };
}

/** Dates are checked at the time of signing; where that time is only claimed, a certificate that has ended since leaves a doubt. */
function judgeTime(
  signedAt: string | null,
  path: readonly Certificate[],
  trust: Trust,
  provenAt: string | null,
  stored: boolean,
): readonly FindingCode[] {
  if (signedAt === null) return ['TIME_MISSING'];
  const findings: FindingCode[] = provenAt === null ? ['TIME_CLAIMED_ONLY'] : [];
  const latest = provenAt ?? trust.at;
  if (Date.parse(signedAt) > Date.parse(latest) + CLOCK_TOLERANCE_MS) findings.push('TIME_IN_FUTURE');
  if (path.some((certificate) => !isValidAt(certificate, signedAt))) findings.push('CERTIFICATE_NOT_VALID_THEN');
  else if (!stored && path.some((certificate) => latest > certificate.validTo)) findings.push('CERTIFICATE_EXPIRED_SINCE');
  return findings;
}

function judgeRevocation(
  signedAt: string | null,
  path: readonly Certificate[] | null,
  trust: Trust,
  provenAt: string | null,
  stored: boolean,
): { readonly findings: readonly FindingCode[]; readonly view: SignatureView['revocation'] } {
  const findings: FindingCode[] = [];
  let state: SignatureView['revocation']['state'] = 'good';
  let listFrom: string | null = null;
  const links = (path ?? []).slice(0, -1).map((certificate, index) => ({ certificate, authority: path?.[index + 1] }));
  for (const { certificate, authority } of links) {
    const answer = authority === undefined ? { state: 'notChecked' as const } : askRevocation(certificate, authority, trust.lists);
    if (answer.state === 'notChecked') {
      if (state === 'good') state = 'notChecked';
      continue;
    }
    if (listFrom === null || answer.list.thisUpdate < listFrom) listFrom = answer.list.thisUpdate;
    if ((answer.list.nextUpdate ?? answer.list.thisUpdate) < trust.at) findings.push('REVOCATION_LIST_OLD');
    if (answer.state === 'good') continue;
    const before = signedAt === null || answer.revokedAt <= signedAt;
    state = before ? 'revoked' : 'revokedSince';
    if (before) findings.push('CERTIFICATE_REVOKED');
    else if (!stored && (provenAt === null || answer.revokedAt <= provenAt)) findings.push('CERTIFICATE_REVOKED_SINCE');
  }
  if (links.length === 0) state = 'notChecked';
  if (state === 'notChecked') findings.push('REVOCATION_NOT_CHECKED');
  return { findings, view: { state, listFrom } };
}
