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
  const app = await _electron.launch({ executablePath, args, timeout: 30_000 });
  const page = await app.firstWindow();
  let isOpen = true;
  app.once('close', () => {
    isOpen = false;
  });
  const quit = async () => {
    if (isOpen) await app.close();
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
