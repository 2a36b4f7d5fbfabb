// Reads the sheets of an .xlsx workbook as text rows, streaming, within fixed bounds. Formulas, macros, links and pictures are
// never touched. Must not know headings. Spec: ECMA-376 part 1, 18 (SpreadsheetML).
// Why not a spreadsheet library: those parse the whole workbook in one blocking run and inflate without a bound.
import { StationError } from '../../contract/station-error.ts';
import { nextSlice } from './slices.ts';
import { MAX_COLUMNS, MAX_ROWS, type Sheet, type TableRow } from './table.ts';
import { type NumberStyle, numberStyle, numberToText, unescapeCell } from './xlsx-cells.ts';
import { attribute, createXmlScanner, unescapeXml, type XmlHandler } from './xml-scan.ts';
import { BrokenZip, readZipEntry, type ZipEntry, ZipTooLarge } from './zip.ts';

/** Of all parts together, inflated. A sheet of 100,000 rows with 20 columns is about 120 MB. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_SHEETS = 32;
/** Pieces of text given to the scanner between two turns of the event loop, in characters. */
const PUSH_CHARS = 32 * 1024;

export type Zip = ReadonlyMap<string, ZipEntry>;

interface Reading {
  readonly bytes: Uint8Array;
  readonly zip: Zip;
  readonly signal: AbortSignal | undefined;
  /** Inflated bytes so far. */
  unfolded: number;
}

async function scanPart(reading: Reading, name: string, handler: XmlHandler): Promise<void> {
  const entry = reading.zip.get(name);
  if (entry === undefined) throw new BrokenZip(`part ${name} is missing`);
  reading.unfolded += entry.size;
  if (reading.unfolded > MAX_BYTES) throw new ZipTooLarge(reading.unfolded, MAX_BYTES);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const scanner = createXmlScanner(handler);
  for await (const piece of readZipEntry(reading.bytes, entry, reading.signal)) {
    const text = decoder.decode(piece, { stream: true });
    for (let at = 0; at < text.length; at += PUSH_CHARS) {
      if (at > 0) await nextSlice(reading.signal);
      scanner.push(text.slice(at, at + PUSH_CHARS));
    }
  }
  scanner.push(decoder.decode());
  scanner.end();
}

const nothing = (): void => undefined;

/** Relationship targets of a part, by id, as names inside the zip. */
async function relationships(reading: Reading, part: string): Promise<Map<string, { readonly type: string; readonly target: string }>> {
  const folder = part.includes('/') ? part.slice(0, part.lastIndexOf('/')) : '';
  const relsPart = `${folder === '' ? '' : `${folder}/`}_rels/${part.slice(part.lastIndexOf('/') + 1)}.rels`;
  const found = new Map<string, { type: string; target: string }>();
  if (!reading.zip.has(relsPart)) return found;
  await scanPart(reading, relsPart, {
    open(name, attributes) {
      if (name !== 'Relationship') return;
      const target = attribute(attributes, 'Target') ?? '';
      const type = attribute(attributes, 'Type') ?? '';
      const path = target.startsWith('/') ? target : `${folder}/${target}`;
      const steps: string[] = [];
      for (const step of path.split('/')) {
        if (step === '..') steps.pop();
        else if (step !== '' && step !== '.') steps.push(step);
      }
      found.set(attribute(attributes, 'Id') ?? '', { type: type.slice(type.lastIndexOf('/') + 1), target: steps.join('/') });
    },
    text: nothing,
    close: nothing,
  });
  return found;
}

async function readStyles(reading: Reading, part: string): Promise<NumberStyle[]> {
  const codes = new Map<number, string>();
  const styles: NumberStyle[] = [];
  let isInCellFormats = false;
  await scanPart(reading, part, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '');
      else if (name === 'cellXfs') isInCellFormats = true;
      else if (name === 'xf' && isInCellFormats) {
        const id = Number(attribute(attributes, 'numFmtId') ?? '0');
        styles.push(numberStyle(id, codes.get(id)));
      }
    },
    text: nothing,
    close(name) {
      if (name === 'cellXfs') isInCellFormats = false;
    },
  });
  return styles;
}

async function readSharedStrings(reading: Reading, part: string): Promise<string[]> {
  const strings: string[] = [];
  let current = '';
  let isText = false;
  let phonetic = 0;
  await scanPart(reading, part, {
    open(name) {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't') isText = phonetic === 0;
    },
    text(raw) {
      if (isText) current += raw;
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'rPh') phonetic--;
      else if (name === 'si') strings.push(unescapeCell(unescapeXml(current)));
    },
  });
  return strings;
}

/** Column of a reference such as AB12, from 0; -1 when it has no letters. */
function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const c = reference.charCodeAt(i);
    if (c < 65 || c > 90) break;
    column = column * 26 + (c - 64);
  }
  return column - 1;
}

interface SheetContext {
  readonly strings: readonly string[];
  readonly styles: readonly NumberStyle[];
  readonly is1904: boolean;
  /** Rows that may still be read. @see MAX_ROWS */
  readonly rowsLeft: number;
}

async function readSheetRows(reading: Reading, part: string, context: SheetContext): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  let fileRow = 0;
  let cells: string[] = [];
  let column = -1;
  let type = '';
  let style: NumberStyle = 'plain';
  let raw = '';
  let isValue = false;
  let phonetic = 0;

  const cellText = (): string => {
    const text = unescapeXml(raw);
    if (type === 's') return context.strings[Number(text)] ?? '';
    if (type === 'str' || type === 'inlineStr') return unescapeCell(text);
    if (type === 'b') return text === '1' ? 'TRUE' : 'FALSE';
    if (type === 'd') return text.replace(/T00:00:00(\.0+)?Z?$/, '').replace('T', ' ');
    return type === 'e' ? text : numberToText(text, style, context.is1904);
  };

  await scanPart(reading, part, {
    open(name, attributes) {
      if (name === 'c') {
        const reference = attribute(attributes, 'r');
        const at = reference === undefined ? -1 : columnOf(reference);
        column = at >= 0 ? at : column + 1;
        type = attribute(attributes, 't') ?? 'n';
        style = context.styles[Number(attribute(attributes, 's') ?? '0')] ?? 'plain';
        raw = '';
      } else if (name === 'v' || name === 't') isValue = phonetic === 0;
      else if (name === 'rPh') phonetic++;
      else if (name === 'row') {
        const r = Number(attribute(attributes, 'r'));
        fileRow = Number.isInteger(r) && r > 0 ? r : fileRow + 1;
        cells = [];
        column = -1;
      }
    },
    text(piece) {
      if (isValue) raw += piece;
    },
    close(name) {
      if (name === 'c') {
        if (raw !== '' && column < MAX_COLUMNS) {
          while (cells.length < column) cells.push('');
          cells[column] = cellText();
        }
      } else if (name === 'v' || name === 't') isValue = false;
      else if (name === 'rPh') phonetic--;
      else if (name === 'row' && cells.some((cell) => cell.trim() !== '')) {
        rows.push({ fileRow, cells });
        if (rows.length > context.rowsLeft) throw new StationError('TOO_MANY_ROWS', { rows: MAX_ROWS + 1, limit: MAX_ROWS });
      }
    },
  });
  return rows;
}

/** @throws BrokenZip, BrokenXml, ZipTooLarge, TypeError (bytes that are no UTF-8), TOO_MANY_ROWS, CANCELLED */
export async function readXlsx(bytes: Uint8Array, zip: Zip, signal: AbortSignal | undefined): Promise<Sheet[]> {
  const reading: Reading = { bytes, zip, signal, unfolded: 0 };
  const root = [...(await relationships(reading, '')).values()].find((r) => r.type === 'officeDocument');
  const workbook = root?.target ?? 'xl/workbook.xml';
  const parts = await relationships(reading, workbook);
  const found: { name: string; isHidden: boolean; part: string }[] = [];
  let is1904 = false;
  await scanPart(reading, workbook, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
      if (name !== 'sheet' || found.length >= MAX_SHEETS) return;
      // The relationship's id; sheetId is another number. Chart sheets have other relationship types and are skipped.
      const relation = parts.get(attribute(attributes, 'id') ?? '');
      if (relation?.type !== 'worksheet') return;
      const isHidden = (attribute(attributes, 'state') ?? 'visible') !== 'visible';
      found.push({ name: attribute(attributes, 'name') ?? '', isHidden, part: relation.target });
    },
    text: nothing,
    close: nothing,
  });
  const partOf = (type: string): string | undefined => {
    const target = [...parts.values()].find((r) => r.type === type)?.target;
    return target !== undefined && zip.has(target) ? target : undefined;
  };
  const stylesPart = partOf('styles');
  const stringsPart = partOf('sharedStrings');
  const styles = stylesPart === undefined ? [] : await readStyles(reading, stylesPart);
  const strings = stringsPart === undefined ? [] : await readSharedStrings(reading, stringsPart);
  const sheets: Sheet[] = [];
  let rowsLeft = MAX_ROWS;
  for (const { name, isHidden, part } of found) {
    const rows = await readSheetRows(reading, part, { strings, styles, is1904, rowsLeft });
    rowsLeft -= rows.length;
    sheets.push({ name, isHidden, rows });
  }
  return sheets;
}
