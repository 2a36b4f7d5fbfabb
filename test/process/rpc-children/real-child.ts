// Supervises the echo child as a real process, with everything it logs and a way to await a life.
import path from 'node:path';
import { childProcessHost } from '../../../electron/processes/child-process-host.ts';
import type { Life } from '../../../electron/processes/life.ts';
import { Supervisor, type SupervisorOptions } from '../../../electron/processes/supervisor.ts';
import { realTimers } from '../../../electron/rpc/timers.ts';
import { type EchoContract, echoContract } from './echo.contract.ts';

export interface RealChildOptions extends Partial<SupervisorOptions<EchoContract>> {
  readonly entry?: string;
  readonly nodePath?: string;
  /** What the child gets besides its life number. */
  readonly give?: Readonly<Record<string, unknown>>;
}

export function realChild(options: RealChildOptions = {}) {
  const { entry = 'echo-child.ts', nodePath = process.execPath, give = {}, ...supervision } = options;
  const logged: string[] = [];
  const log: SupervisorOptions<EchoContract>['log'] = (level, event, fields) => logged.push(`${level} ${event} ${JSON.stringify(fields)}`);
  let lives = 0;
  const supervisor = new Supervisor({
    name: 'echo',
    contract: echoContract,
    host: childProcessHost({
      name: 'echo',
      entryPath: path.join(import.meta.dirname, entry),
      nodePath,
      environment: { ...process.env, NODE_OPTIONS: '--no-such-option', LD_PRELOAD: '' },
      log,
    }),
    config: () => {
      lives += 1;
      return { life: lives, ...give };
    },
    timers: realTimers,
    nowMs: () => performance.now(),
    log,
    ...supervision,
  });
  const becomes = (name: Life['name']): Promise<Life> =>
    new Promise((resolve) => {
      if (supervisor.life.name === name) return resolve(supervisor.life);
      const stop = supervisor.onChanged((life) => {
        if (life.name !== name) return;
        stop();
        resolve(life);
      });
    });
  return { supervisor, logged, becomes, client: supervisor.client };
}

/** False when no process has this id any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

export function pidOf(life: Life): number {
  if (life.name !== 'ready') throw new Error(`the child is ${life.name}`);
  return life.pid;
}
