// Prints a PDF on a printer the person chooses in the system's dialog. The bytes stay in memory: no temporary file.
// Must not print by itself: every print is a person's choice.
import { BrowserWindow, session } from 'electron';
import { StationError } from '../contract/station-error.ts';
import { denyPermissions, pagePreferences } from './security.ts';

const PRINT_PAGE = 'app://station/print.pdf';

/** False when the person cancelled. Throws PRINTER_MISSING where no printer is set up. */
export async function printPdf(parent: BrowserWindow, title: string, bytes: Uint8Array): Promise<boolean> {
  if ((await parent.webContents.getPrintersAsync()).length === 0) throw new StationError('PRINTER_MISSING');
  const printSession = session.fromPartition(`print-${performance.now()}`);
  denyPermissions(printSession);
  printSession.protocol.handle('app', () => new Response(Buffer.from(bytes), { headers: { 'Content-Type': 'application/pdf' } }));
  // `plugins` is Chromium's own PDF view.
  const window = new BrowserWindow({
    parent,
    show: false,
    title,
    webPreferences: { ...pagePreferences, session: printSession, plugins: true },
  });
  try {
    await window.loadURL(PRINT_PAGE);
    return await new Promise((resolve, reject) => {
      window.webContents.print({ printBackground: true }, (success, reason) => {
        if (success || /cancel/i.test(reason)) resolve(success);
        else reject(new StationError('INTERNAL'));
      });
    });
  } finally {
    window.destroy();
  }
}
