// Doing something that changes the station: one at a time, its problem kept beside the button that caused it.
import { useCallback, useState } from 'react';
import type { StationError } from '../../electron/contract/station-error.ts';
import { asStationError } from './describe-error.ts';

export interface Act {
  readonly isBusy: boolean;
  readonly problem: StationError | undefined;
  /** Answers what `work` answers, or undefined when it failed; the problem is then shown, never thrown. */
  run<T>(work: () => Promise<T>): Promise<T | undefined>;
  readonly clear: () => void;
}

export function useAct(): Act {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<StationError | undefined>(undefined);
  const run = useCallback(async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    setProblem(undefined);
    try {
      return await work();
    } catch (thrown) {
      setProblem(asStationError(thrown));
      return undefined;
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => setProblem(undefined), []);
  return { isBusy, problem, run, clear };
}
