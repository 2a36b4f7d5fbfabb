// The token host as a process: the only one that loads a vendor driver. Started by the shell or the command line.
// Must not hold data of the station, open files but a training token's, or reach any network.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { TokenHostConfig, tokenContract } from '../../electron/contract/token.contract.ts';
import { authorise } from '../../electron/rpc/authorise.ts';
import { childEntry } from '../../electron/rpc/child-entry.ts';
import type { LogFields, LogLevel } from '../../electron/rpc/log.ts';
import { installedDrivers } from '../profiles/known-drivers.ts';
import { createTokenHost } from './token-host.ts';

const POLL_MS = 1_000;
/** A C_ call worth a line in the log: no key needs longer for anything but a login or a signature. */
const SLOW_CALL_MS = 2_000;

const log = (level: LogLevel, event: string, fields: LogFields = {}): void => {
  process.stderr.write(`${JSON.stringify({ level, event, ...fields })}\n`);
};

childEntry({
  contract: tokenContract,
  configSchema: TokenHostConfig,
  start(config, { emit }) {
    const installed = config.installed === true ? installedDrivers(process.platform, existsSync) : [];
    const host = createTokenHost(
      { ...config, drivers: [...config.drivers, ...installed] },
      {
        clock: { nowMs: () => Date.now() },
        emit,
        observe: ({ method, milliseconds, ckr }) => {
          if (milliseconds >= SLOW_CALL_MS) log('info', 'pkcs11.slow', { method, milliseconds: Math.round(milliseconds), ckr });
        },
      },
    );
    setInterval(host.poll, POLL_MS).unref();
    return {
      handlers: host.handlers,
      options: {
        callerOf: ({ from }) => ({ from, roles: null }),
        authorise,
        log,
        newIncident: randomUUID,
        nowMs: () => performance.now(),
      },
    };
  },
});
