import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childPids, isRunning, type OpenWindow, openWindow } from '../support/open-window.ts';
import { send as sendOn } from './support/bridge.ts';

let window: OpenWindow;
const send = (group: string, name: string, arg: unknown, extra: Record<string, unknown> = {}) =>
  sendOn(window.page, group, name, arg, extra);
const log = () => readFileSync(path.join(window.workspaceDir, 'training/logs/shell.log'), 'utf8');

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
    expect(log().includes('"workspace.keyInFile"')).toBe(key?.endsWith('plain'));
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
    await expect.poll(log).toContain('shell.navigationDenied');
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

  it('lets no frame speak but its own page', async () => {
    const { page } = window;
    expect(
      await page.evaluate(() => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const hasBridge = frame.contentWindow !== null && 'station' in frame.contentWindow;
        frame.remove();
        return hasBridge;
      }),
    ).toBe(false);
    const own = page.url();
    // Another page of the same origin, as an injected one would be: its frames are not answered.
    await page.evaluate(() => history.replaceState(null, '', '/elsewhere.html'));
    const answered = send('session', 'current', {});
    await expect.poll(log).toContain('router.strangerRefused');
    await page.evaluate((url) => history.replaceState(null, '', url), own);
    expect(await send('session', 'current', {})).toMatchObject({ ok: true });
    expect(await Promise.race([answered.then(() => 'answered'), Promise.resolve('not answered')])).toBe('not answered');
  });

  it('outlives frames that are none', async () => {
    await window.page.evaluate(() => {
      const { call } = (globalThis as unknown as { station: { call(frame: unknown): void } }).station;
      for (const frame of [
        null,
        7,
        'x',
        [],
        {},
        { v: 99, id: 1, group: 'session', name: 'current', arg: {} },
        { v: 1, id: 'x', group: 'session' },
        { v: 1, id: 2 ** 60, group: '__proto__', name: 'constructor', arg: {} },
      ])
        call(frame);
    });
    await expect.poll(log).toContain('router.malformedFrame');
    const deep = JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`);
    expect(await send('session', 'signIn', { personId: deep, passphrase: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'RPC_BAD_INPUT' },
    });
    expect(await send('__proto__', 'toString', {})).toMatchObject({ ok: false });
    expect(await send('session', 'current', {})).toMatchObject({ ok: true });
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
    expect(log()).not.toContain('123456');
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
