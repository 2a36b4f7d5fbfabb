// The real token host in a real child process under the real supervisor, with everything it printed.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ClientOf } from '../../../electron/contract/define.ts';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { Grant, type TokenContract, type TokenHostConfig, tokenContract } from '../../../electron/contract/token.contract.ts';
import { childProcessHost } from '../../../electron/processes/child-process-host.ts';
import { Supervisor } from '../../../electron/processes/supervisor.ts';
import { realTimers, type Timers } from '../../../electron/rpc/timers.ts';
import type { MadeToken } from './token-makers.ts';

export interface RunningHost {
  readonly supervisor: Supervisor<TokenContract>;
  readonly token: ClientOf<TokenContract>['token'];
  /** Everything logged: what the child printed, and what the supervisor said. */
  printed(): string;
  stop(): Promise<void>;
}

export async function startHost(
  config: TokenHostConfig,
  environment: Readonly<Record<string, string>> = {},
  timers: Timers = realTimers,
): Promise<RunningHost> {
  const lines: string[] = [];
  const log = (level: string, event: string, fields: object = {}) => {
    lines.push(JSON.stringify({ level, event, ...fields }));
  };
  const supervisor = new Supervisor({
    name: 'token-host',
    contract: tokenContract,
    host: childProcessHost({
      name: 'token-host',
      entryPath: join(import.meta.dirname, '../../../native/token-host/main.ts'),
      nodePath: process.execPath,
      environment: process.env,
      extraEnvironment: environment,
      log,
    }),
    config: () => config,
    timers,
    nowMs: () => performance.now(),
    log,
    killOnTimeout: true,
    oneAtATime: true,
  });
  await supervisor.start();
  return { supervisor, token: supervisor.client.token, printed: () => lines.join('\n'), stop: () => supervisor.stop() };
}

export function aGrant(token: Pick<MadeToken, 'serial' | 'certificateHash'>, changes: Partial<Grant> = {}): Grant {
  return Grant.parse({
    grantId: randomUUID(),
    batchId: randomUUID(),
    custodianId: 'custodian',
    tokenSerial: token.serial,
    certificateHash: token.certificateHash,
    signatures: 100,
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    ...changes,
  });
}

export const pinBytes = (pin: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(pin));

/** A grant that is logged in: where most tests begin. */
export async function granted(host: RunningHost, token: MadeToken, changes: Partial<Grant> = {}): Promise<Grant> {
  const grant = aGrant(token, changes);
  await host.token.grant(grant);
  await host.token.login({ grantId: grant.grantId, pin: pinBytes(token.pin) });
  return grant;
}

/** The code a call ended with; a call that went well is a failure of the test. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (isStationError(error)) return error.code;
    throw error;
  }
  throw new Error('the call went well');
}
