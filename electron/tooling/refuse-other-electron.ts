// electron-builder's hook after it has laid out Electron: lets only the version pinned in package.json into a package.
// Must not mend anything: a wrong Electron ends the packing.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ownVersion } from './electron-runtime.ts';

/** electron-builder finds its hook by this name. */
export async function afterExtract({ appOutDir }: { readonly appOutDir: string }): Promise<void> {
  const found = readFileSync(path.join(appOutDir, 'version'), 'utf8').trim().replace(/^v/, '');
  const pinned = ownVersion();
  if (found !== pinned) throw new Error(`this would pack Electron ${found}; packages are made of Electron ${pinned} only`);
}
