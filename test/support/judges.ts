// Runs the tools nobody here wrote on a sealed file: pdfsig with an NSS trust store, openssl cms, mutool, qpdf, pkcs11-tool.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function run(command: string, args: readonly string[], env: Record<string, string> = {}): SpawnSyncReturns<string> {
  const done = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8', ...env }, timeout: 60_000 });
  if (done.error) throw done.error;
  return done;
}

const wellRun = (command: string, args: readonly string[]): string => {
  const done = run(command, args);
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
};

/** An NSS database that trusts this root; pdfsig wants its folder. */
export function trustStore(dir: string, caPath: string): string {
  const store = join(dir, 'nss');
  mkdirSync(store, { recursive: true });
  wellRun('certutil', ['-N', '-d', `sql:${store}`, '--empty-password']);
  wellRun('certutil', ['-A', '-d', `sql:${store}`, '-n', 'root', '-t', 'C,C,C', '-i', caPath]);
  return store;
}

export const pdfsig = (store: string, pdfPath: string): string => run('pdfsig', ['-nssdir', `sql:${store}`, pdfPath]).stdout;
export const mutoolSign = (pdfPath: string): string => {
  const { stdout, stderr } = run('mutool', ['sign', '-v', pdfPath]);
  return stdout + stderr;
};
export const qpdfCheck = (pdfPath: string): { readonly status: number | null; readonly output: string } => {
  const { status, stdout, stderr } = run('qpdf', ['--check', pdfPath]);
  return { status, output: stdout + stderr };
};

/** `openssl cms -verify` over the bytes the byte range names, as written in the file; nothing of our reader is used. */
export function opensslCms(dir: string, caPath: string, pdf: Uint8Array): { readonly status: number | null; readonly output: string } {
  const text = Buffer.from(pdf).toString('latin1');
  const range = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/.exec(text);
  const [start, first, after, rest] = [1, 2, 3, 4].map((group) => Number(range?.[group]));
  if (start === undefined || first === undefined || after === undefined || rest === undefined) throw new Error('no byte range');
  const hex = text.slice(start + first + 1, after - 1);
  const contentPath = join(dir, 'content.bin');
  const cmsPath = join(dir, 'signature.der');
  writeFileSync(contentPath, Buffer.concat([pdf.subarray(start, start + first), pdf.subarray(after, after + rest)]));
  writeFileSync(cmsPath, Buffer.from(hex, 'hex'));
  const flags = ['-verify', '-inform', 'DER', '-binary', '-purpose', 'any', '-cades', '-CAfile', caPath];
  const { status, stderr } = run('openssl', ['cms', ...flags, '-in', cmsPath, '-content', contentPath, '-out', join(dir, 'verified.bin')]);
  return { status, output: stderr };
}

/** Signs in a PKCS#11 token with OpenSC's tool; raw PKCS#1 v1.5 or DER ECDSA over SHA-256. */
export function pkcs11Sign(
  dir: string,
  token: { readonly modulePath: string; readonly label: string; readonly pin: string; readonly mechanism: string },
  env: Readonly<Record<string, string>>,
  toSign: Uint8Array,
): void {
  writeFileSync(join(dir, 'to-sign.bin'), toSign);
  const args = [
    '--module',
    token.modulePath,
    '--token-label',
    token.label,
    '--login',
    '--pin',
    token.pin,
    '--sign',
    '--mechanism',
    token.mechanism,
  ];
  const places = ['--signature-format', 'openssl', '--input-file', join(dir, 'to-sign.bin'), '--output-file', join(dir, 'signature.bin')];
  const done = run('pkcs11-tool', [...args, ...places], env);
  if (done.status !== 0) throw new Error(`pkcs11-tool: ${done.stderr}`);
}

/** Signs with poppler and NSS: into a new field, or the named one. */
export function pdfsigSign(store: string, keyStorePath: string, inPath: string, outPath: string, field: readonly string[]): void {
  wellRun('pk12util', ['-i', keyStorePath, '-d', `sql:${store}`, '-W', 'pin', '-K', '']);
  const how = field[0] === undefined ? ['-add-signature'] : ['-sign', field[0]];
  wellRun('pdfsig', ['-nssdir', `sql:${store}`, ...how, '-nick', 'other', inPath, outPath]);
}

/** `openssl ts -verify` of a token over the bytes that the file's last byte range names. */
export function opensslTimestamp(dir: string, caPath: string, pdf: Uint8Array, tokenPath: string): string {
  const range = [
    ...Buffer.from(pdf)
      .toString('latin1')
      .matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g),
  ].at(-1);
  const [start = 0, first = 0, after = 0, rest = 0] = [1, 2, 3, 4].map((group) => Number(range?.[group]));
  const dataPath = join(dir, 'stamped.bin');
  writeFileSync(dataPath, Buffer.concat([pdf.subarray(start, start + first), pdf.subarray(after, after + rest)]));
  const { stdout, stderr } = run('openssl', ['ts', '-verify', '-data', dataPath, '-in', tokenPath, '-token_in', '-CAfile', caPath]);
  return stdout + stderr;
}
