import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PersonId } from '../../electron/contract/values.ts';
import { all, inTransaction } from '../../electron/station/store/database.ts';
import {
  acknowledge,
  backToQueue,
  claimNext,
  claimQuery,
  closeByPerson,
  listOutbox,
  makeDue,
  nextSequence,
  quarantine,
  readLastAcknowledgedAt,
  readOutboxFigures,
  readQueueHead,
  readReceipt,
  refuse,
  retryByPerson,
  returnStaleToQueue,
} from '../../electron/station/store/queries/outbox.ts';
import {
  aCancellation,
  addIssued,
  addLicence,
  anIssuedItem,
  DAY,
  enqueueItem,
  fileOf,
  identifierOf,
  NOW,
  openTestStation,
  outboxId,
  type TestStation,
} from '../support/outbox.ts';

const LATER = '2026-11-30T07:10:00.000Z';
const lease = () => LATER;
const receipt = (n: number) => ({ receiptId: `R-20261130-${n}`, text: `{"n":${n}}`, signature: 'c2ln' });

let station: TestStation;
beforeEach(() => {
  station = openTestStation();
});
afterEach(() => station.close());

const claim = (now = NOW) => inTransaction(station.db, (w) => claimNext(w, now, lease));
const claimSome = (now = NOW) => {
  const item = claim(now);
  if (item === null) throw new Error('nothing to claim');
  return item;
};
const deliver = () => {
  const item = claimSome();
  inTransaction(station.db, (w) => acknowledge(w, item, receipt(Number(item.attempts) + Number.parseInt(item.id.slice(-4), 16) * 10), NOW));
  return item.id;
};
const stateOf = (n: number) => station.db.prepare('SELECT state FROM outbox WHERE id = ?').pluck().get(outboxId(n));

describe('outbox.claimNext', () => {
  it('gives the oldest statutory day first, then the oldest item', () => {
    addIssued(station, 1, { statutoryDay: '2026-11-30' });
    addIssued(station, 3, { statutoryDay: '2026-11-28' });
    addIssued(station, 2, { statutoryDay: '2026-11-28' });
    expect([deliver(), deliver(), deliver()]).toEqual([outboxId(2), outboxId(3), outboxId(1)]);
    expect(claim()).toBeNull();
  });

  it('keeps the order of one licence even against the statutory day', () => {
    const issued = anIssuedItem(1, fileOf(1));
    const licence = addLicence(station.db, 1);
    enqueueItem(station, licence, issued, { statutoryDay: '2026-11-30' });
    enqueueItem(station, licence, aCancellation(2, issued), { statutoryDay: '2026-01-01' });
    expect(nextSequence(station.db, licence)).toBe(3);
    const first = claimSome();
    expect(first.id).toBe(outboxId(1));
    expect(claim()).toBeNull();
    inTransaction(station.db, (w) => acknowledge(w, first, receipt(1), NOW));
    expect(claimSome().id).toBe(outboxId(2));
  });

  it.each(['refused', 'quarantined'] as const)('lets a %s item block its own licence only, until a person closes it', (end) => {
    const issued = anIssuedItem(1, fileOf(1));
    const licence = addLicence(station.db, 1);
    enqueueItem(station, licence, issued);
    enqueueItem(station, licence, aCancellation(2, issued));
    addIssued(station, 3);
    const first = claimSome();
    inTransaction(station.db, (w) =>
      end === 'refused'
        ? refuse(w, first, '{"code":"SIGNATURE","reason":"r","reasonZh":"原因"}', 'SYNC_REFUSED')
        : quarantine(w, first, 'ITEM_UNREADABLE'),
    );
    expect(deliver()).toBe(outboxId(3));
    expect(claim()).toBeNull();
    inTransaction(station.db, (w) => closeByPerson(w, outboxId(1), PersonId.parse('operator'), '已当面说明'));
    expect(claimSome().id).toBe(outboxId(2));
  });

  it('lets the version issued anew go only after the cancellation of the one it replaces', () => {
    const issued = anIssuedItem(1, fileOf(1));
    const licence = addLicence(station.db, 1);
    enqueueItem(station, licence, issued);
    enqueueItem(station, licence, aCancellation(5, issued));
    const anew = anIssuedItem(2, fileOf(2), { sequence: 3, identifier: identifierOf(1, 2), replaces: identifierOf(1) });
    enqueueItem(station, addLicence(station.db, 2, { replaces: 1 }), anew, { statutoryDay: '2026-01-01' });
    expect([deliver(), deliver(), deliver()]).toEqual([outboxId(1), outboxId(5), outboxId(2)]);
  });

  it('counts the attempt, holds the lease and does not give the item to a second worker', () => {
    addIssued(station, 1);
    const item = claimSome();
    expect(item.attempts).toBe(1);
    expect(stateOf(1)).toBe('sending');
    expect(claim()).toBeNull();
  });

  it('leaves what is not yet due', () => {
    addIssued(station, 1);
    const item = claimSome();
    inTransaction(station.db, (w) => backToQueue(w, item, LATER, 'SYNC_TIMEOUT'));
    expect(claim()).toBeNull();
    expect(readQueueHead(station.db, NOW)).toEqual({ dueNow: false, nextDueAt: LATER });
    expect(readQueueHead(station.db, LATER).dueNow).toBe(true);
    expect(inTransaction(station.db, (w) => makeDue(w, NOW))).toBe(1);
    expect(claimSome().attempts).toBe(2);
  });

  it('says nothing is due when all that is queued is blocked', () => {
    const issued = anIssuedItem(1, fileOf(1));
    const licence = addLicence(station.db, 1);
    enqueueItem(station, licence, issued);
    enqueueItem(station, licence, aCancellation(2, issued));
    const item = claimSome();
    inTransaction(station.db, (w) => quarantine(w, item, 'ITEM_TOO_LARGE'));
    expect(readQueueHead(station.db, LATER)).toEqual({ dueNow: false, nextDueAt: null });
  });
});

describe('outbox settling', () => {
  it('is refused to a claim that was lost', () => {
    addIssued(station, 1);
    const lost = claimSome();
    expect(inTransaction(station.db, (w) => returnStaleToQueue(w, NOW, 'expired'))).toBe(0);
    expect(inTransaction(station.db, (w) => returnStaleToQueue(w, LATER, 'expired'))).toBe(1);
    const second = claimSome(LATER);
    expect(() => inTransaction(station.db, (w) => acknowledge(w, lost, receipt(1), NOW))).toThrow('STATE_CONFLICT');
    expect(() => inTransaction(station.db, (w) => backToQueue(w, lost, NOW, null))).toThrow('STATE_CONFLICT');
    expect(() => inTransaction(station.db, (w) => quarantine(w, lost, 'ITEM_TOO_LARGE'))).toThrow('STATE_CONFLICT');
    inTransaction(station.db, (w) => acknowledge(w, second, receipt(1), NOW));
    expect(stateOf(1)).toBe('acknowledged');
    expect(() => inTransaction(station.db, (w) => acknowledge(w, second, receipt(2), NOW))).toThrow('STATE_CONFLICT');
  });

  it('keeps the last problem when a sending was only abandoned', () => {
    addIssued(station, 1);
    const first = claimSome();
    inTransaction(station.db, (w) => backToQueue(w, first, NOW, 'SYNC_OFFLINE'));
    const second = claimSome();
    inTransaction(station.db, (w) => backToQueue(w, second, NOW, null));
    expect(station.db.prepare('SELECT problem FROM outbox').pluck().get()).toBe('SYNC_OFFLINE');
  });
  it('never reopens what was delivered, by any way', () => {
    addIssued(station, 1);
    deliver();
    expect(inTransaction(station.db, (w) => returnStaleToQueue(w, LATER, 'all'))).toBe(0);
    expect(() => inTransaction(station.db, (w) => retryByPerson(w, outboxId(1), NOW))).toThrow('STATE_CONFLICT');
    expect(() => inTransaction(station.db, (w) => closeByPerson(w, outboxId(1), PersonId.parse('p'), 'r'))).toThrow('STATE_CONFLICT');
    expect(() => station.db.exec("UPDATE outbox SET state = 'queued'")).toThrow('outbox item has ended');
    expect(() => station.db.exec('DELETE FROM outbox')).toThrow('never deleted');
    expect(() => station.db.exec("UPDATE outbox SET payload = '{}'")).toThrow(/payload is frozen|item has ended/);
  });

  it('lets a person send a refused item again', () => {
    addIssued(station, 1);
    const item = claimSome();
    inTransaction(station.db, (w) => refuse(w, item, '{"code":"PROFILE","reason":"r","reasonZh":"原因"}', 'SYNC_REFUSED'));
    inTransaction(station.db, (w) => retryByPerson(w, outboxId(1), NOW));
    expect(claimSome()).toMatchObject({ id: outboxId(1), attempts: 2, payload: item.payload });
  });
});

describe('outbox views', () => {
  it('counts each state and what is undelivered, by day', () => {
    for (const n of [1, 2, 3, 4]) addIssued(station, n, { createdAt: `2026-11-${26 + n}T06:30:00.000Z` });
    deliver();
    const item = claimSome();
    inTransaction(station.db, (w) => refuse(w, item, '{"code":"ORDER","reason":"later","reasonZh":"稍后"}', 'SYNC_REFUSED'));
    const figures = readOutboxFigures(station.db, [
      { day: '2026-11-29', from: '2026-11-28T16:00:00.000Z', to: '2026-11-29T16:00:00.000Z' },
      { day: DAY, from: '2026-11-29T16:00:00.000Z', to: '2026-11-30T16:00:00.000Z' },
    ]);
    expect(figures.counts).toEqual({ queued: 2, sending: 0, acknowledged: 1, refused: 1, quarantined: 0, closed: 0 });
    expect(figures.oldestUndeliveredAt).toBe('2026-11-28T06:30:00.000Z');
    expect(figures.undeliveredBytes).toBeGreaterThan(900);
    expect(figures.days).toEqual([
      { day: '2026-11-29', enqueued: 1, acknowledged: 0 },
      { day: DAY, enqueued: 1, acknowledged: 1 },
    ]);
    expect(readLastAcknowledgedAt(station.db)).toBe(NOW);
  });
  it('lists what needs a person with the words of the library, and finds by part of a number or name', () => {
    for (const n of [1, 2, 13]) addIssued(station, n);
    const item = claimSome();
    inTransaction(station.db, (w) => refuse(w, item, '{"code":"SIGNATURE","reason":"bad seal","reasonZh":"印章无效"}', 'SYNC_REFUSED'));
    const base = { text: '', offset: 0, limit: 10 };
    const needs = listOutbox(station.db, { ...base, which: 'needsPerson' });
    expect(needs.total).toBe(1);
    expect(needs.items[0]).toMatchObject({
      number: 'N1',
      problem: 'SYNC_REFUSED',
      refusal: 'bad seal',
      refusalZh: '印章无效',
      nextAttemptAt: null,
    });
    expect(listOutbox(station.db, { ...base, which: 'undelivered' }).total).toBe(3);
    expect(listOutbox(station.db, { ...base, which: 'all', text: '持证人13' }).items.map(({ number }) => number)).toEqual(['N13']);
    expect(listOutbox(station.db, { ...base, which: 'all', text: '%' }).total).toBe(0);
    expect(listOutbox(station.db, { ...base, which: 'all', limit: 2, offset: 2 }).items).toHaveLength(1);
    expect(listOutbox(station.db, { ...base, which: 'delivered' }).total).toBe(0);
  });

  it('has no receipt before the library gave one', () => {
    addIssued(station, 1);
    expect(() => readReceipt(station.db, outboxId(1))).toThrow('NOT_DELIVERABLE_YET');
  });
});

describe('outbox with a million acknowledged items', () => {
  it('claims along the order of the queue and never walks the acknowledged ones', () => {
    const { db } = station;
    addIssued(station, 1);
    const issued = anIssuedItem(2, fileOf(2));
    const licence = addLicence(db, 2);
    enqueueItem(station, licence, issued);
    enqueueItem(station, licence, aCancellation(3, issued));
    db.pragma('foreign_keys = OFF');
    db.pragma('synchronous = OFF');
    // Only here: years of work at once.
    db.exec('DROP TRIGGER outbox_begins');
    db.exec(`INSERT INTO outbox (id, licence_id, version_id, sequence, kind, payload_version, payload, content_hash, size_bytes, statutory_day, state, created_at,
        next_attempt_at, receipt, receipt_id, receipt_signature, acknowledged_at)
      WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1000999)
      SELECT printf('0190a0b0-0000-7000-8000-%012x', i), printf('0190a0b0-0000-7000-8000-%012x', i), 'v', 1, 'licence.issued', 1, '{}', 'h', 300, '2026-01-01',
        'acknowledged', '${NOW}', '${NOW}', '{}', 'R-' || i, 's', '${NOW}' FROM n`);
    expect(db.prepare("SELECT count(*) FROM outbox WHERE state = 'acknowledged'").pluck().get()).toBe(1_000_000);

    const query = claimQuery(NOW);
    const plan = all(db, z.object({ detail: z.string() }), { ...query, text: `EXPLAIN QUERY PLAN ${query.text}` }).map(
      ({ detail }) => detail,
    );
    expect(plan[0]).toBe('SEARCH item USING INDEX outbox_order (state=?)');
    expect(plan.filter((line) => /SCAN|TEMP B-TREE/.test(line))).toEqual([]);

    const started = performance.now();
    const ids = [deliver(), deliver(), deliver()];
    const eachMs = (performance.now() - started) / 3;
    expect(ids).toEqual([outboxId(1), outboxId(2), outboxId(3)]);
    const countStarted = performance.now();
    expect(readOutboxFigures(db, []).counts.acknowledged).toBe(1_000_003);
    console.info(
      `outbox: claim and acknowledge among 1,000,000 acknowledged: ${eachMs.toFixed(1)} ms each; counts: ${(performance.now() - countStarted).toFixed(0)} ms`,
    );
  });
});
