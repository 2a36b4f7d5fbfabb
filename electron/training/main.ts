// The training process: makes the training office of a workspace, or opens it again, for the shell.
// Must not serve another profile, and must not start the library: the shell does.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { TrainingConfig, type TrainingOffice, trainingContract } from '../contract/training.contract.ts';
import { authorise } from '../rpc/authorise.ts';
import { childEntry } from '../rpc/child-entry.ts';
import { demoClock, instantOf, systemClock } from '../station/platform/clock.ts';
import { createIds, systemRandomness } from '../station/platform/ids.ts';
import { createLogger } from '../station/platform/logger.ts';
import { type MadeOffice, makeOffice } from './make-office.ts';
import { LibraryKeys, officePaths, readManifest, writeWhole } from './office-folder.ts';

async function openOffice({ dir, resourcesDir, today }: TrainingConfig): Promise<TrainingOffice> {
  const clock = today === null ? systemClock : demoClock(today, systemClock.nowMs(), systemClock);
  const port = await freePort(portBefore(dir));
  const office = await makeOffice('training', {
    dir,
    now: instantOf(clock),
    randomness: systemRandomness,
    resourcesDir,
    libraryUrl: `http://127.0.0.1:${port}`,
  });
  const libraryDir = path.join(office.dir, 'library');
  registerWithLibrary(libraryDir, office);
  return {
    file: new Uint8Array(readFileSync(office.provisioningPath)),
    fingerprint: office.authorityFingerprint,
    drivers: [...office.tokenHost.drivers],
    library: { dir: libraryDir, port },
  };
}

/** What the library reads at its start: its own key, and whose licences it takes. */
function registerWithLibrary(dir: string, { library, setup }: MadeOffice): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const keys = { name: library.name, profile: 'training', privateKey: library.receiptKeyPem };
  const certificatesOf = (issuerId: string) =>
    setup.seals.filter((seal) => seal.issuerId === issuerId).flatMap(({ certificates }) => certificates.map(sha256OfBase64));
  const issuers = Object.fromEntries(setup.issuers.map(({ id, code }) => [code, certificatesOf(id)]));
  writeWhole(path.join(dir, 'library.json'), JSON.stringify(keys));
  writeWhole(path.join(dir, 'issuers.json'), JSON.stringify({ trustAnchors: setup.trustAnchors, issuers }));
}

const sha256OfBase64 = (text: string): string => createHash('sha256').update(Buffer.from(text, 'base64')).digest('hex');

/** The port the office's package names already, or 0. */
function portBefore(dir: string): number {
  if (readManifest(dir) === null) return 0;
  return Number(new URL(LibraryKeys.parse(JSON.parse(readFileSync(officePaths(dir).library, 'utf8'))).url).port);
}

/** The wanted port, or when another program has it, any: the office then gets its next package with the new address. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}

const logger = createLogger(systemClock, (line) => process.stderr.write(line));
const ids = createIds(systemClock, systemRandomness);

childEntry({
  contract: trainingContract,
  configSchema: TrainingConfig,
  start: (config) => ({
    handlers: { training: { open: () => openOffice(config) } },
    options: {
      callerOf: ({ from }) => ({ from, roles: null }),
      authorise,
      log: logger.log,
      newIncident: ids.next,
      nowMs: () => performance.now(),
    },
  }),
});
