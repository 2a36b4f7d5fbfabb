// From an address of our own scheme to a file of the built pages.
// Must not lead out of the folder, whatever the address says.
import path from 'node:path';

const HOSTS: readonly string[] = ['station', 'pin', 'print'];

/** Null for what is not ours or points out of the folder. */
export function pageFile(rawUrl: string, pagesDir: string): string | null {
  const url = new URL(rawUrl);
  if (!HOSTS.includes(url.host)) return null;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (name.includes('\0')) return null;
  const file = path.join(pagesDir, name === '/' ? 'index.html' : name);
  return file.startsWith(pagesDir + path.sep) ? file : null;
}
