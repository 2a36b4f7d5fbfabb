// Opens the built program in a real Electron window with a workspace of its own, and ends it again.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { resolveElectron } from '../../electron/tooling/electron-runtime.ts';
import { root } from './source-files.ts';

export interface OpenWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly workspaceDir: string;
  /** Kept as test output: out/test/e2e/NAME.png. */
  screenshot(name: string, page?: Page): Promise<void>;
  /** Ends the program in its own order; the workspace stays. */
  quit(): Promise<void>;
  /** Ends the program if need be and removes the workspace. */
  dispose(): Promise<void>;
}

const LAUNCH_LIMIT_MS = 30_000;
/** Above the program's own limit of 25 s. */
const QUIT_LIMIT_MS = 40_000;

/** `workspaceDir`: opens the workspace of an earlier window again. `today` sets the clock of a demonstration. `args`: more of the program's own. */
export async function openWindow(
  options: { readonly workspaceDir?: string; readonly today?: string; readonly args?: readonly string[] } = {},
): Promise<OpenWindow> {
  const { executablePath } = await resolveElectron();
  const workspaceDir = options.workspaceDir ?? mkdtempSync(path.join(tmpdir(), 'banjie-e2e-'));
  const args = [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    path.join(root, 'test/support/held-app'),
    `--workspace=${workspaceDir}`,
    ...(options.today === undefined ? [] : [`--today=${options.today}`]),
    ...(options.args ?? []),
  ];
  const { app, page } = await launch(executablePath, args);
  let isOpen = true;
  app.once('close', () => {
    isOpen = false;
  });
  const quit = async () => {
    if (!isOpen) return;
    // Quirk(Electron 33): now and then it does not end although everything of ours has; test/e2e/shell.test.ts watches that it does.
    const patience = setTimeout(() => {
      console.warn('the program did not end by itself and was killed');
      app.process().kill('SIGKILL');
    }, QUIT_LIMIT_MS);
    await app.close();
    clearTimeout(patience);
  };
  return {
    app,
    page,
    workspaceDir,
    async screenshot(name, shown = page) {
      const dir = path.join(root, 'out/test/e2e');
      mkdirSync(dir, { recursive: true });
      await shown.screenshot({ path: path.join(dir, `${name}.png`) });
    },
    quit,
    async dispose() {
      await quit();
      rmSync(workspaceDir, { recursive: true, force: true });
    },
  };
}

/** Quirk(Playwright with Electron 33): about one launch in fifty never answers; nothing of ours has run by then, so it is begun once more. */
async function launch(executablePath: string, args: string[]): Promise<{ readonly app: ElectronApplication; readonly page: Page }> {
  try {
    return await launchOnce(executablePath, args);
  } catch (error) {
    console.warn(`the window did not open and is opened once more: ${error instanceof Error ? error.message.split('\n')[0] : ''}`);
    return launchOnce(executablePath, args);
  }
}

async function launchOnce(executablePath: string, args: string[]): Promise<{ readonly app: ElectronApplication; readonly page: Page }> {
  const app = await _electron.launch({ executablePath, args, timeout: LAUNCH_LIMIT_MS });
  try {
    return { app, page: await app.firstWindow({ timeout: LAUNCH_LIMIT_MS }) };
  } catch (error) {
    app.process().kill('SIGKILL');
    throw error;
  }
}

/** Process ids of the program's children whose command line names this entry, such as `station.mjs` (Linux). */
export function childPids({ app }: OpenWindow, entry: string): readonly number[] {
  const parents = new Map(processes().map(({ pid, parent }) => [pid, parent]));
  const mainPid = app.process().pid;
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === mainPid || isOurs(parent));
  };
  return processes().flatMap(({ pid, command }) => (command.includes(entry) && isOurs(pid) ? [pid] : []));
}

export const isRunning = (pid: number): boolean => processes().some((one) => one.pid === pid);

/** Zombies have no command line and do not count. */
function processes(): readonly { readonly pid: number; readonly parent: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const parent = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]);
        return command === '' ? [] : [{ pid: Number(name), parent, command }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}
