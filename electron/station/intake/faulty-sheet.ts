// The sheet of faulty rows that goes back to the one who can mend them, and the mended sheet that returns: it replaces just
// those rows. Must not hold columns that were not mapped (R06) nor words: they are passed in.
import type { ColumnMapping, FieldKey, RowFault } from '../../contract/intake.ts';
import { StationError } from '../../contract/station-error.ts';
import { headingKey } from '../catalogue/heading-key.ts';
import { type MappedRow, takeCells } from './mapping.ts';
import type { ParsedTable, TableRow } from './table.ts';
import { writeXlsx } from './xlsx-write.ts';

/** Heading of the hidden last column; read by this program only, so the same in every language. */
const REFERENCE_HEADING = 'banjie:row';

export interface SheetWords {
  readonly sheetName: string;
  readonly reasonHeading: string;
  readonly reason: (fault: RowFault) => string;
}

export interface FaultyRow {
  readonly row: number;
  /** As in the file, or as last mended. */
  readonly cells: Readonly<Record<FieldKey, string>>;
  readonly faults: readonly RowFault[];
}

export interface FaultySheet {
  /** Says which import the rows belong to; comes back with the sheet. Without `/`. */
  readonly reference: string;
  readonly mapping: ColumnMapping;
  readonly headings: Readonly<Record<FieldKey, string>>;
  readonly rows: readonly FaultyRow[];
}

/** Full-width forms too: spreadsheet programs in East Asian settings take them for the sign. */
const RISKY = /^'*[=+\-@\t\r＝＋－＠]/;
/** A text that a program could take for a formula, should the sheet be saved as CSV, gets one apostrophe; taken off on return. */
const guard = (text: string): string => (RISKY.test(text) ? `'${text}` : text);
const unguard = (text: string): string => (text.startsWith("'") && RISKY.test(text) ? text.slice(1) : text);

/** Original columns that may be kept, in their order, then the reason in words, then the hidden reference. @throws CANCELLED */
export function exportFaultyRows(sheet: FaultySheet, words: SheetWords, signal?: AbortSignal): Promise<Uint8Array> {
  const fields = Object.entries(sheet.mapping.columns)
    .sort((a, b) => a[1] - b[1])
    .map(([field]) => field);
  const rows = sheet.rows.map((row) => [
    ...fields.map((field) => guard(row.cells[field] ?? '')),
    guard(row.faults.map(words.reason).join('；')),
    `${sheet.reference}/${row.row}`,
  ]);
  const headings = [...fields.map((field) => guard(sheet.headings[field] ?? field)), words.reasonHeading, REFERENCE_HEADING];
  return writeXlsx({ name: words.sheetName, headings, rows, hiddenColumns: [headings.length - 1] }, signal);
}

export interface MendedTable {
  readonly reference: string;
  readonly headings: readonly string[];
  /** By the row they replace; each row once. */
  readonly rows: readonly { readonly row: number; readonly source: TableRow }[];
  /** Rows of the sheet that name no row of this import, or one named before: they replace nothing. */
  readonly strangers: readonly number[];
}

/** null when the table is no mended sheet: then it is an ordinary register. Works for a sheet saved as CSV as well. */
export function recogniseMended(table: ParsedTable): MendedTable | null {
  for (const sheet of table.sheets) {
    const at = sheet.rows.slice(0, 5).findIndex((row) => row.cells.some((cell) => cell.trim() === REFERENCE_HEADING));
    const header = sheet.rows[at];
    if (header === undefined) continue;
    const column = header.cells.findIndex((cell) => cell.trim() === REFERENCE_HEADING);
    const mended = readReferences(sheet.rows.slice(at + 1), column);
    if (mended !== null) return { ...mended, headings: header.cells.map(unguard) };
  }
  return null;
}

function readReferences(rows: readonly TableRow[], column: number): Omit<MendedTable, 'headings'> | null {
  let reference: string | null = null;
  const found = new Map<number, TableRow>();
  const strangers: number[] = [];
  for (const source of rows) {
    const m = /^([^/\s]+)\/([1-9]\d{0,8})$/.exec(source.cells[column]?.trim() ?? '');
    const [, of = '', row = ''] = m ?? [];
    if (of !== '') reference ??= of;
    if (of === '' || of !== reference || found.has(Number(row))) strangers.push(source.fileRow);
    else found.set(Number(row), { fileRow: source.fileRow, cells: source.cells.map(unguard) });
  }
  return reference === null ? null : { reference, rows: [...found].map(([row, source]) => ({ row, source })), strangers };
}

/**
 * The mended rows under the mapping of the import they came from; columns are found again by heading, so they may have been
 * moved. `fileRow` is the one in the mended sheet. @throws COLUMN_MISSING {columns} when a mapped column was deleted.
 */
export function mendedRows(mended: MendedTable, headings: Readonly<Record<FieldKey, string>>): MappedRow[] {
  const keys = mended.headings.map(headingKey);
  const columns = Object.entries(headings).map(([field, heading]) => [field, keys.indexOf(headingKey(heading))] as const);
  const missing = columns.filter(([, column]) => column < 0).map(([field]) => headings[field] ?? field);
  if (missing.length > 0) throw new StationError('COLUMN_MISSING', { columns: missing.join('、') });
  return mended.rows.map(({ row, source }) => ({ row, fileRow: source.fileRow, cells: takeCells(source, columns), surplusCells: 0 }));
}
