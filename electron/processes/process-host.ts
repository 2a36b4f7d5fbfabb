// The one seam between the supervisor and how a child program is started.
// Must not know Electron or Node: the two implementations do.
import type { Port } from '../rpc/port.ts';

/** Both null only when the child never started. On Windows a crash is a large code without a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

export type KillSignal = 'SIGTERM' | 'SIGKILL';

export interface RunningProcess {
  readonly port: Port;
  readonly pid: number | undefined;
  /** Told once; told at once when it has ended already. */
  onExit(listener: (exit: Exit) => void): void;
  /** Never throws; a process that has ended is left alone. */
  kill(signal: KillSignal): void;
}

export interface ProcessHost {
  /** A throw counts as an exit. The exit is never told before this has returned. */
  start(): RunningProcess;
}

/** One exit, whoever asks and when. */
export function exitOnce(): { readonly onExit: RunningProcess['onExit']; tell(exit: Exit): void; hasEnded(): boolean } {
  const listeners: ((exit: Exit) => void)[] = [];
  let ended: Exit | undefined;
  return {
    onExit(listener) {
      if (ended === undefined) listeners.push(listener);
      else listener(ended);
    },
    tell(exit) {
      if (ended !== undefined) return;
      ended = exit;
      for (const listener of listeners) listener(exit);
    },
    hasEnded: () => ended !== undefined,
  };
}
