// The station without a window: the same supervised children and relay as the shell's, under plain Node. Third host of the
// same station. Must not do any of the station's work.
import path from 'node:path';
import { type StationConfig, type StationContract, stationContract } from '../contract/station.contract.ts';
import { type TokenContract, type TokenHostConfig, tokenContract } from '../contract/token.contract.ts';
import { childProcessHost } from '../processes/child-process-host.ts';
import { quit } from '../processes/quit.ts';
import { relay } from '../processes/relay.ts';
import { Supervisor } from '../processes/supervisor.ts';
import type { Log } from '../rpc/log.ts';
import { realTimers } from '../rpc/timers.ts';

export interface StationProcesses {
  readonly station: Supervisor<StationContract>;
  readonly tokenHost: Supervisor<TokenContract>;
  /** The quit order of the shell. */
  close(): Promise<void>;
}

export interface Places {
  readonly projectDir: string;
  readonly log: Log;
  readonly tokenHostEnvironment: Readonly<Record<string, string>>;
}

export async function startProcesses(
  stationConfig: StationConfig,
  tokenHostConfig: TokenHostConfig,
  places: Places,
): Promise<StationProcesses> {
  const { log } = places;
  const hostOf = (name: string, entry: string, extraEnvironment: Readonly<Record<string, string>> = {}) =>
    childProcessHost({
      name,
      entryPath: path.join(places.projectDir, entry),
      nodePath: process.execPath,
      environment: process.env,
      extraEnvironment,
      log,
    });
  const shared = { timers: realTimers, nowMs: () => performance.now(), log };
  const station = new Supervisor({
    ...shared,
    name: 'station',
    contract: stationContract,
    host: hostOf('station', 'electron/station/main.ts'),
    config: () => stationConfig,
  });
  const tokenHost = new Supervisor({
    ...shared,
    name: 'tokenHost',
    contract: tokenContract,
    host: hostOf('tokenHost', 'native/token-host/main.ts', places.tokenHostEnvironment),
    config: () => tokenHostConfig,
    killOnTimeout: true,
    oneAtATime: true,
  });
  const stopRelay = relay(station, tokenHost);
  const close = async (): Promise<void> => {
    await quit({
      stopSync: () => Promise.resolve(),
      closeStation: () => station.client.station.close({}),
      closeTokenHost: () => tokenHost.client.token.close({}),
      station,
      tokenHost,
      timers: realTimers,
      log,
    });
    stopRelay();
  };
  try {
    await Promise.all([station.start(), tokenHost.start()]);
  } catch (error) {
    // One that did start would keep this program alive.
    await close();
    throw error;
  }
  return { station, tokenHost, close };
}
