// Licences: one is found and opened, handed over, its file saved; its two lives are read.
import type { ElectronApplication, Page } from 'playwright-core';
import { at, go, rowOf } from './frame.ts';

/** The list, whatever was open. */
export async function openList(page: Page): Promise<void> {
  await go(page, 'licences');
  if (await at(page, 'licence-back').isVisible()) await at(page, 'licence-back').click();
  await at(page, 'search').waitFor();
}

export async function openLicence(page: Page, text: string): Promise<void> {
  await openList(page);
  await at(page, 'search').fill(text);
  await rowOf(page, 'licences', text).dblclick();
  await at(page, 'screen-licence').waitFor();
}

/** The save dialogue answers with this place, as if the person had chosen it. */
export const answerSaveDialogue = (app: ElectronApplication, filePath: string): Promise<void> =>
  app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
  }, filePath);

/** A printer that writes what it is given to a PDF: what would lie in the tray. */
export const plugInPrinter = (app: ElectronApplication, filePath: string): Promise<void> =>
  app.evaluate(({ app: shell, BrowserWindow }, target) => {
    const { writeFileSync } = process.getBuiltinModule('node:fs');
    for (const { webContents } of BrowserWindow.getAllWindows())
      webContents.getPrintersAsync = () => Promise.resolve([{ name: 'tray', displayName: 'tray', description: '', options: {} }]);
    shell.on('browser-window-created', (_event, { webContents }) => {
      webContents.print = (options, done) => {
        // The product names its sheet in microns; printToPDF wants inches.
        const { width, height } = typeof options?.pageSize === 'object' ? options.pageSize : { width: 210_000, height: 297_000 };
        const pageSize = { width: width / 25_400, height: height / 25_400 };
        void webContents
          .printToPDF({ printBackground: true, margins: { top: 0, bottom: 0, left: 0, right: 0 }, pageSize })
          .then((bytes) => {
            writeFileSync(target, bytes);
            done?.(true, '');
          });
      };
    });
  }, filePath);

export async function handOver(page: Page): Promise<void> {
  await at(page, 'hand-over').click();
  await at(page, 'given-print').click();
  await at(page, 'hand-over-confirm').click();
  await at(page, 'hand-over-confirm').waitFor({ state: 'detached' });
}
