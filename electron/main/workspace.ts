// The folder in which everything of this station lies, and the key of its database.
// Must not open the database: only the station does. The key never leaves this computer's user.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { app, safeStorage } from 'electron';
import { StationError } from '../contract/station-error.ts';
import { Profile } from '../contract/values.ts';
import type { Log } from '../rpc/log.ts';
import { writeWhole } from './files.ts';
import { keptProfile } from './station-file.ts';

export interface Workspace {
  readonly profile: Profile;
  /** Holds station.json and one folder for each profile: their workspaces can never be mixed. */
  readonly baseDir: string;
  readonly stationFileDamaged: boolean;
  readonly dir: string;
  readonly logDir: string;
  readonly preferencesPath: string;
}

const KEY_BYTES = 32;

/**
 * The profile of `--profile=`, else of station.json, else training. `--workspace=DIR` lets tests and a second training have
 * their own base folder. Null when `--profile=` names none.
 */
export function openWorkspace(): Workspace | null {
  const baseDir = path.resolve(app.commandLine.getSwitchValue('workspace') || app.getPath('userData'));
  const kept = keptProfile(baseDir);
  const asked = app.commandLine.hasSwitch('profile') ? Profile.safeParse(app.commandLine.getSwitchValue('profile')) : undefined;
  if (asked?.success === false) return null;
  // Why training for a damaged file: it says so in every corner of the window, and the way to the office is on its first page.
  const profile = asked?.data ?? (kept === null || kept === 'damaged' ? 'training' : kept);
  const dir = path.join(baseDir, profile);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // A folder from before may be open to others.
  chmodSync(dir, 0o700);
  const stationFileDamaged = kept === 'damaged';
  return { profile, baseDir, stationFileDamaged, dir, logDir: path.join(dir, 'logs'), preferencesPath: path.join(dir, 'preferences.json') };
}

/**
 * The database key, made at the first start. It is wrapped by the system's key ring where there is one. Where there is
 * none, training and acceptance go on with a file only this user can read, and the log says so: neither can ever become a
 * production workspace. Production refuses (STORE_KEY_UNAVAILABLE), and never reads such a file.
 */
export async function databaseKey(workspace: Workspace, log: Log): Promise<Uint8Array<ArrayBuffer>> {
  const wrappedPath = path.join(workspace.dir, 'database-key.wrapped');
  const plainPath = path.join(workspace.dir, 'database-key.plain');
  if (existsSync(wrappedPath)) return unwrapped(wrappedPath);
  if (workspace.profile !== 'production' && existsSync(plainPath)) {
    log('warn', 'workspace.keyInFile');
    return keyOf(readFileSync(plainPath, 'utf8'));
  }
  const key = randomBytes(KEY_BYTES);
  if (hasKeyRing()) await writeWhole(wrappedPath, safeStorage.encryptString(key.toString('hex')), 0o600);
  else if (workspace.profile !== 'production') {
    log('warn', 'workspace.keyInFile');
    await writeWhole(plainPath, key.toString('hex'), 0o600);
  } else throw new StationError('STORE_KEY_UNAVAILABLE');
  return new Uint8Array(key);
}

/** `basic_text` is Chromium's fallback with a password everybody knows. */
function hasKeyRing(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text';
}

function unwrapped(file: string): Uint8Array<ArrayBuffer> {
  try {
    return keyOf(safeStorage.decryptString(readFileSync(file)));
  } catch (error) {
    if (error instanceof StationError) throw error;
    throw new StationError('STORE_KEY_UNAVAILABLE', {}, { cause: error });
  }
}

function keyOf(hex: string): Uint8Array<ArrayBuffer> {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new StationError('STORE_WRONG_KEY');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
