// Hands the connection to every screen, and what was kept of a screen while another one was open.
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import type { StationConnection, WindowClient } from './client.ts';

interface Station {
  readonly connection: StationConnection;
  readonly kept: Map<string, unknown>;
}

const StationContext = createContext<Station | null>(null);

export function StationProvider({ connection, children }: { readonly connection: StationConnection; readonly children: ReactNode }) {
  const [station] = useState<Station>(() => ({ connection, kept: new Map() }));
  return <StationContext value={station}>{children}</StationContext>;
}

function useStation(): Station {
  const station = useContext(StationContext);
  if (station === null) throw new Error('outside StationProvider');
  return station;
}

export const useConnection = (): StationConnection => useStation().connection;
export const useClient = (): WindowClient => useStation().connection.client;

/** Like useState, but the value outlives the screen until the person changes. */
export function useKept<T>(key: string, initial: T): readonly [T, (value: T) => void] {
  const { kept } = useStation();
  // The key belongs to one screen, which always keeps the same type under it.
  const [value, setValue] = useState<T>(() => (kept.has(key) ? (kept.get(key) as T) : initial));
  const keep = useCallback(
    (next: T) => {
      kept.set(key, next);
      setValue(next);
    },
    [kept, key],
  );
  return [value, keep];
}

export function useForgetKept(): () => void {
  const { kept } = useStation();
  return useCallback(() => kept.clear(), [kept]);
}
