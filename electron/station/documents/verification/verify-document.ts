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
import { type Revision, readRevisions } from '../revisions/read-file.ts';
import { PdfProblem } from '../revisions/read-value.ts';
import { checkSeal, type SealCheck } from './check-seal.ts';
import { DerError } from './der.ts';
import { findRevisionEnds, findSignatures, MAX_SIGNATURES, type SignatureDictionary } from './find-signatures.ts';
import { judgeRevisions, type RevisionJudgement } from './judge-revisions.ts';
import { judgeTrust, type Trust, trustedTime } from './judge-trust.ts';
import { readCertificate } from './read-certificate.ts';
import { readLongTerm } from './read-long-term.ts';
import { readRevocationList } from './read-revocation-list.ts';

export interface VerifyOptions {
  /** Certification authorities trusted for seals, DER. */
  readonly trustAnchors: readonly Uint8Array[];
  /** Those trusted for time stamps; the same ones where not given. */
  readonly timestampAnchors?: readonly Uint8Array[];
  /** Revocation lists at hand, DER. */
  readonly revocationLists?: readonly Uint8Array[];
  /** Now, as an ISO 8601 instant. */
  readonly at: string;
  /** SHA-256 this station keeps of the licence file; proves that the file existed when the station stored it. */
  readonly knownHash?: string;
}

const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Readers look for the header so far into a file; it must not be anywhere but at its start. */
const HEADER_SEARCH_BYTES = 1_024;

/** Throws INPUT_INVALID for a trust anchor or revocation list that cannot be read, nothing else. */
export function verifyDocument(pdf: Uint8Array, options: VerifyOptions): VerificationView {
  const fileHash = sha256(pdf);
  const anchors = readAll(options.trustAnchors, readCertificate, 'trustAnchors');
  const timestampAnchors = options.timestampAnchors && readAll(options.timestampAnchors, readCertificate, 'timestampAnchors');
  const given = readAll(options.revocationLists ?? [], readRevocationList, 'revocationLists');
  const file = { fileHash, sizeBytes: pdf.length };
  const unread = (code: FindingCode): VerificationView => ({
    ...file,
    result: resultOf([{ code, signature: null }]),
    findings: [{ code, signature: null }],
    known: options.knownHash === undefined ? 'notAsked' : options.knownHash === fileHash ? 'same' : 'different',
    signatures: [],
    revisions: [],
    firstRevisionHash: null,
  });

  if (pdf.length > MAX_FILE_BYTES) return unread('FILE_TOO_LARGE');
  const head = Buffer.from(pdf.subarray(0, HEADER_SEARCH_BYTES)).toString('latin1');
  if (!head.startsWith('%PDF-')) return unread(head.includes('%PDF-') ? 'STRUCTURE_BROKEN' : 'NOT_A_PDF');
  const structure = readStructure(pdf);
  const dictionaries = findSignatures(pdf, structure.streamEndAt);
  if (dictionaries.length === 0) return unread(structure.problem === 'FILE_ENCRYPTED' ? 'FILE_ENCRYPTED' : 'NO_SIGNATURE');
  if (dictionaries.length > MAX_SIGNATURES) return unread('SIGNATURE_UNREADABLE');

  const seals = dictionaries.map((dictionary) => checkSeal(pdf, dictionary));
  const places =
    structure.problem === null
      ? judgeRevisions(structure.text, structure.revisions, dictionaries, seals, options.at)
      : placesOfUnread(pdf, structure.problem, dictionaries, seals);
  const firstRevisionHash = places.firstSignedEnd === null ? null : sha256(pdf.subarray(0, places.firstSignedEnd));
  const known =
    options.knownHash === undefined ? 'notAsked' : [fileHash, firstRevisionHash].includes(options.knownHash) ? 'same' : 'different';
  // What this station stored is proven to have existed; what was added to it elsewhere is not.
  const storedUntil = options.knownHash === fileHash ? pdf.length : known === 'same' ? (places.firstSignedEnd ?? 0) : 0;

  const kept = readLongTerm(pdf, structure.revisions);
  const trust: Trust = {
    anchors,
    timestampAnchors: timestampAnchors ?? anchors,
    kept: kept.certificates,
    lists: [...given, ...kept.lists],
    at: options.at,
  };
  const times = provenTimes(seals, trust);
  const judged = seals.map((seal, index) => {
    const stored = seal.coveredUntil > 0 && seal.coveredUntil <= storedUntil;
    return { seal, ...judgeTrust(seal, dictionaries[index] ?? null, trust, { provenAt: times[index] ?? null, stored }) };
  });
  const findings: Finding[] = judged.flatMap(({ seal, findings: own }, signature) =>
    [...seal.findings, ...own].map((code) => ({ code, signature })),
  );
  findings.push(...places.findings.map((code) => ({ code, signature: null })));
  if (known === 'different') findings.push({ code: 'NOT_THE_STORED_FILE', signature: null });
  const signatures = judged.map(
    ({ seal, view }, index): SignatureView => ({
      ...view,
      field: places.fields[index] ?? '',
      coversWholeDocument: seal.coveredUntil === pdf.length,
    }),
  );
  return { ...file, result: resultOf(findings), findings, known, signatures, revisions: [...places.views], firstRevisionHash };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

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

interface Structure {
  readonly text: string;
  readonly problem: PdfProblem['code'] | null;
  readonly revisions: readonly Revision[];
  readonly streamEndAt: (offset: number) => number | null;
}

function readStructure(pdf: Uint8Array): Structure {
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1');
  try {
    const revisions = readRevisions(text);
    return { text, problem: null, revisions, streamEndAt: streamFinder(revisions) };
  } catch (error) {
    if (error instanceof PdfProblem) return { text, problem: error.code, revisions: [], streamEndAt: () => null };
    throw error;
  }
}

function streamFinder(revisions: readonly Revision[]): Structure['streamEndAt'] {
  const streams = revisions
    .flatMap(({ objects }) => [...objects.values()].flatMap(({ stream }) => (stream === null ? [] : [stream])))
    .sort((a, b) => a.start - b.start);
  return (offset) => {
    let [low, high] = [0, streams.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((streams[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const candidate = streams[low];
    return candidate !== undefined && candidate.start <= offset ? candidate.end : null;
  };
}

/** Of a file whose objects could not be read, all that is said is where signatures and revisions end. */
function placesOfUnread(
  pdf: Uint8Array,
  problem: PdfProblem['code'],
  dictionaries: readonly (SignatureDictionary | null)[],
  seals: readonly SealCheck[],
): RevisionJudgement {
  const coverages = seals.map(({ coveredUntil }) => coveredUntil);
  const reach = Math.max(...coverages);
  const findings: FindingCode[] = [problem];
  // Bytes behind the last signature are signed by nobody: a shadow update hides exactly there.
  if (reach > 0 && reach < pdf.length) findings.push('BYTES_AFTER_SIGNATURE');
  if (seals.length > 1) findings.push('MORE_SIGNATURES');
  const gaps = dictionaries.flatMap((dictionary) => (dictionary?.contents ? [dictionary.contents] : []));
  const ends = findRevisionEnds(pdf).filter((end) => !gaps.some((gap) => end > gap.start && end < gap.end));
  const all = [...new Set([...ends, ...(ends.at(-1) === pdf.length ? [] : [pdf.length])])];
  const views = all.map((endsAtByte) => {
    const signature = coverages.indexOf(endsAtByte);
    return { endsAtByte, signature: signature < 0 ? null : signature, changes: [], refused: [] };
  });
  return { findings, views, fields: [], firstSignedEnd: null };
}

/**
 * By when each signature is proven to have existed: the earliest trusted time stamp over its value or over its bytes. From
 * the end backwards, because a newer stamp keeps an older one believable after its certificate has ended.
 */
function provenTimes(seals: readonly SealCheck[], trust: Trust): readonly (string | null)[] {
  const times: (string | null)[] = seals.map(() => null);
  const order = seals.map((seal, index) => ({ seal, index })).sort((a, b) => b.seal.coveredUntil - a.seal.coveredUntil);
  let latest: string | null = null;
  for (const { seal, index } of order) {
    const own: string | null = seal.timestamp === null || !seal.intact ? null : trustedTime(seal.timestamp, trust, latest);
    times[index] = earlier(own, latest);
    if (seal.kind === 'timestamp' && own !== null) latest = earlier(own, latest);
    // An untrusted stamp has no proof of its own; what a newer one says of it stays true.
    if (seal.kind === 'timestamp' && own === null) times[index] = null;
  }
  return times;
}

const earlier = (a: string | null, b: string | null): string | null => (a === null ? b : b === null ? a : a < b ? a : b);
