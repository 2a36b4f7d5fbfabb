// One signature with the key of one certificate. Reads the certificate again each time: handles may point elsewhere after a
// re-plug, and sealing with the wrong seal is worse than not sealing. Must not verify the result: the station does, always.
import { StationError } from '../../electron/contract/station-error.ts';
import type { SignatureAlgorithm } from '../../electron/contract/token.contract.ts';
import { CKA } from './constants.ts';
import { certificateObjects, privateKeyObjects, sha256Hex } from './find-certificates.ts';
import { chooseMechanism, keyTypeOf, mechanismInput, type Quirk, signatureValue } from './mechanisms.ts';
import { type Gateway, type Handle, ulong } from './pkcs11.ts';

/** A key found by its certificate; the handles are re-checked before each use and dropped with the session. */
export interface LocatedKey {
  readonly certificate: Handle;
  readonly privateKey: Handle;
  readonly keyType: number | undefined;
  /** The token wants a login for each signature. */
  readonly isAlwaysAuthenticate: boolean;
}

export interface SignRequest {
  readonly session: Handle;
  /** What C_GetMechanismList said at login. */
  readonly mechanisms: readonly number[];
  readonly quirks: readonly Quirk[];
  readonly certificateHash: string;
  readonly toSign: Uint8Array;
  readonly algorithm: SignatureAlgorithm;
}

/** KEY_NOT_FOUND when the token does not hold exactly this certificate with one private key of the same CKA_ID. */
export function locateKey(gateway: Gateway, session: Handle, certificateHash: string): LocatedKey {
  const certificate = certificateObjects(gateway, session).find((object) => holdsCertificate(gateway, session, object, certificateHash));
  const keyId = certificate && gateway.attribute(session, certificate, CKA.id);
  const [privateKey, another] = keyId === undefined ? [] : privateKeyObjects(gateway, session, keyId);
  // Two keys under one id: nothing says which one the certificate means.
  if (certificate === undefined || privateKey === undefined || another !== undefined) throw new StationError('KEY_NOT_FOUND');
  return {
    certificate,
    privateKey,
    keyType: ulong(gateway.attribute(session, privateKey, CKA.keyType)),
    isAlwaysAuthenticate: gateway.attribute(session, privateKey, CKA.alwaysAuthenticate)?.[0] === 1,
  };
}

/** The caller has just made sure of the token; this makes sure of the certificate and its key, then asks the key. */
export function signWith(
  gateway: Pick<Gateway, 'attribute' | 'attributes' | 'signInit' | 'sign'>,
  key: LocatedKey,
  request: SignRequest,
): Uint8Array<ArrayBuffer> {
  const { session, algorithm } = request;
  const certificate = gateway.attributes(session, key.certificate, [CKA.value, CKA.id]);
  const keyId = gateway.attribute(session, key.privateKey, CKA.id);
  const [der, certificateKeyId] = certificate ?? [];
  if (der === undefined || sha256Hex(der) !== request.certificateHash || keyId === undefined || !certificateKeyId?.equals(keyId)) {
    throw new StationError('KEY_NOT_FOUND');
  }
  if (key.isAlwaysAuthenticate) throw new StationError('LOGIN_NEEDED', { reason: 'alwaysAuthenticate' });
  if (key.keyType !== keyTypeOf[algorithm]) throw new StationError('MECHANISM_MISSING', { mechanism: algorithm });
  const how = chooseMechanism(request.mechanisms, algorithm, request.quirks);
  const input = mechanismInput(how, request.toSign);
  gateway.signInit(session, how.mechanism, key.privateKey);
  return signatureValue(how, gateway.sign(session, input));
}

function holdsCertificate(gateway: Gateway, session: Handle, object: Handle, certificateHash: string): boolean {
  const der = gateway.attribute(session, object, CKA.value);
  return der !== undefined && sha256Hex(der) === certificateHash;
}
