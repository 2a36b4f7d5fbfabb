// A real encrypted database with the newest schema and rows written by plain SQL, for tests of what the database itself refuses.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, type ReadDb } from '../../electron/station/store/database.ts';
import { migrate } from '../../electron/station/store/migrate.ts';

export const STORE_KEY = new Uint8Array(32).fill(5);
export const AT = '2026-11-30T07:00:00.000Z';
export const HASH = 'a'.repeat(64);

export interface Store {
  readonly db: ReadDb;
  readonly dir: string;
  readonly path: string;
  exec(sqlText: string, ...values: readonly (string | number | null)[]): void;
  close(): void;
}

export function aStore(): Store {
  const dir = mkdtempSync(path.join(tmpdir(), 'banjie-store-'));
  const file = path.join(dir, 'station.db');
  const db = openDatabase(file, STORE_KEY);
  migrate(db, path.join(dir, 'backups'));
  return {
    db,
    dir,
    path: file,
    exec: (sqlText, ...values) => void db.prepare(sqlText).run(...values),
    close() {
      if (db.open) db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

type Values = Readonly<Record<string, string | number | null>>;

export function insert(store: Store, table: string, row: Values, how = 'INSERT'): void {
  const columns = Object.keys(row);
  store.exec(`${how} INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`, ...Object.values(row));
}

export const licenceRow = (id: string, changes: Values = {}): Values => ({
  id,
  type_id: 'guihua',
  type_version: '2026.1',
  type_code: 'T',
  issuer_id: 'issuer',
  seal_id: 'seal',
  state: 'draft',
  matter_number: `M-${id}`,
  conclusion_day: '2026-11-30',
  holder_name: '王小明',
  holder_code: '420626198001010011',
  holder_code_type: '111',
  values_json: '{}',
  changes_json: '[]',
  chain_id: id,
  offline_reason: 'no-network',
  entered_by: 'clerk',
  entered_at: AT,
  ...changes,
});

export const setLicence = (store: Store, id: string, set: Values): void =>
  store.exec(
    `UPDATE licence SET ${Object.keys(set)
      .map((column) => `${column} = ?`)
      .join(', ')} WHERE id = ?`,
    ...Object.values(set),
    id,
  );

const SUBMITTED = (id: string): Values => ({
  state: 'submitted',
  serial: 1,
  number: `N-${id}`,
  identifier: `I-${id}`,
  approved_hash: HASH,
  submitted_by: 'clerk',
  submitted_at: AT,
});
export const APPROVED: Values = { state: 'approved', approved_by: 'reviewer', approved_at: AT, batch_id: 'batch' };
export const ISSUED: Values = {
  state: 'issued',
  legal_status: 'valid',
  sealed_at: AT,
  sealed_by: 'custodian',
  certificate_hash: HASH,
  document_hash: HASH,
  document_bytes: 1,
};

type Reached = 'draft' | 'submitted' | 'returned' | 'approved' | 'sealing' | 'issued' | 'cancelled' | 'voided';

/** A licence led through the schema's own steps; `asDraft` is done while it is still a draft. */
export function licenceIn(store: Store, id: string, state: Reached, changes: Values = {}, asDraft: () => void = () => undefined): string {
  insert(store, 'licence', licenceRow(id, changes));
  asDraft();
  const steps: Readonly<Record<Reached, readonly Values[]>> = {
    draft: [],
    submitted: [SUBMITTED(id)],
    returned: [SUBMITTED(id), { state: 'draft', return_reason: 'mistake' }],
    approved: [SUBMITTED(id), APPROVED],
    sealing: [SUBMITTED(id), APPROVED, { state: 'sealing' }],
    issued: [SUBMITTED(id), APPROVED, { state: 'sealing' }, ISSUED],
    cancelled: [
      SUBMITTED(id),
      APPROVED,
      { state: 'sealing' },
      ISSUED,
      { legal_status: 'cancelled', cancel_reason: 'mistake', cancel_basis: 'law' },
    ],
    voided: [SUBMITTED(id), { state: 'voided', void_reason: 'withdrawn' }],
  };
  store.db
    .prepare(
      "INSERT INTO batch (id, issuer_id, seal_id, size, approved_by, approved_at) VALUES ('batch', 'issuer', 'seal', 1, 'reviewer', ?) ON CONFLICT DO NOTHING",
    )
    .run(AT);
  for (const step of steps[state]) setLicence(store, id, step);
  return id;
}
