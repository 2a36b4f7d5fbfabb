// Writes the provisioning package of a made office: the payload's exact text under an Ed25519 signature.
// Must not check it: the station's read-provisioning does, and must refuse what is wrong here.
import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { OfficeSetup, ProvisioningFile } from '../contract/office.ts';

/** The file's text. */
export function signProvisioning(setup: OfficeSetup, authorityKey: KeyObject): string {
  const payload = JSON.stringify(setup);
  const file: ProvisioningFile = {
    kind: 'banjie.provisioning',
    version: 1,
    payload,
    authority: publicKeyInfo(authorityKey).toString('base64'),
    signature: sign(null, Buffer.from(payload, 'utf8'), authorityKey).toString('base64'),
  };
  return JSON.stringify(file, null, 2);
}

/** SHA-256 of the authority's public key (SPKI), hex: what a workspace pins. */
export const authorityFingerprint = (authorityKey: KeyObject): string =>
  createHash('sha256').update(publicKeyInfo(authorityKey)).digest('hex');

const publicKeyInfo = (key: KeyObject): Buffer => createPublicKey(key).export({ format: 'der', type: 'spki' });
