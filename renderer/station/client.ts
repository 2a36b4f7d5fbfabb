// The window's one connection: station and shell calls share a port, told apart by their group.
// Must not hold any data; hooks fetch, events only hint.
import './no-eval.ts';
import { type ClientOf, defineContract, type EventName } from '../../electron/contract/define.ts';
import { shellContract } from '../../electron/contract/shell.contract.ts';
import { stationContract } from '../../electron/contract/station.contract.ts';
import { type Connection, connect } from '../../electron/rpc/connect.ts';
import type { Port } from '../../electron/rpc/port.ts';
import { realTimers } from '../../electron/rpc/timers.ts';

/** What the window may call. Ids of frames are per connection, so two contracts on one port must be one connection. */
export const windowContract = defineContract({
  groups: { ...stationContract.groups, ...shellContract.groups },
  events: { ...stationContract.events, ...shellContract.events },
});
export type WindowContract = typeof windowContract;
export type WindowClient = ClientOf<WindowContract>;
export type WindowEvent = EventName<WindowContract>;
export type StationConnection = Connection<WindowContract>;

export function connectStation(port: Port): StationConnection {
  return connect(windowContract, port, { timers: realTimers });
}
