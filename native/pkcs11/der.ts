// The few pieces of DER a token needs: an ECDSA value, and the names and serial of a certificate as their raw bytes.
// Must not grow into an ASN.1 library: documents and CMS have their own.
import { StationError } from '../../electron/contract/station-error.ts';

interface Element {
  readonly tag: number;
  /** Tag, length and content. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
  readonly rest: Uint8Array;
}

const malformed = (): StationError => new StationError('INPUT_INVALID', { field: 'certificate', problem: 'DER' });

function readElement(bytes: Uint8Array): Element {
  const tag = bytes[0];
  const first = bytes[1];
  if (tag === undefined || first === undefined) throw malformed();
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  if (lengthBytes > 4 || first === 0x80) throw malformed();
  const length = lengthBytes === 0 ? first : bytes.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = 2 + lengthBytes;
  if (start + length > bytes.length) throw malformed();
  return {
    tag,
    whole: bytes.subarray(0, start + length),
    content: bytes.subarray(start, start + length),
    rest: bytes.subarray(start + length),
  };
}

export interface CertificateNames {
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  /** INTEGER with tag and length, as CKA_SERIAL_NUMBER wants it. */
  readonly serialNumber: Uint8Array;
}

/** Fields of TBSCertificate (RFC 5280 §4.1) byte for byte; INPUT_INVALID when it is not a certificate. */
export function certificateNames(der: Uint8Array): CertificateNames {
  const tbs = readElement(readElement(der).content);
  const beforeSerial = readElement(tbs.content);
  const serial = beforeSerial.tag === 0xa0 ? readElement(beforeSerial.rest) : beforeSerial;
  const algorithm = readElement(serial.rest);
  const issuer = readElement(algorithm.rest);
  const validity = readElement(issuer.rest);
  const subject = readElement(validity.rest);
  if (serial.tag !== 0x02 || issuer.tag !== 0x30 || subject.tag !== 0x30) throw malformed();
  return { subject: subject.whole, issuer: issuer.whole, serialNumber: serial.whole };
}

function integer(bigEndian: Uint8Array): Uint8Array {
  const firstUsed = bigEndian.findIndex((byte) => byte !== 0);
  const digits = firstUsed < 0 ? Uint8Array.of(0) : bigEndian.subarray(firstUsed);
  // A leading 1 bit would read as negative.
  const value = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...digits) : digits;
  return Uint8Array.of(0x02, value.length, ...value);
}

/** r‖s of 64 bytes to Ecdsa-Sig-Value. */
export function encodeEcdsaSignature(rs: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = rs.length / 2;
  const body = [...integer(rs.subarray(0, half)), ...integer(rs.subarray(half))];
  return Uint8Array.of(0x30, body.length, ...body);
}
