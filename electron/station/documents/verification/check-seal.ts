// Checks one signature of a PDF by itself: places, bytes, cryptography, the signer's own certificate.
// Says nothing of trust or time (judge-trust), nor of what later revisions did (judge-revisions). Never throws for what the file holds.
import { createHash } from 'node:crypto';
import type { FindingCode, SealAlgorithm } from '../../../contract/verification.ts';
import { berToDer } from './ber.ts';
import { checkCms } from './check-cms.ts';
import { DerError, readDerPrefix } from './der.ts';
import type { SignatureDictionary } from './find-signatures.ts';
import { type Certificate, readCertificate } from './read-certificate.ts';
import { CmsNotSupported, type Digest, PROFILES, readCms } from './read-cms.ts';
import { checkTimestamp, type Timestamp } from './read-timestamp.ts';

export interface SealCheck {
  readonly kind: 'seal' | 'timestamp';
  readonly findings: readonly FindingCode[];
  readonly signer: Certificate | null;
  /** All certificates in the signature, the signer's included. */
  readonly certificates: readonly Certificate[];
  readonly algorithm: SealAlgorithm | null;
  /** The signature fits the bytes it names and the certificate it names. */
  readonly intact: boolean;
  /** Offset behind the last signed byte; 0 when the byte range is unusable. */
  readonly coveredUntil: number;
  /** A document timestamp itself, or the one over this signature's value. */
  readonly timestamp: Timestamp | null;
}

const FORMATS = {
  '/ETSI.CAdES.detached': PROFILES.pades,
  '/adbe.pkcs7.detached': PROFILES.pkcs7,
  '/ETSI.RFC3161': PROFILES.timestamp,
} as const;

const formatOf = (subFilter: string) => (Object.hasOwn(FORMATS, subFilter) ? FORMATS[subFilter as keyof typeof FORMATS] : undefined); // own key, just asked

export function checkSeal(pdf: Uint8Array, dictionary: SignatureDictionary | null): SealCheck {
  const none = { kind: 'seal' as const, signer: null, certificates: [], algorithm: null, intact: false, coveredUntil: 0, timestamp: null };
  if (dictionary === null || dictionary.contents === null) return { ...none, findings: ['SIGNATURE_UNREADABLE'] };
  const format = formatOf(dictionary.subFilter);
  const { byteRange, contents } = dictionary;
  const isRangeRight = byteRange !== null && isByteRangeRight(byteRange, contents, pdf.length);
  if (format === undefined) return unknownFormat(pdf, dictionary, contents, isRangeRight ? byteRange : null);
  const isTimestamp = format === PROFILES.timestamp;
  const kind = isTimestamp ? 'timestamp' : 'seal';
  if (isTimestamp !== (dictionary.type === '/DocTimeStamp')) return { ...none, kind, findings: ['SIGNATURE_UNREADABLE'] };
  if (!isRangeRight) return { ...none, kind, findings: ['BYTE_RANGE_WRONG'] };
  const coveredUntil = byteRange[2] + byteRange[3];

  const raw = readHex(pdf.subarray(contents.start + 1, contents.end - 1));
  if (raw === null) return { ...none, kind, coveredUntil, findings: ['HIDDEN_BYTES'] };
  const digestOf = (digest: Digest): Uint8Array =>
    createHash(digest).update(pdf.subarray(0, byteRange[1])).update(pdf.subarray(byteRange[2], coveredUntil)).digest();
  try {
    const { encoded, isLoose } = encodingOf(raw);
    if (encoded === null) return { ...none, kind, coveredUntil, findings: ['HIDDEN_BYTES'] };
    const loose: readonly FindingCode[] = isLoose ? ['ENCODING_LOOSE'] : [];
    const checked = format.version === 3 ? checkDocumentTimestamp(encoded, digestOf) : checkSealCms(encoded, format, digestOf);
    return { ...checked, kind, coveredUntil, findings: [...checked.findings, ...loose] };
  } catch (error) {
    return { ...none, kind, coveredUntil, findings: [unreadable(error)] };
  }
}

/**
 * Nothing says that a signature of an unknown format is right; but where it is a CMS that does not fit its bytes, the file was
 * altered, perhaps in the name of the format itself.
 */
function unknownFormat(
  pdf: Uint8Array,
  dictionary: SignatureDictionary,
  contents: NonNullable<SignatureDictionary['contents']>,
  byteRange: SignatureDictionary['byteRange'],
): SealCheck {
  const coveredUntil = byteRange === null ? 0 : byteRange[2] + byteRange[3];
  const none = { kind: 'seal' as const, signer: null, certificates: [], algorithm: null, intact: false, coveredUntil, timestamp: null };
  if (byteRange === null) return { ...none, findings: ['FORMAT_NOT_SUPPORTED'] };
  const asIf = checkSeal(pdf, { ...dictionary, contents, type: '/Sig', subFilter: '/adbe.pkcs7.detached' });
  const isAltered = asIf.findings.includes('CONTENT_ALTERED');
  return { ...none, findings: isAltered ? ['FORMAT_NOT_SUPPORTED', 'CONTENT_ALTERED'] : ['FORMAT_NOT_SUPPORTED'] };
}

type CmsPart = Omit<SealCheck, 'kind' | 'coveredUntil'>;

function checkDocumentTimestamp(encoded: Uint8Array, digestOf: (digest: Digest) => Uint8Array): CmsPart {
  const answer = checkTimestamp(encoded, digestOf);
  const { certificates, cms } = answer;
  const unsigned: readonly FindingCode[] = cms.hasUnsignedAttributes || cms.timestampToken !== null ? ['UNSIGNED_ATTRIBUTES'] : [];
  if (answer.finding !== null) {
    return {
      signer: answer.signer,
      certificates,
      algorithm: cms.signatureAlgorithm,
      intact: false,
      timestamp: null,
      findings: [answer.finding],
    };
  }
  const { timestamp } = answer;
  return { signer: timestamp.signer, certificates, algorithm: cms.signatureAlgorithm, intact: true, timestamp, findings: unsigned };
}

function checkSealCms(
  encoded: Uint8Array,
  format: (typeof PROFILES)['pades' | 'pkcs7'],
  digestOf: (digest: Digest) => Uint8Array,
): CmsPart {
  const cms = readCms(encoded, format);
  const certificates = cms.certificates.map(readCertificate);
  const { finding, signer } = checkCms(cms, certificates, digestOf);
  const shared = { signer, certificates, algorithm: cms.signatureAlgorithm };
  if (finding !== null) return { ...shared, intact: false, timestamp: null, findings: [finding] };
  const timestamp = cms.timestampToken === null ? null : signatureTimestamp(cms.timestampToken, cms.signature);
  const findings: FindingCode[] = [];
  if (cms.hasUnsignedAttributes || (cms.timestampToken !== null && timestamp === null)) findings.push('UNSIGNED_ATTRIBUTES');
  if (!format.needsEss) findings.push('FORMAT_OLDER');
  return { ...shared, intact: true, timestamp, findings };
}

/** Null for a token that does not stamp this signature value or cannot be read: then it proves nothing. */
function signatureTimestamp(token: Uint8Array, signature: Uint8Array): Timestamp | null {
  try {
    const answer = checkTimestamp(token, (digest) => createHash(digest).update(signature).digest());
    return answer.finding === null ? answer.timestamp : null;
  } catch (error) {
    if (error instanceof DerError || error instanceof CmsNotSupported) return null;
    throw error;
  }
}

/** Invariant: what is signed starts at byte 0 and leaves out exactly the /Contents string. */
function isByteRangeRight(range: readonly [number, number, number, number], gap: { start: number; end: number }, size: number): boolean {
  return range[0] === 0 && range[1] === gap.start && range[2] === gap.end && range[3] > 0 && range[2] + range[3] <= size;
}

/** Null unless all digits are hexadecimal of one letter case: a second spelling of the same value is a place to hide bits. */
function readHex(digits: Uint8Array): Uint8Array | null {
  const text = Buffer.from(digits.buffer, digits.byteOffset, digits.byteLength).toString('latin1');
  if (text.length % 2 !== 0 || !(/^[0-9a-f]*$/.test(text) || /^[0-9A-F]*$/.test(text))) return null;
  return Buffer.from(text, 'hex');
}

/** The CMS without its padding; null where something else than zeros stands in the padding. */
function encodingOf(raw: Uint8Array): { readonly encoded: Uint8Array | null; readonly isLoose: boolean } {
  const isLoose = raw[0] === 0x30 && raw[1] === 0x80;
  const { bytes, end } = isLoose ? berToDer(raw) : ownLength(readDerPrefix(raw).bytes);
  return { encoded: raw.subarray(end).some((byte) => byte !== 0) ? null : bytes, isLoose };
}

const ownLength = (bytes: Uint8Array) => ({ bytes, end: bytes.length });

function unreadable(error: unknown): FindingCode {
  if (error instanceof CmsNotSupported) return 'ALGORITHM_NOT_SUPPORTED';
  if (error instanceof DerError) return 'CMS_BROKEN';
  throw error;
}
