// Which screen is open, and what it was asked to show.
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { LicenceState } from '../../electron/contract/licence.ts';

export const screens = ['today', 'intake', 'review', 'sealing', 'licences', 'verify', 'sync', 'seals', 'system'] as const;
export type ScreenName = (typeof screens)[number];

/** What a screen may be asked to begin with; it takes it once. */
export interface Wish {
  readonly licenceId?: string;
  readonly states?: readonly LicenceState[];
  readonly delivery?: 'undelivered' | 'delivered';
  readonly search?: boolean;
}

export interface Navigation {
  readonly screen: ScreenName;
  readonly wish: Wish;
  /** Changes with every `go`, so that the same wish twice is heard twice. */
  readonly turn: number;
  readonly go: (screen: ScreenName, wish?: Wish) => void;
}

const NavigationContext = createContext<Navigation | null>(null);

export function NavigationProvider({ children }: { readonly children: ReactNode }) {
  const [at, setAt] = useState<{ readonly screen: ScreenName; readonly wish: Wish; readonly turn: number }>({
    screen: 'today',
    wish: {},
    turn: 0,
  });
  const go = useCallback((screen: ScreenName, wish: Wish = {}) => setAt((before) => ({ screen, wish, turn: before.turn + 1 })), []);
  const navigation = useMemo(() => ({ ...at, go }), [at, go]);
  return <NavigationContext value={navigation}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  const navigation = useContext(NavigationContext);
  if (navigation === null) throw new Error('outside NavigationProvider');
  return navigation;
}
