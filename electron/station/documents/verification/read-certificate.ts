// Reads an X.509 certificate (RFC 5280) as far as a seal check needs it. Must not judge it: that is check-chain.
import { createHash } from 'node:crypto';
import {
  DerError,
  type DerNode,
  expectTag,
  membersOf,
  readBitOctets,
  readBoolean,
  readDer,
  readIntegerBytes,
  readOid,
  readSmallInteger,
  readTime,
  TAG,
  walk,
} from './der.ts';
import { OID } from './oids.ts';

export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of the DER, hex. */
  readonly hash: string;
  /** The part that is signed (tbsCertificate), DER. */
  readonly body: Uint8Array;
  /** Object identifier of the algorithm the issuer signed with. */
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** INTEGER content bytes. */
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly commonName: string;
  readonly organization: string;
  /** serialNumber of the subject: the credit code of an issuer. */
  readonly subjectCode: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyInfo: Uint8Array;
  readonly validFrom: string;
  readonly validTo: string;
  /** Bits of keyUsage by position (0 = digitalSignature); null when the extension is absent. */
  readonly keyUsage: ReadonlySet<number> | null;
  /** Object identifiers of extendedKeyUsage; null when the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | null;
  readonly isAuthority: boolean;
  /** How many authorities may stand between this one and the signer; null for any number. */
  readonly pathLength: number | null;
  /** A critical extension this program does not evaluate: the certificate must then not be relied on. */
  readonly hasUnknownCritical: boolean;
}

export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, crlSign: 6 } as const;

/** Throws DerError for anything that is not one well-formed certificate. */
export function readCertificate(bytes: Uint8Array): Certificate {
  const outer = walk(readDer(bytes), TAG.sequence);
  const body = outer.next(TAG.sequence);
  const outerAlgorithm = outer.next(TAG.sequence);
  const signature = readBitOctets(outer.next(TAG.bitString));
  outer.end();

  const tbs = walk(body, TAG.sequence);
  const version = tbs.optional(0xa0);
  if (version === undefined || readSmallInteger(readDer(version.content)) !== 2) throw new DerError('not an X.509 v3 certificate');
  const serial = readIntegerBytes(tbs.next(TAG.integer));
  // Invariant: the two algorithm fields agree to the byte; only the inner one is signed.
  if (Buffer.compare(tbs.next(TAG.sequence).bytes, outerAlgorithm.bytes) !== 0) throw new DerError('signature algorithms differ');
  const issuer = tbs.next(TAG.sequence);
  const validity = walk(tbs.next(TAG.sequence), TAG.sequence);
  const validFrom = readTime(nextTime(validity));
  const validTo = readTime(nextTime(validity));
  validity.end();
  const subject = tbs.next(TAG.sequence);
  const publicKeyInfo = tbs.next(TAG.sequence);
  const extensions = tbs.optional(0xa3);
  tbs.end();

  const names = readNames(subject);
  return {
    der: bytes,
    hash: createHash('sha256').update(bytes).digest('hex'),
    body: body.bytes,
    signatureAlgorithm: readOid(walk(outerAlgorithm, TAG.sequence).next(TAG.oid)),
    signature,
    serial,
    issuer: issuer.bytes,
    subject: subject.bytes,
    commonName: names.get(OID.commonName) ?? '',
    organization: names.get(OID.organizationName) ?? '',
    subjectCode: names.get(OID.serialNumber) ?? '',
    publicKeyInfo: publicKeyInfo.bytes,
    validFrom,
    validTo,
    ...readExtensions(extensions),
  };
}

const nextTime = (validity: ReturnType<typeof walk>): DerNode =>
  validity.next(validity.peek() === TAG.generalizedTime ? TAG.generalizedTime : TAG.utcTime);

function readNames(name: DerNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const relative of membersOf(name)) {
    for (const pair of membersOf(expectTag(relative, TAG.set))) {
      const parts = walk(pair, TAG.sequence);
      const type = readOid(parts.next(TAG.oid));
      const value = parts.next(parts.peek() ?? TAG.utf8String);
      parts.end();
      names.set(type, Buffer.from(value.content).toString('utf8'));
    }
  }
  return names;
}

function readExtensions(
  extensions: DerNode | undefined,
): Pick<Certificate, 'keyUsage' | 'extendedKeyUsage' | 'isAuthority' | 'pathLength' | 'hasUnknownCritical'> {
  let keyUsage: Set<number> | null = null;
  let extendedKeyUsage: readonly string[] | null = null;
  let isAuthority = false;
  let pathLength: number | null = null;
  let hasUnknownCritical = false;
  const seen = new Set<string>();
  for (const extension of extensions === undefined ? [] : membersOf(expectTag(readDer(extensions.content), TAG.sequence))) {
    const parts = walk(extension, TAG.sequence);
    const id = readOid(parts.next(TAG.oid));
    const critical = parts.optional(TAG.boolean);
    const value = readDer(parts.next(TAG.octetString).content);
    parts.end();
    if (seen.has(id)) throw new DerError('extension twice');
    seen.add(id);
    if (id === OID.keyUsage) keyUsage = readBits(value);
    else if (id === OID.extendedKeyUsage) extendedKeyUsage = membersOf(expectTag(value, TAG.sequence)).map(readOid);
    else if (id === OID.basicConstraints) {
      const constraints = walk(value, TAG.sequence);
      const authority = constraints.optional(TAG.boolean);
      isAuthority = authority !== undefined && readBoolean(authority);
      const limit = constraints.optional(TAG.integer);
      pathLength = limit === undefined ? null : readSmallInteger(limit);
    } else if (critical !== undefined && readBoolean(critical) && id !== OID.certificatePolicies) {
      hasUnknownCritical = true;
    }
  }
  return { keyUsage, extendedKeyUsage, isAuthority, pathLength, hasUnknownCritical };
}

function readBits(node: DerNode): Set<number> {
  const [, ...octets] = expectTag(node, TAG.bitString).content;
  const bits = new Set<number>();
  for (const [index, octet] of octets.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((octet & (0x80 >> bit)) !== 0) bits.add(index * 8 + bit);
  }
  return bits;
}
