// Finds in a table the row that holds the headings and the licence type they belong to, and drops at once the values of
// columns that may not be kept (R06). Must not judge values.
import type { LicenceType } from '../../contract/catalogue.ts';
import type { ColumnMapping, TableView, TypeCandidate } from '../../contract/intake.ts';
import type { RulePack } from '../../contract/office.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Day, Sha256 } from '../../contract/values.ts';
import { type Catalogue, typeOn, typesOn } from '../catalogue/catalogue.ts';
import { headingKey } from '../catalogue/heading-key.ts';
import { headingsHash, mappingOf, matchColumns } from './columns.ts';
import { type Field, fieldsOf } from './fields.ts';
import { nextSlice } from './slices.ts';
import type { ParsedTable, Sheet, TableRow } from './table.ts';

/** Titles, units and blank rows above the headings are never more than this. */
const HEADER_SEARCH_ROWS = 40;
/** Share of the required fields that must be found before a type is offered, and how far the first must lead the second. */
const LEAST_SCORE = 0.5;
const CLEAR_LEAD = 0.15;
const LEAST_MATCHES = 3;
const ROWS_PER_SLICE = 4000;

export interface RecogniseContext {
  readonly catalogue: Catalogue;
  readonly pack: RulePack;
  readonly today: Day;
  /** The clerk's choice; without it the headings decide. */
  readonly typeId?: string;
  /** The clerk's choice: the heading row by its number in the sheet, even when it names nothing known (with `typeId`). */
  readonly headerRow?: number;
  /** A mapping kept from before for these headings, if any. */
  readonly keptMapping?: (hash: Sha256) => ColumnMapping | null;
  readonly signal?: AbortSignal;
}

export interface RecognisedTable {
  readonly view: TableView;
  readonly type: LicenceType;
  readonly headings: readonly string[];
  /** Data rows in order; cells of columns that are not allowed are empty. */
  readonly rows: readonly TableRow[];
  /** To recognise again as another type: the chosen sheet only, forbidden values gone. */
  readonly table: ParsedTable;
}

interface Found {
  readonly sheet: Sheet;
  /** Index among the sheet's rows. */
  readonly at: number;
  readonly type: LicenceType;
  readonly matched: number;
  readonly required: number;
  readonly score: number;
}

function scoreRow(fields: readonly Field[], row: TableRow): { matched: number; requiredFound: number } {
  const keys = new Set(row.cells.map(headingKey));
  const matched = fields.filter((field) => [...field.headings].some((h) => keys.has(h)));
  return { matched: matched.length, requiredFound: matched.filter((field) => field.required).length };
}

/** The best heading row for one type; visible sheets win a tie. */
function bestHeader(table: ParsedTable, type: LicenceType, headerRow: number | undefined): Found | null {
  const fields = fieldsOf(type);
  const required = fields.filter((field) => field.required).length;
  let best: Found | null = null;
  for (const sheet of [...table.sheets].sort((a, b) => Number(a.isHidden) - Number(b.isHidden))) {
    const depth = headerRow ?? HEADER_SEARCH_ROWS;
    for (const [at, row] of sheet.rows.slice(0, depth).entries()) {
      if (headerRow !== undefined && row.fileRow !== headerRow) continue;
      const { matched, requiredFound } = scoreRow(fields, row);
      if (matched > (best?.matched ?? (headerRow === undefined ? 0 : -1)))
        best = { sheet, at, type, matched, required, score: requiredFound / required };
    }
  }
  return best;
}

const asCandidate = (found: Found): TypeCandidate => ({
  typeId: found.type.id,
  name: found.type.name,
  nameEn: found.type.nameEn,
  matched: found.matched,
  required: found.required,
  score: found.score,
});

/**
 * @throws HEADER_NOT_FOUND (no row names any column of any type), TYPE_NOT_RECOGNISED (some are named, too few for a type),
 * FILE_EMPTY (headings without a row below), TYPE_NOT_IN_CATALOGUE (of the clerk's choice), CANCELLED
 */
export async function recogniseTable(table: ParsedTable, context: RecogniseContext): Promise<RecognisedTable> {
  const { catalogue, pack, today, typeId, headerRow } = context;
  const { fileName } = table;
  const all = typesOn(catalogue, today).flatMap(({ type }) => bestHeader(table, type, headerRow) ?? []);
  all.sort((a, b) => b.score - a.score || b.matched - a.matched);
  const offered = all.filter((f) => f.score >= LEAST_SCORE && f.matched >= LEAST_MATCHES);
  const first = typeId === undefined ? offered[0] : all.find((f) => f.type.id === typeId);
  if (first === undefined) {
    if (typeId !== undefined) typeOn(catalogue, typeId, today);
    // One chance match, as of a word in a sentence, is no heading row.
    const someMatch = all.some((f) => f.matched >= 2);
    throw new StationError(someMatch && typeId === undefined ? 'TYPE_NOT_RECOGNISED' : 'HEADER_NOT_FOUND', { fileName });
  }
  const second = offered.find((f) => f !== first);
  const isClear = typeId !== undefined || second === undefined || first.score - second.score >= CLEAR_LEAD;

  const header = first.sheet.rows[first.at];
  if (header === undefined) throw new StationError('HEADER_NOT_FOUND', { fileName });
  const headings = header.cells.map((cell) => cell.replace(/\s+/g, ' ').trim());
  const hash = headingsHash(headings);
  const kept = context.keptMapping?.(hash) ?? null;
  const columns = matchColumns(first.type, pack, headings, kept?.typeId === first.type.id ? kept : null);
  const forbidden = columns.filter((c) => c.verdict === 'notAllowed').map((c) => c.index);
  const rows = await dataRows(first.sheet.rows.slice(first.at + 1), header, forbidden, context.signal);
  if (rows.length === 0) throw new StationError('FILE_EMPTY', { fileName });

  const matched = new Set(columns.map((c) => c.field));
  const view: TableView = {
    fileName,
    format: table.format,
    sheet: first.sheet.name,
    sheets: table.sheets.map((sheet) => sheet.name),
    headerRow: header.fileRow,
    rows: rows.length,
    headingsHash: hash,
    candidates: (typeId === undefined ? offered : all).map(asCandidate),
    typeId: isClear ? first.type.id : null,
    columns,
    mapping: isClear ? mappingOf(first.type.id, headings, columns) : null,
    missing: fieldsOf(first.type).flatMap((f) => (f.required && !matched.has(f.key) ? [f.key] : [])),
  };
  const sheet: Sheet = { ...first.sheet, rows: [header, ...rows] };
  return { view, type: first.type, headings, rows, table: { ...table, sheets: [sheet] } };
}

/** Without repeated headings (printed registers have them on each page) and without forbidden values. */
async function dataRows(
  rows: readonly TableRow[],
  header: TableRow,
  forbidden: readonly number[],
  signal: AbortSignal | undefined,
): Promise<TableRow[]> {
  const kept: TableRow[] = [];
  for (const [i, row] of rows.entries()) {
    if (i % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await nextSlice(signal);
    if (row.cells[0] === header.cells[0] && row.cells.every((cell, c) => cell === header.cells[c])) continue;
    if (forbidden.length === 0) {
      kept.push(row);
      continue;
    }
    const cells = row.cells.map((cell, c) => (forbidden.includes(c) ? '' : cell));
    if (cells.some((cell) => cell.trim() !== '')) kept.push({ fileRow: row.fileRow, cells });
  }
  return kept;
}
