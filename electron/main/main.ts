// The shell: opens the window at once, starts the children beside it, carries frames, and ends everything in order.
// Must not do any work itself: no database, no document, no network.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { app, type BrowserWindow, Menu } from 'electron';
import type { TokenHostConfig } from '../contract/token.contract.ts';
import { Day } from '../contract/values.ts';
import { quit } from '../processes/quit.ts';
import type { Log } from '../rpc/log.ts';
import { realTimers } from '../rpc/timers.ts';
import { type Children, setupChildren } from './children.ts';
import { openLog } from './log.ts';
import { registerPageScheme } from './pages.ts';
import { openPreferences } from './preferences.ts';
import { setupRouter } from './router.ts';
import { setupSecurity } from './security.ts';
import { keepLibrary, openTrainingOffice } from './training.ts';
import { openMainWindow } from './windows.ts';
import { databaseKey, openWorkspace, type Workspace } from './workspace.ts';

const END_LIMIT_MS = 25_000;

function main(): void {
  const workspace = openWorkspace();
  // One program for one workspace: the lock, like all of Chromium's own files, lies in userData.
  app.setPath('userData', path.join(workspace.dir, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const log = openLog(workspace.logDir, { terminal: !app.isPackaged });
  registerPageScheme();
  setupSecurity(log);
  Menu.setApplicationMenu(null);
  void app.whenReady().then(() => run(workspace, log));
}

async function run(workspace: Workspace, log: Log): Promise<void> {
  const drivers: TokenHostConfig['drivers'] = [];
  const demoToday = Day.safeParse(app.commandLine.getSwitchValue('today')).data ?? null;
  const stationConfig = {
    workspaceDir: workspace.dir,
    resourcesDir: path.join(app.getAppPath(), 'resources'),
    databaseKey: await databaseKey(workspace, log),
    profile: workspace.profile,
    demoToday,
    softwareVersion: app.getVersion(),
    sync: { auto: true },
  };
  const children = setupChildren(stationConfig, () => ({ training: workspace.profile === 'training', drivers }), log);
  const preferences = openPreferences(workspace.preferencesPath, log);
  const window = openMainWindow();
  setupRouter({ window, children, preferences, newIncident: randomUUID, log });
  const library = startTraining(workspace, demoToday, children, drivers, log);
  library.catch(startFailed('training', log));
  setupEnd(window, children, library, log);
}

/** The office before the token host, which learns its drivers from it; the station beside both. */
async function startTraining(
  workspace: Workspace,
  today: Day | null,
  children: Children,
  drivers: TokenHostConfig['drivers'],
  log: Log,
): Promise<{ stop(): void }> {
  const stationReady = children.station.start();
  // Told by the supervisor itself; awaited below.
  stationReady.catch(() => undefined);
  const office = await openTrainingOffice(workspace, today, log);
  drivers.push(...office.drivers);
  children.tokenHost.start().catch(startFailed('tokenHost', log));
  await stationReady;
  // A package the station has already changes nothing.
  const { now } = await children.station.client.station.setUpOffice({ file: office.file, fingerprint: office.fingerprint });
  // The library lives on the station's day: a demonstration's clock is set for both.
  const clockOffsetMs = today === null ? 0 : Date.parse(now) - Date.now();
  return keepLibrary({ ...office.library, clockOffsetMs }, log);
}

const startFailed = (step: string, log: Log) => (error: unknown) =>
  log('error', 'start.failed', { step, problem: error instanceof Error ? error.message : typeof error });

function setupEnd(window: BrowserWindow, { station, tokenHost }: Children, library: Promise<{ stop(): void }>, log: Log): void {
  app.on('second-instance', () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  let isEnding = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    if (!window.isDestroyed()) window.hide();
    const order = {
      // Part of the station's own close; named here because the order is.
      stopSync: () => Promise.resolve(),
      closeStation: () => station.client.station.close({}),
      closeTokenHost: () => tokenHost.client.token.close({}),
      station,
      tokenHost,
      timers: realTimers,
      log,
    };
    const stopLibrary = () =>
      library.then(
        ({ stop }) => stop(),
        () => undefined,
      );
    // Above the sum of the order's own deadlines: whatever hangs, the program ends.
    realTimers.after(END_LIMIT_MS, () => app.exit(1));
    void quit(order)
      .then(stopLibrary)
      .then(() => app.exit(0));
  });
}

main();
