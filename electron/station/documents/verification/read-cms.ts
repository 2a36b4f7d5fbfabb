// Reads a detached CMS SignedData with one signer (RFC 5652, profile of ETSI EN 319 142-1 B-B) out of /Contents.
// Strict on purpose: every byte must have a place in this profile, because bytes outside the signed attributes are
// signed by nobody. Must not verify: that is check-seal.
import { DerError, type DerNode, expectTag, membersOf, readDer, readOid, readSmallInteger, TAG, walk } from './der.ts';
import { OID } from './oids.ts';

export interface Cms {
  /** Every certificate carried, in order. */
  readonly certificates: readonly Uint8Array[];
  readonly signerIssuer: Uint8Array;
  /** INTEGER content bytes. */
  readonly signerSerial: Uint8Array;
  /** The signed attributes as they were signed: DER with the SET OF tag. */
  readonly signedAttributes: Uint8Array;
  readonly messageDigest: Uint8Array;
  /** SHA-256 of the signer's certificate out of ESS signing-certificate-v2. */
  readonly signerCertificateHash: Uint8Array;
  readonly signatureAlgorithm: 'RSA-SHA256' | 'ECDSA-P256-SHA256';
  readonly signature: Uint8Array;
  /** Attributes nobody signed, such as a timestamp token. */
  readonly hasUnsignedAttributes: boolean;
}

/** A CMS that is well-formed but outside what this program can judge (other digest, other algorithm, BER). */
export class CmsNotSupported extends Error {}

const MAX_CERTIFICATES = 10;

/** Throws DerError for what is broken, CmsNotSupported for what is only unknown. */
export function readCms(bytes: Uint8Array): Cms {
  const content = walk(readDer(bytes), TAG.sequence);
  if (readOid(content.next(TAG.oid)) !== OID.signedData) throw new DerError('not SignedData');
  const wrapped = readDer(content.next(0xa0).content);
  content.end();

  const signed = walk(wrapped, TAG.sequence);
  if (readSmallInteger(signed.next(TAG.integer)) !== 1) throw new DerError('SignedData version');
  const digests = membersOf(signed.next(TAG.set));
  const encapsulated = walk(signed.next(TAG.sequence), TAG.sequence);
  if (readOid(encapsulated.next(TAG.oid)) !== OID.data) throw new DerError('content type');
  encapsulated.end();
  const certificates = membersOf(signed.next(0xa0)).map((node) => expectTag(node, TAG.sequence).bytes);
  if (certificates.length > MAX_CERTIFICATES) throw new DerError('too many certificates');
  const signers = membersOf(signed.next(TAG.set));
  signed.end();
  const [signer] = signers;
  if (signer === undefined || signers.length !== 1) throw new DerError('not exactly one signer');

  const info = walk(signer, TAG.sequence);
  if (readSmallInteger(info.next(TAG.integer)) !== 1) throw new CmsNotSupported('signer named by key id');
  const sid = walk(info.next(TAG.sequence), TAG.sequence);
  const signerIssuer = sid.next(TAG.sequence).bytes;
  const signerSerial = sid.next(TAG.integer).content;
  sid.end();
  const digestAlgorithm = info.next(TAG.sequence);
  expectSha256(digestAlgorithm);
  const [onlyDigest] = digests;
  if (onlyDigest === undefined || digests.length !== 1 || Buffer.compare(onlyDigest.bytes, digestAlgorithm.bytes) !== 0) {
    throw new DerError('digest algorithms differ');
  }
  const attributes = info.next(0xa0);
  const signatureAlgorithm = readSignatureAlgorithm(info.next(TAG.sequence));
  const signature = info.next(TAG.octetString).content;
  const hasUnsignedAttributes = info.optional(0xa1) !== undefined;
  info.end();

  // Spec: RFC 5652 §5.4 - what is signed is the SET OF, not the implicit [0].
  const signedAttributes = Uint8Array.from(attributes.bytes);
  signedAttributes[0] = TAG.set;
  return {
    certificates,
    signerIssuer,
    signerSerial,
    signedAttributes,
    ...readAttributes(attributes),
    signatureAlgorithm,
    signature,
    hasUnsignedAttributes,
  };
}

function expectSha256(algorithm: DerNode): void {
  const parts = walk(algorithm, TAG.sequence);
  if (readOid(parts.next(TAG.oid)) !== OID.sha256) throw new CmsNotSupported('digest is not SHA-256');
  expectNullOrNothing(parts);
}

function expectNullOrNothing(parts: ReturnType<typeof walk>): void {
  const parameters = parts.optional(TAG.null);
  parts.end();
  if (parameters !== undefined && parameters.content.length > 0) throw new DerError('NULL with content');
}

function readSignatureAlgorithm(algorithm: DerNode): Cms['signatureAlgorithm'] {
  const parts = walk(algorithm, TAG.sequence);
  const id = readOid(parts.next(TAG.oid));
  switch (id) {
    // Not sha256WithRSAEncryption too: the two mean the same and nobody signs which one stands here, so one byte could
    // be changed unseen. RFC 3370 §3.2 wants makers to write rsaEncryption.
    case OID.rsaEncryption:
      expectNullOrNothing(parts);
      return 'RSA-SHA256';
    case OID.ecdsaWithSha256:
      parts.end();
      return 'ECDSA-P256-SHA256';
    default:
      throw new CmsNotSupported(`signature algorithm ${id}`);
  }
}

function readAttributes(set: DerNode): Pick<Cms, 'messageDigest' | 'signerCertificateHash'> {
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
  const essCertificate = values.get(OID.signingCertificateV2);
  if (contentType === undefined || readOid(contentType) !== OID.data) throw new DerError('content type attribute');
  if (digest === undefined) throw new DerError('message digest attribute');
  // Spec: ETSI EN 319 142-1 §6.3 - PAdES wants the signer's certificate protected by the signature.
  if (essCertificate === undefined) throw new CmsNotSupported('no signing-certificate-v2');
  return { messageDigest: expectTag(digest, TAG.octetString).content, signerCertificateHash: readEssHash(essCertificate) };
}

function readEssHash(value: DerNode): Uint8Array {
  const outer = walk(value, TAG.sequence);
  const [first] = membersOf(outer.next(TAG.sequence));
  if (first === undefined) throw new DerError('signing-certificate-v2 is empty');
  const parts = walk(first, TAG.sequence);
  const algorithm = parts.optional(TAG.sequence);
  if (algorithm !== undefined) expectSha256(algorithm);
  return parts.next(TAG.octetString).content;
}
