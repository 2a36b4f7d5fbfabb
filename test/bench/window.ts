// The real window, measured from outside: when it can be used after its start, and what memory the program has beyond a bare
// Electron of the same runtime.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { resolveElectron } from '../../electron/tooling/electron-runtime.ts';
import { TODAY } from '../support/fill-workspace.ts';
import { root } from '../support/source-files.ts';

export interface WindowFigures {
  /** From the start of the program until the sign-in form takes keys. */
  readonly signInFormMs: number;
  /** From the press of the sign-in button until Today shows what must be done. */
  readonly todayMs: number;
  /** Longest task of the page between the two and while it reads lists, ms. */
  readonly longestTaskMs: number;
  readonly memory: readonly ProcessMemory[];
}

export interface ProcessMemory {
  readonly what: string;
  /** Proportional: what is shared is divided among those who share it. */
  readonly pssMb: number;
  readonly rssMb: number;
}

const LIMIT_MS = 60_000;

/** `baseDir` as of makeWorkspace; its training library is started by the program itself. */
export async function measureWindow(baseDir: string): Promise<WindowFigures> {
  const { page, beganMs, program, end } = await openProgram([root, `--workspace=${baseDir}`, `--today=${TODAY}`]);
  try {
    const signInFormMs = (await whenShown(page, '[data-testid="sign-in-wangfang"]')) - beganMs;
    await observeLongTasks(page);
    await page.getByTestId('sign-in-wangfang').click();
    await page.getByTestId('passphrase').fill('banjie');
    const pressedMs = await page.evaluate(() => {
      const now = performance.timeOrigin + performance.now();
      document.querySelector<HTMLElement>('[data-testid="sign-in"]')?.click();
      return now;
    });
    const todayMs = (await whenShown(page, '[data-testid="must-do-total"]')) - pressedMs;
    await sleep(2_000);
    const longestTaskMs = await page.evaluate(() => Math.max(0, ...((globalThis as unknown as { longTasks: number[] }).longTasks ?? [])));
    return { signInFormMs, todayMs, longestTaskMs, memory: memoryOf(program.pid ?? 0) };
  } finally {
    await end();
  }
}

/** Electron with one empty window: what every program of this runtime costs. */
export async function measureBareElectron(): Promise<readonly ProcessMemory[]> {
  const dir = mkdtempSync(path.join(tmpdir(), 'banjie-bare-'));
  writeFileSync(path.join(dir, 'package.json'), '{"name":"bare","main":"main.cjs"}');
  writeFileSync(
    path.join(dir, 'main.cjs'),
    "const { app, BrowserWindow } = require('electron'); app.setPath('userData', __dirname + '/data'); app.whenReady().then(() => new BrowserWindow({ width: 1366, height: 768, webPreferences: { sandbox: true } }).loadURL('data:text/html,<title>bare</title>bare'));",
  );
  const { program, end } = await openProgram([dir]);
  try {
    await sleep(2_000);
    return memoryOf(program.pid ?? 0);
  } finally {
    await end();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function openProgram(args: readonly string[]) {
  const { executablePath } = await resolveElectron();
  const port = await freePort();
  const beganMs = Date.now();
  const program: ChildProcess = spawn(
    executablePath,
    [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--remote-debugging-port=${port}`, ...args],
    { stdio: 'ignore' },
  );
  const browser = await connected(port);
  const page = await firstPage(browser);
  const end = async (): Promise<void> => {
    const exited = once(program, 'exit');
    // Not browser.close(): it waits half a minute for an answer that a closing program does not give.
    program.kill('SIGTERM');
    await Promise.race([exited, sleep(15_000).then(() => program.kill('SIGKILL'))]);
  };
  return { page, beganMs, program, end };
}

async function connected(port: number): Promise<Browser> {
  for (const until = Date.now() + LIMIT_MS; ; await sleep(10)) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/version`).catch(() => undefined);
    if (answer?.ok) return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    if (Date.now() > until) throw new Error('the window does not answer');
  }
}

async function firstPage(browser: Browser): Promise<Page> {
  for (const until = Date.now() + LIMIT_MS; ; await sleep(5)) {
    const page = browser.contexts().flatMap((context) => context.pages())[0];
    if (page !== undefined) return page;
    if (Date.now() > until) throw new Error('there is no window');
  }
}

/** By the page's own clock, in the same milliseconds as Date.now(). Where it was shown before we looked: when it was painted. */
function whenShown(page: Page, selector: string): Promise<number> {
  return page.evaluate(
    ([wanted, limitMs]) =>
      new Promise<number>((resolve, reject) => {
        const now = (): number => performance.timeOrigin + performance.now();
        if (document.querySelector(wanted) !== null) {
          new PerformanceObserver((list) => {
            const last = list.getEntries().at(-1);
            resolve(last === undefined ? now() : performance.timeOrigin + last.startTime);
          }).observe({ type: 'largest-contentful-paint', buffered: true });
          setTimeout(() => resolve(now()), 200);
          return;
        }
        const observer = new MutationObserver(() => {
          if (document.querySelector(wanted) === null) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve(now()));
        });
        observer.observe(document, { childList: true, subtree: true });
        setTimeout(() => reject(new Error(`${wanted} is not shown`)), limitMs);
      }),
    [selector, LIMIT_MS] as const,
  );
}

const observeLongTasks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const seen: number[] = [];
    (globalThis as unknown as { longTasks: number[] }).longTasks = seen;
    new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
  });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The process and all below it (Linux). */
export function memoryOf(rootPid: number): readonly ProcessMemory[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const read = (pid: string, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      // It ended while we looked.
      return '';
    }
  };
  const parentOf = new Map(all.map((pid) => [Number(pid), Number(/^PPid:\s*(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0)]));
  const isBelow = (pid: number): boolean => pid === rootPid || (pid > 1 && isBelow(parentOf.get(pid) ?? 0));
  return all
    .filter((pid) => isBelow(Number(pid)))
    .map((pid) => {
      const rollup = read(pid, 'smaps_rollup');
      const mb = (key: string): number => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(rollup)?.[1] ?? 0) / 1_024;
      return { what: nameOf(Number(pid) === rootPid, read(pid, 'cmdline').replaceAll('\0', ' ')), pssMb: mb('Pss'), rssMb: mb('Rss') };
    })
    .filter(({ rssMb }) => rssMb > 0);
}

function nameOf(isRoot: boolean, command: string): string {
  if (isRoot) return 'shell';
  const entry = /out\/([a-z-]+)\.mjs/.exec(command)?.[1];
  if (entry !== undefined) return entry;
  const type = /--type=([a-z-]+)/.exec(command)?.[1] ?? 'other';
  if (type === 'utility') return /--utility-sub-type=node\./.test(command) ? 'token host' : 'network service';
  return type;
}
