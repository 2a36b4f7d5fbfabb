// station.json beside the workspaces: which of this computer's lives the program opens when it is not told.
// Must not decide whether a workspace can be opened: the station does.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Profile } from '../contract/values.ts';
import { writeWhole } from './files.ts';

const StationFile = z.strictObject({ profile: Profile });
const stationFile = (baseDir: string): string => path.join(baseDir, 'station.json');

/** Null where there is none, 'damaged' where it says nothing we know. */
export function keptProfile(baseDir: string): Profile | 'damaged' | null {
  try {
    return StationFile.parse(JSON.parse(readFileSync(stationFile(baseDir), 'utf8'))).profile;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? null : 'damaged';
  }
}

export const keepProfile = (baseDir: string, profile: Profile): Promise<void> =>
  writeWhole(stationFile(baseDir), `${JSON.stringify({ profile })}\n`);
