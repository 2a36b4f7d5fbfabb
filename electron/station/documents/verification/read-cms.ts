// Reads a CMS SignedData with one signer (RFC 5652): a seal out of /Contents (ETSI EN 319 142-1 B-B, or the older
// adbe.pkcs7.detached) or a time stamp token (RFC 3161). Strict on purpose: every byte must have a place in this profile,
// because bytes outside the signed attributes are signed by nobody. Must not verify: that is check-seal.
import type { SealAlgorithm } from '../../../contract/verification.ts';
import { DerError, type DerNode, expectTag, membersOf, readDer, readOid, readSmallInteger, TAG, walk } from './der.ts';
import { OID } from './oids.ts';

export type Digest = 'sha256' | 'sha384' | 'sha512';

export interface Cms {
  /** Every certificate carried, in order. */
  readonly certificates: readonly Uint8Array[];
  /** What it carries itself; null when what is signed lies outside. */
  readonly content: Uint8Array | null;
  readonly signerIssuer: Uint8Array;
  /** INTEGER content bytes. */
  readonly signerSerial: Uint8Array;
  /** The signed attributes as they were signed: DER with the SET OF tag. */
  readonly signedAttributes: Uint8Array;
  readonly digest: Digest;
  readonly messageDigest: Uint8Array;
  /** Hash of the signer's certificate out of ESS signing-certificate; null where it is not protected so. */
  readonly signerCertificateHash: { readonly digest: Digest | 'sha1'; readonly hash: Uint8Array } | null;
  readonly signatureAlgorithm: SealAlgorithm;
  readonly signature: Uint8Array;
  /** The only unsigned attribute, a time stamp token over the signature; null without one. */
  readonly timestampToken: Uint8Array | null;
  /** Anything else that nobody signed. */
  readonly hasUnsignedAttributes: boolean;
}

/** A CMS that is well-formed but outside what this program can judge (other digest, other algorithm). */
export class CmsNotSupported extends Error {}

/** Whose CMS: what it signs, its version, and whether the signer's certificate must be protected. */
interface Profile {
  readonly contentType: string;
  readonly version: number;
  readonly needsEss: boolean;
}

export const PROFILES = {
  pades: { contentType: OID.data, version: 1, needsEss: true },
  /** adbe.pkcs7.detached (ISO 32000-1 §12.8.3.3): without the protection that PAdES wants. */
  pkcs7: { contentType: OID.data, version: 1, needsEss: false },
  timestamp: { contentType: OID.timestampInfo, version: 3, needsEss: true },
} as const satisfies Record<string, Profile>;

const MAX_CERTIFICATES = 10;

/** Throws DerError for what is broken, CmsNotSupported for what is only unknown. */
export function readCms(bytes: Uint8Array, profile: Profile): Cms {
  const outer = walk(readDer(bytes), TAG.sequence);
  if (readOid(outer.next(TAG.oid)) !== OID.signedData) throw new DerError('not SignedData');
  const wrapped = readDer(outer.next(0xa0).content);
  outer.end();

  const signed = walk(wrapped, TAG.sequence);
  if (readSmallInteger(signed.next(TAG.integer)) !== profile.version) throw new DerError('SignedData version');
  const digests = membersOf(signed.next(TAG.set));
  const content = readContent(signed.next(TAG.sequence), profile);
  const certificates = membersOf(signed.next(0xa0)).map((node) => expectTag(node, TAG.sequence).bytes);
  if (certificates.length > MAX_CERTIFICATES) throw new DerError('too many certificates');
  const hasLists = signed.optional(0xa1) !== undefined;
  const signers = membersOf(signed.next(TAG.set));
  signed.end();
  const [signer] = signers;
  if (signer === undefined || signers.length !== 1) throw new DerError('not exactly one signer');
  const info = readSigner(signer, digests, profile);
  return { certificates, content, ...info, hasUnsignedAttributes: info.hasUnsignedAttributes || hasLists };
}

function readContent(node: DerNode, profile: Profile): Uint8Array | null {
  const encapsulated = walk(node, TAG.sequence);
  if (readOid(encapsulated.next(TAG.oid)) !== profile.contentType) throw new DerError('content type');
  const wrapped = encapsulated.optional(0xa0);
  encapsulated.end();
  // A seal signs what lies outside: content of its own would be a second document that no reader shows.
  if ((wrapped === undefined) !== (profile.contentType === OID.data)) throw new DerError('encapsulated content');
  return wrapped === undefined ? null : expectTag(readDer(wrapped.content), TAG.octetString).content;
}

type SignerPart = Omit<Cms, 'certificates' | 'content'>;

function readSigner(signer: DerNode, digests: readonly DerNode[], profile: Profile): SignerPart {
  const info = walk(signer, TAG.sequence);
  if (readSmallInteger(info.next(TAG.integer)) !== 1) throw new CmsNotSupported('signer named by key id');
  const sid = walk(info.next(TAG.sequence), TAG.sequence);
  const signerIssuer = sid.next(TAG.sequence).bytes;
  const signerSerial = sid.next(TAG.integer).content;
  sid.end();
  const digestAlgorithm = info.next(TAG.sequence);
  const digest = readDigest(digestAlgorithm);
  const [onlyDigest] = digests;
  if (onlyDigest === undefined || digests.length !== 1 || Buffer.compare(onlyDigest.bytes, digestAlgorithm.bytes) !== 0) {
    throw new DerError('digest algorithms differ');
  }
  const attributes = info.optional(0xa0);
  if (attributes === undefined) throw new CmsNotSupported('no signed attributes');
  const named = readAttributes(attributes, profile);
  const signatureAlgorithm = readSignatureAlgorithm(info.next(TAG.sequence), digest, named.protection);
  const signature = info.next(TAG.octetString).content;
  const unsigned = info.optional(0xa1);
  info.end();

  // Spec: RFC 5652 §5.4 - what is signed is the SET OF, not the implicit [0].
  const signedAttributes = Uint8Array.from(attributes.bytes);
  signedAttributes[0] = TAG.set;
  const timestampToken = unsigned === undefined ? null : readTimestampToken(unsigned);
  return {
    signerIssuer,
    signerSerial,
    signedAttributes,
    digest,
    messageDigest: named.messageDigest,
    signerCertificateHash: named.signerCertificateHash,
    signatureAlgorithm,
    signature,
    timestampToken,
    hasUnsignedAttributes: unsigned !== undefined && timestampToken === null,
  };
}

function readTimestampToken(unsigned: DerNode): Uint8Array | null {
  const attributes = membersOf(unsigned);
  const [only] = attributes;
  if (only === undefined || attributes.length !== 1) return null;
  const parts = walk(only, TAG.sequence);
  if (readOid(parts.next(TAG.oid)) !== OID.timestampToken) return null;
  const values = membersOf(parts.next(TAG.set));
  parts.end();
  return values.length === 1 ? (values[0]?.bytes ?? null) : null;
}

const digestNames: Readonly<Record<string, Digest>> = { [OID.sha256]: 'sha256', [OID.sha384]: 'sha384', [OID.sha512]: 'sha512' };

export function readDigest(algorithm: DerNode): Digest {
  const parts = walk(algorithm, TAG.sequence);
  const digest = digestNames[readOid(parts.next(TAG.oid))];
  if (digest === undefined) throw new CmsNotSupported('digest');
  expectNullOrNothing(parts);
  return digest;
}

function expectNullOrNothing(parts: ReturnType<typeof walk>): void {
  const parameters = parts.optional(TAG.null);
  parts.end();
  if (parameters !== undefined && parameters.content.length > 0) throw new DerError('NULL with content');
}

// sha256WithRSAEncryption and rsaEncryption mean the same and nobody signs which one stands here, so that one byte could be
// changed unseen: the former only where a signed attribute repeats it. RFC 3370 §3.2 wants makers to write rsaEncryption.
const signatureAlgorithms: Readonly<Record<string, Readonly<Partial<Record<Digest, SealAlgorithm>>>>> = {
  [OID.rsaEncryption]: { sha256: 'RSA-SHA256', sha384: 'RSA-SHA384', sha512: 'RSA-SHA512' },
  [OID.sha256WithRsa]: { sha256: 'RSA-SHA256' },
  [OID.sha384WithRsa]: { sha384: 'RSA-SHA384' },
  [OID.sha512WithRsa]: { sha512: 'RSA-SHA512' },
  [OID.ecdsaWithSha256]: { sha256: 'ECDSA-P256-SHA256' },
  [OID.ecdsaWithSha384]: { sha384: 'ECDSA-P384-SHA384' },
};

function readSignatureAlgorithm(algorithm: DerNode, digest: Digest, protection: DerNode | null): SealAlgorithm {
  const parts = walk(algorithm, TAG.sequence);
  const id = readOid(parts.next(TAG.oid));
  const found = signatureAlgorithms[id]?.[digest];
  if (found === undefined) throw new CmsNotSupported(`signature algorithm ${id}`);
  if (found.startsWith('RSA')) expectNullOrNothing(parts);
  else parts.end();
  if (id !== OID.rsaEncryption && found.startsWith('RSA') && !isProtected(protection, algorithm)) {
    throw new CmsNotSupported('signature algorithm unprotected');
  }
  return found;
}

/** Spec: RFC 6211 §2 - the signature algorithm stands as [1] IMPLICIT, so all but its tag is the same. */
function isProtected(protection: DerNode | null, algorithm: DerNode): boolean {
  if (protection === null) return false;
  const repeated = membersOf(expectTag(protection, TAG.sequence)).find(({ tag }) => tag === 0xa1);
  return repeated !== undefined && Buffer.compare(repeated.content, algorithm.content) === 0;
}

interface Attributes {
  readonly messageDigest: Uint8Array;
  readonly signerCertificateHash: Cms['signerCertificateHash'];
  readonly protection: DerNode | null;
}

function readAttributes(set: DerNode, profile: Profile): Attributes {
  const values = new Map<string, DerNode>();
  for (const attribute of membersOf(set)) {
    const parts = walk(attribute, TAG.sequence);
    const id = readOid(parts.next(TAG.oid));
    const all = membersOf(parts.next(TAG.set));
    parts.end();
    const [value] = all;
    if (value === undefined || all.length !== 1) throw new DerError('attribute without one value');
    if (values.has(id)) throw new DerError('attribute twice');
    values.set(id, value);
  }
  const contentType = values.get(OID.contentType);
  const digest = values.get(OID.messageDigest);
  if (contentType === undefined || readOid(contentType) !== profile.contentType) throw new DerError('content type attribute');
  if (digest === undefined) throw new DerError('message digest attribute');
  const version2 = values.get(OID.signingCertificateV2);
  // SHA-1 suffices to say which certificate is meant where the certificate itself is trusted: time stamps only.
  const version1 = profile.contentType === OID.data ? undefined : values.get(OID.signingCertificate);
  // Spec: ETSI EN 319 142-1 §6.3 - PAdES wants the signer's certificate protected by the signature.
  if (profile.needsEss && version2 === undefined && version1 === undefined) throw new CmsNotSupported('no signing-certificate');
  return {
    protection: values.get(OID.algorithmProtection) ?? null,
    messageDigest: expectTag(digest, TAG.octetString).content,
    signerCertificateHash:
      version2 !== undefined ? readEssHash(version2, 'sha256') : version1 !== undefined ? readEssHash(version1, 'sha1') : null,
  };
}

function readEssHash(value: DerNode, byDefault: 'sha256' | 'sha1'): NonNullable<Cms['signerCertificateHash']> {
  const outer = walk(value, TAG.sequence);
  const [first] = membersOf(outer.next(TAG.sequence));
  if (first === undefined) throw new DerError('signing-certificate is empty');
  const parts = walk(first, TAG.sequence);
  const algorithm = parts.optional(TAG.sequence);
  const digest = algorithm === undefined ? byDefault : readDigest(algorithm);
  return { digest, hash: parts.next(TAG.octetString).content };
}
