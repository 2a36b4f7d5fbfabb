// The training library as a process of its own, up or down as a demonstration wants it. Must not look into it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface LibraryProcess {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function libraryProcess(options: {
  readonly projectDir: string;
  readonly dir: string;
  readonly port: number;
  readonly profile: string;
  readonly clockOffsetMs: number;
}): LibraryProcess {
  let child: ChildProcess | undefined;
  const args = [
    '--dir',
    options.dir,
    '--port',
    String(options.port),
    '--profile',
    options.profile,
    '--clock-offset-ms',
    String(options.clockOffsetMs),
  ];
  return {
    async start() {
      child = fork(path.join(options.projectDir, 'electron/library/main.ts'), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      // Its first message says that it listens; an exit before that is a failure to start.
      const outcome = await Promise.race([once(child, 'message').then(() => 'listening'), once(child, 'exit').then(() => 'ended')]);
      if (outcome === 'ended') throw new Error('the training library did not start');
    },
    async stop() {
      if (child === undefined || child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
