// Imports and their rows, and kept column mappings. Only matched columns ever get here (R06).
import { z } from 'zod';
import { ImportView } from '../../../contract/import.ts';
import { ColumnView, FieldKey, Normalisation, RowFault, TableFormat } from '../../../contract/intake.ts';
import { ImportId, Instant, LicenceId, PersonId } from '../../../contract/values.ts';
import { all, count, first, type Query, type ReadDb, run, runOne, sql, sqlJoin, type WriteDb } from '../database.ts';

const json = <S extends z.ZodType>(schema: S) => z.string().transform((text) => schema.parse(JSON.parse(text)));

const ImportRecord = z.object({
  id: ImportId,
  fileName: z.string(),
  formatJson: json(TableFormat),
  typeId: z.string().nullable(),
  headerRow: z.number(),
  columnsJson: json(z.array(ColumnView)),
  mends: ImportId.nullable(),
  state: ImportView.shape.state,
  rowCount: z.number(),
  personId: PersonId,
  createdAt: Instant,
});
export type ImportRecord = z.infer<typeof ImportRecord>;

export interface NewImport {
  readonly id: string;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly format: TableFormat;
  readonly typeId: string | null;
  readonly headerRow: number;
  readonly columns: readonly ColumnView[];
  readonly mends: string | null;
  readonly rowCount: number;
  readonly personId: string;
  readonly at: string;
}

/** Inserts, or replaces what was recognised while the import is still being mapped. */
export const saveImport = (db: WriteDb, i: NewImport): number =>
  run(
    db,
    sql`INSERT INTO import (id, file_name, file_sha256, format_json, type_id, header_row, columns_json, mends, state, row_count, person_id, created_at)
      VALUES (${i.id}, ${i.fileName}, ${i.fileSha256}, ${JSON.stringify(i.format)}, ${i.typeId}, ${i.headerRow}, ${JSON.stringify(i.columns)}, ${i.mends}, 'mapping', ${i.rowCount}, ${i.personId}, ${i.at})
      ON CONFLICT (id) DO UPDATE SET format_json = excluded.format_json, type_id = excluded.type_id, header_row = excluded.header_row, columns_json = excluded.columns_json, mends = excluded.mends, state = 'mapping', row_count = excluded.row_count`,
  );
export const importById = (db: ReadDb, id: string): ImportRecord | undefined =>
  first(db, ImportRecord, sql`SELECT * FROM import WHERE id = ${id}`);
export const recentImports = (db: ReadDb, limit: number): readonly ImportRecord[] =>
  all(db, ImportRecord, sql`SELECT * FROM import WHERE state <> 'abandoned' ORDER BY created_at DESC LIMIT ${limit}`);
export const stepImport = (db: WriteDb, id: string, from: readonly string[], to: string): void =>
  runOne(
    db,
    sql`UPDATE import SET state = ${to} WHERE id = ${id} AND state IN (${{ text: from.map(() => '?').join(', '), values: from }})`,
  );
/** As `stepImport`, for the end of a job: the import may have gone another way meanwhile. */
export const tryStepImport = (db: WriteDb, id: string, from: string, to: string): number =>
  run(db, sql`UPDATE import SET state = ${to} WHERE id = ${id} AND state = ${from}`);
/** Checks that a crash cut off: they are begun again by the clerk. */
export const interruptChecks = (db: WriteDb): number => run(db, sql`UPDATE import SET state = 'mapping' WHERE state = 'checking'`);

const RowRecord = z.object({
  matterNumber: z.string().nullable(),
  holderCode: z.string().nullable(),
  row: z.number(),
  verdict: z.enum(['good', 'normalised', 'faulty', 'duplicate']),
  valuesJson: json(z.record(z.string(), z.string())),
  changesJson: json(z.array(Normalisation)),
  faultsJson: json(z.array(RowFault)),
  conclusionDay: z.string().nullable(),
  licenceId: LicenceId.nullable(),
});
export type ImportRowRecord = z.infer<typeof RowRecord>;

export interface CheckedRow {
  readonly row: number;
  readonly values: Readonly<Record<string, string>>;
  readonly changes: readonly Normalisation[];
  readonly faults: readonly RowFault[];
  /** What makes two rows the same matter (R05); null while either part is missing. */
  readonly matter: RowMatter | null;
}
export interface RowMatter {
  readonly matterNumber: string;
  readonly holderCode: string;
}
const DUPLICATES = new Set(['DUPLICATE_IN_FILE', 'DUPLICATE_IN_STORE']);
const verdictOf = (row: Pick<CheckedRow, 'changes' | 'faults'>): 'good' | 'normalised' | 'faulty' | 'duplicate' => {
  if (row.faults.length === 0) return row.changes.length > 0 ? 'normalised' : 'good';
  return row.faults.every((fault) => DUPLICATES.has(fault.code)) ? 'duplicate' : 'faulty';
};
export const saveRow = (db: WriteDb, importId: string, r: CheckedRow): number =>
  run(
    db,
    sql`INSERT INTO import_row (import_id, row, verdict, values_json, changes_json, faults_json, conclusion_day, matter_number, holder_code)
      VALUES (${importId}, ${r.row}, ${verdictOf(r)}, ${JSON.stringify(r.values)}, ${JSON.stringify(r.changes)}, ${JSON.stringify(r.faults)}, ${r.values.conclusionDay ?? null}, ${r.matter?.matterNumber ?? null}, ${r.matter?.holderCode ?? null})
      ON CONFLICT (import_id, row) DO UPDATE SET verdict = excluded.verdict, values_json = excluded.values_json, changes_json = excluded.changes_json, faults_json = excluded.faults_json,
        conclusion_day = excluded.conclusion_day, matter_number = excluded.matter_number, holder_code = excluded.holder_code WHERE licence_id IS NULL`,
  );
/** Marks a row that turned out not to be acceptable. */
export const faultRow = (db: WriteDb, importId: string, row: number, fault: RowFault): void =>
  runOne(
    db,
    sql`UPDATE import_row SET verdict = ${verdictOf({ changes: [], faults: [fault] })}, faults_json = ${JSON.stringify([fault])} WHERE import_id = ${importId} AND row = ${row} AND licence_id IS NULL`,
  );
export const deleteRows = (db: WriteDb, importId: string): number =>
  run(db, sql`DELETE FROM import_row WHERE import_id = ${importId} AND licence_id IS NULL`);
export const rowOf = (db: ReadDb, importId: string, row: number): ImportRowRecord | undefined =>
  first(db, RowRecord, sql`SELECT * FROM import_row WHERE import_id = ${importId} AND row = ${row}`);
export const setRowLicence = (db: WriteDb, importId: string, row: number, licenceId: string): void =>
  runOne(db, sql`UPDATE import_row SET licence_id = ${licenceId} WHERE import_id = ${importId} AND row = ${row} AND licence_id IS NULL`);

const which: Readonly<Record<string, Query>> = {
  all: sql`1`,
  good: sql`verdict = 'good'`,
  normalised: sql`verdict = 'normalised'`,
  faulty: sql`verdict = 'faulty' AND licence_id IS NULL`,
  duplicate: sql`verdict = 'duplicate' AND licence_id IS NULL`,
  accepted: sql`licence_id IS NOT NULL`,
  ready: sql`verdict IN ('good', 'normalised') AND licence_id IS NULL`,
};
export type RowChoice = 'all' | 'good' | 'normalised' | 'faulty' | 'duplicate' | 'accepted' | 'ready';

function rowWhere(importId: string, choice: RowChoice, text: string): Query {
  const conditions = [sql`import_id = ${importId}`, which[choice] ?? sql`0`];
  if (text !== '') conditions.push(sql`instr(values_json, ${text}) > 0`);
  return sqlJoin(conditions, ' AND ');
}
export const rowsOf = (
  db: ReadDb,
  importId: string,
  choice: RowChoice,
  text: string,
  offset: number,
  limit: number,
): readonly ImportRowRecord[] =>
  all(db, RowRecord, sql`SELECT * FROM import_row WHERE ${rowWhere(importId, choice, text)} ORDER BY row LIMIT ${limit} OFFSET ${offset}`);
/** Ready rows behind `after`, in order. The plus keeps to the primary key: by verdict all rows would be sorted for each few. */
export const readyRowsAfter = (db: ReadDb, importId: string, after: number, limit: number): readonly ImportRowRecord[] =>
  all(
    db,
    RowRecord,
    sql`SELECT * FROM import_row WHERE import_id = ${importId} AND row > ${after} AND +verdict IN ('good', 'normalised') AND licence_id IS NULL ORDER BY row LIMIT ${limit}`,
  );
export const countRows = (db: ReadDb, importId: string, choice: RowChoice, text = ''): number =>
  count(db, sql`SELECT count(*) FROM import_row WHERE ${rowWhere(importId, choice, text)}`);
const VerdictCount = z.object({ verdict: RowRecord.shape.verdict, accepted: z.number(), n: z.number() });

/** One look at the index instead of one count for each choice. */
export function countVerdicts(db: ReadDb, importId: string) {
  const groups = all(
    db,
    VerdictCount,
    sql`SELECT verdict, licence_id IS NOT NULL AS accepted, count(*) AS n FROM import_row WHERE import_id = ${importId} GROUP BY verdict, licence_id IS NOT NULL`,
  );
  const sum = (fits: (group: z.infer<typeof VerdictCount>) => boolean): number =>
    groups.filter(fits).reduce((total, group) => total + group.n, 0);
  return {
    good: sum((g) => g.verdict === 'good'),
    normalised: sum((g) => g.verdict === 'normalised'),
    faulty: sum((g) => g.verdict === 'faulty' && g.accepted === 0),
    duplicate: sum((g) => g.verdict === 'duplicate' && g.accepted === 0),
    accepted: sum((g) => g.accepted === 1),
  };
}
/** Rows ready to become drafts that were not concluded on `today`. */
export const countLate = (db: ReadDb, importId: string, today: string): number =>
  count(
    db,
    sql`SELECT count(*) FROM import_row WHERE import_id = ${importId} AND verdict IN ('good', 'normalised') AND licence_id IS NULL AND conclusion_day < ${today}`,
  );

const MappingRow = z.object({ typeId: z.string(), mappingJson: json(z.record(FieldKey, z.number().int().min(0))) });

/** The mapping last kept for these headings. */
export function keptMapping(
  db: ReadDb,
  headingsHash: string,
): { readonly typeId: string; readonly columns: Record<string, number> } | undefined {
  const found = first(
    db,
    MappingRow,
    sql`SELECT type_id, mapping_json FROM column_mapping WHERE headings_hash = ${headingsHash} ORDER BY saved_at DESC LIMIT 1`,
  );
  return found === undefined ? undefined : { typeId: found.typeId, columns: found.mappingJson };
}
export const keepMapping = (
  db: WriteDb,
  m: {
    readonly headingsHash: string;
    readonly typeId: string;
    readonly columns: Readonly<Record<string, number>>;
    readonly personId: string;
    readonly at: string;
  },
): number =>
  run(
    db,
    sql`INSERT INTO column_mapping (headings_hash, type_id, mapping_json, person_id, saved_at) VALUES (${m.headingsHash}, ${m.typeId}, ${JSON.stringify(m.columns)}, ${m.personId}, ${m.at})
      ON CONFLICT (headings_hash, type_id) DO UPDATE SET mapping_json = excluded.mapping_json, person_id = excluded.person_id, saved_at = excluded.saved_at`,
  );

/** The first earlier row of the same matter in this import. */
export const firstRowOf = (db: ReadDb, importId: string, matter: RowMatter, row: number): number | undefined =>
  first(
    db,
    z.object({ row: z.number() }),
    sql`SELECT row FROM import_row WHERE import_id = ${importId} AND matter_number = ${matter.matterNumber} AND holder_code = ${matter.holderCode} AND row < ${row} ORDER BY row LIMIT 1`,
  )?.row;
/** Rows of the same matter that are still open, in order. */
export const openRowsOfMatter = (db: ReadDb, importId: string, matter: RowMatter): readonly ImportRowRecord[] =>
  all(
    db,
    RowRecord,
    sql`SELECT * FROM import_row WHERE import_id = ${importId} AND matter_number = ${matter.matterNumber} AND holder_code = ${matter.holderCode} AND licence_id IS NULL ORDER BY row`,
  );
