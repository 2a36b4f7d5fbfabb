// The station as a process: config in, hello, calls of the station contract served, token calls through the relay.
// The same entry runs as Electron utility process and under plain Node; it never imports electron.
import { randomUUID } from 'node:crypto';
import { StationConfig, stationContract } from '../contract/station.contract.ts';
import { tokenContract } from '../contract/token.contract.ts';
import { ImportId, JobId, LicenceId } from '../contract/values.ts';
import { authorise } from '../rpc/authorise.ts';
import { childEntry } from '../rpc/child-entry.ts';
import { connect } from '../rpc/connect.ts';
import { realTimers } from '../rpc/timers.ts';
import { createHandlers } from './handlers.ts';
import { openStation } from './station.ts';
import type { Change } from './station-context.ts';

/** More ids than this in one hint mean "many": the window fetches its page again anyway. */
const HINT_IDS = 50;

childEntry({
  contract: stationContract,
  configSchema: StationConfig,
  async start(config, { relay, emit }) {
    const write = (line: string): void => {
      process.stderr.write(line);
    };
    const tokens = connect(tokenContract, relay, { timers: realTimers, deadlines: 'none' });
    const station = await openStation(config, { tokens: tokens.client.token, write, onChange: tell });
    tokens.on('tokensChanged', () => station.tokensChanged());
    tokens.on('grantChanged', ({ grantId, loggedIn }) => station.grantChanged(grantId, loggedIn));

    function tell(change: Change): void {
      switch (change.kind) {
        case 'licences':
          emit('licencesChanged', { ids: change.ids.slice(0, HINT_IDS).map((id) => LicenceId.parse(id)) });
          break;
        case 'job':
          emit('jobChanged', { id: JobId.parse(change.id) });
          break;
        case 'import':
          emit('importChanged', { id: ImportId.parse(change.id) });
          break;
        case 'delivery':
          emit('deliveryChanged', {});
          break;
        case 'keys':
          emit('keysChanged', {});
          break;
        case 'session':
          emit('sessionChanged', {});
          break;
      }
    }

    return {
      handlers: createHandlers(station),
      options: {
        callerOf: ({ from }) => ({ from, roles: station.session.person?.roles ?? null }),
        authorise,
        log: (level, event, fields) => station.ctx.log.log(level, event, fields),
        newIncident: () => randomUUID().slice(0, 8),
        nowMs: () => performance.now(),
      },
    };
  },
});
