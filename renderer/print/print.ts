// The print page, never shown: draws every page of a PDF at printer resolution, then tells the shell to print it.
// Must not change what it draws.
import { GlobalWorkerOptions, getDocument, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';
import type { PrintBridge, SheetSize } from '../../electron/contract/print-bridge.ts';

declare global {
  interface Window {
    readonly printing: PrintBridge;
  }
}

GlobalWorkerOptions.workerSrc = workerUrl;

const DOTS_PER_INCH = 300;
const POINTS_PER_INCH = 72;
const MM_PER_INCH = 25.4;

async function draw(page: PDFPageProxy): Promise<SheetSize> {
  const viewport = page.getViewport({ scale: DOTS_PER_INCH / POINTS_PER_INCH });
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const sheet = { widthMm: (viewport.width / DOTS_PER_INCH) * MM_PER_INCH, heightMm: (viewport.height / DOTS_PER_INCH) * MM_PER_INCH };
  canvas.style.width = `${sheet.widthMm}mm`;
  // A hair less than the sheet: rounded up it would push an empty one after it.
  canvas.style.height = `${sheet.heightMm - 0.2}mm`;
  document.body.append(canvas);
  await page.render({ canvas, viewport, intent: 'print' }).promise;
  return sheet;
}

async function drawAll(): Promise<void> {
  const pdf = await getDocument({ data: await window.printing.bytes(), useWasm: false, useSystemFonts: true }).promise;
  let first: SheetSize | undefined;
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const sheet = await draw(await pdf.getPage(number));
    first ??= sheet;
  }
  if (first === undefined) throw new Error('the PDF has no page');
  window.printing.drawn(first);
}

drawAll().catch(() => window.printing.failed());
