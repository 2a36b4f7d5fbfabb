// A real child program on the product's own child entry.
import { StationError } from '../../../electron/contract/station-error.ts';
import { authorise } from '../../../electron/rpc/authorise.ts';
import { childEntry } from '../../../electron/rpc/child-entry.ts';
import { EchoConfig, echoContract } from './echo.contract.ts';
import { echoHandlers } from './echo-handlers.ts';

childEntry({
  contract: echoContract,
  configSchema: EchoConfig,
  start(config, seams) {
    if (config.ignoreSigterm) process.on('SIGTERM', () => undefined);
    if (config.refuseToStart === 'STORE_FROM_FUTURE') throw new StationError('STORE_FROM_FUTURE', { found: 90, known: 80 });
    if (config.refuseToStart !== undefined) throw new Error(config.refuseToStart);
    return {
      handlers: echoHandlers({ life: config.life, crashInLives: config.crashInLives, emit: seams.emit }),
      options: {
        callerOf: (frame) => ({ from: frame.from, roles: null }),
        authorise,
        log: (level, event, fields) => process.stdout.write(`${level} ${event} ${JSON.stringify(fields)}\n`),
        newIncident: () => 'incident-of-the-child',
        nowMs: () => performance.now(),
      },
    };
  },
});
