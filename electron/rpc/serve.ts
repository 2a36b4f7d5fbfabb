// The answering half: checks each request against its contract, runs the handler, checks the result, answers.
// Must not die of any frame, and must not let anything but codes, listed details and wire values out.
import { type Call, CONTRACT_VERSION, type Contract, type EventName, type EventPayload, type HandlersOf } from '../contract/define.ts';
import { type ErrorCode, errorCodes } from '../contract/error-codes.ts';
import { StationError } from '../contract/station-error.ts';
import { errorBody } from './error-frame.ts';
import { findCall } from './find-call.ts';
import { type HelloFrame, isWireValue, type ReplyFrame, RequestFrame } from './frames.ts';
import { type Log, shapeOf } from './log.ts';
import type { Port } from './port.ts';

export const SLOW_HANDLER_MS = 100;

/** What any call may answer without listing it: who stands at the desk, and the state of the store and its machine. */
export const EVERYWHERE: readonly ErrorCode[] = [
  'SIGN_IN_NEEDED',
  'ROLE_NOT_ALLOWED',
  'STATE_CONFLICT',
  'CANCELLED',
  'CLOCK_BEHIND',
  'DISK_FULL',
  'STORE_LOCKED',
  'STORE_CORRUPT',
  'OFFICE_NOT_SET_UP',
];

export interface ServeOptions<X> {
  /** What the server knows of the caller; the handler gets it as its second argument. */
  callerOf(frame: RequestFrame): X;
  /** Throws a StationError to refuse. Runs before the argument is looked at. */
  authorise(call: Call, caller: X): void;
  readonly log: Log;
  readonly newIncident: () => string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** A handler threw a people or remote code its call does not list: a defect; tests fail on it. */
  readonly onUnexpectedCode?: (call: string, code: ErrorCode) => void;
}

export interface Server<C extends Contract> {
  /** A payload that does not fit is logged and not sent: events are hints. */
  emit<E extends EventName<C>>(event: E, payload: EventPayload<C, E>): void;
  hello(pid: number): void;
  /** Stops answering; results of calls under way are dropped. Leaves the port open. */
  close(): void;
}

type Handler<X> = (arg: unknown, caller: X) => unknown;

export function serve<C extends Contract, X>(contract: C, handlers: HandlersOf<C, X>, port: Port, options: ServeOptions<X>): Server<C> {
  const { log } = options;
  let isOpen = true;
  const stopListening = port.onMessage((raw) => void receive(raw));
  port.onClose(() => close());

  async function receive(raw: unknown): Promise<void> {
    const request = RequestFrame.safeParse(raw);
    if (request.success) return send(await answer(request.data));
    const id = idOf(raw);
    log('warn', 'rpc.malformedFrame', { answered: id !== undefined });
    if (id !== undefined) send({ id, ok: false, error: errorBody(new StationError('RPC_BAD_INPUT', { path: '' })) });
  }

  async function answer(frame: RequestFrame): Promise<ReplyFrame> {
    const callName = `${frame.group}.${frame.name}`;
    const call = findCall(contract, frame.group, frame.name);
    const startedMs = options.nowMs();
    try {
      if (frame.v !== CONTRACT_VERSION) throw new StationError('CONTRACT_MISMATCH', { expected: CONTRACT_VERSION, got: frame.v });
      if (call === undefined) throw new StationError('RPC_UNKNOWN_CALL', { call: callName });
      return { id: frame.id, ok: true, value: await run(call, frame) };
    } catch (thrown) {
      return { id: frame.id, ok: false, error: errorBody(asStationError(thrown, callName, call, frame.arg)) };
    } finally {
      const milliseconds = options.nowMs() - startedMs;
      if (milliseconds >= SLOW_HANDLER_MS) log('info', 'rpc.slow', { call: callName, milliseconds: Math.round(milliseconds) });
    }
  }

  async function run(call: Call, frame: RequestFrame): Promise<unknown> {
    // Rights come first: a refused caller learns nothing about the argument.
    const caller = options.callerOf(frame);
    options.authorise(call, caller);
    const input = call.input.safeParse(frame.arg);
    if (!input.success) throw new StationError('RPC_BAD_INPUT', { path: pathOf(input.error.issues) });
    // HandlersOf has exactly the contract's groups and names, and findCall has found this one.
    const handler = (handlers as Readonly<Record<string, Readonly<Record<string, Handler<X>>>>>)[frame.group]?.[frame.name];
    if (handler === undefined) throw new StationError('RPC_UNKNOWN_CALL', { call: `${frame.group}.${frame.name}` });
    const output = call.output.safeParse(await handler(input.data, caller));
    if (!output.success) throw new StationError('RPC_BAD_OUTPUT', { path: pathOf(output.error.issues) });
    if (!isWireValue(output.data)) throw new StationError('RPC_BAD_OUTPUT', { path: '' });
    return output.data;
  }

  /** Gives every bug an incident, logged with its stack, and finds codes the call does not list. */
  function asStationError(thrown: unknown, callName: string, call: Call | undefined, arg: unknown): StationError {
    const known = thrown instanceof StationError ? thrown : undefined;
    const code = known?.code ?? 'INTERNAL';
    const { kind } = errorCodes[code];
    if (known === undefined || kind === 'bug') {
      const incident = known?.incident ?? options.newIncident();
      const fields = { call: callName, code, incident, arg: shapeOf(arg, call?.secret ?? []) };
      log('error', 'rpc.bug', { ...fields, stack: stackOf(thrown), ...(known ? { path: String(known.details.path ?? '') } : {}) });
      return new StationError(code, known?.details ?? {}, { incident, cause: thrown });
    }
    if (kind !== 'process' && !EVERYWHERE.includes(code) && !call?.errors.includes(code)) {
      log('error', 'rpc.unexpectedCode', { call: callName, code });
      options.onUnexpectedCode?.(callName, code);
    }
    return known;
  }

  function send(frame: ReplyFrame): void {
    if (!isOpen) return;
    try {
      port.post(frame);
    } catch (cause) {
      // Bytes over a detached or shared buffer look like wire values and still cannot be cloned.
      log('error', 'rpc.replyNotSent', { stack: stackOf(cause) });
      port.post({ id: frame.id, ok: false, error: errorBody(new StationError('RPC_BAD_OUTPUT', { path: '' })) } satisfies ReplyFrame);
    }
  }

  function close(): void {
    isOpen = false;
    stopListening();
  }

  return {
    emit(event, payload) {
      const parsed = contract.events[event]?.payload.safeParse(payload);
      if (!parsed?.success || !isWireValue(parsed.data)) return log('error', 'rpc.badEvent', { event });
      if (isOpen) port.post({ event, payload: parsed.data });
    },
    hello(pid) {
      port.post({ hello: true, contractVersion: CONTRACT_VERSION, pid } satisfies HelloFrame);
    },
    close,
  };
}

function idOf(raw: unknown): number | undefined {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  // A reply has an id too, and answering a reply would start an endless exchange of two servers.
  const isReply = typeof raw === 'object' && raw !== null && 'ok' in raw;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 && !isReply ? id : undefined;
}

function pathOf(issues: readonly { readonly path: readonly PropertyKey[] }[]): string {
  return (issues[0]?.path ?? []).map(String).join('.').slice(0, 200);
}

/** The stack without a foreign error's message, which can quote a person's data; the engine's own messages quote code. */
export function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const isSafe = thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError;
  const title = isSafe ? `${thrown.name}: ${thrown.message}` : thrown instanceof StationError ? thrown.code : thrown.name;
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${stackOf(thrown.cause)}`;
  return `${title}\n${frames.join('\n')}${cause}`;
}
