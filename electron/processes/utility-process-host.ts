// Starts a child program as an Electron utility process: the host of the packaged app.
// Must not import electron: main passes `utilityProcess.fork`.

import type { Log } from '../rpc/log.ts';
import { type UtilityProcessLike, utilityProcessPort } from '../rpc/ports/utility-process.ts';
import { childEnvironment, type Environment } from './child-environment.ts';
import { logOutput } from './child-output.ts';
import { type Exit, exitOnce, type ProcessHost } from './process-host.ts';

/** The part of `utilityProcess.fork` that is used; pass the function itself. */
export type ForkUtilityProcess = (
  entryPath: string,
  args: string[],
  options: { env: Record<string, string>; execArgv: string[]; serviceName: string; stdio: ['ignore', 'pipe', 'pipe'] },
) => UtilityProcessLike;

export interface UtilityProcessHostOptions {
  readonly name: string;
  readonly entryPath: string;
  readonly fork: ForkUtilityProcess;
  /** `process.kill`: Electron's own `kill` knows only SIGTERM. */
  readonly killPid: (pid: number, signal: 'SIGKILL') => void;
  readonly environment: Environment;
  readonly args?: readonly string[];
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}

export function utilityProcessHost(options: UtilityProcessHostOptions): ProcessHost {
  return {
    start() {
      const child = options.fork(options.entryPath, [...(options.args ?? [])], {
        env: childEnvironment(options.environment, options.extraEnvironment),
        execArgv: [],
        serviceName: `Banjie ${options.name}`,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const exit = exitOnce();
      child.on('exit', (code) => exit.tell(normaliseExit(code, options.platform)));
      logOutput(options.name, child, options.log);
      return {
        port: utilityProcessPort(child),
        get pid() {
          return child.pid;
        },
        onExit: exit.onExit,
        kill(signal) {
          if (exit.hasEnded()) return;
          if (signal === 'SIGTERM') child.kill();
          // Quirk(Electron 33): the exit of a process ended right after its start is sometimes never told.
          else if (!killLeftover(child.pid, options)) exit.tell({ code: null, signal: 'SIGTERM' });
        },
      };
    },
  };
}

/** False when there is no such process any more. */
function killLeftover(pid: number | undefined, { name, killPid, log }: UtilityProcessHostOptions): boolean {
  if (pid === undefined) return false;
  try {
    killPid(pid, 'SIGKILL');
    return true;
  } catch (error) {
    log('debug', 'process.killMissed', { process: name, problem: error instanceof Error ? error.name : typeof error });
    return false;
  }
}

const SIGNALS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** Quirk(Electron 33, Linux): a signal comes as its bare number in `code`. Our children never exit with these codes. */
export function normaliseExit(code: number, platform: NodeJS.Platform): Exit {
  const signal = platform === 'win32' ? undefined : SIGNALS[code];
  return signal === undefined ? { code, signal: null } : { code: null, signal };
}
