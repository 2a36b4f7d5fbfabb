// The order in which the program ends: sync, station, token host; each step within its deadline.
// Must not wait for ever: what does not end in time is killed, and the store and the outbox are made for that.
import type { Log } from '../rpc/log.ts';
import type { Timers } from '../rpc/timers.ts';

export interface QuitOptions {
  /** Lets the exchange under way finish or be abandoned. */
  readonly stopSync: () => Promise<unknown>;
  /** Ends sealing under way and checkpoints the store. */
  readonly closeStation: () => Promise<unknown>;
  /** Logs out of all tokens and finalises the drivers. */
  readonly closeTokenHost: () => Promise<unknown>;
  readonly station: { stop(): Promise<void> };
  readonly tokenHost: { stop(): Promise<void> };
  readonly timers: Timers;
  readonly log: Log;
}

/**
 * The station gets the time its own `close` has in the contract: an exchange with the library may be under way. The
 * token host gets little: the station is gone by then, so nobody waits for a signature any more.
 */
export const QUIT_DEADLINES_MS = { stopSync: 3_000, closeStation: 20_000, closeTokenHost: 3_000 } as const;

/** Resolves when both processes are gone. Never rejects: a step that fails or is late is logged and passed over. */
export async function quit(options: QuitOptions): Promise<void> {
  await step('stopSync', options);
  await step('closeStation', options);
  await options.station.stop();
  await step('closeTokenHost', options);
  await options.tokenHost.stop();
}

function step(name: keyof typeof QUIT_DEADLINES_MS, options: QuitOptions): Promise<void> {
  return new Promise((resolve) => {
    const end = (outcome: string) => {
      cancel();
      options.log(outcome === 'done' ? 'info' : 'warn', 'quit.step', { step: name, outcome });
      resolve();
    };
    const cancel = options.timers.after(QUIT_DEADLINES_MS[name], () => end('late'));
    options[name]().then(
      () => end('done'),
      (error: unknown) => end(error instanceof Error ? error.message : 'failed'),
    );
  });
}
