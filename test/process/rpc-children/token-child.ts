// A child that serves the token contract without any token: `sign` dies on one digest and hangs on another.
import { TokenHostConfig, tokenContract } from '../../../electron/contract/token.contract.ts';
import { authorise } from '../../../electron/rpc/authorise.ts';
import { childEntry } from '../../../electron/rpc/child-entry.ts';

childEntry({
  contract: tokenContract,
  configSchema: TokenHostConfig,
  start(_config, seams) {
    return {
      handlers: {
        token: {
          list: () => ({ drivers: [], tokens: [], problems: [] }),
          certificates: () => [],
          grant({ grantId }) {
            seams.emit('grantChanged', { grantId, loggedIn: false });
            return {};
          },
          login: () => ({ pin: 'ok' as const }),
          sign({ toSign }) {
            if (toSign[0] === 0xde) process.kill(process.pid, 'SIGSEGV');
            return { signature: toSign.toReversed(), milliseconds: 1 };
          },
          release: () => ({}),
          close: () => ({}),
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
