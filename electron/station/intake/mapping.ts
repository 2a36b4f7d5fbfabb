// Takes from the rows of a register only what the mapping names (R06): after this nothing else exists.
// Must not judge values.
import type { LicenceType } from '../../contract/catalogue.ts';
import type { ColumnMapping, FieldKey } from '../../contract/intake.ts';
import { StationError } from '../../contract/station-error.ts';
import { fieldsOf } from './fields.ts';
import type { RecognisedTable } from './recognise.ts';
import { nextSlice } from './slices.ts';
import type { TableRow } from './table.ts';

export interface MappedRow {
  /** 1-based among the data rows. */
  readonly row: number;
  readonly fileRow: number;
  /** As they stand in the file, before any normalisation; absent cells are ''. */
  readonly cells: Readonly<Record<FieldKey, string>>;
  /** Cells with text beyond the last heading of a CSV: the values have probably shifted. 0 when all is well. */
  readonly surplusCells: number;
}

export interface MappedTable {
  readonly type: LicenceType;
  readonly mapping: ColumnMapping;
  /** Heading of each mapped field, as in the file. */
  readonly headings: Readonly<Record<FieldKey, string>>;
  readonly rows: readonly MappedRow[];
}

const ROWS_PER_SLICE = 2000;

/** @throws INPUT_INVALID {field, problem: column-unknown | field-unknown | column-not-allowed | column-twice | other-headings} */
function checkMapping(recognised: RecognisedTable, mapping: ColumnMapping): void {
  const refuse = (field: string, problem: string): never => {
    throw new StationError('INPUT_INVALID', { field, problem });
  };
  if (mapping.headingsHash !== recognised.view.headingsHash || mapping.typeId !== recognised.type.id) refuse('mapping', 'other-headings');
  const fields = new Set(fieldsOf(recognised.type).map((f) => f.key));
  const used = new Set<number>();
  for (const [field, column] of Object.entries(mapping.columns)) {
    if (!fields.has(field)) refuse(field, 'field-unknown');
    const view = recognised.view.columns[column];
    if (view === undefined) refuse(field, 'column-unknown');
    if (view?.verdict === 'notAllowed') refuse(field, 'column-not-allowed');
    if (used.has(column)) refuse(field, 'column-twice');
    used.add(column);
  }
}

/**
 * @throws INPUT_INVALID (a mapping that does not fit this table), COLUMN_MISSING {columns} (names of required items without a
 * column), CANCELLED
 */
export async function applyMapping(recognised: RecognisedTable, mapping: ColumnMapping, signal?: AbortSignal): Promise<MappedTable> {
  checkMapping(recognised, mapping);
  const missing = fieldsOf(recognised.type).filter((f) => f.required && mapping.columns[f.key] === undefined);
  if (missing.length > 0) throw new StationError('COLUMN_MISSING', { columns: missing.map((f) => f.name).join('、') });
  const columns = Object.entries(mapping.columns);
  const width = recognised.headings.length;
  const isCsv = recognised.view.format.kind === 'csv';
  const rows: MappedRow[] = [];
  for (const [i, row] of recognised.rows.entries()) {
    if (i % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await nextSlice(signal);
    rows.push({ row: i + 1, fileRow: row.fileRow, cells: takeCells(row, columns), surplusCells: isCsv ? surplus(row, width) : 0 });
  }
  const headings = Object.fromEntries(columns.map(([field, column]) => [field, recognised.headings[column] ?? '']));
  return { type: recognised.type, mapping, headings, rows };
}

export function takeCells(row: TableRow, columns: readonly (readonly [FieldKey, number])[]): Record<FieldKey, string> {
  const cells: Record<FieldKey, string> = {};
  for (const [field, column] of columns) cells[field] = row.cells[column] ?? '';
  return cells;
}

const surplus = (row: TableRow, width: number): number =>
  row.cells.length <= width ? 0 : row.cells.slice(width).filter((cell) => cell.trim() !== '').length;
