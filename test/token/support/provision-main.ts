// Run as a process of its own: loads the module, provisions what stdin asks for, answers on stdout. Certificates are issued by
// a throw-away authority of the openssl command; the private key never leaves the token.
import { execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type KeySpec, provisionKey, provisionToken, type TokenSpec } from '../../../native/pkcs11/provision-token.ts';

type Plain<T> = Omit<T, 'certificateFor'>;
export type ProvisionWish =
  | { readonly kind: 'token'; readonly spec: Plain<TokenSpec> }
  | { readonly kind: 'key'; readonly spec: Plain<KeySpec> };
export interface ProvisionAnswer {
  readonly serial: string;
  readonly certificate: string;
}

const dir = mkdtempSync(join(tmpdir(), 'banjie-authority-'));
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });

function certificateFor(keyLabel: string, spki: Uint8Array): Uint8Array {
  const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  writeFileSync(join(dir, 'subject.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  openssl(
    'x509',
    '-new',
    '-force_pubkey',
    'subject.pem',
    '-subj',
    `/CN=${keyLabel}`,
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-days',
    '30',
    '-outform',
    'DER',
    '-out',
    'leaf.der',
  );
  return readFileSync(join(dir, 'leaf.der'));
}

try {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Test authority',
    '-days',
    '30',
  );
  // Only token-makers.ts writes to this stdin.
  const wishes = JSON.parse(await text(process.stdin)) as ProvisionWish[];
  const answers: ProvisionAnswer[] = [];
  for (const wish of wishes) {
    const issue = (spki: Uint8Array) => certificateFor(wish.spec.keyLabel, spki);
    const made =
      wish.kind === 'token'
        ? await provisionToken({ ...wish.spec, certificateFor: issue })
        : await provisionKey({ ...wish.spec, certificateFor: issue });
    answers.push({ serial: made.serial, certificate: Buffer.from(made.certificateDer).toString('base64') });
  }
  process.stdout.write(JSON.stringify(answers));
} finally {
  rmSync(dir, { recursive: true });
}
