// Temporary tokens of real modules, each in a folder of its own, made and used in child processes with their own environment.
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverProfile, SignatureAlgorithm } from '../../../electron/contract/token.contract.ts';
import { sha256Hex } from '../../../native/pkcs11/find-certificates.ts';
import type { ProvisionAnswer, ProvisionWish } from './provision-main.ts';

export const SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so';
export const SOFTOKN = '/usr/lib/x86_64-linux-gnu/libsoftokn3.so';

export interface MadeToken {
  readonly serial: string;
  readonly label: string;
  readonly pin: string;
  readonly algorithm: SignatureAlgorithm;
  readonly certificate: X509Certificate;
  readonly certificateHash: string;
}

export interface TokenHome {
  readonly dir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly profile: DriverProfile;
  remove(): void;
}

interface TokenWish {
  readonly label: string;
  readonly pin: string;
  readonly algorithm: SignatureAlgorithm;
}

export function provision(environment: Readonly<Record<string, string>>, wishes: readonly ProvisionWish[]): MadeToken[] {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'provision-main.ts')], {
    input: JSON.stringify(wishes),
    env: { PATH: process.env.PATH ?? '', ...environment },
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`provisioning failed: ${run.stderr}`);
  // Written by provision-main.ts.
  const answers = JSON.parse(run.stdout) as ProvisionAnswer[];
  return answers.map((answer, at) => {
    const spec = wishes[at]?.spec;
    if (spec === undefined) throw new Error('more answers than wishes');
    const certificate = new X509Certificate(Buffer.from(answer.certificate, 'base64'));
    const { label, pin, algorithm } = spec;
    return { serial: answer.serial, label, pin, algorithm, certificate, certificateHash: sha256Hex(certificate.raw) };
  });
}

export interface SoftHsmHome extends TokenHome {
  make(wishes: readonly TokenWish[]): MadeToken[];
  /** Takes all tokens away, as if the key were pulled out; the function returned puts them back. */
  pullOut(): () => void;
}

export function softHsmHome(): SoftHsmHome {
  const dir = mkdtempSync(join(tmpdir(), 'banjie-softhsm-'));
  const tokens = join(dir, 'tokens');
  mkdirSync(tokens);
  const conf = join(dir, 'softhsm2.conf');
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const environment = { SOFTHSM2_CONF: conf };
  return {
    dir,
    environment,
    profile: { kind: 'pkcs11', id: 'softhsm2', name: 'SoftHSM 2', modulePath: SOFTHSM, quirks: ['needsFinalizeOnRemoval'] },
    make: (wishes) =>
      provision(
        environment,
        wishes.map((wish) => ({ kind: 'token', spec: { ...wish, modulePath: SOFTHSM, soPin: 'so-pin-12345', keyLabel: 'seal' } })),
      ),
    pullOut() {
      const away = join(dir, 'away');
      mkdirSync(away);
      const names = readdirSync(tokens);
      for (const name of names) renameSync(join(tokens, name), join(away, name));
      return () => {
        for (const name of names) renameSync(join(away, name), join(tokens, name));
        rmSync(away, { recursive: true });
      };
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

const NSS_LABEL = 'NSS Certificate DB';

/** An NSS database; its signing token is always the second slot and shares its serial with the first. */
export function nssHome(pin: string): TokenHome & { make(algorithm: SignatureAlgorithm): MadeToken } {
  const dir = mkdtempSync(join(tmpdir(), 'banjie-nss-'));
  const pinFile = join(dir, 'pin');
  writeFileSync(pinFile, `${pin}\n`);
  execFileSync('certutil', ['-N', '-d', `sql:${dir}`, '-f', pinFile]);
  rmSync(pinFile);
  const initParameters = `configDir='sql:${dir}' certPrefix='' keyPrefix='' secmod='secmod.db'`;
  return {
    dir,
    environment: {},
    profile: { kind: 'pkcs11', id: 'nss-softokn', name: 'NSS softokn', modulePath: SOFTOKN, initParameters, quirks: [] },
    make(algorithm) {
      const spec = { modulePath: SOFTOKN, initParameters, label: NSS_LABEL, pin, algorithm, keyLabel: `seal ${algorithm}` };
      const [made] = provision({}, [{ kind: 'key', spec }]);
      if (made === undefined) throw new Error('nothing was provisioned');
      return made;
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
