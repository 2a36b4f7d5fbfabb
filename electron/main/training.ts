// Training mode: gets the training office from its own process and keeps the training library running.
// Must not run in any other profile, and must not make keys or offices itself.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { app } from 'electron';
import { type TrainingConfig, type TrainingOffice, trainingContract } from '../contract/training.contract.ts';
import type { Day } from '../contract/values.ts';
import type { RunningProcess } from '../processes/process-host.ts';
import type { Log } from '../rpc/log.ts';
import { hostOf, superviseChild } from './children.ts';
import type { Workspace } from './workspace.ts';

const LIBRARY_AGAIN_MS = 1_000;

const officeDir = (workspace: Workspace): string => path.join(workspace.dir, 'office');

export const hasTrainingOffice = (workspace: Workspace): boolean => existsSync(officeDir(workspace));

/** Asked at every start, because the office gets its next package when catalogue, rules or year have changed. */
export async function openTrainingOffice(workspace: Workspace, today: Day | null, log: Log): Promise<TrainingOffice> {
  const dir = officeDir(workspace);
  await mkdir(dir, { recursive: true });
  const config: TrainingConfig = { dir, resourcesDir: path.join(app.getAppPath(), 'resources'), today };
  const maker = superviseChild('training', trainingContract, { file: 'training.mjs', needsNodeApi10: false }, () => config, log);
  try {
    await maker.start();
    return await maker.client.training.open({});
  } finally {
    await maker.stop();
  }
}

/** Started again when it ends, until it is stopped. To the station a library that is down is simply out of reach. */
export function keepLibrary(
  { dir, port, clockOffsetMs }: TrainingOffice['library'] & { readonly clockOffsetMs: number },
  log: Log,
): { stop(): void } {
  const args = ['--dir', dir, '--port', String(port), '--clock-offset-ms', String(clockOffsetMs)];
  const host = hostOf('library', { file: 'library.mjs', needsNodeApi10: true, args }, log);
  let running: RunningProcess | undefined;
  let isStopped = false;
  const begin = () => {
    if (isStopped) return;
    running = host.start();
    running.onExit(({ code, signal }) => {
      log(isStopped ? 'info' : 'warn', 'library.ended', { code, signal });
      if (!isStopped) setTimeout(begin, LIBRARY_AGAIN_MS);
    });
  };
  begin();
  return {
    stop() {
      isStopped = true;
      running?.kill('SIGTERM');
    },
  };
}
