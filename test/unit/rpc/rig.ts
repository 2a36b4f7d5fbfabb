// A server and a client of the echo contract joined by memory ports, with everything they log and report.
import type { ErrorCode } from '../../../electron/contract/error-codes.ts';
import { authorise } from '../../../electron/rpc/authorise.ts';
import { connect } from '../../../electron/rpc/connect.ts';
import type { LogFields, LogLevel } from '../../../electron/rpc/log.ts';
import { memoryPorts } from '../../../electron/rpc/ports/memory.ts';
import { serve } from '../../../electron/rpc/serve.ts';
import { echoContract } from '../../process/rpc-children/echo.contract.ts';
import { echoHandlers } from '../../process/rpc-children/echo-handlers.ts';
import { FakeClock } from '../processes/fake-clock.ts';

export interface Logged {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: LogFields;
}

export function echoRig(options: { readonly deadlines?: 'contract' | 'none'; readonly msPerLook?: number } = {}) {
  const clock = new FakeClock();
  const logged: Logged[] = [];
  const unexpected: { call: string; code: ErrorCode }[] = [];
  const [clientPort, serverPort] = memoryPorts();
  let incidents = 0;
  const server = serve(
    echoContract,
    echoHandlers({ life: 1, crashInLives: [], emit: (event, payload) => server.emit(event, payload) }),
    serverPort,
    {
      callerOf: (frame) => ({ from: frame.from, roles: ['auditor'] as const }),
      authorise,
      log: (level, event, fields = {}) => logged.push({ level, event, fields }),
      newIncident: () => {
        incidents += 1;
        return `incident-${incidents}`;
      },
      nowMs: () => {
        clock.nowMs += options.msPerLook ?? 0;
        return clock.nowMs;
      },
      onUnexpectedCode: (call, code) => unexpected.push({ call, code }),
    },
  );
  const connection = connect(echoContract, clientPort, { timers: clock, deadlines: options.deadlines ?? 'contract' });
  const say = (name: string, arg: unknown) => connection.call('echo', name, arg, 'host');
  return { clock, logged, unexpected, clientPort, serverPort, server, connection, say };
}

/** The error a promise ends with; fails when it ends well. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected an error, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
