// The shell: opens the window at once, starts the children beside it, carries frames, and ends everything in order.
// Must not do any work itself: no database, no document, no network.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { app, type BrowserWindow, Menu } from 'electron';
import { StationError } from '../contract/station-error.ts';
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
import { hasTrainingOffice, keepLibrary, openTrainingOffice } from './training.ts';
import { openMainWindow } from './windows.ts';
import { databaseKey, openWorkspace, type Workspace } from './workspace.ts';

const END_LIMIT_MS = 25_000;

function main(): void {
  const workspace = openWorkspace();
  if (workspace === null) {
    process.stderr.write('--profile=training|acceptance|production\n');
    app.exit(2);
    return;
  }
  // One program for one workspace: the lock, like all of Chromium's own files, lies in userData.
  app.setPath('userData', path.join(workspace.dir, 'window'));
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return;
  }
  const log = openLog(workspace.logDir, { terminal: !app.isPackaged });
  if (workspace.stationFileDamaged) log('warn', 'workspace.stationFileDamaged');
  registerPageScheme();
  setupSecurity(log);
  Menu.setApplicationMenu(null);
  void app.whenReady().then(() => run(workspace, log));
}

function run(workspace: Workspace, log: Log): void {
  const isTraining = workspace.profile === 'training';
  // The training office names its software token; every other one is sealed with the keys whose drivers are installed here.
  const drivers: TokenHostConfig['drivers'] = [];
  const tokenHostConfig = (): TokenHostConfig => ({ training: isTraining, drivers, installed: !isTraining });
  const isReal = workspace.profile === 'production';
  const demoToday = isReal ? null : (Day.safeParse(app.commandLine.getSwitchValue('today')).data ?? null);
  const stationConfig = async () => ({
    workspaceDir: workspace.dir,
    resourcesDir: path.join(app.getAppPath(), 'resources'),
    databaseKey: await databaseKey(workspace, log),
    profile: workspace.profile,
    demoToday,
    softwareVersion: app.getVersion(),
    sync: { auto: true },
  });
  const children = setupChildren(stationConfig, tokenHostConfig, log);
  const preferences = openPreferences(workspace.preferencesPath, log);
  const window = openMainWindow();
  let problem: StationError | null = null;
  const shell = setupRouter({ window, children, preferences, workspace, problem: () => problem, newIncident: randomUUID, log });
  const beside = isTraining ? startTraining(workspace, demoToday, children, drivers, log) : startOffice(children, log);
  beside.catch((error: unknown) => {
    startFailed('office', log)(error);
    problem = error instanceof StationError ? error : new StationError('INTERNAL', {}, { cause: error });
    shell.emit('processChanged', { name: 'station' });
  });
  setupEnd(window, children, beside, log);
}

/** What runs beside the two children and ends after them. */
interface Beside {
  stop(): void;
}

/** Whatever office was set up here, or none yet: then the window leads through it. A real library is not ours to run. */
async function startOffice(children: Children, log: Log): Promise<Beside> {
  children.tokenHost.start().catch(startFailed('tokenHost', log));
  await children.station.start();
  return { stop: () => undefined };
}

/** The office before the token host, which learns its drivers from it; the station beside both. */
async function startTraining(
  workspace: Workspace,
  today: Day | null,
  children: Children,
  drivers: TokenHostConfig['drivers'],
  log: Log,
): Promise<Beside> {
  const stationReady = children.station.start();
  // Told by the supervisor itself; awaited below.
  stationReady.catch(() => undefined);
  // People can sign in to an office from before as soon as the station is up: what opens it again must not slow that down.
  if (hasTrainingOffice(workspace)) await stationReady;
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

function setupEnd(window: BrowserWindow, { station, tokenHost }: Children, beside: Promise<Beside>, log: Log): void {
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
    const stopBeside = () =>
      beside.then(
        ({ stop }) => stop(),
        () => undefined,
      );
    // Above the sum of the order's own deadlines: whatever hangs, the program ends.
    realTimers.after(END_LIMIT_MS, () => app.exit(1));
    void quit(order)
      .then(stopBeside)
      .then(() => app.exit(0));
  });
}

main();
