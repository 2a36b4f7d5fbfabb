import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { childEnvironment } from '../../../electron/processes/child-environment.ts';
import { exitOnce } from '../../../electron/processes/process-host.ts';
import { type ForkUtilityProcess, normaliseExit, utilityProcessHost } from '../../../electron/processes/utility-process-host.ts';
import { parentPortPort } from '../../../electron/rpc/ports/utility-process.ts';
import { settle } from './fake-clock.ts';

describe('childEnvironment', () => {
  it('lets nothing through that could load code or point elsewhere', () => {
    const own = {
      PATH: '/bin',
      HOME: '/home/a',
      LD_PRELOAD: 'x',
      NODE_OPTIONS: 'x',
      ELECTRON_RUN_AS_NODE: '1',
      SOFTHSM2_CONF: 'x',
      HTTP_PROXY: 'x',
      TZ: undefined,
    };
    expect(childEnvironment(own)).toEqual({ PATH: '/bin', HOME: '/home/a' });
    expect(childEnvironment(own, { SOFTHSM2_CONF: '/a' })).toEqual({ PATH: '/bin', HOME: '/home/a', SOFTHSM2_CONF: '/a' });
  });
});

describe('exitOnce', () => {
  it('tells one exit, also to those who ask later', () => {
    const heard: unknown[] = [];
    const exit = exitOnce();
    exit.onExit((told) => heard.push(told));
    exit.tell({ code: 1, signal: null });
    exit.tell({ code: 2, signal: null });
    exit.onExit((told) => heard.push(told));
    expect(heard).toEqual([
      { code: 1, signal: null },
      { code: 1, signal: null },
    ]);
    expect(exit.hasEnded()).toBe(true);
  });
});

describe('normaliseExit', () => {
  it.each([
    [0, 'linux', { code: 0, signal: null }],
    [1, 'linux', { code: 1, signal: null }],
    [9, 'linux', { code: null, signal: 'SIGKILL' }],
    [11, 'darwin', { code: null, signal: 'SIGSEGV' }],
    [9, 'win32', { code: 9, signal: null }],
    [3_221_225_477, 'win32', { code: 3_221_225_477, signal: null }],
  ] as const)('reads %i on %s', (code, platform, expected) => {
    expect(normaliseExit(code, platform)).toEqual(expected);
  });
});

/** Stands in for Electron's UtilityProcess, which exists only inside Electron. */
class StandIn extends EventEmitter {
  pid: number | undefined = 77;
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly sent: unknown[] = [];
  terms = 0;
  postMessage(message: unknown): void {
    this.sent.push(message);
  }
  kill(): boolean {
    this.terms += 1;
    return true;
  }
}

function started(killPid: (pid: number, signal: 'SIGKILL') => void = () => undefined) {
  const child = new StandIn();
  const forked: Parameters<ForkUtilityProcess>[] = [];
  const logged: unknown[] = [];
  const running = utilityProcessHost({
    name: 'station',
    entryPath: '/app/station.cjs',
    args: ['--port', '1'],
    fork: (...args) => {
      forked.push(args);
      return child;
    },
    killPid,
    environment: { PATH: '/bin', NODE_OPTIONS: 'x' },
    platform: 'linux',
    log: (level, _event, fields) => logged.push(`${level} ${fields?.line ?? fields?.problem}`),
  }).start();
  return { child, forked, logged, running };
}

describe('utilityProcessHost', () => {
  it('starts with a stripped environment and carries frames both ways', () => {
    const { child, forked, running } = started();
    expect(forked).toMatchObject([['/app/station.cjs', ['--port', '1'], { env: { PATH: '/bin' }, execArgv: [] }]]);
    const heard: unknown[] = [];
    running.port.onMessage((frame) => heard.push(frame));
    running.port.post({ a: 1 });
    child.emit('message', { b: 2 });
    expect([child.sent, heard, running.pid]).toEqual([[{ a: 1 }], [{ b: 2 }], 77]);
  });

  it('tells a normalised exit, closes the port and drops later frames', () => {
    const { child, running } = started();
    const heard: unknown[] = [];
    running.onExit((exit) => heard.push(exit));
    running.port.onClose(() => heard.push('closed'));
    child.emit('exit', 11);
    running.port.post({ a: 1 });
    running.kill('SIGTERM');
    expect(heard).toContainEqual({ code: null, signal: 'SIGSEGV' });
    expect(heard).toContain('closed');
    expect([child.sent, child.terms]).toEqual([[], 0]);
  });

  it('kills gently through Electron and hard by pid, and survives a pid that is gone', () => {
    const killed: unknown[] = [];
    const { child, running, logged } = started((pid, signal) => {
      killed.push([pid, signal]);
      throw new TypeError('ESRCH');
    });
    running.kill('SIGTERM');
    expect(child.terms).toBe(1);
    const heard: unknown[] = [];
    running.onExit((exit) => heard.push(exit));
    running.kill('SIGKILL');
    // Electron can lose the exit of a process ended right after its start: whoever waits for it must not wait for ever.
    expect(heard).toEqual([{ code: null, signal: 'SIGTERM' }]);
    expect(killed).toEqual([[77, 'SIGKILL']]);
    expect(logged).toEqual(['debug TypeError']);
  });

  it('logs what the child prints, line by line', async () => {
    const { child, logged } = started();
    child.stdout.write('one\ntw');
    child.stdout.write('o\n');
    child.stderr.write(`${'x'.repeat(5_000)}\n`);
    await settle();
    expect(logged).toEqual(['info one', 'info two', `warn ${'x'.repeat(2_000)}`]);
  });
});

describe('parentPortPort', () => {
  it('unwraps what Electron wraps', () => {
    const parentPort = new StandIn();
    const port = parentPortPort(parentPort);
    const heard: unknown[] = [];
    port.onMessage((frame) => heard.push(frame));
    parentPort.emit('message', { data: { a: 1 }, ports: [] });
    port.post({ b: 2 });
    expect([heard, parentPort.sent]).toEqual([[{ a: 1 }], [{ b: 2 }]]);
  });
});
