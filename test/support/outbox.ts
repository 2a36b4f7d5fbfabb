// Builders for tests of delivery: a real encrypted store in a folder of its own, licences, outbox items, and a library's keys.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import { buildIdentifier } from '../../electron/contract/identifier.ts';
import { LicenceIssuedItem, LicenceStatusItem, WireItem } from '../../electron/contract/library.ts';
import { type Day, type Instant, LicenceId, OutboxId } from '../../electron/contract/values.ts';
import { inTransaction, openDatabase, type ReadDb } from '../../electron/station/store/database.ts';
import { type DocumentStore, openDocumentStore } from '../../electron/station/store/document-store.ts';
import { begin } from '../../electron/station/store/migrations/0010-begin.ts';
import { enqueue } from '../../electron/station/store/queries/outbox.ts';
import { searchTerms } from '../../electron/station/store/queries/search.ts';

export const TYPE_CODE = '11100000MB0QL0033W001';
export const ISSUER_CODE = '11110000000021135M';
export const DAY: Day = '2026-11-30';
/** 15:00 local time of DAY. */
export const NOW: Instant = '2026-11-30T07:00:00.000Z';
const KEY = new Uint8Array(32).fill(7);

export const uuid = (n: number): string => `0190a0b0-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const outboxId = (n: number): OutboxId => OutboxId.parse(uuid(n));
export const licenceId = (n: number): LicenceId => LicenceId.parse(uuid(n));
export const identifierOf = (n: number, version = 1): string =>
  buildIdentifier({ typeCode: TYPE_CODE, issuerCode: ISSUER_CODE, serial: `ST01${String(n).padStart(7, '0')}`, version });
export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export interface TestStation {
  readonly db: ReadDb;
  readonly documents: DocumentStore;
  readonly dir: string;
  close(): void;
}

export function openTestStation(): TestStation {
  const dir = mkdtempSync(path.join(tmpdir(), 'delivery-'));
  const db = openDatabase(path.join(dir, 'station.db'), KEY);
  begin.up(db);
  const documents = openDocumentStore(dir, KEY, []);
  return {
    db,
    documents,
    dir,
    close() {
      documents.close();
      db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const chainOf = (db: ReadDb, version: LicenceId): LicenceId =>
  LicenceId.parse(db.prepare('SELECT chain_id FROM licence WHERE id = ?').pluck().get(version));

export function addLicence(db: ReadDb, n: number, options: { replaces?: number } = {}): LicenceId {
  const id = licenceId(n);
  const chain = options.replaces === undefined ? id : chainOf(db, licenceId(options.replaces));
  db.prepare(
    `INSERT INTO licence (id, type_id, type_version, type_code, issuer_id, seal_id, state, matter_number, conclusion_day, holder_name, holder_code,
       holder_code_type, values_json, changes_json, offline_reason, entered_by, entered_at, chain_id, replaces, number)
     VALUES (?, 'caifa', '2026.1', ?, 'forestry', 'seal', 'draft', ?, ?, ?, '420626198001010011', '111', '{}', '[]', 'no-network', 'clerk', ?, ?, ?, ?)`,
  ).run(
    id,
    TYPE_CODE,
    `M${n}`,
    DAY,
    `持证人${n}`,
    NOW,
    chain,
    options.replaces === undefined ? null : licenceId(options.replaces),
    `N${n}`,
  );
  const text = { holderName: `持证人${n}`, holderCode: '420626198001010011', matterNumber: `M${n}`, number: `N${n}` };
  db.prepare('INSERT INTO licence_search (rowid, terms) SELECT row_id, ? FROM licence WHERE id = ?').run(searchTerms(text), id);
  return id;
}

export const fileOf = (n: number, sizeBytes = 300): Uint8Array => Buffer.from(`%PDF-1.7 licence ${n} `.padEnd(sizeBytes, '.'));

export function anIssuedItem(n: number, file: Uint8Array, changes: Partial<LicenceIssuedItem> = {}): LicenceIssuedItem {
  return LicenceIssuedItem.parse({
    itemId: uuid(n),
    payloadVersion: 1,
    stationId: 'ST01',
    profile: 'training',
    sequence: 1,
    identifier: identifierOf(n),
    typeCode: TYPE_CODE,
    licenceNumber: `鄂林采字〔2026〕${n}号`,
    recordedAt: NOW,
    kind: 'licence.issued',
    typeVersion: '2026.1',
    rendererVersion: '1',
    conclusionDay: DAY,
    sealedAt: NOW,
    late: null,
    offlineReason: 'no-network',
    matterNumber: `M${n}`,
    issuerCode: ISSUER_CODE,
    holder: { name: `持证人${n}`, code: '420626198001010011', codeType: '111' },
    data: { CZZT: `持证人${n}` },
    replaces: null,
    contentHash: hashOf(file),
    file: Buffer.from(file).toString('base64'),
    ...changes,
  });
}

export function aCancellation(
  n: number,
  issued: LicenceIssuedItem,
  changes: Record<string, unknown> = {},
): z.infer<typeof LicenceStatusItem> {
  return LicenceStatusItem.parse({
    itemId: uuid(n),
    payloadVersion: 1,
    stationId: issued.stationId,
    profile: issued.profile,
    sequence: 2,
    identifier: issued.identifier,
    typeCode: issued.typeCode,
    licenceNumber: issued.licenceNumber,
    recordedAt: NOW,
    kind: 'licence.status',
    status: 'cancelled',
    reason: '面积录入有误',
    basis: '《行政许可法》第七十条',
    decidedOn: DAY,
    contentHash: issued.contentHash,
    ...changes,
  });
}

export interface EnqueueOptions {
  readonly statutoryDay?: Day;
  readonly createdAt?: Instant;
  /** Put in place of the item's own payload. */
  readonly payload?: string;
}

/** The item into the outbox as the station does it: file to the documents, payload without it. */
export function enqueueItem(station: TestStation, licence: LicenceId, wire: WireItem, options: EnqueueOptions = {}): OutboxId {
  const item = WireItem.parse(wire);
  const file = item.kind === 'licence.issued' ? Buffer.from(item.file, 'base64') : null;
  const payload = options.payload ?? JSON.stringify(item, (name, value: unknown) => (name === 'file' ? undefined : value));
  const documentHash = file === null ? null : station.documents.put(file, '2026');
  inTransaction(station.db, (w) =>
    enqueue(w, {
      id: item.itemId,
      chainId: chainOf(station.db, licence),
      versionId: licence,
      kind: item.kind,
      payloadVersion: 1,
      payload,
      sequence: item.sequence,
      documentHash,
      contentHash: item.contentHash,
      sizeBytes: Buffer.byteLength(payload) + (file?.length ?? 0),
      statutoryDay: options.statutoryDay ?? DAY,
      createdAt: options.createdAt ?? NOW,
    }),
  );
  return item.itemId;
}

/** Licence `n` issued, with outbox item `n`. */
export function addIssued(
  station: TestStation,
  n: number,
  options: EnqueueOptions & { readonly sizeBytes?: number } = {},
): LicenceIssuedItem {
  const item = anIssuedItem(n, fileOf(n, options.sizeBytes));
  enqueueItem(station, addLicence(station.db, n), item, options);
  return item;
}
