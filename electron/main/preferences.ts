// Language and print size of this computer's window, in a small file. A damaged file means the defaults.
// Must not hold anything about people or licences.
import { readFileSync } from 'node:fs';
import { Preferences } from '../contract/shell.contract.ts';
import type { Log } from '../rpc/log.ts';
import { writeWhole } from './files.ts';

export interface PreferenceStore {
  current(): Preferences;
  set(next: Preferences): Promise<Preferences>;
}

/** Chinese first, whatever the system speaks: the switch is on the first screen. */
export function openPreferences(file: string, log: Log): PreferenceStore {
  let preferences = readPreferences(file, log) ?? { language: 'zh', largePrint: false };
  return {
    current: () => preferences,
    async set(next) {
      await writeWhole(file, JSON.stringify(next));
      preferences = next;
      return next;
    },
  };
}

function readPreferences(file: string, log: Log): Preferences | null {
  try {
    return Preferences.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isNew) log('warn', 'preferences.unreadable');
    return null;
  }
}
