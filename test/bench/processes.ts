// The station and the token host as the product starts them, with a meter in the station that answers how long its event
// loop stood still and how much memory it has.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type StationConfig, type StationContract, stationContract } from '../../electron/contract/station.contract.ts';
import { type TokenContract, type TokenHostConfig, tokenContract } from '../../electron/contract/token.contract.ts';
import { PersonId } from '../../electron/contract/values.ts';
import type { JobView } from '../../electron/contract/work.ts';
import { childProcessHost } from '../../electron/processes/child-process-host.ts';
import { relay } from '../../electron/processes/relay.ts';
import { Supervisor } from '../../electron/processes/supervisor.ts';
import type { Log } from '../../electron/rpc/log.ts';
import { realTimers } from '../../electron/rpc/timers.ts';
import type { MadeOffice } from '../../electron/training/make-office.ts';
import { root } from '../support/source-files.ts';

export interface Meter {
  /** Longest time the event loop stood still since the last reading, ms. */
  readonly longestStallMs: number;
}

export interface BenchProcesses {
  readonly station: Supervisor<StationContract>;
  readonly tokenHost: Supervisor<TokenContract>;
  readonly stationPid: number;
  /** From spawn to hello, ms. */
  readonly stationStartMs: number;
  /** Reads and resets. */
  meter(): Promise<Meter>;
  signIn(role: 'clerk' | 'reviewer' | 'custodian'): Promise<void>;
  /** Waits for a job's end; throws where it did not end well. */
  finish(job: JobView): Promise<JobView>;
  close(): Promise<void>;
}

const POLL_MS = 50;
const quiet: Log = (level, event, fields) => {
  if (level === 'error') console.error(event, fields);
};

/** Both children from out/, as `npm start` runs them: `buildAll` must have been called. */
export async function startProcesses(config: StationConfig, office: MadeOffice): Promise<BenchProcesses> {
  const tokenHost = tokenHostOf(office.tokenHost, office);
  const meterDir = mkdtempSync(path.join(tmpdir(), 'banjie-meter-'));
  const meterPath = path.join(meterDir, 'meter.json');
  const station = new Supervisor({
    name: 'station',
    contract: stationContract,
    host: childProcessHost({
      name: 'station',
      entryPath: path.join(import.meta.dirname, 'metered-station.ts'),
      nodePath: process.execPath,
      environment: process.env,
      args: [path.join(root, 'out/station.mjs'), meterPath],
      log: quiet,
    }),
    config: () => config,
    timers: realTimers,
    nowMs: () => performance.now(),
    log: quiet,
    startTimeoutMs: 120_000,
  });
  const stopRelay = relay(station, tokenHost);
  const beganMs = performance.now();
  await station.start();
  const stationStartMs = performance.now() - beganMs;
  await tokenHost.start();
  const { client } = station;
  await client.station.setUpOffice({
    file: new Uint8Array(readFileSync(office.provisioningPath)),
    fingerprint: office.authorityFingerprint,
  });
  const { life } = station;
  if (life.name !== 'ready') throw new Error('the station is gone');
  const { pid } = life;
  return {
    station,
    tokenHost,
    stationPid: pid,
    stationStartMs,
    async meter() {
      rmSync(meterPath, { force: true });
      process.kill(pid, 'SIGUSR2');
      while (!existsSync(meterPath)) await sleep(5);
      const { longestStallMs }: { longestStallMs: number } = JSON.parse(readFileSync(meterPath, 'utf8'));
      return { longestStallMs };
    },
    async signIn(role) {
      const person = office.setup.people.find((p) => p.roles.includes(role));
      if (person === undefined) throw new Error(`nobody is ${role}`);
      await client.session.signIn({ personId: PersonId.parse(person.id), passphrase: office.passphrase });
    },
    async finish(job) {
      for (;;) {
        const now = (await client.jobs.list({})).find((j) => j.id === job.id);
        if (now !== undefined && now.state !== 'running') {
          if (now.state !== 'done' || now.failed > 0)
            throw new Error(`job ${now.kind} ended ${now.state}, ${now.failed} failed, ${now.problem}`);
          return now;
        }
        await sleep(POLL_MS);
      }
    },
    async close() {
      await client.station.close({});
      await station.stop();
      await tokenHost.stop();
      stopRelay();
      rmSync(meterDir, { recursive: true });
    },
  };
}

export function tokenHostOf(config: TokenHostConfig, office: MadeOffice): Supervisor<TokenContract> {
  return new Supervisor({
    name: 'tokenHost',
    contract: tokenContract,
    host: childProcessHost({
      name: 'tokenHost',
      entryPath: path.join(root, 'out/token-host.mjs'),
      nodePath: process.execPath,
      environment: process.env,
      extraEnvironment: office.tokenHostEnvironment,
      log: quiet,
    }),
    config: () => config,
    timers: realTimers,
    nowMs: () => performance.now(),
    log: quiet,
    oneAtATime: true,
  });
}
