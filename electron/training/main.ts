// The training process: makes the training office of a workspace, or opens it again, for the shell.
// Must not serve another profile, and must not start the library: the shell does.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { TrainingConfig, type TrainingOffice, trainingContract } from '../contract/training.contract.ts';
import { authorise } from '../rpc/authorise.ts';
import { childEntry } from '../rpc/child-entry.ts';
import { demoClock, instantOf, systemClock } from '../station/platform/clock.ts';
import { createIds, systemRandomness } from '../station/platform/ids.ts';
import { createLogger } from '../station/platform/logger.ts';
import { makeOffice } from './make-office.ts';
import { LibraryKeys, officePaths, readManifest } from './office-folder.ts';
import { registerWithLibrary } from './register-with-library.ts';

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
