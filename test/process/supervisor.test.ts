import { afterEach, describe, expect, it, vi } from 'vitest';
import { quit } from '../../electron/processes/quit.ts';
import { realTimers } from '../../electron/rpc/timers.ts';
import { isAlive, pidOf, type RealChildOptions, realChild } from './rpc-children/real-child.ts';

// Real processes on a busy machine: seconds to start and to kill.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const supervisor of running.splice(0)) await supervisor.stop();
});

function child(options: RealChildOptions = {}) {
  const made = realChild(options);
  running.push(made.supervisor);
  return made;
}

describe('a supervised process', () => {
  it('that dies of SIGSEGV ends its call with the signal and answers again', async () => {
    const { supervisor, client, becomes } = child();
    await supervisor.start();
    const firstPid = pidOf(supervisor.life);
    await expect(client.echo.segfault({})).rejects.toMatchObject({ code: 'PROCESS_GONE', details: { process: 'echo', signal: 'SIGSEGV' } });
    await becomes('ready');
    expect(pidOf(supervisor.life)).not.toBe(firstPid);
    await expect(client.echo.say({ text: 'again' })).resolves.toEqual({ text: 'again', life: 2 });
  });

  it('that ends by itself ends its call with the exit code', async () => {
    const { supervisor, client } = child();
    await supervisor.start();
    await expect(client.echo.exit({ code: 42 })).rejects.toMatchObject({ code: 'PROCESS_GONE', details: { code: 42 } });
  });

  it('that dies of an idempotent call is asked once more', async () => {
    const once = child({ give: { crashInLives: [1] } });
    await once.supervisor.start();
    await expect(once.client.echo.frail({})).resolves.toEqual({ life: 2 });

    const twice = child({ give: { crashInLives: [1, 2] } });
    await twice.supervisor.start();
    await expect(twice.client.echo.frail({})).rejects.toMatchObject({ code: 'PROCESS_GONE', details: { signal: 'SIGSEGV' } });
  });

  it('that is killed from outside comes back', async () => {
    const { supervisor, client, becomes } = child();
    await supervisor.start();
    const slow = client.echo.slow({ ms: 60_000 });
    process.kill(pidOf(supervisor.life), 'SIGKILL');
    await expect(slow).rejects.toMatchObject({ code: 'PROCESS_GONE', details: { signal: 'SIGKILL' } });
    await becomes('ready');
    await expect(client.echo.say({ text: 'a' })).resolves.toMatchObject({ life: 2 });
  });

  it('that hangs is killed at the deadline and answers again, even when it ignores SIGTERM', async () => {
    const { supervisor, client, becomes } = child({ killOnTimeout: true, give: { ignoreSigterm: true } });
    await supervisor.start();
    const hungPid = pidOf(supervisor.life);
    await expect(client.echo.hang({})).rejects.toMatchObject({ code: 'CALL_TIMEOUT', details: { call: 'echo.hang' } });
    const backoff = await becomes('backoff');
    expect(backoff).toMatchObject({ exit: { signal: 'SIGKILL', code: null } });
    await becomes('ready');
    expect(isAlive(hungPid)).toBe(false);
    await expect(client.echo.say({ text: 'a' })).resolves.toMatchObject({ life: 2 });
  });

  it('that falls silent is found by the heartbeat', async () => {
    const { supervisor, client, becomes } = child({
      heartbeat: (own) => ({ beat: () => own.echo.slow({ ms: 0 }), everyMs: 50, limitMs: 300 }),
    });
    await supervisor.start();
    await expect(client.echo.hang({})).rejects.toMatchObject({ code: expect.stringMatching(/CALL_TIMEOUT|PROCESS_GONE/) });
    await becomes('backoff');
    await becomes('ready');
    await expect(client.echo.say({ text: 'a' })).resolves.toMatchObject({ life: 2 });
  });

  it('of another contract version is stopped and not tried again', async () => {
    const { supervisor, logged } = child({ entry: 'odd-child.ts' });
    await expect(supervisor.start()).rejects.toMatchObject({ code: 'CONTRACT_MISMATCH', details: { got: 999 } });
    expect(supervisor.life).toMatchObject({ name: 'given-up' });
    expect(logged.filter((line) => line.includes('"life":"starting"'))).toHaveLength(1);
  });

  it('that says why it cannot start is left alone until a person starts it', async () => {
    const { supervisor } = child({ give: { refuseToStart: 'STORE_FROM_FUTURE' } });
    const cannot = { code: 'STORE_FROM_FUTURE', details: { found: 90, known: 80 } };
    await expect(supervisor.start()).rejects.toMatchObject(cannot);
    await expect(supervisor.client.echo.say({ text: 'a' })).rejects.toMatchObject(cannot);
    await expect(supervisor.start()).rejects.toMatchObject(cannot);
  });

  it.each([
    ['ends before it greets', { entry: 'crashing-child.ts' }],
    ['has no program', { entry: 'no-such-child.ts' }],
    ['has no Node', { nodePath: '/nowhere/node' }],
  ])('that %s is tried five times with back-off, then given up', async (_why, options) => {
    const delays: number[] = [];
    // The real delays add up to 21 s: the children are real, the waiting is not.
    const timers = {
      after(ms: number, callback: () => void) {
        const isBackoff = [200, 1_000, 5_000, 15_000].includes(ms);
        if (isBackoff) delays.push(ms);
        return realTimers.after(isBackoff ? 1 : ms, callback);
      },
    };
    const { supervisor } = child({ ...options, timers });
    await expect(supervisor.start()).rejects.toMatchObject({ code: 'PROCESS_GIVEN_UP', details: { process: 'echo' } });
    expect(delays).toEqual([200, 1_000, 5_000, 15_000]);
  });

  it('that broke unforeseen while starting is tried again', async () => {
    const { supervisor, becomes, logged } = child({ give: { refuseToStart: 'not a StationError' } });
    const started = supervisor.start();
    await expect(becomes('backoff')).resolves.toMatchObject({ delayMs: 200 });
    await supervisor.stop();
    await expect(started).rejects.toMatchObject({ code: 'PROCESS_GONE' });
    expect(logged.join('\n')).toContain('echo-child.ts');
  });

  it('leaves no process behind when it is stopped', async () => {
    const { supervisor, client } = child({ give: { ignoreSigterm: true } });
    await supervisor.start();
    const pid = pidOf(supervisor.life);
    const slow = client.echo.slow({ ms: 60_000 });
    await Promise.all([
      supervisor.stop(),
      expect(slow).rejects.toMatchObject({ code: expect.stringMatching(/CALL_TIMEOUT|PROCESS_GONE/) }),
    ]);
    expect(isAlive(pid)).toBe(false);
    expect(supervisor.life).toEqual({ name: 'stopped' });
  });
});

describe('quit', () => {
  it('ends two real processes in order, one of which hangs', async () => {
    const station = child();
    const tokenHost = child({ give: { ignoreSigterm: true } });
    await Promise.all([station.supervisor.start(), tokenHost.supervisor.start()]);
    const pids = [pidOf(station.supervisor.life), pidOf(tokenHost.supervisor.life)];
    const order: string[] = [];
    station.supervisor.onChanged((life) => order.push(`station ${life.name}`));
    tokenHost.supervisor.onChanged((life) => order.push(`token host ${life.name}`));
    await quit({
      stopSync: () => station.client.echo.say({ text: 'stop sync' }),
      closeStation: () => station.client.echo.say({ text: 'close' }),
      closeTokenHost: () => tokenHost.client.echo.hang({}),
      station: station.supervisor,
      tokenHost: tokenHost.supervisor,
      timers: realTimers,
      log: (_level, _event, fields) => order.push(`${fields?.step} ${fields?.outcome}`),
    });
    expect(order).toEqual([
      'stopSync done',
      'closeStation done',
      'station stopping',
      'station stopped',
      'closeTokenHost CALL_TIMEOUT',
      'token host stopping',
      'token host stopped',
    ]);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });
});
