// The library's own database: what it holds, once, for ever. Triggers refuse any change and any deletion.
// Must not judge items.
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { ItemKindOnWire, type WireItem } from '../contract/library.ts';
import { type Day, Instant } from '../contract/values.ts';
import { type HeldItem, type History, lifeOf } from './check-history.ts';

const schema = /* sql */ `
CREATE TABLE file (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE item (
  item_id TEXT PRIMARY KEY,
  -- All versions of one licence: identifier up to the serial.
  life TEXT NOT NULL,
  identifier TEXT NOT NULL,
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('licence.issued', 'licence.status', 'licence.voided')),
  content_hash TEXT NOT NULL,
  file_hash TEXT REFERENCES file (hash),
  station_id TEXT NOT NULL,
  item_json TEXT NOT NULL,
  receipt_id TEXT NOT NULL UNIQUE,
  received_at TEXT NOT NULL,
  UNIQUE (life, sequence),
  CHECK ((kind = 'licence.issued') = (file_hash IS NOT NULL))
) STRICT;
CREATE INDEX item_identifier ON item (identifier, sequence);
CREATE TABLE receipt_count (day TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
CREATE TRIGGER file_kept BEFORE DELETE ON file BEGIN SELECT RAISE(ABORT, 'files are never deleted'); END;
CREATE TRIGGER file_fixed BEFORE UPDATE ON file BEGIN SELECT RAISE(ABORT, 'files are never changed'); END;
CREATE TRIGGER item_kept BEFORE DELETE ON item BEGIN SELECT RAISE(ABORT, 'items are never deleted'); END;
CREATE TRIGGER item_fixed BEFORE UPDATE ON item BEGIN SELECT RAISE(ABORT, 'items are never changed'); END;
PRAGMA user_version = 1;
`;

const Row = z.object({
  item_id: z.string(),
  identifier: z.string(),
  sequence: z.number().int(),
  kind: ItemKindOnWire,
  content_hash: z.string(),
  receipt_id: z.string(),
  received_at: Instant,
});

const toHeld = (found: unknown): HeldItem => {
  const row = Row.parse(found);
  return {
    itemId: row.item_id,
    identifier: row.identifier,
    sequence: row.sequence,
    kind: row.kind,
    contentHash: row.content_hash,
    receiptId: row.receipt_id,
    receivedAt: row.received_at,
  };
};

export interface Holdings {
  historyOf(item: WireItem): History;
  /** All of one version, by sequence. */
  ofVersion(identifier: string): readonly HeldItem[];
  all(): readonly HeldItem[];
  file(hash: string): Uint8Array | null;
  /** Keeps a new item, durable when it returns; gives it the next receipt id of the day. Throws if it is held already. */
  keep(item: WireItem, file: Uint8Array | null, day: Day, receivedAt: Instant): HeldItem;
  close(): void;
}

export function openHoldings(dir: string): Holdings {
  const db = new Sqlite(path.join(dir, 'library.db'));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('busy_timeout = 5000');
  if (db.pragma('user_version', { simple: true }) === 0) db.transaction(() => db.exec(schema)).immediate();

  const columns = 'item_id, identifier, sequence, kind, content_hash, receipt_id, received_at';
  const byId = db.prepare(`SELECT ${columns} FROM item WHERE item_id = ?`);
  const byVersion = db.prepare(`SELECT ${columns} FROM item WHERE identifier = ? ORDER BY sequence`);
  const byLife = db.prepare(`SELECT ${columns} FROM item WHERE life = ? ORDER BY sequence`);
  const everything = db.prepare(`SELECT ${columns} FROM item ORDER BY rowid`);
  const fileBytes = db.prepare('SELECT bytes FROM file WHERE hash = ?').pluck();
  const insertFile = db.prepare('INSERT INTO file (hash, bytes) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING');
  const countReceipt = db
    .prepare('INSERT INTO receipt_count (day, last) VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last')
    .pluck();
  const insertItem = db.prepare(
    'INSERT INTO item (item_id, life, identifier, sequence, kind, content_hash, file_hash, station_id, item_json, receipt_id, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );

  return {
    historyOf(item) {
      const sameId = byId.get(item.itemId);
      return { sameId: sameId === undefined ? null : toHeld(sameId), life: byLife.all(lifeOf(item.identifier)).map(toHeld) };
    },
    ofVersion: (identifier) => byVersion.all(identifier).map(toHeld),
    all: () => everything.all().map(toHeld),
    file: (hash) => z.instanceof(Uint8Array).optional().parse(fileBytes.get(hash)) ?? null,
    keep: (item, file, day, receivedAt) =>
      db
        .transaction(() => {
          const number = z.number().int().parse(countReceipt.get(day));
          const receiptId = `R-${day.replaceAll('-', '')}-${String(number).padStart(6, '0')}`;
          if (file !== null) insertFile.run(item.contentHash, file);
          const json = JSON.stringify(item, (name, value: unknown) => (name === 'file' ? undefined : value));
          insertItem.run(
            item.itemId,
            lifeOf(item.identifier),
            item.identifier,
            item.sequence,
            item.kind,
            item.contentHash,
            file === null ? null : item.contentHash,
            item.stationId,
            json,
            receiptId,
            receivedAt,
          );
          return {
            itemId: item.itemId,
            identifier: item.identifier,
            sequence: item.sequence,
            kind: item.kind,
            contentHash: item.contentHash,
            receiptId,
            receivedAt,
          };
        })
        .immediate(),
    close() {
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}
