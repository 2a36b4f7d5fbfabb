// Which public key of a certificate may be used with which algorithm. Must not verify anything itself.
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { SealAlgorithm } from '../../../contract/verification.ts';
import { OID } from './oids.ts';
import type { Certificate } from './read-certificate.ts';

/** Larger RSA keys are refused unused: verifying would cost time, and no seal or authority has one. */
const RSA_BITS = { least: 2048, most: 8192 };

/** What each algorithm asks of the key, and its digest. A new algorithm is a row here and one in read-cms. */
export const sealAlgorithms: Readonly<
  Record<SealAlgorithm, { readonly digest: 'sha256' | 'sha384' | 'sha512'; readonly curve: string | null }>
> = {
  'RSA-SHA256': { digest: 'sha256', curve: null },
  'RSA-SHA384': { digest: 'sha384', curve: null },
  'RSA-SHA512': { digest: 'sha512', curve: null },
  'ECDSA-P256-SHA256': { digest: 'sha256', curve: 'prime256v1' },
  'ECDSA-P384-SHA384': { digest: 'sha384', curve: 'secp384r1' },
};

/** The key with which a seal may be verified; null if it is another kind than the algorithm wants. */
export function usableKey(certificate: Certificate, algorithm: SealAlgorithm): KeyObject | null {
  const key = publicKeyOf(certificate);
  if (key === null) return null;
  const { curve } = sealAlgorithms[algorithm];
  if (curve === null) return isRsa(key) ? key : null;
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve ? key : null;
}

const authorityDigests: Readonly<Record<string, { readonly kind: 'rsa' | 'ec'; readonly digest: string }>> = {
  [OID.sha256WithRsa]: { kind: 'rsa', digest: 'sha256' },
  [OID.sha384WithRsa]: { kind: 'rsa', digest: 'sha384' },
  [OID.sha512WithRsa]: { kind: 'rsa', digest: 'sha512' },
  [OID.ecdsaWithSha256]: { kind: 'ec', digest: 'sha256' },
  [OID.ecdsaWithSha384]: { kind: 'ec', digest: 'sha384' },
  [OID.ecdsaWithSha512]: { kind: 'ec', digest: 'sha512' },
};

/** The key and digest with which what this authority signed may be verified; null for SHA-1 and whatever is unknown. */
export function authorityKey(authority: Certificate, algorithm: string): { readonly key: KeyObject; readonly digest: string } | null {
  const wanted = authorityDigests[algorithm];
  const key = publicKeyOf(authority);
  if (wanted === undefined || key === null) return null;
  const fits = wanted.kind === 'rsa' ? isRsa(key) : key.asymmetricKeyType === 'ec';
  return fits ? { key, digest: wanted.digest } : null;
}

function isRsa(key: KeyObject): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return key.asymmetricKeyType === 'rsa' && bits >= RSA_BITS.least && bits <= RSA_BITS.most;
}

function publicKeyOf(certificate: Certificate): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(certificate.publicKeyInfo), format: 'der', type: 'spki' });
  } catch (error) {
    // A well-formed certificate may hold a key OpenSSL does not know (SM2, a point off the curve): "not supported".
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
