// A key and a self-signed certificate by the openssl command, for software tokens.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignatureAlgorithm } from '../../../electron/contract/token.contract.ts';

export interface SelfSigned {
  readonly privateKeyPem: string;
  readonly certificateDer: Uint8Array;
}

const newKey: Readonly<Record<SignatureAlgorithm, readonly string[]>> = {
  'RSA-SHA256': ['-newkey', 'rsa:2048'],
  'ECDSA-P256-SHA256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
};

export function selfSigned(algorithm: SignatureAlgorithm = 'ECDSA-P256-SHA256'): SelfSigned {
  const dir = mkdtempSync(join(tmpdir(), 'banjie-selfsigned-'));
  try {
    const how = ['-nodes', '-keyout', 'key.pem', '-out', 'leaf.der', '-outform', 'DER', '-subj', '/CN=training', '-days', '30'];
    execFileSync('openssl', ['req', '-x509', ...newKey[algorithm], ...how], { cwd: dir, stdio: 'pipe' });
    return { privateKeyPem: readFileSync(join(dir, 'key.pem'), 'utf8'), certificateDer: readFileSync(join(dir, 'leaf.der')) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
