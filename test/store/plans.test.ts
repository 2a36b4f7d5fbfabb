import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type ReadDb } from '../../electron/station/store/database.ts';
import {
  countByDay,
  countByStateOnDay,
  countDeliveredOfDay,
  countOpenByState,
  findLicences,
  type LicenceQuery,
  liveDuplicate,
  mustDo,
} from '../../electron/station/store/queries/licences.ts';
import { auditPage, recentJobs } from '../../electron/station/store/queries/records.ts';
import { batchItems, nextToSeal, recentBatches, sealUses } from '../../electron/station/store/queries/sealing.ts';
import { fillWorkspace, TODAY } from '../support/fill-workspace.ts';
import { personOf } from '../support/made-people.ts';

const ROWS = 20_000;
const dir = mkdtempSync(path.join(tmpdir(), 'banjie-plans-'));
let db: ReadDb;
beforeAll(async () => {
  const filled = await fillWorkspace(dir, ROWS);
  db = openDatabase(path.join(filled.config.workspaceDir, 'station.db'), filled.config.databaseKey);
}, 120_000);
afterAll(() => {
  db?.close();
  rmSync(dir, { recursive: true, force: true });
});

interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** The same connection, writing down what it is asked. */
function listening(asked: Asked[]): ReadDb {
  const noted =
    <A extends unknown[], R>(text: string, run: (...values: A) => R) =>
    (...values: A): R => {
      asked.push({ text, values });
      return run(...values);
    };
  const prepare = (text: string) => {
    const statement = db.prepare(text);
    return { all: noted(text, statement.all.bind(statement)), get: noted(text, statement.get.bind(statement)) };
  };
  return { prepare } as unknown as ReadDb; // queries only prepare, and only read
}

/** Every line of every plan that `work` made. */
function plansOf(work: (db: ReadDb) => unknown): readonly string[] {
  const asked: Asked[] = [];
  work(listening(asked));
  expect(asked.length).toBeGreaterThan(0);
  return asked.flatMap(({ text, values }) =>
    (db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[]).map((row) => row.detail),
  ); // columns of EXPLAIN
}
/** Walks over a whole table that grows with the years. */
const walks = (lines: readonly string[]) =>
  lines.filter(
    (line) =>
      /^SCAN (l|licence|o|outbox|a|audit_event|licence_search)\b/.test(line) &&
      // A search by words; and indexes of the open ones only, which stay few.
      !/VIRTUAL TABLE INDEX \d+:M|INDEX licence_(open|not_handed)$/.test(line),
  );

const base: LicenceQuery = {
  text: '',
  states: [],
  typeIds: [],
  delivery: [],
  notHandedOver: false,
  enteredBy: null,
  notBy: null,
  order: 'newest',
  offset: 0,
  limit: 100,
};
const find = (more: Partial<LicenceQuery>) => (on: ReadDb) => findLicences(on, { ...base, ...more });

describe('store.plans among 20,000 licences', () => {
  it.each([
    '王',
    '王芳',
    '王小明',
    '阿依古丽·买',
    '42062619',
    '0011',
    '010011',
    'ZH0000',
    '演练农宅字第4206262026',
    '农宅字第420626',
    '第420626202600018号',
    'abc',
  ])('finds %j without walking over the licences', (text) => {
    expect(walks(plansOf(find({ text })))).toEqual([]);
    expect(walks(plansOf(find({ text, states: ['issued'], typeIds: ['caifa'] })))).toEqual([]);
  });

  it('finds whom it should', () => {
    const { name, code } = personOf(12_345);
    const rows = findLicences(db, { ...base, text: code }).rows;
    expect(rows.map((r) => r.holderName)).toContain(name);
    expect(findLicences(db, { ...base, text: '王' }).total).toBeGreaterThan(100);
  });

  const ways: Readonly<Record<string, (on: ReadDb) => unknown>> = {
    'one state': find({ states: ['approved'] }),
    'all that is open': find({ states: ['draft', 'submitted', 'approved'] }),
    'what waits for review': find({ states: ['submitted'], order: 'oldestConclusion', notBy: 'liguohua' }),
    'what is not handed over': find({ notHandedOver: true }),
    'what a person must see to': find({ delivery: ['refused', 'quarantined'] }),
    'what must be done': (on) => mustDo(on, 200),
    'the open by state': countOpenByState,
    'the day by state': (on) => countByStateOnDay(on, TODAY),
    'the day delivered': (on) => countDeliveredOfDay(on, TODAY),
    'fourteen days': (on) => countByDay(on, '2026-11-17', TODAY),
    'a duplicate': (on) => liveDuplicate(on, { typeId: 'guihua', matterNumber: 'x', holderCode: 'y' }),
    'what to seal next': (on) => nextToSeal(on, 'x', ['a', 'b'], 8),
    'the items of a batch': (on) => batchItems(on, 'x', 0, 100),
    'the batches': (on) => recentBatches(on, 100),
    'uses of a seal': (on) => sealUses(on, 'seal', 0, 100),
    'the newest of the audit': (on) => auditPage(on, 0, 100).length === 0 || recentJobs(on, 100),
  };
  it.each(Object.keys(ways))('answers %s without walking over a table that grows', (name) => {
    const allowed = name === 'the newest of the audit' ? /^SCAN audit_event$/ : /$^/;
    expect(walks(plansOf(ways[name] ?? (() => undefined))).filter((line) => !allowed.test(line))).toEqual([]);
  });

  it('seals the next one without sorting the batch', () => {
    expect(plansOf((on) => nextToSeal(on, 'x', ['a'], 8)).filter((line) => /TEMP B-TREE/.test(line))).toEqual([]);
  });

  it('counts the must-do list by what it lists', () => {
    const { rows, total } = mustDo(db, ROWS);
    expect(rows.length).toBe(total);
    expect(rows.every((r) => (r.state !== 'issued' && r.state !== 'voided') || (!r.handedOver && r.legalStatus === 'valid'))).toBe(true);
  });
});
