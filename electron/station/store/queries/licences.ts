// Rows of table licence: reading, and the compare-and-set steps of the state machine. Rules live in station/licences; what
// must never be is refused by the schema itself.
import { z } from 'zod';
import { Normalisation } from '../../../contract/intake.ts';
import { DeliveryState, LicenceState } from '../../../contract/licence.ts';
import { BatchId, Day, ImportId, Instant, IssuerId, LicenceId, PersonId, SealId, type Sha256 } from '../../../contract/values.ts';
import { all, count, first, type Query, type ReadDb, run, runOne, sql, sqlJoin, sqlList, type WriteDb } from '../database.ts';
import { type SearchText, searchHits, searchTerms } from './search.ts';

const json = <S extends z.ZodType>(schema: S) => z.string().transform((text) => schema.parse(JSON.parse(text)));

export const LicenceRecord = z.object({
  rowId: z.number(),
  id: LicenceId,
  typeId: z.string(),
  typeVersion: z.string(),
  typeCode: z.string(),
  issuerId: IssuerId,
  sealId: SealId,
  state: LicenceState,
  legalStatus: z.enum(['valid', 'cancelled']).nullable(),
  revision: z.number(),
  matterNumber: z.string(),
  conclusionDay: Day,
  holderName: z.string(),
  holderCode: z.string(),
  holderCodeType: z.string(),
  valuesJson: json(z.record(z.string(), z.string())),
  changesJson: json(z.array(Normalisation)),
  validFrom: Day.nullable(),
  validTo: Day.nullable(),
  serial: z.number().nullable(),
  number: z.string().nullable(),
  identifier: z.string().nullable(),
  version: z.number(),
  chainId: LicenceId,
  replaces: LicenceId.nullable(),
  lateCode: z.string().nullable(),
  lateNote: z.string(),
  offlineReason: z.string(),
  templateVersion: z.string().nullable(),
  rendererVersion: z.string().nullable(),
  approvedHash: z.string().nullable(),
  enteredBy: PersonId,
  enteredAt: Instant,
  submittedBy: PersonId.nullable(),
  submittedAt: Instant.nullable(),
  returnReason: z.string().nullable(),
  approvedBy: PersonId.nullable(),
  approvedAt: Instant.nullable(),
  batchId: BatchId.nullable(),
  sealedAt: Instant.nullable(),
  sealedBy: PersonId.nullable(),
  certificateHash: z.string().nullable(),
  documentHash: z.string().nullable(),
  documentBytes: z.number().nullable(),
  timeConfirmed: z.number().transform((n) => n === 1),
  voidReason: z.string().nullable(),
  cancelReason: z.string().nullable(),
  cancelBasis: z.string().nullable(),
  handedOver: z.number().transform((n) => n === 1),
  importId: ImportId.nullable(),
  importRow: z.number().nullable(),
});
export type LicenceRecord = z.infer<typeof LicenceRecord>;

export const licenceById = (db: ReadDb, id: string): LicenceRecord | undefined =>
  first(db, LicenceRecord, sql`SELECT * FROM licence WHERE id = ${id}`);
export const licenceByDocument = (db: ReadDb, hash: Sha256): LicenceRecord | undefined =>
  first(db, LicenceRecord, sql`SELECT * FROM licence WHERE document_hash = ${hash}`);
export const replacementOf = (db: ReadDb, id: string): LicenceRecord | undefined =>
  first(db, LicenceRecord, sql`SELECT * FROM licence WHERE replaces = ${id}`);
export const licencesInState = (db: ReadDb, state: LicenceState, limit: number): readonly LicenceRecord[] =>
  all(db, LicenceRecord, sql`SELECT * FROM licence WHERE state = ${state} ORDER BY row_id LIMIT ${limit}`);

/** The live licence of the same holder, type and matter, if there is one (R05). */
export const liveDuplicate = (
  db: ReadDb,
  key: { readonly typeId: string; readonly matterNumber: string; readonly holderCode: string },
): { id: string; state: string } | undefined =>
  first(
    db,
    z.object({ id: z.string(), state: z.string() }),
    sql`SELECT id, state FROM licence WHERE type_id = ${key.typeId} AND matter_number = ${key.matterNumber} AND holder_code = ${key.holderCode} AND state <> 'voided' AND (legal_status IS NULL OR legal_status <> 'cancelled')`,
  );

export interface NewDraft {
  readonly id: string;
  readonly typeId: string;
  readonly typeVersion: string;
  readonly typeCode: string;
  readonly issuerId: string;
  readonly sealId: string;
  readonly matterNumber: string;
  readonly conclusionDay: string;
  readonly holderName: string;
  readonly holderCode: string;
  readonly holderCodeType: string;
  readonly values: Readonly<Record<string, string>>;
  readonly changes: readonly Normalisation[];
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly lateCode: string | null;
  readonly lateNote: string;
  readonly offlineReason: string;
  readonly enteredBy: string;
  readonly enteredAt: string;
  readonly importId: string | null;
  readonly importRow: number | null;
  /** A next version begins with its predecessor's number and serial. */
  readonly succession: {
    readonly replaces: string;
    readonly chainId: string;
    readonly version: number;
    readonly serial: number | null;
    readonly number: string;
    readonly identifier: string;
  } | null;
}

export function insertDraft(db: WriteDb, d: NewDraft): void {
  const s = d.succession;
  run(
    db,
    sql`INSERT INTO licence (id, type_id, type_version, type_code, issuer_id, seal_id, state, matter_number, conclusion_day, holder_name, holder_code, holder_code_type,
      values_json, changes_json, valid_from, valid_to, serial, number, identifier, version, chain_id, replaces, late_code, late_note, offline_reason, entered_by, entered_at, import_id, import_row)
      VALUES (${d.id}, ${d.typeId}, ${d.typeVersion}, ${d.typeCode}, ${d.issuerId}, ${d.sealId}, 'draft', ${d.matterNumber}, ${d.conclusionDay}, ${d.holderName}, ${d.holderCode}, ${d.holderCodeType},
      ${JSON.stringify(d.values)}, ${JSON.stringify(d.changes)}, ${d.validFrom}, ${d.validTo}, ${s?.serial ?? null}, ${s?.number ?? null}, ${s?.identifier ?? null}, ${s?.version ?? 1}, ${s?.chainId ?? d.id}, ${s?.replaces ?? null},
      ${d.lateCode}, ${d.lateNote}, ${d.offlineReason}, ${d.enteredBy}, ${d.enteredAt}, ${d.importId}, ${d.importRow})`,
  );
  indexForSearch(db, d.id, { ...d, number: s?.number ?? null });
}

/** Puts a licence's words into the search index anew. */
export function indexForSearch(db: WriteDb, id: string, text: SearchText): void {
  const rowId = count(db, sql`SELECT row_id FROM licence WHERE id = ${id}`);
  run(db, sql`DELETE FROM licence_search WHERE rowid = ${rowId}`);
  run(db, sql`INSERT INTO licence_search (rowid, terms) VALUES (${rowId}, ${searchTerms(text)})`);
}

export function deleteDraft(db: WriteDb, licence: LicenceRecord): void {
  run(db, sql`DELETE FROM licence_search WHERE rowid = ${licence.rowId}`);
  runOne(db, sql`DELETE FROM licence WHERE id = ${licence.id} AND state = 'draft' AND number IS NULL`, { state: licence.state });
}

/** Column assignments of one step. Keys are column names of this file's own making, never input. */
export type Assignments = Readonly<Record<string, string | number | null>>;

/** Compare-and-set: `STATE_CONFLICT` where the licence is no longer in `licence.state` at `licence.revision`. */
export function stepLicence(
  db: WriteDb,
  licence: Pick<LicenceRecord, 'id' | 'state' | 'revision'>,
  to: LicenceState,
  set: Assignments = {},
): void {
  const assignments = Object.entries({ state: to, ...set }).map(([column, value]): Query => ({ text: `${column} = ?`, values: [value] }));
  runOne(
    db,
    sql`UPDATE licence SET ${sqlJoin(assignments, ', ')}, revision = revision + 1 WHERE id = ${licence.id} AND state = ${licence.state} AND revision = ${licence.revision}`,
    { state: licence.state },
  );
}

export interface LicenceQuery {
  readonly text: string;
  readonly states: readonly string[];
  readonly typeIds: readonly string[];
  readonly delivery: readonly string[];
  readonly notHandedOver: boolean;
  readonly enteredBy: string | null;
  readonly notBy: string | null;
  readonly order: 'newest' | 'oldestConclusion';
  readonly offset: number;
  readonly limit: number;
}

/** What a list shows of a licence, and no more. */
export const RowRecord = LicenceRecord.pick({
  id: true,
  typeId: true,
  issuerId: true,
  state: true,
  legalStatus: true,
  revision: true,
  matterNumber: true,
  conclusionDay: true,
  holderName: true,
  holderCode: true,
  validFrom: true,
  validTo: true,
  number: true,
  version: true,
  lateCode: true,
  lateNote: true,
  returnReason: true,
  sealedAt: true,
  handedOver: true,
  approvedHash: true,
}).extend({ deliveryState: DeliveryState.nullable() });
export type RowRecord = z.infer<typeof RowRecord>;

// The worst state of the delivery first: a person is needed, then on its way, then done.
const rowColumns: Query = {
  text: `l.id, l.type_id, l.issuer_id, l.state, l.legal_status, l.revision, l.matter_number, l.conclusion_day, l.holder_name, l.holder_code, l.valid_from, l.valid_to,
    l.number, l.version, l.late_code, l.late_note, l.return_reason, l.sealed_at, l.handed_over, l.approved_hash,
    (SELECT state FROM outbox o WHERE o.version_id = l.id ORDER BY CASE state WHEN 'quarantined' THEN 0 WHEN 'refused' THEN 1 WHEN 'sending' THEN 2 WHEN 'queued' THEN 3 WHEN 'closed' THEN 4 ELSE 5 END LIMIT 1) AS delivery_state`,
  values: [],
};
const COUNT_LIMIT = 10_000;
/** With a text and something else beside it each hit must be looked up. */
const COUNT_LIMIT_OF_HITS = 1_000;

const notHanded = sql`l.row_id IN (SELECT row_id FROM licence INDEXED BY licence_not_handed WHERE state = 'issued' AND handed_over = 0 AND legal_status = 'valid')`;

/** Those on their way are few and lead to their licences; nearly all licences are delivered, so they are asked one by one. */
const delivered = (states: readonly string[]): Query =>
  states.includes('acknowledged')
    ? sql`EXISTS (SELECT 1 FROM outbox o WHERE o.version_id = l.id AND o.state IN (${sqlList(states)}))`
    : sql`l.id IN (SELECT version_id FROM outbox WHERE state IN (${sqlList(states)}))`;

function filtersOf(query: LicenceQuery): Query[] {
  const conditions: Query[] = [];
  if (query.states.length === 1) conditions.push(sql`l.state = ${query.states[0] ?? ''}`);
  else if (query.states.length > 1) conditions.push(sql`l.state IN (${sqlList(query.states)})`);
  if (query.typeIds.length > 0) conditions.push(sql`l.type_id IN (${sqlList(query.typeIds)})`);
  if (query.delivery.length > 0) conditions.push(delivered(query.delivery));
  if (query.notHandedOver) conditions.push(notHanded);
  if (query.enteredBy !== null) conditions.push(sql`l.entered_by = ${query.enteredBy}`);
  if (query.notBy !== null) conditions.push(sql`l.entered_by <> ${query.notBy} AND coalesce(l.submitted_by, '') <> ${query.notBy}`);
  return conditions;
}

const Ids = z.object({ ids: json(z.array(z.number())) });

/** One page of rows and how many there are, counted up to 10,000; a text together with filters up to 1,000. */
export function findLicences(
  db: ReadDb,
  query: LicenceQuery,
): { readonly rows: readonly RowRecord[]; readonly total: number; readonly more: boolean } {
  const filters = filtersOf(query);
  if (filters.length === 0 && query.order === 'newest') {
    const hits = searchHits(query.text, COUNT_LIMIT + 1);
    if (hits !== undefined) return pageOfHits(db, hits, query);
  }
  const hits = searchHits(query.text, -1);
  const conditions = hits === undefined ? filters : [sql`l.row_id IN (${hits})`, ...filters];
  const where = conditions.length === 0 ? sql`1` : sqlJoin(conditions, ' AND ');
  const found = sql`SELECT l.row_id FROM licence l WHERE ${where}`;
  const limit = sql`LIMIT ${query.limit} OFFSET ${query.offset}`;
  const page =
    query.order === 'newest'
      ? // Ids first: an index can pass over rows that come before the page.
        sql`l.row_id IN (${found} ORDER BY l.row_id DESC ${limit}) ORDER BY l.row_id DESC`
      : sql`${where} ORDER BY l.conclusion_day, l.row_id ${limit}`;
  const rows = all(db, RowRecord, sql`SELECT ${rowColumns} FROM licence l WHERE ${page}`);
  if (query.offset === 0 && rows.length < query.limit) return { rows, total: rows.length, more: false };
  const most = hits === undefined ? COUNT_LIMIT : COUNT_LIMIT_OF_HITS;
  const total = count(db, sql`SELECT count(*) FROM (${found} LIMIT ${most + 1})`);
  return { rows, total: Math.min(total, most), more: total > most };
}

/** A text alone, the search of every day: the index is asked once, and only the page's own licences are read. */
function pageOfHits(db: ReadDb, hits: Query, { offset, limit }: LicenceQuery) {
  const ids = first(db, Ids, sql`SELECT json_group_array(row_id ORDER BY row_id DESC) AS ids FROM (${hits})`)?.ids ?? [];
  const page = JSON.stringify(ids.slice(offset, offset + limit));
  const rows = all(
    db,
    RowRecord,
    sql`SELECT ${rowColumns} FROM licence l WHERE l.row_id IN (SELECT value FROM json_each(${page})) ORDER BY l.row_id DESC`,
  );
  return { rows, total: Math.min(ids.length, COUNT_LIMIT), more: ids.length > COUNT_LIMIT };
}

export const rowById = (db: ReadDb, id: string): RowRecord | undefined =>
  first(db, RowRecord, sql`SELECT ${rowColumns} FROM licence l WHERE l.id = ${id}`);

const StateCount = z.object({ state: LicenceState, n: z.number() });
export const countOpenByState = (db: ReadDb): readonly z.infer<typeof StateCount>[] =>
  all(
    db,
    StateCount,
    sql`SELECT state, count(*) AS n FROM licence WHERE state IN ('draft', 'submitted', 'approved', 'sealing') GROUP BY state`,
  );
export const countByStateOnDay = (db: ReadDb, day: string): readonly z.infer<typeof StateCount>[] =>
  all(db, StateCount, sql`SELECT state, count(*) AS n FROM licence WHERE conclusion_day = ${day} GROUP BY state`);
export const countDeliveredOfDay = (db: ReadDb, day: string): number =>
  count(
    db,
    sql`SELECT count(*) FROM licence l WHERE l.conclusion_day = ${day} AND l.state = 'issued'
      AND EXISTS (SELECT 1 FROM outbox o WHERE o.version_id = l.id AND o.kind = 'licence.issued' AND o.state = 'acknowledged')`,
  );

const DayCount = z.object({ conclusionDay: Day, concluded: z.number(), sameDay: z.number(), late: z.number() });
export const countByDay = (db: ReadDb, from: string, to: string): readonly z.infer<typeof DayCount>[] =>
  all(
    db,
    DayCount,
    sql`SELECT conclusion_day, count(*) AS concluded, sum(state = 'issued' AND late_code IS NULL) AS same_day, sum(state = 'issued' AND late_code IS NOT NULL) AS late
      FROM licence WHERE conclusion_day BETWEEN ${from} AND ${to} AND state <> 'voided' GROUP BY conclusion_day`,
  );

/** Not yet issued, or issued and not handed over, oldest conclusion day first. */
export function mustDo(db: ReadDb, limit: number): { readonly rows: readonly RowRecord[]; readonly total: number } {
  const open = sql`SELECT ${rowColumns} FROM licence l INDEXED BY licence_open WHERE l.state NOT IN ('issued', 'voided') ORDER BY l.conclusion_day, l.row_id LIMIT ${limit}`;
  const rows = all(db, RowRecord, open);
  const toHand = sql`SELECT ${rowColumns} FROM licence l INDEXED BY licence_not_handed WHERE l.state = 'issued' AND l.handed_over = 0 AND l.legal_status = 'valid'
    ORDER BY l.row_id LIMIT ${Math.max(limit - rows.length, 0)}`;
  const total =
    count(db, sql`SELECT count(*) FROM licence WHERE state IN ('draft', 'submitted', 'approved', 'sealing')`) +
    count(
      db,
      sql`SELECT count(*) FROM (SELECT 1 FROM licence INDEXED BY licence_not_handed WHERE state = 'issued' AND handed_over = 0 AND legal_status = 'valid' LIMIT ${COUNT_LIMIT})`,
    );
  return { rows: [...rows, ...all(db, RowRecord, toHand)], total };
}

export const countLicences = (db: ReadDb): number => count(db, sql`SELECT count(*) FROM licence`);
export const setHandedOver = (db: WriteDb, licence: LicenceRecord): void =>
  runOne(
    db,
    sql`UPDATE licence SET handed_over = 1, revision = revision + 1 WHERE id = ${licence.id} AND state = 'issued' AND handed_over = 0`,
    { state: licence.state },
  );
