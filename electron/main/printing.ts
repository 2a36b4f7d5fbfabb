// Prints a PDF on a printer the person chooses in the system's dialog. The bytes stay in memory: no temporary file.
// Must not print by itself: every print is a person's choice.
import path from 'node:path';
import { app, BrowserWindow, session } from 'electron';
import { z } from 'zod';
import type { SheetSize } from '../contract/print-bridge.ts';
import { StationError } from '../contract/station-error.ts';
import { PRINT_PAGE, servePages } from './pages.ts';
import { denyPermissions, pagePreferences } from './security.ts';

const DRAW_LIMIT_MS = 60_000;
const MICRONS = 1_000;

const Sheet = z.strictObject({ widthMm: z.number().min(20).max(2_000), heightMm: z.number().min(20).max(2_000) });

/** False when the person cancelled. Throws PRINTER_MISSING where no printer is set up. */
export async function printPdf(parent: BrowserWindow, title: string, bytes: Uint8Array): Promise<boolean> {
  if ((await parent.webContents.getPrintersAsync()).length === 0) throw new StationError('PRINTER_MISSING');
  const { window, sheet } = await openPrintPage(title, bytes);
  try {
    const pageSize = { width: Math.round(sheet.widthMm * MICRONS), height: Math.round(sheet.heightMm * MICRONS) };
    return await new Promise((resolve, reject) => {
      window.webContents.print({ printBackground: true, margins: { marginType: 'none' }, pageSize }, (success, reason) => {
        if (success || /cancel/i.test(reason)) resolve(success);
        else reject(new StationError('INTERNAL', {}, { cause: new Error(reason) }));
      });
    });
  } finally {
    window.destroy();
  }
}

/**
 * Why not Chromium's own PDF view: printed from a hidden window it gives empty sheets (seen on Electron 33). Our own page
 * draws what the window shows elsewhere, with the same library.
 */
async function openPrintPage(title: string, bytes: Uint8Array): Promise<{ readonly window: BrowserWindow; readonly sheet: SheetSize }> {
  const printSession = session.fromPartition('print');
  if (!printSession.protocol.isProtocolHandled('app')) servePages(printSession, path.join(app.getAppPath(), 'out/renderer'));
  denyPermissions(printSession);
  const preload = path.join(app.getAppPath(), 'out/print-preload.cjs');
  const window = new BrowserWindow({ show: false, title, webPreferences: { ...pagePreferences, session: printSession, preload } });
  try {
    return { window, sheet: await drawn(window, bytes) };
  } catch (error) {
    window.destroy();
    throw error;
  }
}

function drawn(window: BrowserWindow, bytes: Uint8Array): Promise<SheetSize> {
  const { ipc } = window.webContents;
  ipc.handle('print:bytes', () => bytes);
  return new Promise((resolve, reject) => {
    const fail = (why: string) => () => reject(new StationError('INTERNAL', {}, { cause: new Error(why) }));
    const limit = setTimeout(fail('drawing took too long'), DRAW_LIMIT_MS);
    window.once('closed', () => clearTimeout(limit));
    window.webContents.once('render-process-gone', fail('the print page ended'));
    ipc.once('print:failed', fail('the PDF could not be drawn'));
    ipc.once('print:drawn', (_event, raw: unknown) => {
      const sheet = Sheet.safeParse(raw);
      if (sheet.success) resolve(sheet.data);
      else fail('the sheet has no size')();
    });
    window.loadURL(PRINT_PAGE).catch(fail('the print page did not load'));
  });
}
