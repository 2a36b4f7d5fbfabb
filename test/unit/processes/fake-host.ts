// Children that do what a test tells them, over memory ports.
import { CONTRACT_VERSION, type Contract } from '../../../electron/contract/define.ts';
import { exitOnce, type KillSignal, type ProcessHost } from '../../../electron/processes/process-host.ts';
import { Supervisor, type SupervisorOptions } from '../../../electron/processes/supervisor.ts';
import type { RequestFrame } from '../../../electron/rpc/frames.ts';
import { memoryPorts } from '../../../electron/rpc/ports/memory.ts';
import { FakeClock } from './fake-clock.ts';

export interface FakeChild {
  /** Frames it was sent, in order. */
  readonly received: unknown[];
  readonly kills: KillSignal[];
  say(frame: unknown): void;
  hello(contractVersion?: number): void;
  exit(code: number | null, signal?: string): void;
  /** Its requests so far, of all groups. */
  requests(): readonly RequestFrame[];
}

export interface FakeHost extends ProcessHost {
  readonly children: FakeChild[];
  latest(): FakeChild;
}

export function fakeHost(options: { readonly obeys?: readonly KillSignal[] } = {}): FakeHost {
  const children: FakeChild[] = [];
  return {
    children,
    latest() {
      const child = children.at(-1);
      if (child === undefined) throw new Error('no child was started');
      return child;
    },
    start() {
      const [port, inner] = memoryPorts();
      const exit = exitOnce();
      const pid = 1_000 + children.length;
      const child: FakeChild = {
        received: [],
        kills: [],
        say: (frame) => inner.post(frame),
        hello: (contractVersion = CONTRACT_VERSION) => inner.post({ hello: true, contractVersion, pid }),
        exit: (code, signal) => exit.tell({ code, signal: signal ?? null }),
        // What a test reads here it has sent itself as requests of the echo contract.
        requests: () => child.received.filter((frame) => typeof frame === 'object' && frame !== null && 'group' in frame) as RequestFrame[],
      };
      inner.onMessage((frame) => child.received.push(frame));
      children.push(child);
      return {
        port,
        pid,
        onExit: exit.onExit,
        kill(signal) {
          child.kills.push(signal);
          if ((options.obeys ?? ['SIGTERM', 'SIGKILL']).includes(signal)) queueMicrotask(() => child.exit(null, signal));
        },
      };
    },
  };
}

export function supervised<C extends Contract>(contract: C, options: Partial<SupervisorOptions<C>> & { readonly host?: FakeHost } = {}) {
  const clock = new FakeClock();
  const host = options.host ?? fakeHost();
  const lives: string[] = [];
  const supervisor = new Supervisor({
    name: 'child',
    contract,
    config: () => ({ life: host.children.length }),
    timers: clock,
    nowMs: () => clock.nowMs,
    log: () => undefined,
    ...options,
    host,
  });
  supervisor.onChanged((life) => lives.push(life.name));
  return { clock, host, supervisor, lives };
}
