// A child that stands where the station stands: it reaches the token host only through its host program.
import { z } from 'zod';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { tokenContract } from '../../../electron/contract/token.contract.ts';
import { authorise } from '../../../electron/rpc/authorise.ts';
import { childEntry } from '../../../electron/rpc/child-entry.ts';
import { connect } from '../../../electron/rpc/connect.ts';
import { realTimers } from '../../../electron/rpc/timers.ts';
import { relayingContract } from './relaying.contract.ts';

childEntry({
  contract: relayingContract,
  configSchema: z.strictObject({}),
  start(_config, seams) {
    const tokens = connect(tokenContract, seams.relay, { timers: realTimers, deadlines: 'none' });
    const events: string[] = [];
    tokens.onEvent(({ event }) => events.push(event));
    return {
      handlers: {
        ask: {
          token: ({ name, arg }) =>
            tokens.call('token', name, arg).then(
              (value) => ({ value }),
              (error: unknown) => ({ code: isStationError(error) ? error.code : 'foreign' }),
            ),
          events: () => events.splice(0),
        },
      },
      options: {
        callerOf: (frame) => ({ from: frame.from, roles: null }),
        authorise,
        log: () => undefined,
        newIncident: () => 'incident',
        nowMs: () => performance.now(),
      },
    };
  },
});
