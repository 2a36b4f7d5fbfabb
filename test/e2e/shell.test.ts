import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childPids, isRunning, type OpenWindow, openWindow } from '../support/open-window.ts';

let window: OpenWindow;
/** Far from the numbers the page's own client counts. */
let lastId = 1_000_000;

/** One raw frame out, its reply in: what a hostile page could do. */
function send(group: string, name: string, arg: unknown, extra: Record<string, unknown> = {}): Promise<unknown> {
  lastId += 1;
  return window.page.evaluate(
    (frame) =>
      new Promise((resolve) => {
        // The bridge as the preload exposes it.
        const bridge = (globalThis as unknown as { station: { call(f: unknown): void; onFrame(l: (f: unknown) => void): void } }).station;
        bridge.onFrame((answer) => {
          if (typeof answer === 'object' && answer !== null && 'id' in answer && answer.id === frame.id) resolve(answer);
        });
        bridge.call(frame);
      }),
    { v: 1, id: lastId, group, name, arg, ...extra },
  );
}

beforeAll(async () => {
  window = await openWindow({ today: '2026-11-30' });
  await window.page.getByText('王芳').waitFor();
});
afterAll(() => window.dispose());

describe('the window', () => {
  it('opens in training mode with an office, its people and the day of the demonstration', async () => {
    await window.screenshot('sign-in');
    expect(await send('session', 'current', {})).toMatchObject({
      ok: true,
      value: { profile: 'training', today: '2026-11-30', demoClock: true, person: null },
    });
    expect(await window.page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
  });

  it('keeps the database key readable by its user only, and the database unreadable without it', () => {
    const dir = path.join(window.workspaceDir, 'training');
    expect(statSync(dir).mode & 0o077).toBe(0);
    const key = ['database-key.plain', 'database-key.wrapped'].map((name) => path.join(dir, name)).find((file) => existsSync(file));
    expect(statSync(key ?? '').mode & 0o077).toBe(0);
    const log = readFileSync(path.join(dir, 'logs/shell.log'), 'utf8');
    expect(log.includes('"workspace.keyInFile"')).toBe(key?.endsWith('plain'));
  });

  it('gives its page the bridge and nothing of Node', async () => {
    expect(
      await window.page.evaluate(() =>
        ['require', 'process', 'module', 'global', 'Buffer', 'electron'].filter((name) => name in globalThis),
      ),
    ).toEqual([]);
    expect(await window.page.evaluate(() => Object.keys((globalThis as unknown as { station: object }).station))).toEqual([
      'call',
      'onFrame',
    ]);
  });

  it('runs no foreign code and reaches no other host', async () => {
    const outcome = await window.page.evaluate(async () => {
      const attempt = async (work: () => unknown) => {
        try {
          return await work();
        } catch {
          return 'refused';
        }
      };
      // Why: what the inspector runs itself may evaluate; what runs a task later may not.
      await new Promise((resolve) => setTimeout(resolve));
      const inline = document.createElement('script');
      inline.textContent = 'globalThis.inlineRan = true';
      document.body.append(inline);
      return {
        inline: 'inlineRan' in globalThis,
        evaluated: await attempt(() => Reflect.construct(Function, ['return 2'])()),
        foreign: await attempt(() => fetch('http://127.0.0.1:9/')),
        outside: await attempt(async () => (await fetch('/%2e%2e%2fmain.cjs')).status),
        opened: globalThis.open('https://example.com') !== null,
        camera: (await navigator.permissions.query({ name: 'camera' })).state,
      };
    });
    expect(outcome).toEqual({ inline: false, evaluated: 'refused', foreign: 'refused', outside: 404, opened: false, camera: 'denied' });
  });

  it('stays on its page', async () => {
    const before = window.page.url();
    await window.page.evaluate(() => {
      location.href = 'https://example.com/';
    });
    await expect
      .poll(() => readFileSync(path.join(window.workspaceDir, 'training/logs/shell.log'), 'utf8'))
      .toContain('shell.navigationDenied');
    expect(window.page.url()).toBe(before);
    expect(await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('cannot speak as the host, nor to the token host', async () => {
    const refused = { ok: false, error: { code: 'ROLE_NOT_ALLOWED' } };
    expect(await send('station', 'close', {})).toMatchObject(refused);
    expect(await send('station', 'close', {}, { from: 'host' })).toMatchObject(refused);
    expect(await send('token', 'list', {}, { from: 'host' })).toMatchObject(refused);
    expect(await send('token', 'login', { grantId: '01930000-0000-7000-8000-000000000000', pin: null })).toMatchObject(refused);
    expect(await send('nothing', 'here', {})).toMatchObject({ ok: false, error: { code: 'RPC_UNKNOWN_CALL' } });
  });

  it('says so when there is no printer', async () => {
    expect(await send('shell', 'print', { title: 'x', bytes: new Uint8Array([1]) })).toMatchObject({
      ok: false,
      error: { code: expect.stringMatching(/PRINTER_MISSING|RPC_BAD_INPUT/) },
    });
  });
});

describe('the PIN window', () => {
  it('is a page and a process of its own, and can neither name a grant nor see the station', async () => {
    const opened = window.app.waitForEvent('window');
    const request = {
      grantId: '01930000-0000-7000-8000-000000000000',
      tokenLabel: '演练密钥',
      sealName: '马桥镇人民政府',
      count: 3,
      pinPad: false,
    };
    const answered = send('shell', 'askPin', request);
    const pin = await opened;
    await pin.locator('#pin').waitFor();
    await pin.getByText('马桥镇人民政府').waitFor();
    expect(await pin.evaluate(() => ['station', 'require', 'process'].filter((name) => name in globalThis))).toEqual([]);
    const processes = await window.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((one) => one.webContents.getOSProcessId()),
    );
    expect(new Set(processes).size).toBe(2);

    await pin.locator('#pin').fill('123456');
    await pin.locator('#go').click();
    await pin.locator('#problem:not(:empty)').waitFor();
    expect(await pin.locator('#pin').inputValue()).toBe('');
    await window.screenshot('pin-refused', pin);

    const closed = pin.waitForEvent('close');
    await pin.locator('#cancel').click();
    await closed;
    expect(await answered).toMatchObject({ ok: true, value: { loggedIn: false } });
    expect(readFileSync(path.join(window.workspaceDir, 'training/logs/shell.log'), 'utf8')).not.toContain('123456');
  });
});

describe('the children', () => {
  it.each([
    ['station', 'station.mjs'],
    ['tokenHost', 'token-host.mjs'],
  ] as const)('are started again after a kill, and the window is told: %s', async (name, entry) => {
    const pidOf = async (): Promise<number | undefined> =>
      name === 'station'
        ? childPids(window, entry)[0]
        : // A utility process has no entry on its command line.
          window.app.evaluate(
            ({ app }) => app.getAppMetrics().find((one) => one.type === 'Utility' && one.name?.includes('tokenHost'))?.pid,
          );
    const before = await pidOf();
    expect(before).toBeGreaterThan(0);
    const told = window.page.evaluate(
      (which) =>
        new Promise((resolve) => {
          const bridge = (globalThis as unknown as { station: { onFrame(l: (f: unknown) => void): void } }).station;
          bridge.onFrame((frame) => {
            if (typeof frame === 'object' && frame !== null && 'event' in frame && frame.event === 'processRestarted')
              resolve({ which, frame });
          });
        }),
      name,
    );
    process.kill(before ?? 0, 'SIGKILL');
    expect(await told).toMatchObject({ frame: { payload: { name } } });
    expect(await pidOf()).not.toBe(before);
    expect(await send('session', 'current', {})).toMatchObject({ ok: true });
    expect(await send('shell', 'processes', {})).toMatchObject({
      ok: true,
      value: expect.arrayContaining([expect.objectContaining({ name, state: 'ready', restarts: 1 })]),
    });
  });

  it('end with the window, and the same office is there again', async () => {
    const left = [...childPids(window, 'station.mjs'), ...childPids(window, 'library.mjs')];
    expect(left.length).toBeGreaterThan(0);
    await window.quit();
    expect(left.filter(isRunning)).toEqual([]);
    window = await openWindow({ workspaceDir: window.workspaceDir, today: '2026-11-30' });
    await window.page.getByText('王芳').waitFor();
  });
});
