import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AT, aStore, HASH, insert, licenceIn, type Store } from '../support/a-store.ts';

let store: Store;
beforeEach(() => {
  store = aStore();
});
afterEach(() => store.close());

const OTHER = 'b'.repeat(64);
const add = (licence: string, changes: Readonly<Record<string, string | number | null>> = {}, how?: string): void =>
  insert(
    store,
    'licence_attachment',
    {
      licence_id: licence,
      position: 1,
      name: '总平面图.pdf',
      media_type: 'application/pdf',
      sha256: HASH,
      size_bytes: 1234,
      added_by: 'clerk',
      added_at: AT,
      ...changes,
    },
    how,
  );
const remove = (licence: string): void => store.exec('DELETE FROM licence_attachment WHERE licence_id = ?', licence);
const held = (licence: string) =>
  store.db.prepare('SELECT name, sha256 FROM licence_attachment WHERE licence_id = ? ORDER BY position').all(licence);

describe('store.laws: attachments', () => {
  it.each(['submitted', 'approved', 'sealing', 'issued', 'cancelled', 'voided'] as const)('are frozen once %s', (state) => {
    licenceIn(store, 'never-had', state);
    expect(() => add('never-had')).toThrow('attachments are frozen');
    licenceIn(store, 'had', state, {}, () => add('had'));
    const before = held('had');
    expect(before).toHaveLength(1);
    for (const change of [
      () => add('had', { position: 2, sha256: OTHER, name: 'b.pdf' }),
      () => add('had', { name: 'b.pdf' }, 'INSERT OR REPLACE'),
      () => remove('had'),
      () => store.exec("UPDATE licence_attachment SET name = 'b.pdf'"),
    ])
      expect(change).toThrow('attachments are frozen');
    expect(held('had')).toEqual(before);
  });

  it.each(['draft', 'returned'] as const)('are added and removed while %s, and never changed', (state) => {
    licenceIn(store, 'a', state);
    add('a');
    add('a', { position: 2, sha256: OTHER, name: 'b.pdf' });
    for (const [
      column,
      value,
    ] of Object.entries({ licence_id: 'a', position: 3, name: 'c.pdf', media_type: 'image/png', sha256: OTHER, size_bytes: 1, added_by: 'x', added_at: 'x' })) // biome-ignore format: a table
      expect(() => store.exec(`UPDATE licence_attachment SET ${column} = ?`, value), column).toThrow('attachments are frozen');
    remove('a');
    expect(held('a')).toEqual([]);
  });

  it('belong to a licence that is there, which is not thrown away without them', () => {
    expect(() => add('nobody')).toThrow('attachments are frozen');
    licenceIn(store, 'a', 'draft');
    add('a');
    expect(() => store.exec("DELETE FROM licence WHERE id = 'a'")).toThrow('FOREIGN KEY');
    remove('a');
    store.exec("DELETE FROM licence WHERE id = 'a'");
  });

  it('have one place and one hash each, of a kind that is known', () => {
    licenceIn(store, 'a', 'draft');
    add('a');
    expect(() => add('a', { sha256: OTHER })).toThrow('UNIQUE');
    expect(() => add('a', { position: 2 })).toThrow('UNIQUE');
    for (const wrong of [{ media_type: 'text/html' }, { sha256: 'short' }, { size_bytes: 0 }, { position: 0 }])
      expect(() => add('a', { position: 2, sha256: OTHER, ...wrong }), JSON.stringify(wrong)).toThrow('CHECK');
    licenceIn(store, 'b', 'draft');
    add('b');
    expect(held('b')).toHaveLength(1);
  });
});
