// Tells a reference library whose licences it takes: its own key, the trusted authorities, each issuer's certificates.
// Must not start the library.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { MadeOffice } from './make-office.ts';
import { writeWhole } from './office-folder.ts';

/** Writes library.json and issuers.json into the library's folder, which it reads at its start. */
export function registerWithLibrary(dir: string, { library, setup, profile }: MadeOffice): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const certificatesOf = (issuerId: string) =>
    setup.seals.filter((seal) => seal.issuerId === issuerId).flatMap(({ certificates }) => certificates.map(sha256OfBase64));
  const issuers = Object.fromEntries(setup.issuers.map(({ id, code }) => [code, certificatesOf(id)]));
  writeWhole(path.join(dir, 'library.json'), JSON.stringify({ name: library.name, profile, privateKey: library.receiptKeyPem }));
  writeWhole(path.join(dir, 'issuers.json'), JSON.stringify({ trustAnchors: setup.trustAnchors, issuers }));
}

const sha256OfBase64 = (text: string): string => createHash('sha256').update(Buffer.from(text, 'base64')).digest('hex');
