// Keeps one child program alive and carries the calls to it: the thin, effectful shell around life.ts.
// Must not import electron, and must not know what the child does.
import type { Call, ClientOf, Contract, EventName, EventPayload } from '../contract/define.ts';
import { isStationError, StationError } from '../contract/station-error.ts';
import { clientOf } from '../rpc/client-of.ts';
import { type Connection, connect } from '../rpc/connect.ts';
import { errorOf } from '../rpc/error-frame.ts';
import { findCall } from '../rpc/find-call.ts';
import { type ConfigFrame, type EventFrame, FailedFrame, HelloFrame, type Origin } from '../rpc/frames.ts';
import type { Log } from '../rpc/log.ts';
import { splitPort } from '../rpc/side-port.ts';
import type { Timers } from '../rpc/timers.ts';
import { type HeartbeatOptions, heartbeat } from './heartbeat.ts';
import { type Effect, goneError, type Life, type LifeEvent, next } from './life.ts';
import type { Exit, ProcessHost, RunningProcess } from './process-host.ts';

export interface SupervisorOptions<C extends Contract> {
  readonly name: string;
  readonly contract: C;
  readonly host: ProcessHost;
  /**
   * Asked at each start, also for a promise; sent to the child as its first frame. What it throws counts as said by the
   * child: a StationError a person must mend is not tried again by itself.
   */
  readonly config: () => unknown;
  readonly timers: Timers;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly log: Log;
  /** From spawn to hello; default 20 s. */
  readonly startTimeoutMs?: number;
  /** Kill and restart a child whose call missed its deadline (token host: nothing else ends a hung driver). */
  readonly killOnTimeout?: boolean;
  /** One call at a time, so that a deadline counts a call's own time and not its wait behind a PIN pad (token host). */
  readonly oneAtATime?: boolean;
  readonly heartbeat?: (client: ClientOf<C>) => HeartbeatOptions;
}

/** One spawned process and what hangs on it. */
interface Incarnation<C extends Contract> {
  readonly process: RunningProcess;
  readonly connection: Connection<C>;
}

export class Supervisor<C extends Contract> {
  readonly name: string;
  /** Calls as the host program. */
  readonly client: ClientOf<C>;
  readonly #options: SupervisorOptions<C>;
  #life: Life = { name: 'stopped' };
  #incarnation: Incarnation<C> | undefined;
  #cancelTimer: () => void = () => undefined;
  #stopHeartbeat: () => void = () => undefined;
  /** Ends when the last call that has its turn has ended; it never rejects. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #changedListeners = new Set<(life: Life) => void>();
  readonly #eventListeners = new Set<(frame: EventFrame) => void>();
  readonly #sideListeners = new Set<(frame: unknown, post: (frame: unknown) => void) => void>();

  constructor(options: SupervisorOptions<C>) {
    this.name = options.name;
    this.#options = options;
    this.client = clientOf(options.contract, (group, name, arg) => this.call(group, name, arg, 'host'));
  }

  get life(): Life {
    return this.#life;
  }

  /** Resolves when the child is ready; rejects when it is given up or stopped instead. Also the Restart button. */
  start(): Promise<void> {
    this.#dispatch({ type: 'start' });
    return this.#becomesReady();
  }

  /** Resolves when no process is left: SIGTERM, 2 s, SIGKILL. Calls under way end with PROCESS_GONE. */
  stop(): Promise<void> {
    this.#dispatch({ type: 'stop' });
    return new Promise((resolve) =>
      this.#when(
        (life) => life.name === 'stopped' || life.name === 'given-up',
        () => resolve(),
      ),
    );
  }

  onChanged(listener: (life: Life) => void): () => void {
    this.#changedListeners.add(listener);
    return () => this.#changedListeners.delete(listener);
  }

  /** Lasts over restarts. */
  onEvent(listener: (frame: EventFrame) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  on<E extends EventName<C>>(event: E, listener: (payload: EventPayload<C, E>) => void): () => void {
    return this.onEvent((frame) => {
      // The child parsed the payload with the schema this type is derived from.
      if (frame.event === event) listener(frame.payload as EventPayload<C, E>);
    });
  }

  /** Frames of the child's side channel; `post` answers that very process, never a later one that counts ids anew. */
  onSide(listener: (frame: unknown, post: (frame: unknown) => void) => void): () => void {
    this.#sideListeners.add(listener);
    return () => this.#sideListeners.delete(listener);
  }

  /** To the side channel of the present process; lost when there is none. */
  postSide(frame: unknown): void {
    const process = this.#incarnation?.process;
    if (this.#life.name === 'ready' && process !== undefined) splitPort(process.port).side.post(frame);
  }

  /**
   * While the child starts, a call waits for it, at most its own `timeoutMs`. Between lives only idempotent calls wait.
   * A call cut off by a crash is repeated once if it is idempotent, else PROCESS_GONE; nothing else is ever repeated.
   */
  async call(group: string, name: string, arg: unknown, from: Origin): Promise<unknown> {
    const call = findCall(this.#options.contract, group, name);
    if (call === undefined) throw new StationError('RPC_UNKNOWN_CALL', { call: `${group}.${name}` });
    // Why the wait comes before the turn: calls that wait for a restart must not hold up those behind them.
    for (let attempt = 1; ; attempt += 1) {
      const { connection } = await this.#reachable(call);
      try {
        return await this.#inTurn(() => connection.call(group, name, arg, from));
      } catch (error) {
        if (isStationError(error, 'CALL_TIMEOUT') && this.#options.killOnTimeout) this.#dispatch({ type: 'hung' });
        // A killed C_Login may have used up a PIN try: what is not idempotent is never repeated.
        if (!(isStationError(error, 'PROCESS_GONE') && call.idempotent && attempt === 1)) throw error;
      }
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#options.oneAtATime) return work();
    const result = this.#turn.then(work);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  #reachable(call: Call): Promise<Incarnation<C>> {
    const life = this.#life;
    if (life.name === 'ready' && this.#incarnation !== undefined) return Promise.resolve(this.#incarnation);
    const mayWait = life.name === 'starting' || (call.idempotent && (life.name === 'backoff' || life.name === 'killing'));
    if (!mayWait) return Promise.reject(this.#unreachable());
    return new Promise((resolve, reject) => {
      const cancelWait = this.#options.timers.after(call.timeoutMs, () => {
        stopWaiting();
        reject(this.#unreachable());
      });
      const isOver = (now: Life) => now.name === 'ready' || now.name === 'stopped' || now.name === 'stopping' || now.name === 'given-up';
      const stopWaiting = this.#when(isOver, (now) => {
        cancelWait();
        if (now.name === 'ready' && this.#incarnation !== undefined) resolve(this.#incarnation);
        else reject(this.#unreachable());
      });
    });
  }

  #unreachable(): StationError {
    const life = this.#life;
    if (life.name === 'given-up') return life.error;
    return life.name === 'backoff' ? goneError(this.name, life.exit) : new StationError('PROCESS_GONE', { process: this.name });
  }

  #becomesReady(): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#when(
        (life) => life.name === 'ready' || life.name === 'given-up' || life.name === 'stopped',
        (life) => (life.name === 'ready' ? resolve() : reject(this.#unreachable())),
      ),
    );
  }

  /** Runs `then` once, now or at the first change to a life that fits. Returns how to stop waiting. */
  #when(fits: (life: Life) => boolean, then: (life: Life) => void): () => void {
    if (fits(this.#life)) {
      then(this.#life);
      return () => undefined;
    }
    const stop = this.onChanged((life) => {
      if (!fits(life)) return;
      stop();
      then(life);
    });
    return stop;
  }

  #dispatch(event: LifeEvent): void {
    const before = this.#life;
    const { life, effects } = next(before, event, this.#options.nowMs(), {
      name: this.name,
      startTimeoutMs: this.#options.startTimeoutMs ?? 20_000,
    });
    this.#life = life;
    if (life !== before) this.#enter(life);
    // Why listeners come last: they may call, stop or start, and must then meet a finished step.
    for (const effect of effects) this.#run(effect);
    if (life !== before) for (const listener of [...this.#changedListeners]) listener(life);
  }

  #enter(life: Life): void {
    this.#cancelTimer();
    this.#stopHeartbeat();
    this.#stopHeartbeat = () => undefined;
    if (life.name === 'ready' && this.#options.heartbeat !== undefined) {
      const onSilence = () => this.#dispatch({ type: 'hung' });
      this.#stopHeartbeat = heartbeat(this.#options.heartbeat(this.client), this.#options.timers, onSilence);
    }
    const isBad = life.name === 'backoff' || life.name === 'killing' || life.name === 'given-up';
    this.#options.log(isBad ? 'error' : 'info', 'process.changed', {
      process: this.name,
      life: life.name,
      ...(life.name === 'backoff' ? { signal: life.exit.signal, code: life.exit.code, delayMs: life.delayMs } : {}),
      ...(life.name === 'given-up' ? { error: life.error.code } : {}),
    });
  }

  #run(effect: Effect): void {
    switch (effect.do) {
      case 'spawn':
        this.#spawn();
        break;
      case 'kill':
        this.#incarnation?.process.kill(effect.signal);
        break;
      case 'timer':
        this.#cancelTimer = this.#options.timers.after(effect.ms, () => this.#dispatch({ type: 'timer' }));
        break;
      default:
        effect satisfies never;
    }
  }

  #spawn(): void {
    const { contract, timers, host, config } = this.#options;
    let process: RunningProcess;
    try {
      process = host.start();
    } catch (error) {
      this.#options.log('error', 'process.notStarted', { process: this.name, problem: error instanceof Error ? error.name : typeof error });
      timers.after(0, () => this.#dispatch({ type: 'exited', exit: { code: null, signal: null } }));
      return;
    }
    const { main, side } = splitPort(process.port);
    // Why deaf to closing: the channel closes a moment before the exit is known, and the exit says why.
    const connection = connect(contract, { ...main, onClose: () => () => undefined }, { timers });
    connection.onEvent((frame) => {
      for (const listener of [...this.#eventListeners]) listener(frame);
    });
    side.onMessage((frame) => {
      for (const listener of [...this.#sideListeners]) listener(frame, side.post);
    });
    main.onMessage((raw) => {
      // The last words of a dead process can be heard after its exit.
      if (this.#incarnation?.process !== process) return;
      const hello = HelloFrame.safeParse(raw);
      if (hello.success) return this.#dispatch({ type: 'hello', contractVersion: hello.data.contractVersion, pid: hello.data.pid });
      const failed = FailedFrame.safeParse(raw);
      if (failed.success) this.#dispatch({ type: 'failed', error: errorOf(failed.data.failed) });
    });
    this.#incarnation = { process, connection };
    void this.#configure(process, config);
    process.onExit((exit) => this.#exited(connection, exit));
  }

  /** Beside the child's own loading. A process that is gone by then is none of ours any more. */
  async #configure(process: RunningProcess, config: () => unknown): Promise<void> {
    try {
      const given = await config();
      if (this.#incarnation?.process === process) process.port.post({ config: given } satisfies ConfigFrame);
    } catch (thrown) {
      const error = thrown instanceof StationError ? thrown : new StationError('INTERNAL', {}, { cause: thrown });
      this.#options.log('error', 'process.notConfigured', {
        process: this.name,
        problem: thrown instanceof Error ? thrown.message : typeof thrown,
      });
      if (this.#incarnation?.process === process) this.#dispatch({ type: 'failed', error });
    }
  }

  #exited(connection: Connection<C>, exit: Exit): void {
    // Invariant: the machine spawns only after an exit, so this is the present process.
    // Why in this order: calls cut off here look at the new life to decide whether to wait for the next.
    this.#incarnation = undefined;
    this.#dispatch({ type: 'exited', exit });
    connection.close(goneError(this.name, exit));
  }
}
