// A time stamp service of `openssl ts` for tests: own root, own certificate, answers RFC 3161 requests by the machine's clock.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TimestampService {
  readonly caPath: string;
  readonly root: Uint8Array;
  readonly certificate: Uint8Array;
  /** TimeStampReq in, TimeStampResp out. */
  readonly answer: (request: Uint8Array) => Uint8Array;
}

const CONFIG = `
[ tsa ]
default_tsa = one
[ one ]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
certs = ./ca.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[ ca ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[ stamp ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ req ]
distinguished_name = name
[ name ]
`;

export function timestampService(dir: string): TimestampService {
  mkdirSync(dir, { recursive: true });
  const run = (...args: readonly string[]) => {
    const done = spawnSync('openssl', args, { cwd: dir, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`openssl ${args[0]}: ${done.stderr}`);
  };
  writeFileSync(join(dir, 'tsa.cnf'), CONFIG);
  writeFileSync(join(dir, 'serial'), '01\n');
  for (const name of ['ca', 'tsa']) run('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`);
  run(
    'req',
    '-new',
    '-x509',
    '-days',
    '3650',
    '-config',
    'tsa.cnf',
    '-extensions',
    'ca',
    '-subj',
    '/CN=Stamp Root',
    '-key',
    'ca.key',
    '-out',
    'ca.pem',
  );
  run('req', '-new', '-config', 'tsa.cnf', '-subj', '/CN=Stamp Service', '-key', 'tsa.key', '-out', 'tsa.csr');
  run(
    'x509',
    '-req',
    '-days',
    '3650',
    '-in',
    'tsa.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-set_serial',
    '7',
    '-extfile',
    'tsa.cnf',
    '-extensions',
    'stamp',
    '-out',
    'tsa.pem',
  );
  const derOf = (name: string): Uint8Array => new X509Certificate(readFileSync(join(dir, name))).raw;
  return {
    caPath: join(dir, 'ca.pem'),
    root: derOf('ca.pem'),
    certificate: derOf('tsa.pem'),
    answer: (request) => {
      writeFileSync(join(dir, 'request.tsq'), request);
      run('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'request.tsq', '-out', 'response.tsr');
      return readFileSync(join(dir, 'response.tsr'));
    },
  };
}
