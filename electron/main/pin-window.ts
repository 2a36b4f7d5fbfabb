// The PIN window: a page of its own in a renderer process and session of its own, destroyed right after.
// Must not log, keep or repeat a PIN: its bytes go straight to the token host and are zeroed here.
import path from 'node:path';
import { app, BrowserWindow, type IpcMainInvokeEvent, session } from 'electron';
import type { PinAnswer, PinQuestion } from '../contract/pin-bridge.ts';
import { isStationError, StationError } from '../contract/station-error.ts';
import type { TokenContract } from '../contract/token.contract.ts';
import { Bytes } from '../contract/values.ts';
import type { Supervisor } from '../processes/supervisor.ts';
import { PIN_PAGE, servePages } from './pages.ts';
import { denyPermissions, pagePreferences } from './security.ts';

const Pin = Bytes.refine((bytes) => bytes.length > 0 && bytes.length <= 256).nullable();

export interface PinRequest extends PinQuestion {
  readonly grantId: string;
}

/** Settles when the window is gone; true only when the token host said that the login is good. */
export function askPin(parent: BrowserWindow, request: PinRequest, tokenHost: Supervisor<TokenContract>): Promise<boolean> {
  const { grantId, ...question } = request;
  const window = openWindow(parent);
  let loggedIn = false;
  const { ipc } = window.webContents;
  // The page's own main frame alone: `ipc` of these contents hears no other window.
  const isOurs = (event: IpcMainInvokeEvent) => event.senderFrame === window.webContents.mainFrame && event.senderFrame.url === PIN_PAGE;
  ipc.handle('pin:question', (event): PinQuestion => {
    if (!isOurs(event)) throw new StationError('ROLE_NOT_ALLOWED');
    return question;
  });
  ipc.handle('pin:login', async (event, raw: unknown): Promise<PinAnswer> => {
    if (!isOurs(event)) throw new StationError('ROLE_NOT_ALLOWED');
    const answer = await login(grantId, raw, tokenHost);
    if (answer.ok) {
      loggedIn = true;
      // After the reply, which the page would otherwise wait for in vain.
      setImmediate(() => window.destroy());
    }
    return answer;
  });
  ipc.on('pin:cancel', () => window.destroy());
  window.webContents.on('render-process-gone', () => window.destroy());
  void window.loadURL(PIN_PAGE);
  return new Promise((resolve) => window.once('closed', () => resolve(loggedIn)));
}

async function login(grantId: string, raw: unknown, tokenHost: Supervisor<TokenContract>): Promise<PinAnswer> {
  const pin = Pin.safeParse(raw);
  try {
    if (!pin.success) throw new StationError('PIN_FORMAT');
    await tokenHost.client.token.login({ grantId, pin: pin.data });
    return { ok: true };
  } catch (error) {
    return isStationError(error) ? { ok: false, code: error.code, details: error.details } : { ok: false, code: 'INTERNAL', details: {} };
  } finally {
    if (raw instanceof Uint8Array) raw.fill(0);
  }
}

function openWindow(parent: BrowserWindow): BrowserWindow {
  // Without `persist:` nothing of it reaches the disk.
  const pinSession = session.fromPartition('pin');
  if (!pinSession.protocol.isProtocolHandled('app')) servePages(pinSession, path.join(app.getAppPath(), 'out/renderer'));
  denyPermissions(pinSession);
  const window = new BrowserWindow({
    parent,
    modal: true,
    width: 440,
    height: 400,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    show: false,
    backgroundColor: '#ffffff',
    webPreferences: {
      ...pagePreferences,
      session: pinSession,
      devTools: false,
      preload: path.join(app.getAppPath(), 'out/pin-preload.cjs'),
    },
  });
  // Screenshots and screen sharing show it black where the system can do that.
  window.setContentProtection(app.isPackaged);
  window.once('ready-to-show', () => window.show());
  return window;
}
