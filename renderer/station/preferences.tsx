// Language and print size of this computer, shared by the frame and the System screen.
import { createContext, useContext } from 'react';
import type { Preferences } from '../../electron/contract/shell.contract.ts';

export interface PreferencesDesk {
  readonly preferences: Preferences;
  readonly prefer: (next: Preferences) => void;
}

export const atFirst: Preferences = { language: 'zh', largePrint: false };

export const PreferencesContext = createContext<PreferencesDesk>({ preferences: atFirst, prefer: () => undefined });

export const usePreferences = (): PreferencesDesk => useContext(PreferencesContext);
