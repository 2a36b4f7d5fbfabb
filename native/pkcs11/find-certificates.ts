// Reads the certificates of a token. Must not decide which one to use: the station names it by its hash.
import { createHash, X509Certificate } from 'node:crypto';
import type { SignatureAlgorithm, TokenCertificate } from '../../electron/contract/token.contract.ts';
import type { TokenId } from '../token-host/token-driver.ts';
import { CKA, CKC_X_509, CKO } from './constants.ts';
import type { Gateway, Handle } from './pkcs11.ts';

export const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const certificateObjects = (gateway: Gateway, session: Handle): Handle[] =>
  gateway.findObjects(session, [
    { type: CKA.class, value: CKO.certificate },
    { type: CKA.certificateType, value: CKC_X_509 },
  ]);

export const privateKeyObjects = (gateway: Gateway, session: Handle, keyId: Buffer): Handle[] =>
  gateway.findObjects(session, [
    { type: CKA.class, value: CKO.privateKey },
    { type: CKA.id, value: keyId },
  ]);

/** What a key of this certificate signs with here; null for keys the station cannot use (SM2, other curves) or unreadable DER. */
export function algorithmOf(der: Uint8Array): SignatureAlgorithm | null {
  let key: X509Certificate['publicKey'];
  try {
    key = new X509Certificate(der).publicKey;
  } catch {
    // Not a certificate Node can read: it is listed, and cannot be chosen.
    return null;
  }
  if (key.asymmetricKeyType === 'rsa') return 'RSA-SHA256';
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ECDSA-P256-SHA256' : null;
}

/** Before login private keys are invisible on most tokens, so their absence says nothing: `unknown`. */
export function findCertificates(gateway: Gateway, session: Handle, token: TokenId, isLoggedIn: boolean): TokenCertificate[] {
  return certificateObjects(gateway, session).flatMap((object) => {
    const der = gateway.attribute(session, object, CKA.value);
    if (der === undefined) return [];
    const keyId = gateway.attribute(session, object, CKA.id);
    const keys = keyId === undefined ? [] : privateKeyObjects(gateway, session, keyId);
    return [
      {
        tokenSerial: token.serial,
        certificateHash: sha256Hex(der),
        der: Uint8Array.from(der),
        keyId: keyId?.toString('hex') ?? '',
        label: gateway.attribute(session, object, CKA.label)?.toString('utf8') ?? '',
        algorithm: algorithmOf(der),
        hasPrivateKey: keys.length > 0 || (isLoggedIn || keyId === undefined ? false : 'unknown'),
      },
    ];
  });
}
