// Which mechanism signs, chosen from what the token says it has; what goes into it and what its answer becomes.
// Pure: must not call a driver.
import { createHash } from 'node:crypto';
import { StationError } from '../../electron/contract/station-error.ts';
import type { DriverProfile, SignatureAlgorithm } from '../../electron/contract/token.contract.ts';
import { CKK, CKM } from './constants.ts';
import { encodeEcdsaSignature } from './der.ts';

export interface SigningMechanism {
  readonly mechanism: number;
  readonly input: 'digestInfo' | 'digest' | 'message';
  readonly output: 'asIs' | 'rawEcdsa';
}

export type Quirk = Extract<DriverProfile, { kind: 'pkcs11' }>['quirks'][number];

/** In order of preference. Raw first: every token that signs RSA has it, and one kind of input serves all. */
const candidates: Readonly<Record<SignatureAlgorithm, readonly SigningMechanism[]>> = {
  'RSA-SHA256': [
    { mechanism: CKM.rsaPkcs, input: 'digestInfo', output: 'asIs' },
    { mechanism: CKM.sha256RsaPkcs, input: 'message', output: 'asIs' },
  ],
  'ECDSA-P256-SHA256': [
    { mechanism: CKM.ecdsa, input: 'digest', output: 'rawEcdsa' },
    { mechanism: CKM.ecdsaSha256, input: 'message', output: 'rawEcdsa' },
  ],
};

export const keyTypeOf: Readonly<Record<SignatureAlgorithm, number>> = { 'RSA-SHA256': CKK.rsa, 'ECDSA-P256-SHA256': CKK.ec };

/** Throws MECHANISM_MISSING when the token offers none of the ways to make such a signature. */
export function chooseMechanism(
  offered: readonly number[],
  algorithm: SignatureAlgorithm,
  quirks: readonly Quirk[] = [],
): SigningMechanism {
  const usable = candidates[algorithm].filter((one) => one.input !== 'message' || !quirks.includes('noHashMechanisms'));
  const found = usable.find((one) => offered.includes(one.mechanism));
  if (found === undefined) throw new StationError('MECHANISM_MISSING', { mechanism: algorithm });
  return found;
}

/** DigestInfo of SHA-256 without the digest itself: RFC 8017 §9.2 note 1. */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

export function mechanismInput(how: SigningMechanism, toSign: Uint8Array): Buffer {
  if (how.input === 'message') return Buffer.from(toSign);
  const digest = createHash('sha256').update(toSign).digest();
  return how.input === 'digest' ? digest : Buffer.concat([SHA256_DIGEST_INFO, digest]);
}

/** PKCS#11 gives r‖s of equal length; CMS wants Ecdsa-Sig-Value (RFC 3279 §2.2.3). */
export function signatureValue(how: SigningMechanism, answer: Uint8Array): Uint8Array<ArrayBuffer> {
  if (how.output === 'asIs') return Uint8Array.from(answer);
  if (answer.length !== 64) throw new StationError('TOKEN_DRIVER_FAULT', { method: 'C_Sign', ckr: `${answer.length} bytes` });
  return encodeEcdsaSignature(answer);
}
