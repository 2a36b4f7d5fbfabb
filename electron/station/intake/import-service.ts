// Imports as the clerk works on them: a file is opened, recognised, mapped, its rows checked as a job, mended, accepted as
// drafts. The file itself lives only in memory while open; the store gets matched columns only (R06).
import { createHash } from 'node:crypto';
import type { ImportRow, ImportView } from '../../contract/import.ts';
import type { ColumnMapping, FieldKey, Normalisation, TableEncoding } from '../../contract/intake.ts';
import type { Late } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';
import { ImportId, type Sha256 } from '../../contract/values.ts';
import { type CatalogueEntry, typeOn } from '../catalogue/catalogue.ts';
import type { JobPlan, Slice } from '../jobs/job-runner.ts';
import { instantOf, todayOf } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import {
  countLate,
  countRows,
  countVerdicts,
  deleteRows,
  type ImportRecord,
  type ImportRowRecord,
  importById,
  keepMapping,
  keptMapping,
  openRowsOfMatter,
  type RowMatter,
  recentImports,
  rowOf,
  rowsOf,
  saveImport,
  saveRow,
  stepImport,
  tryStepImport,
} from '../store/queries/imports.ts';
import { liveDuplicate } from '../store/queries/licences.ts';
import { acceptPlan } from './accept-import.ts';
import { type CheckedRow, checkOne, type RowContext } from './check-row.ts';
import { checkRows } from './check-rows.ts';
import { mendedRows, recogniseMended } from './faulty-sheet.ts';
import { fieldsOf } from './fields.ts';
import { applyMapping, type MappedRow } from './mapping.ts';
import { readTable } from './read-table.ts';
import { type RecognisedTable, recogniseTable } from './recognise.ts';
import { rowContext } from './row-context.ts';
import type { ParsedTable } from './table.ts';

interface OpenFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly recognised: RecognisedTable;
}

export interface ReadAgain {
  readonly typeId?: string | undefined;
  readonly encoding?: TableEncoding | undefined;
  readonly headerRow?: number | undefined;
  readonly columns?: Readonly<Record<FieldKey, number>> | undefined;
  readonly keepMapping: boolean;
}

/** Open files kept at a time; an older one must be chosen again from disk. */
const OPEN_FILES = 8;

export class ImportService {
  readonly #ctx: StationContext;
  readonly #open = new Map<string, OpenFile>();

  constructor(ctx: StationContext) {
    this.#ctx = ctx;
  }

  async open(fileName: string, bytes: Uint8Array, actor: Actor): Promise<ImportView> {
    const table = await readTable(fileName, bytes);
    const mended = recogniseMended(table);
    if (mended !== null && importById(this.#ctx.db, mended.reference) !== undefined) return this.#takeMended(mended, actor);
    const recognised = await this.#recognise(table, {});
    const id = ImportId.parse(this.#ctx.ids.next());
    this.#remember(id, { fileName, bytes, recognised });
    this.#save(id, fileName, bytes, recognised, actor);
    return this.view(id);
  }

  #recognise(
    table: ParsedTable,
    choice: { readonly typeId?: string | undefined; readonly mapping?: ColumnMapping },
  ): Promise<RecognisedTable> {
    const { db, catalogue, rulePack, clock } = this.#ctx;
    return recogniseTable(table, {
      catalogue,
      pack: rulePack,
      today: todayOf(clock),
      ...(choice.typeId === undefined ? {} : { typeId: choice.typeId }),
      keptMapping: (hash: Sha256) => choice.mapping ?? this.#kept(db, hash),
    });
  }

  #kept(db: StationContext['db'], hash: Sha256): ColumnMapping | null {
    const found = keptMapping(db, hash);
    return found === undefined ? null : { typeId: found.typeId, headingsHash: hash, columns: found.columns };
  }

  #remember(id: string, file: OpenFile): void {
    this.#open.delete(id);
    this.#open.set(id, file);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= OPEN_FILES) break;
      this.#open.delete(oldest);
    }
  }

  #save(id: string, fileName: string, bytes: Uint8Array, recognised: RecognisedTable, actor: Actor): void {
    const { view } = recognised;
    inTransaction(this.#ctx.db, (db) => {
      const at = appendAudit(db, this.#ctx.clock, {
        personId: actor.personId,
        kind: 'import.opened',
        subject: id,
        detail: { rows: view.rows, type: view.typeId },
      });
      deleteRows(db, id);
      saveImport(db, {
        id,
        fileName,
        fileSha256: createHash('sha256').update(bytes).digest('hex'),
        format: view.format,
        typeId: view.typeId,
        headerRow: view.headerRow,
        columns: view.columns,
        mends: null,
        rowCount: view.rows,
        personId: actor.personId,
        at,
      });
    });
  }

  async readAgain(id: string, again: ReadAgain, actor: Actor): Promise<ImportView> {
    const file = this.#requireOpen(id);
    const { state } = this.#require(id);
    // The job under way would go on with the old columns.
    if (state === 'checking') throw new StationError('STATE_CONFLICT', { state });
    const before = file.recognised;
    const table =
      again.encoding === undefined && again.headerRow === undefined
        ? before.table
        : await readTable(file.fileName, file.bytes, again.encoding === undefined ? {} : { encoding: again.encoding });
    const cut = again.headerRow === undefined ? table : fromRow(table, again.headerRow);
    const typeId = again.typeId ?? before.view.typeId ?? undefined;
    const mapping: ColumnMapping | undefined =
      again.columns === undefined
        ? undefined
        : { typeId: typeId ?? before.type.id, headingsHash: before.view.headingsHash, columns: { ...again.columns } };
    const recognised = await this.#recognise(cut, { typeId, ...(mapping === undefined ? {} : { mapping }) });
    this.#remember(id, { ...file, recognised });
    this.#save(id, file.fileName, file.bytes, recognised, actor);
    if (again.keepMapping && mapping !== undefined) {
      inTransaction(this.#ctx.db, (db) => keepMapping(db, { ...mapping, personId: actor.personId, at: instantOf(this.#ctx.clock) }));
    }
    this.#ctx.changed({ kind: 'import', id });
    return this.view(id);
  }

  #requireOpen(id: string): OpenFile {
    const file = this.#open.get(id);
    if (file === undefined) throw new StationError('IMPORT_GONE');
    return file;
  }

  #require(id: string): ImportRecord {
    const found = importById(this.#ctx.db, id);
    if (found === undefined || found.state === 'abandoned') throw new StationError('IMPORT_GONE');
    return found;
  }

  view(id: string): ImportView {
    return this.#viewOf(this.#require(id));
  }

  list(): ImportView[] {
    return recentImports(this.#ctx.db, 50).map((record) => this.#viewOf(record));
  }

  #viewOf(r: ImportRecord): ImportView {
    const { db, clock, catalogue } = this.#ctx;
    const open = this.#open.get(r.id)?.recognised.view;
    const matched = new Set(r.columnsJson.map((c) => c.field));
    const type = r.typeId === null ? undefined : catalogue.entries.find((e) => e.type.id === r.typeId)?.type;
    return {
      id: r.id,
      fileName: r.fileName,
      format: r.formatJson,
      typeId: r.typeId,
      candidates: open?.candidates ?? [],
      missing: type === undefined ? [] : fieldsOf(type).flatMap((f) => (f.required && !matched.has(f.key) ? [f.key] : [])),
      headerRow: r.headerRow,
      columns: r.columnsJson,
      open: open !== undefined,
      mends: r.mends,
      state: r.state,
      rows: r.rowCount,
      counts: countVerdicts(db, r.id),
      late: countLate(db, r.id, todayOf(clock)),
      by: this.#ctx.office().personName(r.personId),
      at: r.createdAt,
    };
  }

  /** The plan of the checking job; the file must still be open. */
  async checkPlan(id: string, actor: Actor): Promise<JobPlan> {
    const { recognised, fileName } = this.#requireOpen(id);
    const mapping = recognised.view.mapping;
    if (mapping === null) throw new StationError('TYPE_NOT_RECOGNISED', { fileName });
    const mapped = await applyMapping(recognised, mapping);
    inTransaction(this.#ctx.db, (db) => stepImport(db, id, ['mapping', 'checked'], 'checking'));
    const { firstRowInFile: _none, ...context } = rowContext(this.#ctx, mapped.type, null);
    let finished = false;
    const check = async function* (this: ImportService): AsyncGenerator<Slice, void> {
      inTransaction(this.#ctx.db, (db) => deleteRows(db, id));
      for await (const batch of checkRows(mapped, context)) {
        // Abandoned meanwhile: its rows are gone and stay so.
        if (importById(this.#ctx.db, id)?.state !== 'checking') return;
        inTransaction(this.#ctx.db, (db) => {
          for (const row of batch.rows) saveRow(db, id, storedRow(row));
        });
        yield { done: batch.rows.length, failed: 0 };
      }
      finished = true;
    };
    return {
      kind: 'intake.check',
      subject: fileName,
      argument: { importId: id },
      total: mapped.rows.length,
      personId: actor.personId,
      work: () => check.call(this),
      onEnd: () => {
        inTransaction(this.#ctx.db, (db) => tryStepImport(db, id, 'checking', finished ? 'checked' : 'mapping'));
        this.#ctx.changed({ kind: 'import', id });
      },
    };
  }

  rows(
    id: string,
    choice: 'all' | 'good' | 'normalised' | 'faulty' | 'duplicate' | 'accepted',
    text: string,
    offset: number,
    limit: number,
  ): { rows: ImportRow[]; total: number } {
    this.#require(id);
    return { rows: rowsOf(this.#ctx.db, id, choice, text, offset, limit).map(rowView), total: countRows(this.#ctx.db, id, choice, text) };
  }

  /** A row mended on screen: checked again, with what the person changed marked; rows that repeated it are judged anew. */
  mendRow(id: string, row: number, values: Readonly<Record<string, string>>, actor: Actor): ImportRow {
    const record = this.#require(id);
    const known = rowOf(this.#ctx.db, id, row);
    if (known === undefined || known.licenceId !== null) throw new StationError('IMPORT_GONE');
    this.#recheck(record, [{ row, fileRow: row, cells: { ...known.valuesJson, ...values }, surplusCells: 0 }], actor);
    const after = rowOf(this.#ctx.db, id, row);
    if (after === undefined) throw new StationError('IMPORT_GONE');
    this.#ctx.changed({ kind: 'import', id });
    return rowView(after);
  }

  #typeOf(record: ImportRecord): CatalogueEntry['type'] {
    if (record.typeId === null) throw new StationError('TYPE_NOT_RECOGNISED', { fileName: record.fileName });
    return typeOn(this.#ctx.catalogue, record.typeId, todayOf(this.#ctx.clock)).type;
  }

  #recheck(record: ImportRecord, rows: readonly MappedRow[], actor: Actor): void {
    const type = this.#typeOf(record);
    const context = rowContext(this.#ctx, type, record.id);
    const judge = (cells: MappedRow['cells'], before: ImportRowRecord) =>
      withMends(storedRow(checkOne(type, cells, context, before.row)), before);
    inTransaction(this.#ctx.db, (db) => {
      const matters = new Map<string, RowMatter>();
      const touched = (matter: RowMatter | null): void => {
        if (matter !== null) matters.set(`${matter.matterNumber}\n${matter.holderCode}`, matter);
      };
      for (const mapped of rows) {
        const before = rowOf(db, record.id, mapped.row);
        if (before === undefined || before.licenceId !== null) continue;
        const after = judge(mapped.cells, before);
        saveRow(db, record.id, after);
        touched(matterOf(before));
        touched(after.matter);
      }
      // R05: rows that repeated one of these, or that one of these now repeats, are judged anew.
      for (const matter of matters.values())
        for (const same of openRowsOfMatter(db, record.id, matter)) saveRow(db, record.id, judge(same.valuesJson, same));
      appendAudit(db, this.#ctx.clock, {
        personId: actor.personId,
        kind: 'import.mended',
        subject: record.id,
        detail: { rows: rows.length },
      });
    });
  }

  #takeMended(mended: NonNullable<ReturnType<typeof recogniseMended>>, actor: Actor): ImportView {
    const record = this.#require(mended.reference);
    const headings = Object.fromEntries(record.columnsJson.flatMap((c) => (c.field === null ? [] : [[c.field, c.heading]])));
    this.#recheck(record, mendedRows(mended, headings), actor);
    this.#ctx.changed({ kind: 'import', id: record.id });
    return { ...this.view(record.id), mends: record.id };
  }

  acceptPlan(id: string, late: Late | null, submit: boolean, actor: Actor): JobPlan {
    const record = this.#require(id);
    return acceptPlan(this.#ctx, record, this.#typeOf(record).id, { late, submit, actor });
  }

  abandon(id: string, actor: Actor): void {
    const record = this.#require(id);
    this.#open.delete(id);
    inTransaction(this.#ctx.db, (db) => {
      deleteRows(db, id);
      stepImport(db, id, [record.state], countRows(db, id, 'accepted') > 0 ? 'accepted' : 'abandoned');
      appendAudit(db, this.#ctx.clock, { personId: actor.personId, kind: 'import.abandoned', subject: id });
    });
    this.#ctx.changed({ kind: 'import', id });
  }

  /** What the sheet of faulty rows is made from. */
  faultySheet(id: string) {
    const record = this.#require(id);
    const mapped = record.columnsJson.flatMap((c) => (c.field === null ? [] : [{ field: c.field, index: c.index, heading: c.heading }]));
    const rows = (['faulty', 'duplicate'] as const).flatMap((choice) => rowsOf(this.#ctx.db, id, choice, '', 0, 100_000));
    return {
      fileName: record.fileName,
      type: this.#typeOf(record),
      sheet: {
        reference: record.id,
        mapping: { typeId: record.typeId ?? '', headingsHash: '', columns: Object.fromEntries(mapped.map((m) => [m.field, m.index])) },
        headings: Object.fromEntries(mapped.map((m) => [m.field, m.heading])),
        rows: rows.sort((a, b) => a.row - b.row).map((r) => ({ row: r.row, cells: r.valuesJson, faults: r.faultsJson })),
      },
    };
  }

  /** One matter typed in the form, by the same rules. `ownId`: the draft being mended, which is no duplicate of itself. */
  checkTyped(typeId: string, values: Readonly<Record<string, string>>, ownId: string | null): CheckedRow {
    const day = values.conclusionDay ?? '';
    const { type } = typeOn(this.#ctx.catalogue, typeId, /^\d{4}-\d\d-\d\d$/.test(day) ? day : todayOf(this.#ctx.clock));
    const context = rowContext(this.#ctx, type, null);
    const stateInStore: RowContext['stateInStore'] = (identity) => {
      const found = liveDuplicate(this.#ctx.db, identity);
      return found === undefined || found.id === ownId ? null : found.state;
    };
    return checkOne(type, values, { ...context, stateInStore });
  }
}

const storedRow = (row: CheckedRow) => ({
  row: row.row,
  values: row.values,
  changes: row.normalisations,
  faults: row.faults,
  matter: row.identity,
});

const matterOf = ({ matterNumber, holderCode }: ImportRowRecord): RowMatter | null =>
  matterNumber === null || holderCode === null ? null : { matterNumber, holderCode };

/** Marks what differs from the row before as mended, and keeps the marks of earlier normalisation. */
function withMends(row: ReturnType<typeof storedRow>, before: ImportRowRecord): ReturnType<typeof storedRow> {
  const changes = new Map<string, Normalisation>(before.changesJson.map((c) => [c.field, c]));
  for (const [field, value] of Object.entries(row.values)) {
    const earlier = before.valuesJson[field] ?? '';
    if (value !== earlier) changes.set(field, { field, from: changes.get(field)?.from ?? earlier, to: value, kinds: ['mended'] });
  }
  return { ...row, changes: [...changes.values()] };
}

const rowView = (r: ImportRowRecord): ImportRow => ({
  row: r.row,
  values: r.valuesJson,
  changes: r.changesJson,
  faults: r.faultsJson,
  licenceId: r.licenceId,
});

/** The table with everything above the clerk's choice of heading row left out. */
const fromRow = (table: ParsedTable, headerRow: number): ParsedTable => ({
  ...table,
  sheets: table.sheets.map((sheet) => ({ ...sheet, rows: sheet.rows.filter((row) => row.fileRow >= headerRow) })),
});
