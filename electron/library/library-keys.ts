// The library's identity: its name, its profile and the Ed25519 key with which it signs receipts, kept in library.json.
// Must not leave the private key readable by others.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Receipt, ReceiptReply } from '../contract/library.ts';
import { Profile } from '../contract/values.ts';

export interface LibraryKeys {
  readonly name: string;
  readonly profile: Profile;
  readonly privateKey: KeyObject;
  /** SPKI, DER, base64: what a provisioning package pins as `library.receiptKey`. */
  readonly receiptKey: string;
}

const LibraryFile = z.strictObject({ name: z.string().min(1), profile: Profile, privateKey: z.string() });

export function makeLibraryKeys(name: string, profile: Profile): LibraryKeys {
  return withPublicKey(name, profile, generateKeyPairSync('ed25519').privateKey);
}

/** Keeps what is there; `name` and `profile` count only the first time. A file that is no library.json throws and is left alone. */
export function loadOrMakeLibraryKeys(dir: string, name: string, profile: Profile): LibraryKeys {
  const filePath = path.join(dir, 'library.json');
  if (existsSync(filePath)) {
    const kept = readJsonFile(filePath, LibraryFile);
    return withPublicKey(kept.name, kept.profile, createPrivateKey(kept.privateKey));
  }
  const keys = makeLibraryKeys(name, profile);
  const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  mkdirSync(dir, { recursive: true });
  writeFileSync(filePath, `${JSON.stringify({ name, profile, privateKey } satisfies z.input<typeof LibraryFile>, null, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
  });
  return keys;
}

/** Throws an error with the file's path when it is not JSON of that form. */
export function readJsonFile<S extends z.ZodType>(filePath: string, schema: S): z.output<S> {
  try {
    return schema.parse(JSON.parse(readFileSync(filePath, 'utf8')));
  } catch (cause) {
    throw new Error(`${filePath} does not have the expected form`, { cause });
  }
}

/** The text is signed as it stands; the station checks the signature over exactly these bytes. */
export function signReceipt(receipt: Receipt, privateKey: KeyObject): ReceiptReply {
  const text = JSON.stringify(receipt);
  return { receipt: text, signature: sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64') };
}

function withPublicKey(name: string, profile: Profile, privateKey: KeyObject): LibraryKeys {
  const receiptKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return { name, profile, privateKey, receiptKey };
}
