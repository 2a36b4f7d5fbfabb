// Writes one sheet of text cells as .xlsx. Every cell is text, so no program turns an id number into a rounded number or runs
// anything. Must not know what the cells mean. Spec: ECMA-376 part 1, 18.
import { nextSlice } from './slices.ts';
import { writeZip } from './zip-write.ts';

export interface TextSheet {
  readonly name: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns from 0 that are there for the program, not for the person. */
  readonly hiddenColumns: readonly number[];
}

const ROWS_PER_SLICE = 500;
/** Excel calls a file with a longer cell damaged. */
const MAX_CELL_CHARS = 32_000;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE_RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE_RELS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const hex4 = (unit: string): string => `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;

/** XML escapes, and the _xHHHH_ escapes for what XML cannot hold and for texts that look like one. */
const cellXml = (text: string): string =>
  (text.length > MAX_CELL_CHARS ? [...text].slice(0, MAX_CELL_CHARS / 2).join('') : text)
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, hex4)
    .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

const rowXml = (cells: readonly string[], style: number): string =>
  `<row>${cells.map((text) => `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${cellXml(text)}</t></is></c>`).join('')}</row>`;

function columnXml(sheet: TextSheet): string {
  return sheet.headings
    .map((heading, i) => {
      const longest = Math.max(heading.length, ...sheet.rows.slice(0, 50).map((row) => row[i]?.length ?? 0));
      // Han characters are two digits wide.
      const width = Math.min(60, Math.max(8, longest * 2));
      return `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1" style="1"${sheet.hiddenColumns.includes(i) ? ' hidden="1"' : ''}/>`;
    })
    .join('');
}

/** Style 1 is text (format 49, `@`), style 2 the same in bold for the headings. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`;

/** @throws CANCELLED */
export async function writeXlsx(sheet: TextSheet, signal?: AbortSignal): Promise<Uint8Array> {
  const rows: string[] = [rowXml(sheet.headings, 2)];
  for (const [i, cells] of sheet.rows.entries()) {
    if (i % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await nextSlice(signal);
    rows.push(rowXml(cells, 1));
  }
  const view =
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
  const sheetXml = `${XML}<worksheet xmlns="${MAIN}">${view}<cols>${columnXml(sheet)}</cols><sheetData>${rows.join('')}</sheetData></worksheet>`;
  // Excel refuses these in the name of a sheet, and more than 31 characters.
  const name = cellXml([...sheet.name.replace(/[[\]:*?/\\']/g, ' ')].slice(0, 31).join(''));
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${OFFICE_RELS}/${type}" Target="${target}"/>`;
  const files: Readonly<Record<string, string>> = {
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${CONTENT}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${CONTENT}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${CONTENT}.styles+xml"/></Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE_RELS}">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE_RELS}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE_RELS}">${relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}${relation('rId2', 'styles', 'styles.xml')}</Relationships>`,
    'xl/styles.xml': STYLES,
    'xl/worksheets/sheet1.xml': sheetXml,
  };
  return writeZip(Object.entries(files).map(([file, xml]) => ({ name: file, bytes: Buffer.from(xml, 'utf8') })));
}
