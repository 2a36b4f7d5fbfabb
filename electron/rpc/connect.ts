// The calling half: a typed client over a Port, with deadlines, and events. Runs in Node and in the window.
// Must not import anything of Node, and does not validate values again: both sides are of one build.
import { type ClientOf, CONTRACT_VERSION, type Contract, type EventName, type EventPayload } from '../contract/define.ts';
import { StationError } from '../contract/station-error.ts';
import { clientOf } from './client-of.ts';
import { errorOf } from './error-frame.ts';
import { findCall } from './find-call.ts';
import { EventFrame, type Origin, ReplyFrame, type RequestFrame } from './frames.ts';
import type { Port } from './port.ts';
import type { Timers } from './timers.ts';

export interface ConnectOptions {
  readonly timers: Timers;
  /**
   * `contract` (default): each call ends with CALL_TIMEOUT after its `timeoutMs`. `none`: whoever carries the frames on
   * keeps the deadline, as the relay does for the station's calls to the token host.
   */
  readonly deadlines?: 'contract' | 'none';
}

export interface Connection<C extends Contract> {
  readonly client: ClientOf<C>;
  /** The untyped call beneath the client, for relays and routers. */
  call(group: string, name: string, arg: unknown, from?: Origin): Promise<unknown>;
  on<E extends EventName<C>>(event: E, listener: (payload: EventPayload<C, E>) => void): () => void;
  /** Every event of the contract, untyped, for relays and routers. */
  onEvent(listener: (frame: EventFrame) => void): () => void;
  /** Resolves when the port has closed or the connection was closed. */
  readonly closed: Promise<void>;
  /** Ends all calls under way with `error`; the connection lives on. */
  rejectAll(error: StationError): void;
  /** Ends all calls under way and all later ones with `error` (default PROCESS_GONE). Leaves the port open. */
  close(error?: StationError): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: StationError) => void;
  readonly cancelDeadline: () => void;
}

export function connect<C extends Contract>(contract: C, port: Port, options: ConnectOptions): Connection<C> {
  const pending = new Map<number, Pending>();
  const eventListeners = new Set<(frame: EventFrame) => void>();
  let lastId = 0;
  let closedWith: StationError | undefined;
  let markClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    markClosed = resolve;
  });

  /** Whoever takes a call out of the table answers it: reply, deadline and closing cannot answer twice. */
  const take = (id: number): Pending | undefined => {
    const entry = pending.get(id);
    pending.delete(id);
    entry?.cancelDeadline();
    return entry;
  };

  const call = (group: string, name: string, arg: unknown, from: Origin = 'window'): Promise<unknown> => {
    const spec = findCall(contract, group, name);
    if (spec === undefined) return Promise.reject(new StationError('RPC_UNKNOWN_CALL', { call: `${group}.${name}` }));
    if (closedWith !== undefined) return Promise.reject(closedWith);
    lastId += 1;
    const id = lastId;
    const frame = { v: CONTRACT_VERSION, id, group, name, arg, from } satisfies RequestFrame;
    return new Promise((resolve, reject) => {
      const onDeadline = () => take(id)?.reject(new StationError('CALL_TIMEOUT', { call: `${group}.${name}` }));
      const cancelDeadline = options.deadlines === 'none' ? () => undefined : options.timers.after(spec.timeoutMs, onDeadline);
      pending.set(id, { resolve, reject, cancelDeadline });
      try {
        port.post(frame);
      } catch (cause) {
        take(id)?.reject(new StationError('RPC_BAD_INPUT', { path: '' }, { cause }));
      }
    });
  };

  const rejectAll = (error: StationError): void => {
    for (const id of [...pending.keys()]) take(id)?.reject(error);
  };

  const stopListening = port.onMessage((raw) => {
    const reply = ReplyFrame.safeParse(raw);
    if (reply.success) {
      // A reply nobody waits for came after its deadline.
      const entry = take(reply.data.id);
      if (reply.data.ok) entry?.resolve(reply.data.value);
      else entry?.reject(errorOf(reply.data.error));
      return;
    }
    const event = EventFrame.safeParse(raw);
    if (event.success && Object.hasOwn(contract.events, event.data.event)) {
      for (const listener of [...eventListeners]) listener(event.data);
    }
  });

  const close = (error = new StationError('PROCESS_GONE')): void => {
    if (closedWith !== undefined) return;
    closedWith = error;
    stopListening();
    rejectAll(error);
    eventListeners.clear();
    markClosed();
  };
  port.onClose(() => close());

  const onEvent: Connection<C>['onEvent'] = (listener) => {
    eventListeners.add(listener);
    return () => eventListeners.delete(listener);
  };
  return {
    client: clientOf(contract, call),
    call,
    on: (name, listener) =>
      onEvent((frame) => {
        // The server parsed the payload with the schema this type is derived from.
        if (frame.event === name) listener(frame.payload as Parameters<typeof listener>[0]);
      }),
    onEvent,
    closed,
    rejectAll,
    close,
  };
}
