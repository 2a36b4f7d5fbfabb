// Our pages under our own scheme: app://station for the application, app://pin and app://print for theirs.
// Must not answer with any file outside the built pages, whatever the path says.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Session } from 'electron';
import { pageFile } from './page-file.ts';

export const STATION_PAGE = 'app://station/index.html';
export const PIN_PAGE = 'app://pin/pin/index.html';
export const PRINT_PAGE = 'app://print/print/index.html';

/** No inline code, no eval, no other host. Pictures may come from memory: seal images and rendered pages do. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Must run before `ready`. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Each session partition has its own protocol handlers. */
export function servePages(session: Session, pagesDir: string): void {
  session.protocol.handle('app', async ({ method, url }) => {
    const file = pageFile(url, pagesDir);
    const contentType = contentTypes[path.extname(file ?? '')];
    if (method !== 'GET' || file === null || contentType === undefined) return new Response(null, { status: 404 });
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null) return new Response(null, { status: 404 });
    const headers = {
      'Content-Type': contentType,
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Opener-Policy': 'same-origin',
    };
    return new Response(bytes, { headers });
  });
}
