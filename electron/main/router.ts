// The window's one channel in and one channel out: checks who speaks, then sends each frame to the shell or the station.
// Must not let a window reach the token host: a PIN has its own window and its own way (pin-window.ts).
import type { BrowserWindow, WebFrameMain } from 'electron';
import { type ProcessView, type ShellContract, shellContract } from '../contract/shell.contract.ts';
import { stationContract } from '../contract/station.contract.ts';
import { StationError } from '../contract/station-error.ts';
import { forward } from '../processes/forward.ts';
import { RequestFrame } from '../rpc/frames.ts';
import type { Log } from '../rpc/log.ts';
import { type Port, portEars } from '../rpc/port.ts';
import { type Server, serve } from '../rpc/serve.ts';
import type { Children } from './children.ts';
import { STATION_PAGE } from './pages.ts';
import type { PreferenceStore } from './preferences.ts';
import { shellCalls } from './shell-calls.ts';
import type { Workspace } from './workspace.ts';

export interface RouterSeams {
  readonly window: BrowserWindow;
  readonly children: Children;
  readonly preferences: PreferenceStore;
  readonly workspace: Workspace;
  readonly problem: () => StationError | null;
  readonly newIncident: () => string;
  readonly log: Log;
}

/** Answers the shell's own end of the channel, for its hints. */
export function setupRouter({ window, children, preferences, workspace, problem, newIncident, log }: RouterSeams): Server<ShellContract> {
  const { webContents } = window;
  const ears = portEars();
  const send = (frame: unknown) => {
    if (!webContents.isDestroyed()) webContents.send('station:event', frame);
  };
  const shellPort: Port = { post: send, onMessage: ears.onMessage, onClose: ears.onClose, close: () => void ears.end() };
  const restarts: Record<ProcessView['name'], number> = { station: 0, tokenHost: 0 };
  const shell = serve(shellContract, shellCalls({ window, children, preferences, workspace, problem, restarts }), shellPort, {
    callerOf: () => null,
    // The shell's calls are open to whoever sits at the computer, as its dialogs are.
    authorise: () => undefined,
    log,
    newIncident,
    nowMs: () => performance.now(),
  });

  webContents.ipc.on('station:call', (event, raw: unknown) => {
    if (!isStationPage(event.senderFrame, window)) return log('warn', 'router.strangerRefused');
    const group = RequestFrame.safeParse(raw).data?.group;
    if (group === undefined) return log('warn', 'router.malformedFrame');
    if (Object.hasOwn(shellContract.groups, group)) return ears.hear(raw);
    void toStation(raw, group, children).then((reply) => reply && send(reply));
  });
  children.station.onEvent((frame) => {
    if (Object.hasOwn(stationContract.events, frame.event)) send(frame);
  });
  announce('station', children, restarts, shell);
  announce('tokenHost', children, restarts, shell);
  return shell;
}

function toStation(raw: unknown, group: string, { station }: Children) {
  return forward(raw, (_group, name, arg) => {
    if (group === 'token') throw new StationError('ROLE_NOT_ALLOWED', { needs: 'host' });
    return station.call(group, name, arg, 'window');
  });
}

/** A frame that is gone, a subframe, or a page that is not ours is a stranger. */
function isStationPage(frame: WebFrameMain | null, { webContents }: BrowserWindow): boolean {
  if (frame === null || frame !== webContents.mainFrame) return false;
  const page = new URL(frame.url);
  page.hash = '';
  return page.href === STATION_PAGE;
}

function announce(
  name: ProcessView['name'],
  children: Children,
  restarts: Record<ProcessView['name'], number>,
  shell: Server<ShellContract>,
): void {
  let isFirst = true;
  children[name].onChanged((life) => {
    if (life.name === 'ready' && !isFirst) {
      restarts[name] += 1;
      shell.emit('processRestarted', { name });
    }
    // Also one that could not start: the window has asked by then, and must ask again.
    if (life.name === 'ready' || life.name === 'given-up') isFirst = false;
    shell.emit('processChanged', { name });
  });
}
