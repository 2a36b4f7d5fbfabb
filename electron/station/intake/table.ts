// A file of rows and cells as text, before anyone knows what the columns mean; and its limits.
// Lives only inside a running intake: it may still hold columns that may not be kept (R06). Must never cross RPC or be stored.
import type { TableFormat } from '../../contract/intake.ts';

export const MAX_FILE_BYTES = 32 * 1024 * 1024;
/** Rows of all sheets together. */
export const MAX_ROWS = 200_000;
/** Cells beyond are not read: no register is that wide. */
export const MAX_COLUMNS = 256;

export interface TableRow {
  /** 1-based as a spreadsheet program counts; for CSV the record's number. */
  readonly fileRow: number;
  /** Dates of spreadsheet cells are `YYYY-MM-DD` or `YYYY-MM-DD hh:mm:ss`; everything else as shown. */
  readonly cells: readonly string[];
}

export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Rows without any text are left out. */
  readonly rows: readonly TableRow[];
}

export interface ParsedTable {
  readonly fileName: string;
  readonly format: TableFormat;
  readonly sheets: readonly Sheet[];
}
