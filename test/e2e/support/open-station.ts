// A station window for journeys: everything its pages complain about is collected, pictures and log are kept as test output.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ConsoleMessage, Page } from 'playwright-core';
import { type OpenWindow, openWindow } from '../../support/open-window.ts';
import { root } from '../../support/source-files.ts';
import { callsOf, type WindowCalls } from './bridge.ts';

/** The sample registers end on this day, so that nothing in them is in the future. */
export const TODAY = '2026-11-30';
export const SAMPLES = path.join(root, 'resources/samples/applications');
export const OUT = path.join(root, 'out/test/e2e');

export interface Station extends OpenWindow {
  readonly calls: WindowCalls;
  /** Where the program's log lies. */
  readonly logPath: string;
  /** Errors, warnings of the security policy and uncaught exceptions of every page so far. */
  troubles(): readonly string[];
  /** For afterEach: a picture of what a failed test left on the screen. */
  onEnd(task: { readonly name: string; readonly result?: { readonly errors?: readonly unknown[] | undefined } | undefined }): Promise<void>;
}

/** `name` begins the names of its pictures and is the name of its kept log. */
export async function openStation(name: string, options: { readonly workspaceDir?: string } = {}): Promise<Station> {
  const opened = await openWindow({ ...options, today: TODAY });
  const troubles: string[] = [];
  const watched = new WeakSet<Page>();
  const hear = (message: ConsoleMessage) => {
    const text = message.text();
    if (message.type() === 'error' || /Content Security Policy|Content-Security-Policy/.test(text))
      troubles.push(`${message.type()}: ${text}`);
  };
  const watch = async (page: Page) => {
    if (watched.has(page)) return;
    watched.add(page);
    page.on('pageerror', (error) => troubles.push(`uncaught: ${error.message}`));
    page.on('console', hear);
    for (const message of await page.consoleMessages()) hear(message);
    for (const error of await page.pageErrors()) troubles.push(`uncaught: ${error.message}`);
  };
  opened.app.on('window', (page) => void watch(page));
  await watch(opened.page);
  const logPath = path.join(opened.workspaceDir, 'training/logs/shell.log');
  const keepLog = () => {
    mkdirSync(OUT, { recursive: true });
    if (existsSync(logPath)) copyFileSync(logPath, path.join(OUT, `${name}.log`));
  };
  return {
    ...opened,
    calls: callsOf(opened.page),
    logPath,
    troubles: () => troubles,
    screenshot: (picture, page) => opened.screenshot(`${name}-${picture}`, page),
    async onEnd({ name: test, result }) {
      if ((result?.errors?.length ?? 0) > 0) await opened.screenshot(`${name}-FAILED-${test.slice(0, 40).replaceAll(/[^a-z]+/gi, '-')}`);
    },
    async quit() {
      await opened.quit();
      keepLog();
    },
    async dispose() {
      keepLog();
      await opened.dispose();
    },
  };
}
