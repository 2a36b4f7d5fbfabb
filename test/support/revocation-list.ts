// Makes a revocation list signed by a sample root.
import { type KeyObject, sign } from 'node:crypto';
import { bitString, der, objectId, sequence, TAG, unsignedInteger } from '../../electron/station/documents/verification/der.ts';
import { OID } from '../../electron/station/documents/verification/oids.ts';
import { readCertificate } from '../../electron/station/documents/verification/read-certificate.ts';

interface ListOrder {
  readonly root: Uint8Array;
  readonly rootKey: KeyObject;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  readonly revoked: readonly { readonly certificate: Uint8Array; readonly at: string }[];
}

const utcTime = (instant: string): Uint8Array => der(TAG.utcTime, Buffer.from(`${instant.slice(2, 19).replace(/[-T:]/g, '')}Z`, 'latin1'));

export function aRevocationList(order: ListOrder): Uint8Array {
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const entries = order.revoked.map(({ certificate, at }) => sequence(der(TAG.integer, readCertificate(certificate).serial), utcTime(at)));
  const body = sequence(
    unsignedInteger(Uint8Array.of(1)),
    algorithm,
    readCertificate(order.root).subject,
    utcTime(order.thisUpdate),
    utcTime(order.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
  );
  return sequence(body, algorithm, bitString(sign('sha256', body, order.rootKey)));
}
