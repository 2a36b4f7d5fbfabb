// The software token on disk: `<serial>.token.json` holds its certificates and, sealed under the PIN, its keys;
// `<serial>.tries.json` the tries left. For training only (R34): must not be reachable from a host that is not in training.
import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const MAX_TRIES = 5;

const Base64 = z.base64();
const TokenFile = z.strictObject({
  format: z.literal(1),
  serial: z.string().regex(/^[A-Za-z0-9-]{1,16}$/),
  label: z.string().min(1).max(64),
  keys: z.array(z.strictObject({ keyId: z.string().regex(/^([0-9a-f]{2})+$/), certificate: Base64 })),
  salt: Base64,
  iv: Base64,
  tag: Base64,
  /** JSON of PKCS#8 PEM by key id. */
  sealedKeys: Base64,
});
export type TokenFile = z.infer<typeof TokenFile>;

const PrivateKeys = z.record(z.string(), z.string());
const Tries = z.strictObject({ left: z.int().min(0).max(MAX_TRIES) });

/** About 60 ms and 32 MiB a try: enough against guessing a training PIN from the file. */
const scryptCost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
const keyFromPin = (pin: Uint8Array, salt: Uint8Array): Buffer => scryptSync(pin, salt, 32, scryptCost);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

/** What the seal binds: another serial, label or certificate under the same keys does not open. */
const boundTo = (file: Pick<TokenFile, 'serial' | 'label' | 'keys'>): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([file.serial, file.label, file.keys]))
    .digest();

const tokenPath = (dir: string, serial: string): string => join(dir, `${serial}.token.json`);
const triesPath = (dir: string, serial: string): string => join(dir, `${serial}.tries.json`);

/** Complete or not at all, and on the disk before it returns: a try must be spent even if the power fails next. */
function writeDurably(path: string, content: unknown): void {
  const fd = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeFileSync(fd, JSON.stringify(content));
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(`${path}.new`, path);
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** The tokens whose file is there now. Throws on a damaged file. */
export const readTokenFiles = (dir: string): TokenFile[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.token.json'))
    .sort()
    .map((name) => TokenFile.parse(readJson(join(dir, name))));

export const triesLeft = (dir: string, serial: string): number => Tries.parse(readJson(triesPath(dir, serial))).left;
export const setTriesLeft = (dir: string, serial: string, left: number): void => writeDurably(triesPath(dir, serial), { left });

/** The private keys by key id, or undefined when the PIN is wrong. */
export function openKeys(file: TokenFile, pin: Uint8Array): ReadonlyMap<string, string> | undefined {
  const decipher = createDecipheriv('aes-256-gcm', keyFromPin(pin, bytesOf(file.salt)), bytesOf(file.iv), { authTagLength: 16 });
  decipher.setAAD(boundTo(file)).setAuthTag(bytesOf(file.tag));
  const opened = decipher.update(bytesOf(file.sealedKeys));
  try {
    decipher.final();
  } catch {
    // GCM says no: a wrong PIN, or a changed file; the token cannot tell which and a try is spent either way.
    return undefined;
  }
  return new Map(Object.entries(PrivateKeys.parse(JSON.parse(opened.toString('utf8')))));
}

export interface SoftwareKey {
  /** CKA_ID in lower-case hex. */
  readonly keyId: string;
  readonly privateKeyPem: string;
  readonly certificateDer: Uint8Array;
}

export interface SoftwareTokenSpec {
  /** Letters, digits and hyphens, at most 16: it becomes a file name. */
  readonly serial: string;
  readonly label: string;
  readonly pin: string;
  readonly keys: readonly SoftwareKey[];
}

/** Makes a token in `dir`, the `keyDir` of a driver row; several tokens may share one. Replaces a token of the same serial. */
export async function makeSoftwareToken(dir: string, spec: SoftwareTokenSpec): Promise<void> {
  const keys = spec.keys.map((key) => ({ keyId: key.keyId, certificate: base64(key.certificateDer) }));
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', keyFromPin(Buffer.from(spec.pin), salt), iv, { authTagLength: 16 });
  cipher.setAAD(boundTo({ ...spec, keys }));
  const secret = JSON.stringify(Object.fromEntries(spec.keys.map((key) => [key.keyId, key.privateKeyPem])));
  const sealedKeys = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  const file = TokenFile.parse({
    format: 1,
    serial: spec.serial,
    label: spec.label,
    keys,
    salt: base64(salt),
    iv: base64(iv),
    tag: base64(cipher.getAuthTag()),
    sealedKeys: base64(sealedKeys),
  });
  setTriesLeft(dir, spec.serial, MAX_TRIES);
  writeDurably(tokenPath(dir, spec.serial), file);
}
