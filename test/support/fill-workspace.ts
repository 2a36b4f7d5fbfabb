// Fills a workspace with any number of licences as years of work would leave it: the product's own schema, search terms,
// numbers, identifiers and audit hashes, written by plain SQL in big transactions. Documents are not written: a licence names
// a hash that no file has. One audit entry a licence, where work leaves five.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { buildIdentifier } from '../../electron/contract/identifier.ts';
import type { OfficeSetup } from '../../electron/contract/office.ts';
import type { StationConfig } from '../../electron/contract/station.contract.ts';
import type { Profile } from '../../electron/contract/values.ts';
import { type CatalogueEntry, loadCatalogue } from '../../electron/station/catalogue/catalogue.ts';
import { licenceNumber } from '../../electron/station/catalogue/licence-number.ts';
import { addDays, demoClock, instantOf, systemClock } from '../../electron/station/platform/clock.ts';
import { systemRandomness } from '../../electron/station/platform/ids.ts';
import { auditHash, GENESIS } from '../../electron/station/records/audit.ts';
import { openStation } from '../../electron/station/station.ts';
import { searchTerms } from '../../electron/station/store/queries/search.ts';
import { type MadeOffice, makeOffice } from '../../electron/training/make-office.ts';
import { personOf } from './made-people.ts';
import { root } from './source-files.ts';

export const TODAY = '2026-11-30';
export const resourcesDir = path.join(root, 'resources');

export interface FilledWorkspace {
  /** What `--workspace=` of the window takes; the workspace itself is the folder of its profile below. */
  readonly baseDir: string;
  readonly config: StationConfig;
  readonly office: MadeOffice;
}

/** How the last of the licences stand: the rest is issued, delivered and handed over. */
const OPEN = { draft: 100, submitted: 100, approved: 100, notHandedOver: 200, undelivered: 150 } as const;
const CLERK = 'wangfang';
const REVIEWER = 'liguohua';
const CUSTODIAN = 'zhangmin';
const PER_TRANSACTION = 50_000;
/** Three years: no type needs more numbers a year than five digits give. */
const DAYS = 1_100;

/** An empty workspace, set up with a made office, such as the window and the station open it. */
export async function makeWorkspace(baseDir: string, profile: 'training' | 'acceptance' = 'training'): Promise<FilledWorkspace> {
  const dir = path.join(baseDir, profile);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const keyPath = path.join(dir, 'database-key.plain');
  if (!existsSync(keyPath)) writeFileSync(keyPath, Buffer.from(systemRandomness.bytes(32)).toString('hex'), { mode: 0o600 });
  const config: StationConfig = {
    workspaceDir: dir,
    resourcesDir,
    databaseKey: new Uint8Array(Buffer.from(readFileSync(keyPath, 'utf8'), 'hex')),
    profile: profile satisfies Profile,
    demoToday: TODAY,
    softwareVersion: '0.0.0',
    sync: { auto: false },
  };
  const office = await makeOffice(profile, {
    dir: path.join(dir, 'office'),
    now: instantOf(demoClock(TODAY, systemClock.nowMs(), systemClock)),
    randomness: systemRandomness,
    resourcesDir,
    // Nothing listens there: the discard port.
    libraryUrl: 'http://127.0.0.1:9',
  });
  return { baseDir, config, office };
}

/** A workspace with `count` licences under `cacheDir`, made once for each state of the schema and of this file. */
export async function fillWorkspace(cacheDir: string, count: number): Promise<FilledWorkspace> {
  const baseDir = path.join(cacheDir, `licences-${count}-${fingerprint()}`);
  if (existsSync(baseDir)) return makeWorkspace(baseDir);
  for (const old of existsSync(cacheDir) ? readdirSync(cacheDir) : [])
    if (old.startsWith(`licences-${count}-`)) rmSync(path.join(cacheDir, old), { recursive: true });
  const unfinished = `${baseDir}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const made = await makeWorkspace(unfinished);
  const station = await openStation(made.config, { tokens: noTokens, onChange: () => undefined, write: () => undefined });
  await station.setUpOffice(new Uint8Array(readFileSync(made.office.provisioningPath)), made.office.authorityFingerprint);
  await station.close();
  if (count > 0) fill(made.config, made.office.setup, count);
  renameSync(unfinished, baseDir);
  return makeWorkspace(baseDir);
}

const refuse = (): never => {
  throw new Error('nobody signs here');
};
const noTokens = { list: refuse, certificates: refuse, grant: refuse, sign: refuse, release: refuse };

function fingerprint(): string {
  const store = path.join(root, 'electron/station/store');
  const files = [
    ...readdirSync(path.join(store, 'migrations')).map((name) => path.join(store, 'migrations', name)),
    path.join(store, 'queries/search.ts'),
    path.join(import.meta.dirname, 'made-people.ts'),
    import.meta.filename,
  ];
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 8);
}

function fill(config: StationConfig, setup: OfficeSetup, count: number): void {
  const db = new Sqlite(path.join(config.workspaceDir, 'station.db'));
  db.pragma("cipher = 'sqlcipher'");
  db.pragma(`key = "x'${Buffer.from(config.databaseKey).toString('hex')}'"`);
  // Only while filling: a file that was cut off is thrown away as a whole.
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('foreign_keys = OFF');
  db.pragma('cache_size = -524288');
  const rules = lawsAndIndexes(db);
  for (const { type, name } of rules) db.exec(`DROP ${type} ${name}`);
  const write = writer(db, setup, count);
  for (let from = 0; from < count; from += PER_TRANSACTION) {
    db.transaction(() => {
      for (let index = from; index < Math.min(from + PER_TRANSACTION, count); index++) write(index);
    })();
  }
  for (const { sql } of rules) db.exec(sql);
  db.pragma('journal_mode = WAL');
  db.close();
}

/** Triggers refuse a licence that does not begin as a draft; indexes are faster made at the end. Both come back unchanged. */
function lawsAndIndexes(db: Sqlite.Database): { readonly type: string; readonly name: string; readonly sql: string }[] {
  return db
    .prepare(
      "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND name NOT LIKE 'licence_search%'",
    )
    .all() as { type: string; name: string; sql: string }[]; // columns of sqlite_master with these types
}

/** UUIDv7-like and growing, so that ids sort by row as real ones do. */
const idOf = (kind: number, index: number): string =>
  `01900000-${kind.toString(16).padStart(4, '0')}-7000-8000-${index.toString(16).padStart(12, '0')}`;
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function insertInto(
  db: Sqlite.Database,
  table: string,
  columns: readonly string[],
): (row: Readonly<Record<string, string | number | null>>) => void {
  const statement = db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((c) => `@${c}`).join(', ')})`);
  return (row) => void statement.run(row);
}

const LICENCE = [
  'row_id', 'id', 'type_id', 'type_version', 'type_code', 'issuer_id', 'seal_id', 'state', 'legal_status', 'revision', 'matter_number',
  'conclusion_day', 'holder_name', 'holder_code', 'holder_code_type', 'values_json', 'changes_json', 'valid_from', 'valid_to', 'serial',
  'number', 'identifier', 'version', 'chain_id', 'late_code', 'late_note', 'offline_reason', 'template_version', 'renderer_version',
  'approved_hash', 'entered_by', 'entered_at', 'submitted_by', 'submitted_at', 'approved_by', 'approved_at', 'batch_id', 'sealed_at',
  'sealed_by', 'certificate_hash', 'document_hash', 'document_bytes', 'cancel_reason', 'handed_over',
] as const; // biome-ignore format: a list of columns
const OUTBOX = [
  'id',
  'licence_id',
  'version_id',
  'sequence',
  'kind',
  'payload_version',
  'payload',
  'document_hash',
  'content_hash',
  'size_bytes',
  'statutory_day',
  'state',
  'attempts',
  'created_at',
  'next_attempt_at',
  'receipt',
  'receipt_id',
  'receipt_signature',
  'acknowledged_at',
] as const;

function stateOf(left: number): 'draft' | 'submitted' | 'approved' | 'issued' {
  if (left <= OPEN.draft) return 'draft';
  if (left <= OPEN.draft + OPEN.submitted) return 'submitted';
  return left <= OPEN.draft + OPEN.submitted + OPEN.approved ? 'approved' : 'issued';
}

function writer(db: Sqlite.Database, setup: OfficeSetup, count: number): (index: number) => void {
  const licence = insertInto(db, 'licence', LICENCE);
  const search = insertInto(db, 'licence_search', ['rowid', 'terms']);
  const numberUse = insertInto(db, 'number_use', ['type_code', 'year', 'serial', 'licence_id', 'number', 'state', 'taken_at']);
  const outbox = insertInto(db, 'outbox', OUTBOX);
  const audit = insertInto(db, 'audit_event', ['seq', 'at', 'person_id', 'kind', 'subject', 'detail_json', 'previous_hash', 'hash']);
  const entries = loadCatalogue(path.join(resourcesDir, 'catalogue/types')).entries.filter((e) => e.type.coding.source === 'station');
  const last = db.prepare('SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1').get() as { seq: number; hash: string } | undefined; // as the columns are
  let seq = last?.seq ?? 0;
  let previousHash = last?.hash ?? GENESIS;
  const batchId = idOf(2, 0);
  insertInto(db, 'batch', ['id', 'issuer_id', 'seal_id', 'size', 'approved_by', 'approved_at'])({
    id: batchId,
    issuer_id: setup.issuers[0]?.id ?? '',
    seal_id: setup.seals[0]?.id ?? '',
    size: count,
    approved_by: REVIEWER,
    approved_at: `${TODAY}T01:00:00.000Z`,
  });

  return (index) => {
    const left = count - index;
    const state = stateOf(left);
    const issuedLeft = left - OPEN.draft - OPEN.submitted - OPEN.approved;
    const entry = entries[index % entries.length];
    if (entry === undefined) throw new Error('no type with station numbers');
    const { type } = entry;
    const binding = setup.bindings.find((b) => b.typeId === type.id);
    const issuer = setup.issuers.find((i) => i.id === binding?.issuerId);
    if (binding === undefined || issuer === undefined) throw new Error(`nobody issues ${type.id}`);
    const id = idOf(1, index);
    const { name, code } = personOf(index);
    const day = addDays(TODAY, Math.floor((index * DAYS) / count) + 1 - DAYS);
    const at = `${day}T0${index % 8}:${String(10 + (index % 50))}:00.000Z`;
    const serial = (Math.floor(index / entries.length) % 99_999) + 1;
    const year = Number(day.slice(0, 4));
    const matterNumber = `${type.id.slice(0, 2).toUpperCase()}${String(index + 1).padStart(8, '0')}`;
    const values = valuesOf(entry, index, name, code, day);
    const hasNumber = state !== 'draft';
    const isIssued = state === 'issued';
    const number = hasNumber ? `演练${licenceNumber(type.id, type.coding.format, { regionCode: issuer.regionCode, year, serial })}` : null;
    const identifier = hasNumber
      ? buildIdentifier({
          typeCode: type.code,
          issuerCode: issuer.code,
          serial: `${setup.stationId}${year}${String(serial).padStart(8, '0')}`,
          version: 1,
        })
      : null;
    const documentHash = isIssued ? hashOf(id) : null;
    const isCancelled = isIssued && index % 97 === 0;
    const isLate = index % 4 === 0;
    licence({
      row_id: index + 1,
      id,
      type_id: type.id,
      type_version: type.version,
      type_code: type.code,
      issuer_id: issuer.id,
      seal_id: binding.sealId,
      state,
      legal_status: isIssued ? (isCancelled ? 'cancelled' : 'valid') : null,
      revision: isIssued ? 5 : 1,
      matter_number: matterNumber,
      conclusion_day: day,
      holder_name: name,
      holder_code: code,
      holder_code_type: '111',
      values_json: JSON.stringify(values),
      changes_json: '[]',
      valid_from: day,
      valid_to: addDays(day, 365),
      serial: hasNumber ? serial : null,
      number,
      identifier,
      version: 1,
      chain_id: id,
      late_code: isLate ? 'no-station-yet' : null,
      late_note: '',
      offline_reason: setup.offlineReason,
      template_version: hasNumber ? '1' : null,
      renderer_version: hasNumber ? 'banjie-pdf-1' : null,
      approved_hash: hasNumber ? hashOf(`u${id}`) : null,
      entered_by: CLERK,
      entered_at: at,
      submitted_by: hasNumber ? CLERK : null,
      submitted_at: hasNumber ? at : null,
      approved_by: isIssued || state === 'approved' ? REVIEWER : null,
      approved_at: isIssued || state === 'approved' ? at : null,
      batch_id: isIssued || state === 'approved' ? batchId : null,
      sealed_at: isIssued ? at : null,
      sealed_by: isIssued ? CUSTODIAN : null,
      certificate_hash: isIssued ? hashOf(binding.sealId) : null,
      document_hash: documentHash,
      document_bytes: isIssued ? 75_000 : null,
      cancel_reason: isCancelled ? '内容有误' : null,
      handed_over: isIssued && issuedLeft > OPEN.notHandedOver ? 1 : 0,
    });
    search({ rowid: index + 1, terms: searchTerms({ holderName: name, holderCode: code, matterNumber, number }) });
    if (number !== null)
      numberUse({ type_code: type.code, year, serial, licence_id: id, number, state: isIssued ? 'issued' : 'reserved', taken_at: at });
    if (documentHash !== null) {
      const itemId = idOf(3, index);
      const isDelivered = issuedLeft > OPEN.undelivered;
      const receiptId = idOf(4, index);
      const item = {
        itemId,
        payloadVersion: 1,
        stationId: setup.stationId,
        profile: 'training',
        sequence: 1,
        identifier,
        typeCode: type.code,
        licenceNumber: number,
      };
      outbox({
        id: itemId,
        licence_id: id,
        version_id: id,
        sequence: 1,
        kind: 'licence.issued',
        payload_version: 1,
        payload: JSON.stringify({
          ...item,
          recordedAt: at,
          kind: 'licence.issued',
          matterNumber,
          holder: { name, code, codeType: '111' },
          data: values,
          contentHash: documentHash,
        }),
        document_hash: documentHash,
        content_hash: documentHash,
        size_bytes: 101_000,
        statutory_day: day,
        state: isDelivered ? 'acknowledged' : 'queued',
        attempts: 1,
        created_at: at,
        next_attempt_at: at,
        receipt: isDelivered
          ? JSON.stringify({
              receiptId,
              library: setup.library.name,
              itemId,
              identifier,
              contentHash: documentHash,
              receivedAt: at,
              repeat: false,
            })
          : null,
        receipt_id: isDelivered ? receiptId : null,
        receipt_signature: isDelivered ? 'A'.repeat(88) : null,
        acknowledged_at: isDelivered ? at : null,
      });
    }
    seq += 1;
    const event = {
      seq,
      at: `${TODAY}T00:00:00.000Z`,
      personId: CLERK,
      kind: isIssued ? 'licence.sealed' : 'licence.imported',
      subject: id,
      detailJson: '{}',
      previousHash,
    };
    previousHash = auditHash(event);
    audit({
      seq,
      at: event.at,
      person_id: event.personId,
      kind: event.kind,
      subject: id,
      detail_json: '{}',
      previous_hash: event.previousHash,
      hash: previousHash,
    });
  };
}

function valuesOf({ type }: CatalogueEntry, index: number, name: string, code: string, day: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const item of type.items) {
    if (item.key === type.holder.name) values[item.key] = name;
    else if (item.key === type.holder.code) values[item.key] = code;
    else if (item.kind === 'date') values[item.key] = addDays(day, 365);
    else if (item.kind === 'decimal' || item.kind === 'integer') values[item.key] = String(1 + (index % 140));
    else if (item.required) values[item.key] = `${item.name}${index % 300}号`.slice(0, item.maxLength);
  }
  return values;
}
