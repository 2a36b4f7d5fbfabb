// A token's public key as SubjectPublicKeyInfo, so that a certificate can be issued for it without a request.
// Must not convert keys other than RSA and EC P-256: the station uses no others.
import { createPublicKey } from 'node:crypto';
import { StationError } from '../../electron/contract/station-error.ts';
import { CKA, CKK, CKO } from './constants.ts';
import { type Gateway, type Handle, ulong } from './pkcs11.ts';

const P256_OID = Buffer.from('06082a8648ce3d030107', 'hex');

/** DER of the public key object with this CKA_ID. KEY_NOT_FOUND, or MECHANISM_MISSING for another kind of key. */
export function readPublicKey(gateway: Gateway, session: Handle, keyId: Buffer): Uint8Array {
  const [object] = gateway.findObjects(session, [
    { type: CKA.class, value: CKO.publicKey },
    { type: CKA.id, value: keyId },
  ]);
  if (object === undefined) throw new StationError('KEY_NOT_FOUND');
  const attribute = (type: number): Buffer => gateway.attribute(session, object, type) ?? Buffer.alloc(0);
  const keyType = ulong(attribute(CKA.keyType));
  if (keyType === CKK.rsa) {
    return spki({ kty: 'RSA', n: attribute(CKA.modulus).toString('base64url'), e: attribute(CKA.publicExponent).toString('base64url') });
  }
  const point = p256Point(attribute(CKA.ecPoint));
  if (keyType !== CKK.ec || !attribute(CKA.ecParams).equals(P256_OID) || point === undefined) {
    throw new StationError('MECHANISM_MISSING', { mechanism: `CKK ${keyType ?? 'unknown'}` });
  }
  return spki({ kty: 'EC', crv: 'P-256', x: point.subarray(1, 33).toString('base64url'), y: point.subarray(33).toString('base64url') });
}

/** 04‖X‖Y. Tokens differ: the standard wraps it in an OCTET STRING (2 bytes more), some vendors do not. */
function p256Point(value: Buffer): Buffer | undefined {
  const point = value.length === 67 ? value.subarray(2) : value;
  return point.length === 65 && point[0] === 0x04 ? point : undefined;
}

const spki = (jwk: Readonly<Record<string, string>>): Uint8Array =>
  Uint8Array.from(createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ type: 'spki', format: 'der' }));
