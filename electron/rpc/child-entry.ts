// The frame of every child program: takes its config, starts, says hello, serves, and ends with its host.
// Must not import electron: the same entry runs as utility process and under plain Node. It lives here and not in
// processes because the children may not import the code of their hosts.
import type { z } from 'zod';
import type { Contract, EventName, EventPayload, HandlersOf } from '../contract/define.ts';
import { StationError } from '../contract/station-error.ts';
import { errorBody } from './error-frame.ts';
import { ConfigFrame, type FailedFrame } from './frames.ts';
import type { Port } from './port.ts';
import { parentProcessPort } from './ports/child-process.ts';
import { type ParentPortLike, parentPortPort } from './ports/utility-process.ts';
import { type ServeOptions, type Server, serve, stackOf } from './serve.ts';
import { splitPort } from './side-port.ts';

export interface ChildSeams<C extends Contract> {
  /** The side channel through the host to the other child: `connect(tokenContract, seams.relay, {deadlines: 'none', …})`. */
  readonly relay: Port;
  /** Before the program serves, events are dropped: they are hints. */
  emit<E extends EventName<C>>(event: E, payload: EventPayload<C, E>): void;
}

export interface ChildProgram<C extends Contract, X> {
  readonly handlers: HandlersOf<C, X>;
  readonly options: ServeOptions<X>;
}

export interface ChildEntry<C extends Contract, S extends z.ZodType, X> {
  readonly contract: C;
  readonly configSchema: S;
  /** A StationError thrown here is told to the host, which does not try again; anything else, and kind `process`, counts as a crash. */
  start(config: z.output<S>, seams: ChildSeams<C>): ChildProgram<C, X> | Promise<ChildProgram<C, X>>;
}

/**
 * Call once, as the last statement of the entry file. Order of frames: the host's `{config}`; the child's `{hello}` or
 * `{failed}`; then calls and events. A child that failed does not exit by itself: the host has read why when it ends it.
 */
export function childEntry<C extends Contract, S extends z.ZodType, X>(entry: ChildEntry<C, S, X>): void {
  // Ctrl-C reaches the whole process group; only the host decides when a child ends.
  process.on('SIGINT', () => undefined);
  const port = hostPort();
  port.onClose(() => process.exit(0));
  const stopListening = port.onMessage((raw) => {
    const frame = ConfigFrame.safeParse(raw);
    if (!frame.success) return;
    stopListening();
    void begin(entry, frame.data.config, port);
  });
}

async function begin<C extends Contract, S extends z.ZodType, X>(
  entry: ChildEntry<C, S, X>,
  rawConfig: unknown,
  port: Port,
): Promise<void> {
  const { main, side } = splitPort(port);
  let server: Server<C> | undefined;
  try {
    const config = entry.configSchema.safeParse(rawConfig);
    if (!config.success) throw new StationError('RPC_BAD_INPUT', { path: `config.${config.error.issues[0]?.path.join('.') ?? ''}` });
    const program = await entry.start(config.data, { relay: side, emit: (event, payload) => server?.emit(event, payload) });
    server = serve(entry.contract, program.handlers, main, program.options);
    server.hello(process.pid);
  } catch (thrown) {
    process.stderr.write(`${stackOf(thrown)}\n`);
    const error = thrown instanceof StationError ? thrown : new StationError('INTERNAL', {}, { cause: thrown });
    port.post({ failed: errorBody(error) } satisfies FailedFrame);
  }
}

function hostPort(): Port {
  // Electron adds `parentPort` in utility processes only; Node's types do not know it.
  const { parentPort } = process as NodeJS.Process & { readonly parentPort?: ParentPortLike };
  return parentPort === undefined ? parentProcessPort(process) : parentPortPort(parentPort);
}
