// The verifier of whole files, offline: valid, invalid or cannot tell, each with its findings (R11, R12).
// Never throws for what the file holds, never fetches, and says "valid" only when every byte has been accounted for.
import { createHash } from 'node:crypto';
import { StationError } from '../../../contract/station-error.ts';
import {
  type Finding,
  type FindingCode,
  findingWeights,
  type SignatureView,
  type VerificationView,
} from '../../../contract/verification.ts';
import { findPath, isValidAt } from './check-chain.ts';
import { checkSeal, type SealCheck } from './check-seal.ts';
import { DerError } from './der.ts';
import { findRevisionEnds, findSignatures, MAX_SIGNATURES, type SignatureDictionary } from './find-signatures.ts';
import { type Certificate, KEY_USAGE, readCertificate } from './read-certificate.ts';
import { askRevocation, type RevocationList, readRevocationList } from './read-revocation-list.ts';

export interface VerifyOptions {
  /** Certification authorities trusted for seals, DER. */
  readonly trustAnchors: readonly Uint8Array[];
  /** Revocation lists at hand, DER. */
  readonly revocationLists?: readonly Uint8Array[];
  /** Now, as an ISO 8601 instant. */
  readonly at: string;
  /** SHA-256 this station keeps of the licence file; proves that the file existed when the station stored it. */
  readonly knownHash?: string;
}

const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Two clocks of honest stations may differ by so much. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

interface Trust {
  readonly anchors: readonly Certificate[];
  readonly lists: readonly RevocationList[];
  readonly at: string;
  /** The station itself stored exactly this file, so what happened to the certificate later does not matter. */
  readonly stored: boolean;
}

/** Throws INPUT_INVALID for a trust anchor or revocation list that cannot be read, nothing else. */
export function verifyDocument(pdf: Uint8Array, options: VerifyOptions): VerificationView {
  const fileHash = createHash('sha256').update(pdf).digest('hex');
  const known = options.knownHash === undefined ? 'notAsked' : options.knownHash === fileHash ? 'same' : 'different';
  const trust: Trust = {
    anchors: readAll(options.trustAnchors, readCertificate, 'trustAnchors'),
    lists: readAll(options.revocationLists ?? [], readRevocationList, 'revocationLists'),
    at: options.at,
    stored: known === 'same',
  };
  const unread = (code: FindingCode) => view([{ code, signature: null }], [], []);
  const view = (
    findings: readonly Finding[],
    signatures: readonly SignatureView[],
    revisions: VerificationView['revisions'],
  ): VerificationView => ({
    result: resultOf(findings),
    findings: [...findings],
    fileHash,
    sizeBytes: pdf.length,
    known,
    signatures: [...signatures],
    revisions,
  });

  if (pdf.length > MAX_FILE_BYTES) return unread('FILE_TOO_LARGE');
  if (Buffer.from(pdf.subarray(0, 5)).toString('latin1') !== '%PDF-') return unread('NOT_A_PDF');
  const dictionaries = findSignatures(pdf);
  if (dictionaries.length === 0) return unread('NO_SIGNATURE');
  if (dictionaries.length > MAX_SIGNATURES) return unread('SIGNATURE_UNREADABLE');

  const checked = dictionaries.map((dictionary) => {
    const seal = checkSeal(pdf, dictionary);
    return { seal, ...judgeTrust(seal, dictionary, trust) };
  });
  const findings: Finding[] = checked.flatMap(({ seal, findings: own }, signature) =>
    [...seal.findings, ...own].map((code) => ({ code, signature })),
  );
  const coverages = checked.map(({ seal }) => seal.coveredUntil);
  const reach = Math.max(...coverages);
  // Bytes behind the last signature are signed by nobody: a shadow update hides exactly there.
  if (reach > 0 && reach < pdf.length) findings.push({ code: 'BYTES_AFTER_SIGNATURE', signature: null });
  // What a later revision changed is not yet compared with what it may change, so several seals are never "valid" here.
  if (checked.length > 1) findings.push({ code: 'MORE_SIGNATURES', signature: null });
  if (known === 'different') findings.push({ code: 'NOT_THE_STORED_FILE', signature: null });

  const views = checked.map(({ seal, view: own }) => ({ ...own, coversWholeDocument: seal.coveredUntil === pdf.length }));
  return view(findings, views, revisionsOf(pdf, dictionaries, coverages));
}

function resultOf(findings: readonly Finding[]): VerificationView['result'] {
  const weights = findings.map(({ code }) => findingWeights[code]);
  if (weights.includes('invalid')) return 'invalid';
  return weights.includes('cannotTell') ? 'cannotTell' : 'valid';
}

function readAll<T>(all: readonly Uint8Array[], read: (bytes: Uint8Array) => T, field: string): readonly T[] {
  try {
    return all.map(read);
  } catch (cause) {
    if (cause instanceof DerError) throw new StationError('INPUT_INVALID', { field, problem: cause.message }, { cause });
    throw cause;
  }
}

interface TrustJudgement {
  readonly findings: readonly FindingCode[];
  readonly view: Omit<SignatureView, 'coversWholeDocument'>;
}

function judgeTrust(seal: SealCheck, dictionary: SignatureDictionary | null, trust: Trust): TrustJudgement {
  const signedAt = dictionary?.claimedAt ?? null;
  const { signer } = seal;
  const base = {
    signer: signer === null ? null : signerView(signer),
    algorithm: seal.algorithm,
    signedAt,
    timeProof: signedAt === null ? ('none' as const) : ('claimed' as const),
    intact: seal.intact,
    chain: 'notChecked' as const,
    revocation: { state: 'notChecked' as const, listFrom: null },
  };
  if (signer === null || !seal.intact) return { findings: [], view: base };

  const findings: FindingCode[] = [];
  if (signer.keyUsage !== null && !signer.keyUsage.has(KEY_USAGE.digitalSignature) && !signer.keyUsage.has(KEY_USAGE.nonRepudiation)) {
    findings.push('KEY_USAGE_WRONG');
  }
  if (signer.hasUnknownCritical) findings.push('CERTIFICATE_CRITICAL_UNKNOWN');
  const path = findPath(signer, seal.certificates, trust.anchors);
  if (path === null) findings.push('CHAIN_UNTRUSTED');
  else if (seal.certificates.some((each) => !path.some((used) => used.hash === each.hash))) findings.push('STRAY_CERTIFICATE');

  findings.push(...judgeTime(signedAt, path ?? [signer], trust));
  const revocation = judgeRevocation(signedAt, path, trust);
  findings.push(...revocation.findings);
  return { findings, view: { ...base, chain: path === null ? 'untrusted' : 'trusted', revocation: revocation.view } };
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

/** Dates are checked at the time of signing; that time is only claimed, so a certificate that has ended since leaves a doubt. */
function judgeTime(signedAt: string | null, path: readonly Certificate[], trust: Trust): readonly FindingCode[] {
  if (signedAt === null) return ['TIME_MISSING'];
  const findings: FindingCode[] = ['TIME_CLAIMED_ONLY'];
  if (Date.parse(signedAt) > Date.parse(trust.at) + CLOCK_TOLERANCE_MS) findings.push('TIME_IN_FUTURE');
  if (path.some((certificate) => !isValidAt(certificate, signedAt))) findings.push('CERTIFICATE_NOT_VALID_THEN');
  else if (!trust.stored && path.some((certificate) => trust.at > certificate.validTo)) findings.push('CERTIFICATE_EXPIRED_SINCE');
  return findings;
}

function judgeRevocation(
  signedAt: string | null,
  path: readonly Certificate[] | null,
  trust: Trust,
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
    else if (!trust.stored) findings.push('CERTIFICATE_REVOKED_SINCE');
  }
  if (links.length === 0) state = 'notChecked';
  if (state === 'notChecked') findings.push('REVOCATION_NOT_CHECKED');
  return { findings, view: { state, listFrom } };
}

function revisionsOf(
  pdf: Uint8Array,
  dictionaries: readonly (SignatureDictionary | null)[],
  coverages: readonly number[],
): VerificationView['revisions'] {
  const gaps = dictionaries.flatMap((dictionary) => (dictionary?.contents ? [dictionary.contents] : []));
  const ends = findRevisionEnds(pdf).filter((end) => !gaps.some((gap) => end > gap.start && end < gap.end));
  const all = [...new Set([...ends, ...(ends.at(-1) === pdf.length ? [] : [pdf.length])])];
  return all.map((endsAtByte) => {
    const signature = coverages.indexOf(endsAtByte);
    return { endsAtByte, signature: signature < 0 ? null : signature };
  });
}
