import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APPROVED, aStore, HASH, ISSUED, insert, licenceIn, licenceRow, type Store, setLicence } from '../support/a-store.ts';

let store: Store;
beforeEach(() => {
  store = aStore();
});
afterEach(() => store.close());

const set = (id: string, values: Parameters<typeof setLicence>[2]) => () => setLicence(store, id, values);
const STATES = ['draft', 'submitted', 'approved', 'sealing', 'issued', 'voided'] as const;

describe('store.laws: content', () => {
  const content = [
    ['type_id', 'x'], ['type_version', 'x'], ['type_code', 'x'], ['issuer_id', 'x'], ['seal_id', 'x'], ['matter_number', 'x'],
    ['conclusion_day', '2026-11-29'], ['holder_name', 'x'], ['holder_code', 'x'], ['holder_code_type', 'x'], ['values_json', '{"a":"b"}'],
    ['changes_json', '[1]'], ['valid_from', '2026-01-01'], ['valid_to', '2027-01-01'], ['serial', 7], ['number', 'x'], ['identifier', 'x'],
    ['version', 2], ['replaces', null], ['offline_reason', 'x'], ['entered_by', 'x'], ['entered_at', 'x'], ['template_version', 'x'],
    ['renderer_version', 'x'], ['approved_hash', 'x'],
  ] as const; // biome-ignore format: a table

  it.each(content)('freezes %s from submission on', (column, value) => {
    for (const state of ['submitted', 'approved', 'sealing', 'issued', 'cancelled', 'voided'] as const)
      expect(set(licenceIn(store, state, state), { [column]: value }), state).toThrow(/licence content is frozen|licence number is kept/);
  });

  it('opens the content again when a submitted licence is returned, but not its number', () => {
    const id = licenceIn(store, 'a', 'returned');
    setLicence(store, id, { holder_name: '李四' });
    for (const change of [{ number: 'other' }, { identifier: 'other' }, { serial: 9 }, { number: null }])
      expect(set(id, change)).toThrow('licence number is kept');
  });

  it('freezes what sealing recorded', () => {
    const id = licenceIn(store, 'a', 'issued');
    const frozen = {
      sealed_at: 'x',
      sealed_by: 'x',
      certificate_hash: 'x',
      document_hash: 'x',
      document_bytes: 2,
      approved_by: 'x',
      approved_at: 'x',
      batch_id: null,
      submitted_by: 'x',
      late_code: 'x',
      late_note: 'x',
    };
    for (const [column, value] of Object.entries(frozen)) expect(set(id, { [column]: value }), column).toThrow('issued licence is frozen');
  });

  it('keeps the reasons of voiding and cancelling', () => {
    expect(set(licenceIn(store, 'a', 'voided'), { void_reason: 'another' })).toThrow('reason is kept');
    expect(set(licenceIn(store, 'b', 'cancelled', { matter_number: 'M2' }), { cancel_reason: 'another' })).toThrow('reason is kept');
    expect(set('b', { cancel_basis: 'another' })).toThrow('reason is kept');
  });
});

describe('store.laws: steps', () => {
  const allowed = new Set([
    'draft>submitted', 'submitted>draft', 'submitted>approved', 'approved>sealing', 'sealing>approved', 'sealing>issued',
    'draft>voided', 'submitted>voided', 'approved>voided',
  ]); // biome-ignore format: a table
  const everything = { serial: 1, number: 'N', identifier: 'I', approved_hash: HASH, submitted_by: 'clerk', void_reason: 'r' };
  const given = (from: string, to: string) => ({
    ...(from === 'draft' ? everything : { void_reason: 'r' }),
    ...(from === 'draft' || from === 'submitted' ? APPROVED : {}),
    ...(from === 'issued' ? {} : ISSUED),
    legal_status: to === 'issued' ? 'valid' : null,
    state: to,
  });

  it.each(STATES.flatMap((from) => STATES.filter((to) => to !== from).map((to) => [from, to] as const)))('%s → %s', (from, to) => {
    const id = licenceIn(store, 'a', from);
    if (allowed.has(`${from}>${to}`)) {
      setLicence(store, id, given(from, to));
      expect(store.db.prepare('SELECT state FROM licence').pluck().get()).toBe(to);
    } else expect(set(id, given(from, to))).toThrow(/step not allowed|frozen|reason is kept/);
  });

  it.each(STATES.filter((state) => state !== 'draft'))('lets no licence begin as %s', (state) => {
    const row = {
      ...licenceRow('a'),
      ...everything,
      ...ISSUED,
      approved_by: 'reviewer',
      state,
      legal_status: state === 'issued' ? 'valid' : null,
    };
    expect(() => insert(store, 'licence', row)).toThrow('licence begins as a draft');
  });

  it('knows no other state and no other legal status', () => {
    expect(() => insert(store, 'licence', licenceRow('a', { state: 'printed' }))).toThrow(/CHECK|begins as a draft/);
    licenceIn(store, 'b', 'issued');
    expect(set('b', { legal_status: 'expired' })).toThrow('CHECK');
    expect(set('b', { legal_status: null })).toThrow('CHECK');
  });

  it('never takes a cancellation back', () => {
    licenceIn(store, 'a', 'cancelled');
    expect(set('a', { legal_status: 'valid' })).toThrow('cancelled is final');
    expect(set('a', { legal_status: null })).toThrow(/cancelled is final|CHECK/);
  });

  it('deletes only a draft that never had a number', () => {
    for (const state of ['submitted', 'returned', 'approved', 'sealing', 'issued', 'voided'] as const) {
      licenceIn(store, state, state);
      expect(() => store.exec('DELETE FROM licence WHERE id = ?', state), state).toThrow('licence is kept');
    }
    licenceIn(store, 'a', 'draft');
    store.exec("DELETE FROM licence WHERE id = 'a'");
  });

  it('is not passed by INSERT OR REPLACE', () => {
    licenceIn(store, 'a', 'issued');
    expect(() => insert(store, 'licence', licenceRow('a'), 'INSERT OR REPLACE')).toThrow('licence is kept');
  });
});

describe('store.laws: people and reasons', () => {
  it('refuses approval by who entered or submitted it (R08)', () => {
    licenceIn(store, 'a', 'submitted');
    expect(set('a', { ...APPROVED, approved_by: 'clerk' })).toThrow('CHECK');
    insert(store, 'licence', licenceRow('b', { entered_by: 'first', matter_number: 'M2' }));
    setLicence(store, 'b', { state: 'submitted', number: 'Nb', identifier: 'Ib', approved_hash: HASH, submitted_by: 'second' });
    expect(set('b', { ...APPROVED, approved_by: 'second' })).toThrow('CHECK');
    expect(set('b', { ...APPROVED, approved_by: 'first' })).toThrow('CHECK');
    setLicence(store, 'b', APPROVED);
  });

  it.each(['number', 'identifier', 'approved_hash', 'submitted_by'])('submits nothing without %s', (column) => {
    licenceIn(store, 'a', 'draft');
    const step = { state: 'submitted', number: 'N', identifier: 'I', approved_hash: HASH, submitted_by: 'clerk', [column]: null };
    expect(set('a', step)).toThrow('CHECK');
  });

  it.each(['approved_by', 'batch_id'])('approves nothing without %s', (column) => {
    licenceIn(store, 'a', 'submitted');
    expect(set('a', { ...APPROVED, [column]: null })).toThrow('CHECK');
  });

  it.each(['document_hash', 'sealed_at', 'sealed_by', 'certificate_hash', 'legal_status'])('issues nothing without %s', (column) => {
    licenceIn(store, 'a', 'sealing');
    expect(set('a', { ...ISSUED, [column]: null })).toThrow('CHECK');
  });

  it('voids and cancels nothing without a reason', () => {
    licenceIn(store, 'a', 'submitted');
    expect(set('a', { state: 'voided' })).toThrow('CHECK');
    licenceIn(store, 'b', 'issued');
    expect(set('b', { legal_status: 'cancelled' })).toThrow('CHECK');
  });

  it('issues after the conclusion day only with a reason, the day being local (R01)', () => {
    licenceIn(store, 'a', 'sealing');
    // 23:59:59 and 24:00:00 at UTC+8.
    expect(set('a', { ...ISSUED, sealed_at: '2026-11-30T16:00:00.000Z' })).toThrow('CHECK');
    expect(set('a', { ...ISSUED, sealed_at: 'soon' })).toThrow('CHECK');
    setLicence(store, 'a', { ...ISSUED, sealed_at: '2026-11-30T15:59:59.000Z' });
    licenceIn(store, 'b', 'sealing', { conclusion_day: '2026-11-29' });
    expect(set('b', ISSUED)).toThrow('CHECK');
    setLicence(store, 'b', { ...ISSUED, late_code: 'power-cut' });
  });

  it('has one live licence for each holder, type and matter (R05)', () => {
    const same = { matter_number: 'M', holder_code: 'C' };
    licenceIn(store, 'a', 'issued', same);
    expect(() => insert(store, 'licence', licenceRow('b', same))).toThrow('UNIQUE');
    setLicence(store, 'a', { legal_status: 'cancelled', cancel_reason: 'r' });
    licenceIn(store, 'b', 'submitted', same);
    expect(() => insert(store, 'licence', licenceRow('c', same))).toThrow('UNIQUE');
    setLicence(store, 'b', { state: 'voided', void_reason: 'r' });
    insert(store, 'licence', licenceRow('c', same));
    insert(store, 'licence', licenceRow('d', { ...same, holder_code: 'D' }));
  });

  it('accepts no day that is none', () => {
    for (const day of ['2026-1-1', '', '20261130', '2026-91-01'])
      expect(() => insert(store, 'licence', licenceRow('a', { conclusion_day: day })), day).toThrow('CHECK');
  });

  it('has versions 1 to 999, each replaced once', () => {
    licenceIn(store, 'a', 'cancelled');
    for (const version of [0, 1000]) expect(() => insert(store, 'licence', licenceRow('b', { version }))).toThrow('CHECK');
    insert(store, 'licence', licenceRow('b', { version: 2, replaces: 'a', chain_id: 'a', number: 'N-a' }));
    expect(() => insert(store, 'licence', licenceRow('c', { version: 3, replaces: 'a', chain_id: 'a' }))).toThrow('UNIQUE');
    expect(() => insert(store, 'licence', licenceRow('d', { chain_id: 'nobody' }))).toThrow('FOREIGN KEY');
  });
});
