// The folder of a made office on disk: its names, and the manifest that is written last and so proves the folder complete.
// Must not make keys. The private keys in it are those of training and acceptance only.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Instant } from '../contract/values.ts';

export const officePaths = (dir: string) =>
  ({
    manifest: join(dir, 'office.json'),
    provisioning: join(dir, 'office.provisioning.json'),
    caPem: join(dir, 'ca.pem'),
    library: join(dir, 'library.json'),
    drivers: join(dir, 'drivers.json'),
    tokensDir: join(dir, 'tokens'),
    readme: join(dir, 'README.txt'),
  }) as const;

export const MadeToken = z.strictObject({
  issuerId: z.string(),
  serial: z.string(),
  label: z.string(),
  pin: z.string(),
  /** DER, base64. */
  certificate: z.base64(),
});
export type MadeToken = z.infer<typeof MadeToken>;

/** Everything needed to make the next package of the same office. */
export const OfficeManifest = z.strictObject({
  kind: z.literal('banjie.made-office'),
  version: z.literal(1),
  profile: z.enum(['training', 'acceptance']),
  madeAt: Instant,
  sequence: z.number().int().min(1),
  authorityKeyPem: z.string(),
  root: z.base64(),
  tokens: z.array(MadeToken),
  passphrase: z.string(),
  passphraseHashes: z.record(z.string(), z.string()),
});
export type OfficeManifest = z.infer<typeof OfficeManifest>;

/** library.json: what the reference library of this office is started with. */
export const LibraryKeys = z.strictObject({
  kind: z.literal('banjie.library-keys'),
  version: z.literal(1),
  name: z.string(),
  url: z.string(),
  /** Ed25519, PKCS#8 PEM; its public half is `library.receiptKey` of the package. */
  receiptKeyPem: z.string(),
});
export type LibraryKeys = z.infer<typeof LibraryKeys>;

/** Null when there is no complete office in this folder. */
export function readManifest(dir: string): OfficeManifest | null {
  const path = officePaths(dir).manifest;
  return existsSync(path) ? OfficeManifest.parse(JSON.parse(readFileSync(path, 'utf8'))) : null;
}

/** Complete or not at all. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
