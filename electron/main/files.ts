// Writes a file so that it is either the old one or the new one, whole, even when the power goes.
// Must not decide where: dialogs and workspace do.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { StationError } from '../contract/station-error.ts';

/** Throws DISK_FULL, or FILE_NOT_WRITTEN for any other reason. `mode` counts for a new file only. */
export async function writeWhole(target: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(4).toString('hex')}`);
  let file: FileHandle | undefined;
  try {
    file = await open(temporary, 'wx', mode);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    await file?.close();
    await rm(temporary, { force: true });
    const isFull = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    throw isFull
      ? new StationError('DISK_FULL', {}, { cause: error })
      : new StationError('FILE_NOT_WRITTEN', { fileName: path.basename(target) }, { cause: error });
  }
}

/** Why: the rename itself lives in the folder. Windows cannot open one and needs not. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
