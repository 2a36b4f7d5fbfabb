// The stored form of a passphrase, for the people of a made office. Checking one is the station's (people).
import { scryptSync } from 'node:crypto';

const COST = { N: 16_384, r: 8, p: 1 };

/** `scrypt$N$r$p$salt$hash`, salt and 32-byte hash in base64. */
export function passphraseHash(passphrase: string, salt: Uint8Array): string {
  const hash = scryptSync(passphrase.normalize('NFKC'), salt, 32, COST);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.from(salt).toString('base64')}$${hash.toString('base64')}`;
}
