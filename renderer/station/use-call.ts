// Fetching with what is known kept on screen meanwhile: an event only says that it is worth asking again.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Call, InputOf, OutputOf } from '../../electron/contract/define.ts';
import type { StationError } from '../../electron/contract/station-error.ts';
import type { WindowContract, WindowEvent } from './client.ts';
import { asStationError } from './describe-error.ts';
import { useConnection } from './StationProvider.tsx';

type Groups = WindowContract['groups'];
export type GroupName = keyof Groups & string;
export type CallName<G extends GroupName> = keyof Groups[G] & string;
type CallAt<G extends GroupName, N extends CallName<G>> = Groups[G][N] extends Call ? Groups[G][N] : never;
export type CallInput<G extends GroupName, N extends CallName<G>> = InputOf<CallAt<G, N>>;
export type CallOutput<G extends GroupName, N extends CallName<G>> = OutputOf<CallAt<G, N>>;

/** Which hints make a group's answers worth asking for again. */
const hintsOf: Readonly<Record<GroupName, readonly WindowEvent[]>> = {
  station: [],
  session: ['sessionChanged'],
  today: ['licencesChanged', 'deliveryChanged', 'keysChanged', 'jobChanged'],
  catalogue: ['sessionChanged'],
  intake: ['importChanged', 'jobChanged'],
  licences: ['licencesChanged', 'deliveryChanged'],
  review: ['licencesChanged'],
  sealing: ['licencesChanged', 'jobChanged', 'keysChanged'],
  seals: ['licencesChanged', 'keysChanged'],
  delivery: ['deliveryChanged'],
  verify: [],
  jobs: ['jobChanged'],
  system: ['sessionChanged'],
  shell: ['processChanged'],
};

const HINT_DELAY_MS = 150;

/** Runs `refetch` soon after a hint, at most once per delay; at once after a process came back. */
export function useHints(group: GroupName, refetch: () => void): void {
  const connection = useConnection();
  const latest = useRef(refetch);
  useEffect(() => {
    latest.current = refetch;
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, HINT_DELAY_MS);
    };
    const stops = [...hintsOf[group], 'processRestarted' as const].map((event) => connection.on(event, soon));
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [connection, group]);
}

export interface Fetched<T> {
  readonly data: T | undefined;
  readonly problem: StationError | undefined;
  readonly isLoading: boolean;
  readonly refetch: () => void;
}

/** `arg` null asks for nothing. While another argument is fetched the answer to the last one stays. */
export function useCall<G extends GroupName, N extends CallName<G>>(
  group: G,
  name: N,
  arg: CallInput<G, N> | null,
): Fetched<CallOutput<G, N>> {
  const { call } = useConnection();
  const [answer, setAnswer] = useState<{ readonly data?: CallOutput<G, N>; readonly problem?: StationError }>({});
  const [isLoading, setLoading] = useState(arg !== null);
  const [round, setRound] = useState(0);
  const key = arg === null ? null : JSON.stringify(arg);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` is there to ask again
  useEffect(() => {
    if (key === null) {
      setAnswer({});
      setLoading(false);
      return;
    }
    let isCurrent = true;
    setLoading(true);
    call(group, name, JSON.parse(key)).then(
      (data) => {
        if (!isCurrent) return;
        // The server checked the answer against the schema that this type is derived from.
        setAnswer({ data: data as CallOutput<G, N> });
        setLoading(false);
      },
      (thrown: unknown) => {
        if (!isCurrent) return;
        setAnswer((before) => ({ ...before, problem: asStationError(thrown) }));
        setLoading(false);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [call, group, name, key, round]);

  const refetch = useCallback(() => setRound((before) => before + 1), []);
  useHints(group, refetch);
  return { data: answer.data, problem: answer.problem, isLoading, refetch };
}
