import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../electron/station/catalogue/catalogue.ts';
import { applyMapping } from '../../../electron/station/intake/mapping.ts';
import { readTable } from '../../../electron/station/intake/read-table.ts';
import { type RecogniseContext, recogniseTable } from '../../../electron/station/intake/recognise.ts';
import { writeXlsx } from '../../../electron/station/intake/xlsx-write.ts';
import { catalogue, checkFile, pack } from './run.ts';

const HEAD = '受理号,建设单位(个人),证件号码,建设项目名称,建设位置,建设规模,附图及附件名称,办结日期';
const ROW = 'GH1,村委会,91350100M000100Y43,仓库,二组,12,图,2026-11-30';
const recognise = async (text: string, over: Partial<RecogniseContext> = {}) =>
  recogniseTable(await readTable('a.csv', Buffer.from(text)), { catalogue, pack, today: '2026-11-30', ...over });

describe('intake.recognise', () => {
  it('finds the heading row below titles and skips blank rows and repeated headings', async () => {
    const { view, rows } = await recognise(`台账（2026年）\n\n制表：,某\n${HEAD}\n${ROW}\n\n${HEAD}\n${ROW}\n`);
    expect(view).toMatchObject({ typeId: 'guihua', headerRow: 4, rows: 2, missing: [] });
    expect(rows.map((row) => row.fileRow)).toEqual([5, 8]);
  });

  it('compares headings without regard to width, spaces, brackets, stars and colons', async () => {
    const { view } = await recognise(
      `*受 理 号,建设单位（个人）：,证件号码,建设项目名称,建设位置,建设规模（平方米）,附图及附件名称,办结日期\n${ROW}`,
    );
    expect(view.missing).toEqual([]);
    expect(view.columns.every((c) => c.verdict === 'matched')).toBe(true);
  });

  it('gives each column its verdict and drops at once what may not be kept', async () => {
    const { view, rows, table } = await recognise(`${HEAD},经办科室,联系电话（手机）\n${ROW},规划科,13800000000`);
    expect(view.columns.slice(-2)).toEqual([
      { index: 8, heading: '经办科室', verdict: 'unmatched', field: null },
      { index: 9, heading: '联系电话（手机）', verdict: 'notAllowed', field: null },
    ]);
    expect(JSON.stringify([rows, table])).not.toContain('13800000000');
  });

  it('leaves the choice to the clerk when two types fit alike', async () => {
    const guihua = catalogue.entries.find((e) => e.type.id === 'guihua');
    const twin = { ...guihua?.type, id: 'twin', code: '11100000MB0QL00252002' };
    const both = catalogueOf([guihua?.type, twin].map((type, i) => ({ file: `${i}`, bytes: Buffer.from(JSON.stringify(type)) })));
    const { view } = await recognise(`${HEAD}\n${ROW}`, { catalogue: both });
    expect(view).toMatchObject({ typeId: null, mapping: null });
    expect(view.candidates.map((c) => c.typeId).sort()).toEqual(['guihua', 'twin']);
    expect((await recognise(`${HEAD}\n${ROW}`, { catalogue: both, typeId: 'twin' })).view).toMatchObject({ typeId: 'twin' });
  });

  it('decides by itself when one type leads clearly', async () => {
    const guihua = catalogue.entries.find((e) => e.type.id === 'guihua')?.type;
    const [item] = guihua?.items.filter((i) => i.key === 'projectName') ?? [];
    const extra = ['A', 'B'].map((s) => ({ ...item, key: `extra${s}`, shortName: `KZ_EXTRA${s}`, name: `另${s}`, aliases: [] }));
    const wider = { ...guihua, id: 'wider', code: '11100000MB0QL00252003', items: [...(guihua?.items ?? []), ...extra] };
    const both = catalogueOf([wider, guihua].map((type, i) => ({ file: `${i}`, bytes: Buffer.from(JSON.stringify(type)) })));
    const { view } = await recognise(`${HEAD}\n${ROW}`, { catalogue: both });
    expect(view.typeId).toBe('guihua');
    expect(view.candidates.map((c) => [c.typeId, c.score])).toEqual([
      ['guihua', 1],
      ['wider', 0.8],
    ]);
  });

  it('takes the first of two columns that name the same field', async () => {
    const { view } = await recognise(`${HEAD},身份证号\n${ROW},x`);
    expect(view.columns.filter((c) => c.field === 'builderCode').map((c) => c.index)).toEqual([2]);
    expect(view.columns[8]?.verdict).toBe('unmatched');
  });

  it('lets the clerk choose another type for the same file', async () => {
    const first = await recognise(`${HEAD}\n${ROW}`);
    const again = await recogniseTable(first.table, { catalogue, pack, today: '2026-11-30', typeId: 'caifa' });
    expect(again.view.typeId).toBe('caifa');
    expect(again.view.missing).toContain('forestRight');
  });

  it('takes the heading row the clerk points at, even when it names nothing known', async () => {
    const text = `${HEAD}\n甲,乙,丙\n1,2,3\n`;
    const { view, rows } = await recognise(text, { headerRow: 2, typeId: 'guihua' });
    expect(view).toMatchObject({ headerRow: 2, rows: 1 });
    expect(rows[0]?.cells).toEqual(['1', '2', '3']);
    await expect(recognise(text, { headerRow: 9, typeId: 'guihua' })).rejects.toMatchObject({ code: 'HEADER_NOT_FOUND' });
  });

  it('chooses the sheet that has the headings', async () => {
    const bytes = await writeXlsx({ name: '台账', headings: HEAD.split(','), rows: [ROW.split(',')], hiddenColumns: [] });
    const table = await readTable('a', bytes);
    const cover = { name: '封面', isHidden: false, rows: [{ fileRow: 1, cells: ['乡村建设规划'] }] };
    const { view } = await recogniseTable({ ...table, sheets: [cover, ...table.sheets] }, { catalogue, pack, today: '2026-11-30' });
    expect(view).toMatchObject({ sheet: '台账', sheets: ['封面', '台账'] });
  });

  it.each([
    ['甲,乙\n1,2', 'HEADER_NOT_FOUND'],
    ['这是一封信，没有表。\n第二行', 'HEADER_NOT_FOUND'],
    ['受理号,证件号码,其他\n1,2,3', 'TYPE_NOT_RECOGNISED'],
    [HEAD, 'FILE_EMPTY'],
    [`${HEAD}\n${HEAD}`, 'FILE_EMPTY'],
  ])('refuses %j with %s', async (text, code) => expect(recognise(text)).rejects.toMatchObject({ code }));

  it('refuses a type the catalogue does not have today', async () => {
    await expect(recognise(`${HEAD}\n${ROW}`, { typeId: 'no-such' })).rejects.toMatchObject({ code: 'TYPE_NOT_IN_CATALOGUE' });
    await expect(recognise(`${HEAD}\n${ROW}`, { today: '2025-01-01' })).rejects.toMatchObject({ code: 'HEADER_NOT_FOUND' });
  });
});

describe('intake.applyMapping', () => {
  const ODD = HEAD.replace('证件号码', '代码').replace('建设位置', '位置');

  it('says which required columns are missing', async () => {
    const recognised = await recognise(`${ODD}\n${ROW}`);
    expect(recognised.view.missing).toEqual(['builderCode', 'projectLocation']);
    const { mapping } = recognised.view;
    if (mapping === null) throw new Error('no mapping');
    await expect(applyMapping(recognised, mapping)).rejects.toMatchObject({
      code: 'COLUMN_MISSING',
      details: { columns: '证件号码、建设位置' },
    });
  });

  it('takes a mended mapping, and the kept one the next time', async () => {
    const recognised = await recognise(`${ODD}\n${ROW}`);
    const old = recognised.view.mapping;
    if (old === null) throw new Error('no mapping');
    const mended = { ...old, columns: { ...old.columns, builderCode: 2, projectLocation: 4 } };
    const table = await applyMapping(recognised, mended);
    expect(table.rows[0]).toMatchObject({ row: 1, fileRow: 2, cells: { builderCode: '91350100M000100Y43', projectLocation: '二组' } });
    const next = await recognise(`${ODD}\n${ROW}`, { keptMapping: (hash) => (hash === mended.headingsHash ? mended : null) });
    expect(next.view).toMatchObject({ missing: [], mapping: mended });
  });

  it('passes over fields of a kept mapping that the type no longer has', async () => {
    const kept = { typeId: 'guihua', headingsHash: '', columns: { formerField: 0, matterNumber: 0, projectName: 3 } };
    const { view } = await recognise(`${HEAD}\n${ROW}`, { keptMapping: () => kept });
    expect(view.columns.flatMap((c) => c.field ?? [])).toEqual(['matterNumber', 'projectName']);
  });

  it('refuses a mapping that does not fit or takes what may not be kept', async () => {
    const recognised = await recognise(`${HEAD},手机号\n${ROW},138`);
    const { mapping } = recognised.view;
    if (mapping === null) throw new Error('no mapping');
    const problem = (columns: Record<string, number>, hash = mapping.headingsHash) =>
      applyMapping(recognised, { ...mapping, headingsHash: hash, columns: { ...mapping.columns, ...columns } }).then(
        () => 'accepted',
        (error: { details: { problem: string } }) => error.details.problem,
      );
    expect(await problem({})).toBe('accepted');
    expect(await problem({ projectName: 8 })).toBe('column-not-allowed');
    expect(await problem({ projectName: 0 })).toBe('column-twice');
    expect(await problem({ projectName: 99 })).toBe('column-unknown');
    expect(await problem({ phone: 8 })).toBe('field-unknown');
    expect(await problem({}, 'f'.repeat(64))).toBe('other-headings');
  });

  it('notices values that have shifted in a CSV', async () => {
    const { rows } = await checkFile('a.csv', Buffer.from(`${HEAD}\n${ROW}\n${ROW.replace('GH1', 'GH2').replace('二组', '二组,三号')}`), {
      today: '2026-11-30',
    });
    expect(rows.map((row) => row.verdict)).toEqual(['good', 'faulty']);
    expect(rows[1]?.faults).toContainEqual({ code: 'ROW_SHAPE_WRONG', field: null, details: { cells: 1 } });
  });
});
