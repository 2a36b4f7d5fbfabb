// The one window of the station.
// Must not decide anything about what is in it.
import path from 'node:path';
import { app, BrowserWindow, session } from 'electron';
import { STATION_PAGE, servePages } from './pages.ts';
import { denyPermissions, pagePreferences } from './security.ts';

const ZOOM_STEP = 0.5;
/** 1.2 to this power: 200 % and some more, 70 %. */
const ZOOM_RANGE = { least: -2, most: 5 } as const;

/** Shown when it has something to show. */
export function openMainWindow(): BrowserWindow {
  const pageSession = session.fromPartition('persist:station');
  servePages(pageSession, path.join(app.getAppPath(), 'out/renderer'));
  denyPermissions(pageSession);
  const window = new BrowserWindow({
    width: 1366,
    height: 768,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: '#ffffff',
    icon: path.join(app.getAppPath(), 'resources/icons/icon.png'),
    webPreferences: { ...pagePreferences, session: pageSession, preload: path.join(app.getAppPath(), 'out/preload.cjs') },
  });
  window.once('ready-to-show', () => window.show());
  zoomByKeyboard(window);
  void window.loadURL(STATION_PAGE);
  return window;
}

/** There is no menu (its words would be a second set), so the keys it would have brought are here (R41). */
function zoomByKeyboard({ webContents }: BrowserWindow): void {
  webContents.on('before-input-event', (event, input) => {
    if (input.type !== 'keyDown' || !(input.control || input.meta) || input.alt) return;
    const step =
      input.key === '+' || input.key === '='
        ? ZOOM_STEP
        : input.key === '-'
          ? -ZOOM_STEP
          : input.key === '0'
            ? -webContents.zoomLevel
            : null;
    if (step === null) return;
    webContents.zoomLevel = Math.min(ZOOM_RANGE.most, Math.max(ZOOM_RANGE.least, webContents.zoomLevel + step));
    event.preventDefault();
  });
}
