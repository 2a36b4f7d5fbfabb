import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AT, aStore, HASH, insert, licenceIn, type Store, setLicence } from '../support/a-store.ts';

let store: Store;
beforeEach(() => {
  store = aStore();
});
afterEach(() => store.close());

const set = (id: string, values: Parameters<typeof setLicence>[2]) => () => setLicence(store, id, values);

describe('store.laws: numbers', () => {
  const block = (id: string, first: number, last: number, next = first) =>
    insert(store, 'number_block', { id, type_code: 'T', year: 2026, first, last, next });
  const use = (serial: number, changes = {}) =>
    insert(store, 'number_use', {
      type_code: 'T',
      year: 2026,
      serial,
      licence_id: 'a',
      number: `N${serial}`,
      state: 'reserved',
      taken_at: AT,
      ...changes,
    });
  const advance = () => store.exec("UPDATE number_block SET next = next + 1 WHERE id = 'b'");

  it('gives them one by one, each on record before the block moves on', () => {
    block('b', 5, 6);
    expect(advance).toThrow('numbers go one by one');
    expect(() => use(6)).toThrow('numbers go one by one');
    use(5);
    expect(() => use(5)).toThrow(/UNIQUE|numbers go one by one/);
    advance();
    expect(() => use(5)).toThrow(/UNIQUE|numbers go one by one/);
    use(6);
    advance();
    expect(() => use(7)).toThrow('numbers go one by one');
    expect(advance).toThrow(/CHECK|numbers go one by one/);
  });

  it('skips none, goes back to none, and keeps the block as it came', () => {
    block('b', 1, 9);
    use(1);
    for (const change of [
      'next = next + 2',
      'next = next - 1',
      'next = next',
      'last = 99, next = next + 1',
      "type_code = 'U', next = next + 1",
      'year = 2027, next = next + 1',
    ])
      expect(() => store.exec(`UPDATE number_block SET ${change}`), change).toThrow(/numbers go one by one|CHECK/);
    expect(() => store.exec('DELETE FROM number_block')).toThrow('number block is kept');
    expect(() =>
      insert(store, 'number_block', { id: 'b', type_code: 'T', year: 2026, first: 1, last: 9, next: 1 }, 'INSERT OR REPLACE'),
    ).toThrow('number block is kept');
  });

  it('has no overlapping blocks and none that begins in the middle', () => {
    block('b', 10, 19);
    for (const [first, last] of [
      [1, 10],
      [19, 30],
      [12, 13],
      [1, 99],
    ] as const)
      expect(() => block(`${first}-${last}`, first, last)).toThrow('number blocks overlap');
    expect(() => block('c', 20, 29, 21)).toThrow('number blocks overlap');
    expect(() => block('c', 20, 19)).toThrow('CHECK');
    block('c', 20, 29);
  });

  it('keeps every use for ever; it is settled once', () => {
    block('b', 1, 9);
    use(1);
    for (const change of [
      "number = 'x'",
      "licence_id = 'z'",
      'serial = 2',
      "type_code = 'x'",
      'year = 2027',
      "taken_at = 'x'",
      "state = 'reserved'",
    ])
      expect(() => store.exec(`UPDATE number_use SET ${change}`), change).toThrow('number use is kept');
    store.exec("UPDATE number_use SET state = 'voided'");
    expect(() => store.exec("UPDATE number_use SET state = 'issued'")).toThrow('number use is kept');
    expect(() => store.exec('DELETE FROM number_use')).toThrow('number use is kept');
    expect(() => use(1, { state: 'issued' })).toThrow(/UNIQUE|one by one/);
  });

  it('gives no number to two licences, whatever the version says', () => {
    licenceIn(store, 'a', 'submitted');
    licenceIn(store, 'b', 'draft');
    expect(set('b', { state: 'submitted', number: 'N-a', identifier: 'I2', approved_hash: HASH, submitted_by: 'clerk' })).toThrow('UNIQUE');
    expect(set('b', { state: 'submitted', number: 'N2', identifier: 'I-a', approved_hash: HASH, submitted_by: 'clerk' })).toThrow('UNIQUE');
  });
});

describe('store.laws: records', () => {
  const audit = (seq: number) =>
    insert(store, 'audit_event', {
      seq,
      at: AT,
      person_id: null,
      kind: 'k',
      subject: 's',
      detail_json: '{}',
      previous_hash: 'p',
      hash: `h${seq}`,
    });

  it('only ever appends to the audit', () => {
    audit(1);
    for (const wrong of [0, 1, 3]) expect(() => audit(wrong)).toThrow(/audit is append-only|UNIQUE/);
    audit(2);
    for (const column of ['at', 'person_id', 'kind', 'subject', 'detail_json', 'previous_hash', 'hash'])
      expect(() => store.exec(`UPDATE audit_event SET ${column} = 'x'`), column).toThrow('audit is append-only');
    expect(() => store.exec('DELETE FROM audit_event WHERE seq = 2')).toThrow('audit is append-only');
    const again = { seq: 1, at: 'x', person_id: null, kind: 'k', subject: 's', detail_json: '{}', previous_hash: 'p', hash: 'h1' };
    expect(() => insert(store, 'audit_event', again, 'INSERT OR REPLACE')).toThrow('audit is append-only');
    expect(store.db.prepare('SELECT count(*), min(at) FROM audit_event').raw().get()).toEqual([2, AT]);
  });

  it('keeps the register of use: one open attempt, closed once, never deleted (R33)', () => {
    licenceIn(store, 'a', 'sealing');
    insert(store, 'sealing_grant', {
      id: 'g',
      batch_id: 'batch',
      seal_id: 'seal',
      custodian_id: 'c',
      token_serial: 't',
      certificate_hash: HASH,
      signatures: 1,
      expires_at: AT,
      made_at: AT,
    });
    const attempt = (id: string) =>
      insert(store, 'sealing_attempt', {
        id,
        licence_id: 'a',
        grant_id: 'g',
        seal_id: 'seal',
        approved_hash: HASH,
        certificate_hash: HASH,
        person_id: 'c',
        started_at: AT,
      });
    attempt('1');
    expect(() => attempt('2')).toThrow('UNIQUE');
    expect(() => store.exec("UPDATE sealing_attempt SET seal_id = 'x'")).toThrow('use register is kept');
    expect(() => store.exec("UPDATE sealing_attempt SET result = 'SEALED'")).toThrow('use register is kept');
    store.exec("UPDATE sealing_attempt SET ended_at = ?, result = 'SEALED'", AT);
    expect(() => store.exec("UPDATE sealing_attempt SET result = 'X', ended_at = 'x'")).toThrow('use register is kept');
    expect(() => store.exec('DELETE FROM sealing_attempt')).toThrow('use register is kept');
    attempt('2');
  });

  it('keeps approvals, hand-overs and catalogue texts', () => {
    licenceIn(store, 'a', 'issued');
    insert(store, 'hand_over', {
      licence_id: 'a',
      collector: 'holder',
      collector_name: '王',
      identified: 'idCardSeen',
      given_json: '[]',
      note: '',
      person_id: 'c',
      at: AT,
    });
    insert(store, 'catalogue_entry', { kind: 'type', id: 't', version: '1', sha256: HASH, json: '{}', seen_at: AT });
    for (const [table, column, message] of [
      ['hand_over', 'note', 'hand-over is kept'],
      ['batch', 'approved_by', 'approval is kept'],
      ['catalogue_entry', 'json', 'catalogue text is kept'],
    ] as const) {
      expect(() => store.exec(`UPDATE ${table} SET ${column} = 'x'`)).toThrow(message);
      expect(() => store.exec(`DELETE FROM ${table}`)).toThrow(message);
    }
    expect(() =>
      insert(store, 'hand_over', {
        licence_id: 'a',
        collector: 'holder',
        collector_name: 'x',
        identified: 'x',
        given_json: '[]',
        note: '',
        person_id: 'c',
        at: AT,
      }),
    ).toThrow('UNIQUE');
  });

  it('fixes the profile of a workspace', () => {
    insert(store, 'workspace', { id: 1, profile: 'training', demo_today: null, created_at: AT });
    expect(() => store.exec("UPDATE workspace SET profile = 'production'")).toThrow('workspace profile is fixed');
    expect(() => store.exec('DELETE FROM workspace')).toThrow('workspace profile is fixed');
    expect(() => insert(store, 'workspace', { id: 2, profile: 'training', demo_today: null, created_at: AT })).toThrow('CHECK');
    expect(() =>
      insert(store, 'workspace', { id: 1, profile: 'production', demo_today: null, created_at: AT }, 'INSERT OR REPLACE'),
    ).toThrow('workspace profile is fixed');
  });

  it('gives production no demonstration clock', () => {
    expect(() => insert(store, 'workspace', { id: 1, profile: 'production', demo_today: '2026-11-30', created_at: AT })).toThrow('CHECK');
  });
});

describe('store.laws: outbox', () => {
  const item = (id: string, changes = {}) =>
    insert(store, 'outbox', {
      id, licence_id: 'a', version_id: 'a', sequence: 1, kind: 'licence.issued', payload_version: 1, payload: '{}', document_hash: HASH, content_hash: HASH,
      size_bytes: 1, statutory_day: '2026-11-30', state: 'queued', created_at: AT, next_attempt_at: AT, ...changes,
    }); // biome-ignore format: a row
  const receipt = { state: 'acknowledged', receipt: '{}', receipt_id: 'R', receipt_signature: 's', acknowledged_at: AT };
  const step = (values: Record<string, string | null>) =>
    store.exec(
      `UPDATE outbox SET ${Object.keys(values)
        .map((c) => `${c} = ?`)
        .join(', ')}`,
      ...Object.values(values),
    );
  const sending = { state: 'sending', lease_expires_at: AT };
  beforeEach(() => {
    licenceIn(store, 'a', 'issued');
  });

  it('never deletes an item nor changes what it says', () => {
    item('1');
    expect(() => store.exec('DELETE FROM outbox')).toThrow('outbox items are never deleted');
    for (const column of [
      'id',
      'kind',
      'payload_version',
      'payload',
      'document_hash',
      'content_hash',
      'created_at',
      'sequence',
      'licence_id',
      'version_id',
    ])
      expect(() => step({ [column]: '2' }), column).toThrow('outbox payload is frozen');
    expect(() => item('2')).toThrow('UNIQUE');
    expect(() =>
      item('3', { sequence: 2, state: 'acknowledged', receipt: '{}', receipt_id: 'R', receipt_signature: 's', acknowledged_at: AT }),
    ).toThrow('outbox item begins queued');
  });

  const OUTBOX = ['queued', 'sending', 'acknowledged', 'refused', 'quarantined', 'closed'] as const;
  const allowed = new Set([
    'queued>sending', 'sending>acknowledged', 'sending>queued', 'sending>refused', 'sending>quarantined', 'queued>quarantined',
    'refused>queued', 'refused>closed', 'quarantined>queued', 'quarantined>closed',
  ]); // biome-ignore format: a table
  const paths: Record<(typeof OUTBOX)[number], readonly Record<string, string>[]> = {
    queued: [],
    sending: [sending],
    acknowledged: [sending, receipt],
    refused: [sending, { state: 'refused' }],
    quarantined: [{ state: 'quarantined' }],
    closed: [{ state: 'quarantined' }, { state: 'closed', closed_by: 'p', closed_reason: 'r' }],
  };
  it.each(OUTBOX.flatMap((from) => OUTBOX.filter((to) => to !== from).map((to) => [from, to] as const)))('%s → %s', (from, to) => {
    item('1');
    for (const each of paths[from]) step(each);
    const go = () => step({ ...receipt, ...sending, closed_by: 'p', closed_reason: 'r', state: to });
    if (allowed.has(`${from}>${to}`)) go();
    else expect(go).toThrow(/step not allowed|item has ended/);
  });

  it('is delivered only with the receipt, closed only with who and why', () => {
    item('1');
    step(sending);
    for (const missing of ['receipt', 'receipt_id', 'receipt_signature', 'acknowledged_at'])
      expect(() => step({ ...receipt, [missing]: null }), missing).toThrow('CHECK');
    step({ state: 'refused' });
    for (const missing of ['closed_by', 'closed_reason'])
      expect(() => step({ state: 'closed', closed_by: 'p', closed_reason: 'r', [missing]: null })).toThrow('CHECK');
    expect(() => step({ state: 'sending', lease_expires_at: null })).toThrow(/CHECK|step not allowed/);
  });

  it('keeps a receipt as it came', () => {
    item('1');
    step(sending);
    step(receipt);
    for (const column of ['receipt', 'receipt_signature', 'acknowledged_at', 'problem', 'statutory_day'])
      expect(() => step({ [column]: 'x' })).toThrow('outbox item has ended');
  });
});
