// Starts a child program under plain Node: in tests, on the command line, and where Electron's own Node is too old.
// Must not be used by a packaged app (its fuses forbid it), and must not pass the environment on.
import { type ChildProcess, fork } from 'node:child_process';
import type { Log } from '../rpc/log.ts';
import { childProcessPort } from '../rpc/ports/child-process.ts';
import { childEnvironment, type Environment } from './child-environment.ts';
import { logOutput } from './child-output.ts';
import { exitOnce, type ProcessHost, type RunningProcess } from './process-host.ts';

export interface ChildProcessHostOptions {
  readonly name: string;
  /** Absolute path of the child's entry (`.ts`, or the built `.cjs`). */
  readonly entryPath: string;
  /** Absolute path of a Node ≥ 24. */
  readonly nodePath: string;
  readonly environment: Environment;
  /** For programs that take no config frame, such as the training library. */
  readonly args?: readonly string[];
  readonly extraEnvironment?: Readonly<Record<string, string>>;
  readonly log: Log;
}

export function childProcessHost(options: ChildProcessHostOptions): ProcessHost {
  return {
    start() {
      const child = fork(options.entryPath, [...(options.args ?? [])], {
        execPath: options.nodePath,
        execArgv: [],
        env: childEnvironment(options.environment, options.extraEnvironment),
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      logOutput(options.name, child, options.log);
      return running(child, options);
    },
  };
}

function running(child: ChildProcess, { name, log }: ChildProcessHostOptions): RunningProcess {
  const exit = exitOnce();
  child.on('exit', (code, signal) => exit.tell({ code, signal }));
  child.on('error', (error) => {
    // Also emitted for a failed kill or send of a child that lives; only without a pid did it never start.
    log('error', 'process.error', { process: name, problem: 'code' in error ? String(error.code) : error.name });
    if (child.pid === undefined) exit.tell({ code: null, signal: null });
  });
  return {
    port: childProcessPort(child),
    pid: child.pid,
    onExit: exit.onExit,
    kill(signal) {
      if (!exit.hasEnded()) child.kill(signal);
    },
  };
}
