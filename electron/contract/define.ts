// The vocabulary in which a contract is written: groups of calls, and events. Types are inferred from it, never written twice.
// Must not know any transport, handler or process.
import type { z } from 'zod';
import type { ErrorCode } from './error-codes.ts';
import type { Role } from './values.ts';

/** Bumped with any change of a contract; a child that says another version is a bug, not a partner. */
export const CONTRACT_VERSION = 1;

export const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Who may make a call. `anyone`: also before sign-in. `signed-in`: any role. `host`: only the program that started the
 * process (shell or command line), never a window. Otherwise the listed roles.
 */
export type Allowed = 'anyone' | 'signed-in' | 'host' | readonly Role[];

export interface Call<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly input: I;
  readonly output: O;
  /** Codes a caller must expect; any other non-bug code is a defect of the handler. */
  readonly errors: readonly ErrorCode[];
  readonly roles: Allowed;
  /** Deadline of the whole call in milliseconds. */
  readonly timeoutMs: number;
  /** Only such calls are repeated by the program itself after a crash. */
  readonly idempotent: boolean;
  /** Top-level fields of the argument that every log replaces by `[secret]`. */
  readonly secret: readonly string[];
}

export interface EventOf<P extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly payload: P;
}

export type Group = Readonly<Record<string, Call>>;
export interface Contract {
  readonly groups: Readonly<Record<string, Group>>;
  /** Events are hints, never data: the receiver fetches again. */
  readonly events: Readonly<Record<string, EventOf>>;
}

interface CallSpec<I extends z.ZodType, O extends z.ZodType> {
  readonly input: I;
  readonly output: O;
  readonly errors?: readonly ErrorCode[];
  readonly roles: Allowed;
  readonly timeoutMs?: number;
  readonly idempotent?: boolean;
  readonly secret?: readonly string[];
}

export function call<I extends z.ZodType, O extends z.ZodType>(spec: CallSpec<I, O>): Call<I, O> {
  return {
    kind: 'call',
    input: spec.input,
    output: spec.output,
    errors: spec.errors ?? [],
    roles: spec.roles,
    timeoutMs: spec.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    idempotent: spec.idempotent ?? false,
    secret: spec.secret ?? [],
  };
}

export function event<P extends z.ZodType>(payload: P): EventOf<P> {
  return { kind: 'event', payload };
}

export function defineContract<const C extends Contract>(contract: C): C {
  return contract;
}

export type InputOf<C extends Call> = z.input<C['input']>;
/** What a handler receives: after defaults and brands. */
export type ParsedInputOf<C extends Call> = z.output<C['input']>;
export type OutputOf<C extends Call> = z.output<C['output']>;

/** The typed client of a contract: `client.licences.find({...})`. */
export type ClientOf<C extends Contract> = {
  readonly [G in keyof C['groups']]: {
    readonly [N in keyof C['groups'][G]]: C['groups'][G][N] extends Call
      ? (arg: InputOf<C['groups'][G][N]>) => Promise<OutputOf<C['groups'][G][N]>>
      : never;
  };
};

/** The handlers of a contract; `X` is what the server knows of the caller. */
export type HandlersOf<C extends Contract, X> = {
  readonly [G in keyof C['groups']]: {
    readonly [N in keyof C['groups'][G]]: C['groups'][G][N] extends Call
      ? (arg: ParsedInputOf<C['groups'][G][N]>, caller: X) => OutputOf<C['groups'][G][N]> | Promise<OutputOf<C['groups'][G][N]>>
      : never;
  };
};

export type EventName<C extends Contract> = keyof C['events'] & string;
export type EventPayload<C extends Contract, E extends EventName<C>> = z.output<C['events'][E]['payload']>;
