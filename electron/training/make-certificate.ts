// Makes X.509 v3 certificates (RFC 5280) for training and acceptance roots and the seals under them.
// Must never serve production: a production seal comes from a licensed certification authority (R12, R25).
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Instant } from '../contract/values.ts';
import {
  bitString,
  der,
  nullValue,
  objectId,
  octetString,
  readBitOctets,
  readDer,
  sequence,
  setOf,
  TAG,
  unsignedInteger,
  utf8String,
  walk,
} from '../station/documents/verification/der.ts';
import { OID } from '../station/documents/verification/oids.ts';

export interface SubjectName {
  readonly organization: string;
  readonly commonName: string;
  /** Credit code of an issuer, as serialNumber; null for a root. */
  readonly code: string | null;
}

export interface CertificateOrder {
  readonly subject: SubjectName;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKeyInfo: Uint8Array;
  readonly validFrom: Instant;
  readonly validTo: Instant;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
  readonly kind: 'root' | 'seal';
}

/** Who signs: for a root, itself. */
export interface Authority {
  readonly name: SubjectName;
  readonly privateKey: KeyObject;
}

/** DER of the certificate. Instants lose their milliseconds. */
export function makeCertificate(order: CertificateOrder, authority: Authority): Uint8Array {
  const algorithm =
    authority.privateKey.asymmetricKeyType === 'rsa'
      ? sequence(objectId(OID.sha256WithRsa), nullValue)
      : sequence(objectId(OID.ecdsaWithSha256));
  const authorityKeyInfo = createPublicKey(authority.privateKey).export({ format: 'der', type: 'spki' });
  const body = sequence(
    der(0xa0, unsignedInteger(Uint8Array.of(2))),
    unsignedInteger(positive(order.serial)),
    algorithm,
    distinguishedName(authority.name),
    sequence(time(order.validFrom), time(order.validTo)),
    distinguishedName(order.subject),
    order.publicKeyInfo,
    der(0xa3, sequence(...extensions(order.kind, order.publicKeyInfo, authorityKeyInfo))),
  );
  return sequence(body, algorithm, bitString(sign('sha256', body, authority.privateKey)));
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. */
const positive = (serial: Uint8Array): Uint8Array => Uint8Array.from(serial, (byte, index) => (index === 0 ? (byte & 0x3f) | 0x40 : byte));

function distinguishedName(name: SubjectName): Uint8Array {
  const part = (id: string, value: Uint8Array): Uint8Array => setOf(sequence(objectId(id), value));
  const printable = (text: string): Uint8Array => der(TAG.printableString, Buffer.from(text, 'latin1'));
  return sequence(
    part(OID.countryName, printable('CN')),
    part(OID.organizationName, utf8String(name.organization)),
    ...(name.code === null ? [] : [part(OID.serialNumber, printable(name.code))]),
    part(OID.commonName, utf8String(name.commonName)),
  );
}

/** RFC 5280 §4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050. */
function time(instant: Instant): Uint8Array {
  const digits = `${instant.slice(0, 19).replace(/[-T:]/g, '')}Z`;
  return Number(digits.slice(0, 4)) < 2050
    ? der(TAG.utcTime, Buffer.from(digits.slice(2), 'latin1'))
    : der(TAG.generalizedTime, Buffer.from(digits, 'latin1'));
}

function extensions(kind: CertificateOrder['kind'], subjectKeyInfo: Uint8Array, authorityKeyInfo: Uint8Array): readonly Uint8Array[] {
  const critical = der(TAG.boolean, Uint8Array.of(0xff));
  const extension = (id: string, value: Uint8Array, ...flags: readonly Uint8Array[]): Uint8Array =>
    sequence(objectId(id), ...flags, octetString(value));
  // BIT STRINGs with their count of unused bits: keyCertSign + cRLSign, digitalSignature + nonRepudiation.
  const usage = kind === 'root' ? Uint8Array.of(1, 0x06) : Uint8Array.of(6, 0xc0);
  return [
    extension(
      OID.basicConstraints,
      kind === 'root' ? sequence(der(TAG.boolean, Uint8Array.of(0xff)), unsignedInteger(Uint8Array.of(0))) : sequence(),
      critical,
    ),
    extension(OID.keyUsage, der(TAG.bitString, usage), critical),
    extension(OID.subjectKeyIdentifier, octetString(keyIdentifier(subjectKeyInfo))),
    ...(kind === 'root' ? [] : [extension(OID.authorityKeyIdentifier, sequence(der(0x80, keyIdentifier(authorityKeyInfo))))]),
  ];
}

/** RFC 7093 §2 method 1: the leftmost 160 bits of SHA-256 over the public key's bits. Also the CKA_ID on a token. */
export function keyIdentifier(publicKeyInfo: Uint8Array): Uint8Array {
  const parts = walk(readDer(publicKeyInfo), TAG.sequence);
  parts.next(TAG.sequence);
  return createHash('sha256')
    .update(readBitOctets(parts.next(TAG.bitString)))
    .digest()
    .subarray(0, 20);
}
