// Judges all rows of a mapped register in slices, so that ten thousand rows never hold the event loop, and can be stopped.
// Must not keep rows: each batch is the caller's.
import type { RowCounts } from '../../contract/intake.ts';
import { rememberGlyphs } from './characters.ts';
import { type CheckedRow, checkRow, type MatterIdentity, type RowContext } from './check-row.ts';
import type { MappedTable } from './mapping.ts';
import { nextSlice } from './slices.ts';

export interface RowBatch {
  readonly rows: readonly CheckedRow[];
  readonly done: number;
  readonly total: number;
}

/** 1-2 ms once warm; the first slices, not yet compiled, take about ten times as long. */
const ROWS_PER_SLICE = 50;

export const identityKey = (identity: MatterIdentity): string =>
  `${identity.typeId}\u001f${identity.holderCode}\u001f${identity.matterNumber}`;

/** Remembers the first row of each matter; the first stays good whatever follows. */
export function createFirstRows(): RowContext['firstRowInFile'] {
  const first = new Map<string, number>();
  return (identity, row) => {
    const key = identityKey(identity);
    const known = first.get(key);
    if (known !== undefined && known !== row) return known;
    first.set(key, row);
    return null;
  };
}

/** Batches in order of rows. @throws CANCELLED between two batches. */
export async function* checkRows(
  table: MappedTable,
  context: Omit<RowContext, 'firstRowInFile'>,
  signal?: AbortSignal,
): AsyncGenerator<RowBatch, void> {
  const total = table.rows.length;
  const runContext: RowContext = { ...context, missingGlyphs: rememberGlyphs(context.missingGlyphs), firstRowInFile: createFirstRows() };
  for (let at = 0; at < total; at += ROWS_PER_SLICE) {
    await nextSlice(signal);
    const rows = table.rows.slice(at, at + ROWS_PER_SLICE).map((row) => checkRow(table.type, row, runContext));
    yield { rows, done: at + rows.length, total };
  }
}

const isDuplicate = (row: CheckedRow): boolean => row.faults.some((f) => f.code === 'DUPLICATE_IN_FILE' || f.code === 'DUPLICATE_IN_STORE');

export function countRows(rows: Iterable<CheckedRow>): RowCounts {
  const counts = { rows: 0, good: 0, normalised: 0, faulty: 0, duplicates: 0 };
  for (const row of rows) {
    counts.rows++;
    counts[row.verdict]++;
    if (isDuplicate(row)) counts.duplicates++;
  }
  return counts;
}
