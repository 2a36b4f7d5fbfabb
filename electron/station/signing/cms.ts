// Makes the CMS of a seal (PAdES B-B, ETSI EN 319 142-1 §6): the attributes the key signs, and the finished SignedData.
// Pure: holds no key, asks no token, knows no PDF.
import { createHash } from 'node:crypto';
import type { SignatureAlgorithm } from '../../contract/token.contract.ts';
import { der, nullValue, objectId, octetString, sequence, setOf, TAG, unsignedInteger } from '../documents/verification/der.ts';
import { OID } from '../documents/verification/oids.ts';
import { readCertificate } from '../documents/verification/read-certificate.ts';

/** What the key is asked to sign: the DER of the attributes as a SET OF. */
export interface SignedAttributes {
  readonly der: Uint8Array<ArrayBuffer>;
}

const attribute = (id: string, value: Uint8Array): Uint8Array => sequence(objectId(id), setOf(value));

/** No signing-time attribute: in PAdES the claimed time is /M alone, so the two cannot disagree. `digest` is SHA-256 of the byte range. */
export function signedAttributes(digest: Uint8Array, certificateDer: Uint8Array): SignedAttributes {
  const certificate = readCertificate(certificateDer);
  const hash = createHash('sha256').update(certificateDer).digest();
  // ESSCertIDv2 with its default algorithm (SHA-256) left out, as DER wants; issuer as GeneralNames [4] directoryName.
  const issuerSerial = sequence(sequence(der(0xa4, certificate.issuer)), der(TAG.integer, certificate.serial));
  const essCertificate = sequence(sequence(sequence(octetString(hash), issuerSerial)));
  return {
    der: Uint8Array.from(
      setOf(
        attribute(OID.contentType, objectId(OID.data)),
        attribute(OID.messageDigest, octetString(digest)),
        attribute(OID.signingCertificateV2, essCertificate),
      ),
    ),
  };
}

export interface CmsParts {
  readonly attributes: SignedAttributes;
  /** Raw PKCS#1 v1.5 value or DER Ecdsa-Sig-Value. */
  readonly signature: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
  /** The signer's certificate, DER. */
  readonly certificate: Uint8Array;
  /** Its authorities, DER, nearest first. */
  readonly chain: readonly Uint8Array[];
  /** A time stamp token over `signature` (B-T, ETSI EN 319 142-1 §6), as the only unsigned attribute. */
  readonly timestampToken?: Uint8Array;
}

const digestAlgorithm = sequence(objectId(OID.sha256), nullValue);

const signatureAlgorithms = {
  'RSA-SHA256': sequence(objectId(OID.rsaEncryption), nullValue),
  'ECDSA-P256-SHA256': sequence(objectId(OID.ecdsaWithSha256)),
} as const satisfies Record<SignatureAlgorithm, Uint8Array>;

/** Detached SignedData version 1 with one signer, DER (RFC 5652 §5). */
export function assembleCms(parts: CmsParts): Uint8Array {
  const certificate = readCertificate(parts.certificate);
  const implicitAttributes = Uint8Array.from(parts.attributes.der);
  implicitAttributes[0] = 0xa0;
  const signerInfo = sequence(
    unsignedInteger(Uint8Array.of(1)),
    sequence(certificate.issuer, der(TAG.integer, certificate.serial)),
    digestAlgorithm,
    implicitAttributes,
    signatureAlgorithms[parts.algorithm],
    octetString(parts.signature),
    ...(parts.timestampToken === undefined ? [] : [der(0xa1, attribute(OID.timestampToken, parts.timestampToken))]),
  );
  const certificates = [parts.certificate, ...parts.chain].sort(Buffer.compare);
  const signedData = sequence(
    unsignedInteger(Uint8Array.of(1)),
    setOf(digestAlgorithm),
    sequence(objectId(OID.data)),
    der(0xa0, ...certificates),
    setOf(signerInfo),
  );
  return sequence(objectId(OID.signedData), der(0xa0, signedData));
}
