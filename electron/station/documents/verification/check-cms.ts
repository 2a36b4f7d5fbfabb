// Does a CMS fit what it is said to sign, and the certificate it names? Says nothing of trust or time. Never throws.
import { createHash, verify } from 'node:crypto';
import type { FindingCode } from '../../../contract/verification.ts';
import { sealAlgorithms, usableKey } from './public-key.ts';
import type { Certificate } from './read-certificate.ts';
import type { Cms, Digest } from './read-cms.ts';

export interface CmsCheck {
  readonly finding: FindingCode | null;
  readonly signer: Certificate | null;
}

/** `digestOf`: of what is signed, by the digest the CMS names. */
export function checkCms(cms: Cms, certificates: readonly Certificate[], digestOf: (digest: Digest) => Uint8Array): CmsCheck {
  const signer = certificates.find(
    (each) => Buffer.compare(each.issuer, cms.signerIssuer) === 0 && Buffer.compare(each.serial, cms.signerSerial) === 0,
  );
  const named = cms.signerCertificateHash;
  if (signer === undefined || (named !== null && Buffer.compare(createHash(named.digest).update(signer.der).digest(), named.hash) !== 0)) {
    return { signer: null, finding: 'SIGNER_CERTIFICATE_WRONG' };
  }
  if (Buffer.compare(cms.messageDigest, digestOf(cms.digest)) !== 0) return { signer, finding: 'CONTENT_ALTERED' };
  const key = usableKey(signer, cms.signatureAlgorithm);
  if (key === null) return { signer, finding: 'ALGORITHM_NOT_SUPPORTED' };
  const isRight = verify(sealAlgorithms[cms.signatureAlgorithm].digest, cms.signedAttributes, key, cms.signature);
  return { signer, finding: isRight ? null : 'SIGNATURE_WRONG' };
}
