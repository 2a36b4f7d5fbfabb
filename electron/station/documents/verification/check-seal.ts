// Checks one signature of a PDF by itself: places, bytes, cryptography, the signer's own certificate.
// Says nothing of trust or time (check-chain, verify-document). Never throws for what the file holds.
import { createHash, verify } from 'node:crypto';
import type { FindingCode } from '../../../contract/verification.ts';
import { DerError, readDerPrefix } from './der.ts';
import type { SignatureDictionary } from './find-signatures.ts';
import { usableKey } from './public-key.ts';
import { type Certificate, readCertificate } from './read-certificate.ts';
import { type Cms, CmsNotSupported, readCms } from './read-cms.ts';

export interface SealCheck {
  readonly findings: readonly FindingCode[];
  readonly signer: Certificate | null;
  /** All certificates in the signature, the signer's included. */
  readonly certificates: readonly Certificate[];
  readonly algorithm: Cms['signatureAlgorithm'] | null;
  /** The signature fits the bytes it names and the certificate it names. */
  readonly intact: boolean;
  /** Offset behind the last signed byte; 0 when the byte range is unusable. */
  readonly coveredUntil: number;
}

export function checkSeal(pdf: Uint8Array, dictionary: SignatureDictionary | null): SealCheck {
  const none = { signer: null, certificates: [], algorithm: null, intact: false, coveredUntil: 0 };
  if (dictionary === null || dictionary.contents === null) return { ...none, findings: ['SIGNATURE_UNREADABLE'] };
  if (dictionary.subFilter !== '/ETSI.CAdES.detached') return { ...none, findings: ['FORMAT_NOT_SUPPORTED'] };
  const { byteRange, contents } = dictionary;
  if (byteRange === null || !isByteRangeRight(byteRange, contents, pdf.length)) return { ...none, findings: ['BYTE_RANGE_WRONG'] };
  const coveredUntil = byteRange[2] + byteRange[3];

  const raw = readHex(pdf.subarray(contents.start + 1, contents.end - 1));
  if (raw === null) return { ...none, coveredUntil, findings: ['HIDDEN_BYTES'] };
  let cms: Cms;
  let certificates: readonly Certificate[];
  try {
    const encoded = readDerPrefix(raw).bytes;
    if (raw.subarray(encoded.length).some((byte) => byte !== 0)) return { ...none, coveredUntil, findings: ['HIDDEN_BYTES'] };
    cms = readCms(encoded);
    certificates = cms.certificates.map(readCertificate);
  } catch (error) {
    return { ...none, coveredUntil, findings: [unreadable(error, raw)] };
  }

  const digest = createHash('sha256').update(pdf.subarray(0, byteRange[1])).update(pdf.subarray(byteRange[2], coveredUntil)).digest();
  return { ...judge(cms, certificates, digest), algorithm: cms.signatureAlgorithm, certificates, coveredUntil };
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

function unreadable(error: unknown, raw: Uint8Array): FindingCode {
  if (error instanceof CmsNotSupported) return 'ALGORITHM_NOT_SUPPORTED';
  if (!(error instanceof DerError)) throw error;
  // BER with an indefinite length is how some makers write a CMS; only this program cannot read it.
  return raw[0] === 0x30 && raw[1] === 0x80 ? 'FORMAT_NOT_SUPPORTED' : 'CMS_BROKEN';
}

function judge(cms: Cms, certificates: readonly Certificate[], digest: Uint8Array): Pick<SealCheck, 'findings' | 'signer' | 'intact'> {
  const signer = certificates.find(
    (each) => Buffer.compare(each.issuer, cms.signerIssuer) === 0 && Buffer.compare(each.serial, cms.signerSerial) === 0,
  );
  if (signer === undefined || Buffer.compare(Buffer.from(signer.hash, 'hex'), cms.signerCertificateHash) !== 0) {
    return { signer: null, intact: false, findings: ['SIGNER_CERTIFICATE_WRONG'] };
  }
  if (Buffer.compare(cms.messageDigest, digest) !== 0) return { signer, intact: false, findings: ['CONTENT_ALTERED'] };
  const key = usableKey(signer, cms.signatureAlgorithm);
  if (key === null) return { signer, intact: false, findings: ['ALGORITHM_NOT_SUPPORTED'] };
  if (!verify('sha256', cms.signedAttributes, key, cms.signature)) return { signer, intact: false, findings: ['SIGNATURE_WRONG'] };
  return { signer, intact: true, findings: cms.hasUnsignedAttributes ? ['UNSIGNED_ATTRIBUTES'] : [] };
}
