import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../electron/station/store/database.ts';
import {
  deleteDraft,
  findLicences,
  indexForSearch,
  type LicenceQuery,
  licenceById,
} from '../../electron/station/store/queries/licences.ts';
import { aStore, insert, licenceIn, licenceRow, type Store, setLicence } from '../support/a-store.ts';

const PEOPLE: Readonly<Record<string, { name: string; code: string; matter: string; number?: string }>> = {
  wang: { name: '王小明', code: '420626198001010011', matter: 'NZ2026110001', number: '演练农宅字第4206262026900018号' },
  wangfang: { name: '王芳', code: '420626198202020022', matter: 'NZ2026110002', number: '农宅字第4206262026000019号' },
  ouyang: { name: '欧阳娜娜', code: '42062619540520216X', matter: 'CF0000017', number: '鄂林采字〔2026〕17号' },
  ayi: { name: '阿依古丽·买买提', code: '420626199507260844', matter: 'CF0000018', number: '演练采伐证第4206262026900000号' },
  rare: { name: '钅𬭎', code: '420626197003030033', matter: 'xg-2026/007', number: '演练乡字第420626202650076号' },
  firm: { name: '保康县ABC食品（集团）有限公司', code: '91420626MA49ABCD1X', matter: 'SP2026-001', number: '演练鄂襄食坊420626202650045' },
  percent: { name: '100%_好"食"坊', code: '91420626MA49ABCD2Y', matter: '保食〔2026〕12号', number: '鄂襄食坊420626202600046' },
  draft: { name: '赵六', code: '420626196504040044', matter: 'NZ2026110099' },
};

const names = [...Object.keys(PEOPLE), 'mended'];
const uuidOf = (name: string): string => `0190a0b0-0000-7000-8000-${String(names.indexOf(name)).padStart(12, '0')}`;
const nameOf = (uuid: string): string => names[Number(uuid.slice(-12))] ?? uuid;

let store: Store;
beforeAll(() => {
  store = aStore();
  for (const [name, p] of Object.entries(PEOPLE)) {
    const id = uuidOf(name);
    insert(store, 'licence', licenceRow(id, { holder_name: p.name, holder_code: p.code, matter_number: p.matter }));
    if (p.number !== undefined)
      setLicence(store, id, {
        state: 'submitted',
        number: p.number,
        identifier: `1.2.156.3005.2.T.${name.toUpperCase()}`,
        approved_hash: 'h',
        submitted_by: 'clerk',
      });
    inTransaction(store.db, (w) =>
      indexForSearch(w, id, { holderName: p.name, holderCode: p.code, matterNumber: p.matter, number: p.number ?? null }),
    );
  }
});
afterAll(() => store.close());

const everything: LicenceQuery = {
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
const find = (text: string, more: Partial<LicenceQuery> = {}) => {
  const { rows, total } = findLicences(store.db, { ...everything, ...more, text });
  expect(total).toBe(rows.length);
  return rows.map((row) => nameOf(row.id)).sort();
};

describe('licences.find by name', () => {
  it.each([
    ['one character', '王', ['wang', 'wangfang']],
    ['two characters', '王芳', ['wangfang']],
    ['a whole name', '王小明', ['wang']],
    ['from the middle', '小明', ['wang']],
    ['a compound surname', '欧阳', ['ouyang']],
    ['the same character twice', '娜娜', ['ouyang']],
    ['before the middle dot', '阿依古丽', ['ayi']],
    ['after it', '买买提', ['ayi']],
    ['across it', '阿依古丽·买买提', ['ayi']],
    ['across it with another dot', '阿依古丽•买', ['ayi']],
    ['with a space for it', '阿依古丽 买买提', ['ayi']],
    ['a character outside the basic plane', '𬭎', ['rare']],
    ['with it', '钅𬭎', ['rare']],
    ['Latin letters in either case', 'abc食品', ['firm']],
    ['full-width letters', 'ＡＢＣ食', ['firm']],
    ['full-width brackets', '食品（集团）', ['firm']],
    ['nobody', '诸葛', []],
    ['one character too many', '王小明明', []],
  ])('finds %s', (_what, text, expected) => expect(find(text)).toEqual(expected));
});

describe('licences.find by number, matter and code', () => {
  it.each([
    ['the beginning of an identity code', '42062619', ['ayi', 'draft', 'ouyang', 'rare', 'wang', 'wangfang']],
    ['a whole identity code', '420626198001010011', ['wang']],
    ['with x in either case', '42062619540520216x', ['ouyang']],
    ['its last four', '0011', ['wang']],
    ['its last four with X', '216x', ['ouyang']],
    ['its last six', '010011', ['wang']],
    ['the beginning of a credit code', '91420626ma49', ['firm', 'percent']],
    ['a matter', 'NZ2026110001', ['wang']],
    ['the beginning of a matter', 'NZ2026', ['draft', 'wang', 'wangfang']],
    ['the beginning of a matter in small letters', 'nz2026', ['draft', 'wang', 'wangfang']],
    ['the last digits of a matter', '110099', ['draft']],
    ['a matter kept in small letters', 'xg-2026', ['rare']],
    ['a matter with Chinese words', '保食〔2026〕', ['percent']],
    ['a licence number', '农宅字第4206262026000019号', ['wangfang']],
    ['its beginning', '农宅字第4206262026', ['wang', 'wangfang']],
    ['its beginning as training writes it', '演练农宅字第4206262026', ['wang']],
    ['its words alone', '农宅字', ['wang', 'wangfang']],
    ['a number with brackets', '鄂林采字〔2026〕17号', ['ouyang']],
    ['its digits', '4206262026900018', ['wang']],
    ['its last digits', '900018', ['wang']],
    ['its last digits with what stands beside them', '900018号', ['wang']],
    ['its digits with the words around them', '第4206262026900018号', ['wang']],
    ['a wrong beginning before right last digits', '9999999900018', []],
    ['an identifier', '1.2.156.3005.2.T.WANG', ['wang', 'wangfang']],
  ])('finds %s', (_what, text, expected) => expect(find(text)).toEqual(expected));
});

describe('licences.find with a text that means something to SQL or FTS', () => {
  it.each([
    '"',
    "'",
    '%',
    '_',
    '*',
    '" OR *',
    "' OR 1=1 --",
    'NEAR(王 明)',
    '王 OR 芳',
    '-王',
    'terms:王',
    '(',
    ')',
    '^',
    '\\',
    '·',
    '〔',
    '\u0000',
    '{}',
    ';',
  ])('takes %j for what it is', (text) => {
    const found = find(text);
    expect(found.length).toBeLessThan(Object.keys(PEOPLE).length);
  });
  it('finds a name with such signs in it', () => {
    expect(find('100%_好')).toEqual(['percent']);
    expect(find('好"食"坊')).toEqual(['percent']);
  });
  it('takes no sign of LIKE for a place holder', () => {
    expect(find('NZ2026_10001')).toEqual([]);
    expect(find('%1100%01')).toEqual([]);
    expect(find('420626%900018')).toEqual([]);
  });
  it('finds everything for nothing and for spaces', () => {
    expect(find('')).toHaveLength(8);
    expect(find(' \u3000 ')).toHaveLength(8);
  });
  it('takes a text of full length', () => expect(find('王'.repeat(80))).toEqual([]));
});

describe('licences.find with filters', () => {
  it('combines text, state, type and person', () => {
    expect(find('', { states: ['draft'] })).toEqual(['draft']);
    expect(find('王', { states: ['draft'] })).toEqual([]);
    expect(find('王', { states: ['draft', 'submitted'], typeIds: ['guihua'] })).toEqual(['wang', 'wangfang']);
    expect(find('', { typeIds: ['caifa'] })).toEqual([]);
    expect(find('', { enteredBy: 'nobody' })).toEqual([]);
    expect(find('', { notBy: 'clerk' })).toEqual([]);
    expect(find('', { states: ['issued'], notHandedOver: true })).toEqual([]);
  });

  it('pages without losing or repeating a row, and counts all of them', () => {
    const pages = [0, 3, 6, 9].map((offset) => findLicences(store.db, { ...everything, offset, limit: 3 }));
    expect(pages.map((p) => [p.rows.length, p.total, p.more])).toEqual([
      [3, 8, false],
      [3, 8, false],
      [2, 8, false],
      [0, 8, false],
    ]);
    expect(new Set(pages.flatMap((p) => p.rows.map((r) => r.id))).size).toBe(8);
  });

  it('forgets the words of a deleted draft and learns those of a mended one', () => {
    const id = licenceIn(store, uuidOf('mended'), 'draft', { holder_name: '旧名', matter_number: 'MM' });
    const text = { holderCode: 'X', matterNumber: 'MM', number: null };
    inTransaction(store.db, (w) => indexForSearch(w, id, { ...text, holderName: '旧名' }));
    inTransaction(store.db, (w) => indexForSearch(w, id, { ...text, holderName: '新名' }));
    expect([find('旧名'), find('新名')]).toEqual([[], ['mended']]);
    const record = licenceById(store.db, id);
    if (record === undefined) throw new Error('it was just written');
    inTransaction(store.db, (w) => deleteDraft(w, record));
    expect(find('新名')).toEqual([]);
  });
});
