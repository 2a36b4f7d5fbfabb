// Reads a time stamp token (RFC 3161 §2.4.2): a CMS whose content says which digest existed when.
// Must not judge trust in the service that made it.
import { createHash } from 'node:crypto';
import type { FindingCode } from '../../../contract/verification.ts';
import { checkCms } from './check-cms.ts';
import { DerError, readDer, readSmallInteger, TAG, walk } from './der.ts';
import { OID } from './oids.ts';
import { type Certificate, readCertificate } from './read-certificate.ts';
import { type Cms, type Digest, PROFILES, readCms, readDigest } from './read-cms.ts';

export interface Timestamp {
  /** Instant the service puts under it. */
  readonly time: string;
  readonly signer: Certificate;
  readonly certificates: readonly Certificate[];
}

export type TimestampAnswer =
  | { readonly finding: FindingCode; readonly signer: Certificate | null; readonly certificates: readonly Certificate[]; readonly cms: Cms }
  | { readonly finding: null; readonly timestamp: Timestamp; readonly certificates: readonly Certificate[]; readonly cms: Cms };

/** Throws DerError or CmsNotSupported for what cannot be read. `digestOf`: of what must have been stamped. */
export function checkTimestamp(token: Uint8Array, digestOf: (digest: Digest) => Uint8Array): TimestampAnswer {
  const cms = readCms(token, PROFILES.timestamp);
  const certificates = cms.certificates.map(readCertificate);
  const content = cms.content ?? new Uint8Array();
  const { finding, signer } = checkCms(cms, certificates, (digest) => createHash(digest).update(content).digest());
  const shared = { certificates, cms };
  if (finding !== null || signer === null) return { ...shared, finding: finding ?? 'SIGNATURE_WRONG', signer };
  const { digest, imprint, time } = readInfo(content);
  if (Buffer.compare(digestOf(digest), imprint) !== 0) return { ...shared, finding: 'CONTENT_ALTERED', signer };
  if (signer.extendedKeyUsage?.includes(OID.timeStamping) !== true) return { ...shared, finding: 'KEY_USAGE_WRONG', signer };
  return { ...shared, finding: null, timestamp: { time, signer, certificates } };
}

function readInfo(content: Uint8Array): { readonly digest: Digest; readonly imprint: Uint8Array; readonly time: string } {
  const info = walk(readDer(content), TAG.sequence);
  if (readSmallInteger(info.next(TAG.integer)) !== 1) throw new DerError('TSTInfo version');
  info.next(TAG.oid);
  const imprint = walk(info.next(TAG.sequence), TAG.sequence);
  const digest = readDigest(imprint.next(TAG.sequence));
  const stamped = imprint.next(TAG.octetString).content;
  imprint.end();
  info.next(TAG.integer);
  // RFC 3161 allows a fraction of a second, which the times of certificates do not have.
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(
    Buffer.from(info.next(TAG.generalizedTime).content).toString('latin1'),
  );
  if (!parts) throw new DerError('time not DER');
  const time = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}.000Z`;
  if (Number.isNaN(Date.parse(time)) || new Date(time).toISOString() !== time) throw new DerError('impossible time');
  return { digest, imprint: stamped, time };
}
