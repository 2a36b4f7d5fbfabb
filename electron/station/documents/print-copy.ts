// A sheet to print from a licence file (R13): the same page with the words that it is a print, the seal flattened into it,
// and nothing left that a program could take for the licence (no signature, fields, attachment or metadata).
// Must not change the licence file itself.
import { PDFDict, PDFDocument, PDFName, PDFNumber, type PDFPage, PDFRawStream, rgb } from '@cantoo/pdf-lib';
import { StationError } from '../../contract/station-error.ts';
import type { Day } from '../../contract/values.ts';
import { outlineOf } from './fonts/outline.ts';
import { chineseDate } from './layout/interpolate.ts';
import type { Renderer } from './renderer.ts';

const POINTS_PER_MM = 72 / 25.4;
const MARK_RED = rgb(0.78, 0.05, 0.05);

/** What every printed sheet says of itself (R13). */
export const printMark = (printedOn: Day): string => `电子证照打印件　打印日期：${chineseDate(printedOn)}　打印件不作为证照使用`;

export async function printCopy(r: Renderer, licencePdf: Uint8Array, o: { readonly printedOn: Day }): Promise<Uint8Array> {
  const source = await PDFDocument.load(licencePdf, { updateMetadata: false }).catch((cause: unknown) => {
    throw new StationError('FILE_UNREADABLE', {}, { cause });
  });
  const copy = await PDFDocument.create({ updateMetadata: false });
  // Before copying: a copied page would bring its annotations, and with them the signature, into the new file.
  for (const page of source.getPages()) flattenAnnotations(source, page);
  for (const page of await copy.copyPages(source, source.getPageIndices())) {
    const sheet = copy.addPage(page);
    markAsPrint(r, sheet, printMark(o.printedOn));
  }
  copy.setTitle('电子证照打印件', { showInWindowTitleBar: true });
  copy.setProducer(r.version);
  return copy.save({ useObjectStreams: false });
}

/** Draws what each annotation shows into the page and takes the annotation away. */
function flattenAnnotations(document: PDFDocument, page: PDFPage): void {
  const annotations = page.node.Annots();
  if (!annotations) return;
  for (let i = 0; i < annotations.size(); i++) {
    const annotation = annotations.lookupMaybe(i, PDFDict);
    const look = annotation?.lookupMaybe(PDFName.of('AP'), PDFDict)?.get(PDFName.of('N'));
    const rect = annotation?.get(PDFName.of('Rect'));
    const form = look && document.context.lookup(look);
    if (!annotation || !look || !rect || !(form instanceof PDFRawStream)) continue;
    const [left = 0, bottom = 0, right = 0, top = 0] = numbersOf(document, rect);
    const [x1 = 0, y1 = 0, x2 = 1, y2 = 1] = numbersOf(document, form.dict.get(PDFName.of('BBox')));
    const name = page.node.newXObject('Seal', document.context.getObjectRef(form) ?? document.context.register(form));
    const [sx, sy] = [(right - left) / (x2 - x1), (top - bottom) / (y2 - y1)];
    const operators = `q ${sx} 0 0 ${sy} ${left - x1 * sx} ${bottom - y1 * sy} cm ${name} Do Q\n`;
    page.node.addContentStream(document.context.register(document.context.stream(operators)));
  }
  page.node.delete(PDFName.of('Annots'));
}

function numbersOf(document: PDFDocument, array: unknown): readonly number[] {
  const found = array instanceof Object && 'asArray' in array ? array : undefined;
  if (!found) return [];
  return (found as { asArray(): readonly Parameters<typeof document.context.lookup>[0][] }).asArray().map((entry) => {
    const value = document.context.lookup(entry);
    return value instanceof PDFNumber ? value.asNumber() : 0;
  });
}

/** In outlines, so that no font need be added; above the border, where every face leaves the paper free. */
function markAsPrint(r: Renderer, page: PDFPage, text: string): void {
  const size = 3.6 * POINTS_PER_MM;
  const glyphs = [...text].map((character) => {
    const placed = r.fonts.glyphFor(character, 'bold');
    if (!placed) throw new StationError('CHARACTER_WITHOUT_GLYPH', { field: 'print', character });
    return placed;
  });
  let x = (page.getWidth() - glyphs.reduce((sum, glyph) => sum + glyph.advance, 0) * size) / 2;
  const y = page.getHeight() - 7 * POINTS_PER_MM;
  for (const { font: id, glyph, advance } of glyphs) {
    const font = r.fonts.font(id);
    const path = outlineOf(font, glyph)
      .map(([operator, ...numbers]) => operator + numbers.map((value, i) => (i % 2 === 0 ? value : -value)).join(' '))
      .join('');
    if (path !== '') page.drawSvgPath(path, { x, y, scale: size / font.unitsPerEm, color: MARK_RED, borderWidth: 0 });
    x += advance * size;
  }
}
