import { readFileSync } from 'node:fs';
import { read, utils } from '@e965/xlsx';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowFault } from '../../../electron/contract/intake.ts';
import { checkRow } from '../../../electron/station/intake/check-row.ts';
import { exportFaultyRows, mendedRows, recogniseMended } from '../../../electron/station/intake/faulty-sheet.ts';
import { readTable } from '../../../electron/station/intake/read-table.ts';
import { aContext, type Checked, checkFile, samplePath } from './run.ts';

const words = { sheetName: '待更正', reasonHeading: '原因', reason: (fault: RowFault) => `${fault.field ?? ''} ${fault.code}`.trim() };

async function faultySheet({ mapped, rows }: Checked, reference = 'import-1') {
  const faulty = rows.filter((row) => row.verdict === 'faulty');
  const cellsOf = (row: number) => mapped.rows.find((m) => m.row === row)?.cells ?? {};
  const bytes = await exportFaultyRows(
    {
      reference,
      mapping: mapped.mapping,
      headings: mapped.headings,
      rows: faulty.map(({ row, faults }) => ({ row, faults, cells: cellsOf(row) })),
    },
    words,
  );
  return { bytes, faulty };
}

const sampleSheet = async () => {
  const checked = await checkFile('a.csv', readFileSync(samplePath('nongcun-zhaijidi.gb18030.csv')), { today: '2026-11-30' });
  return { checked, ...(await faultySheet(checked)) };
};

describe('intake.exportFaultyRows', () => {
  it('gives the original columns that may be kept, the reason in words, and a hidden reference', async () => {
    const { bytes, faulty } = await sampleSheet();
    const book = read(bytes, { cellStyles: true });
    const sheet = book.Sheets[words.sheetName];
    if (sheet === undefined) throw new Error('no sheet');
    const rows = utils.sheet_to_json<string[]>(sheet, { header: 1 });
    expect(rows[0]).toEqual([
      ...'受理编号,户主姓名,身份证号,批准用地面积,房基占地面积,土地所有权人,土地用途,土地坐落,东至,南至,西至,北至,批准书有效期起,批准书有效期止,办结日期'.split(
        ',',
      ),
      '原因',
      'banjie:row',
    ]);
    expect(rows).toHaveLength(faulty.length + 1);
    expect(rows[1]?.slice(15)).toEqual(['householderName VALUE_MISSING', 'import-1/16']);
    expect(sheet['!cols']?.[16]?.hidden).toBe(true);
    expect(JSON.stringify(rows)).not.toMatch(/手机号/);
    // An id number stays text.
    expect(sheet.C2).toMatchObject({ t: 's', v: '420626198703138198' });
  });

  it('gives equal bytes for equal rows', async () => expect((await sampleSheet()).bytes).toEqual((await sampleSheet()).bytes));

  it.each(['=1+1', '+86', '-5', '@SUM(A1)', '\tx', '＝1', "'=1", "''-x", "O'Brien", '_x000D_', 'a\u0001b', '<&">', ' 张 三 '])(
    'never hands %j to a spreadsheet as a formula, and gets it back as it was',
    async (text) => {
      const { checked } = await sampleSheet();
      const first = checked.mapped.rows[0];
      if (first === undefined) throw new Error('no row');
      const cells = { ...first.cells, location: text };
      const bytes = await exportFaultyRows(
        { reference: 'r', mapping: checked.mapped.mapping, headings: checked.mapped.headings, rows: [{ row: 7, cells, faults: [] }] },
        words,
      );
      const sheet = Object.values(read(bytes).Sheets)[0];
      expect(sheet?.H2?.f).toBeUndefined();
      expect(String(sheet?.H2?.v)).not.toMatch(/^[=+\-@\t＝]/);
      const mended = recogniseMended(await readTable('m.xlsx', bytes));
      if (mended === null) throw new Error('not recognised');
      expect(mendedRows(mended, checked.mapped.headings)).toEqual([{ row: 7, fileRow: 2, cells, surplusCells: 0 }]);
    },
  );
});

describe('intake.recogniseMended', () => {
  it('brings the mended rows back to just their places', async () => {
    const { checked, bytes } = await sampleSheet();
    const book = read(bytes);
    const sheet = book.Sheets[words.sheetName];
    if (sheet === undefined) throw new Error('no sheet');
    // The clerk types the missing name of row 16 in another program, which writes the file anew.
    utils.sheet_add_aoa(sheet, [['王五']], { origin: 'B2' });
    const { write } = await import('@e965/xlsx');
    const mended = recogniseMended(await readTable('m.xlsx', new Uint8Array(write(book, { type: 'array', bookType: 'xlsx' }))));
    if (mended === null) throw new Error('not recognised');
    expect(mended).toMatchObject({ reference: 'import-1', strangers: [] });
    const rows = mendedRows(mended, checked.mapped.headings);
    expect(rows.map((row) => row.row)).toEqual(checked.rows.filter((row) => row.verdict === 'faulty').map((row) => row.row));
    const first = rows[0];
    if (first === undefined) throw new Error('no row');
    expect(checkRow(checked.mapped.type, first, aContext())).toMatchObject({ row: 16, faults: [], values: { householderName: '王五' } });
  });

  it('works for a sheet saved as CSV in GB18030 with its columns moved', async () => {
    const text = Buffer.concat([
      Buffer.from('62616e6a69653a726f772c', 'hex'),
      Buffer.from('bba7d6f7d0d5c3fb2ccadcc0edb1e0bac50d0a722f332cd5c52c4e310d0a', 'hex'),
    ]);
    const mended = recogniseMended(await readTable('m.csv', text));
    if (mended === null) throw new Error('not recognised');
    expect(mendedRows(mended, { matterNumber: '受理编号', householderName: '户主姓名' })).toEqual([
      { row: 3, fileRow: 2, cells: { matterNumber: 'N1', householderName: '张' }, surplusCells: 0 },
    ]);
    expect(() => mendedRows(mended, { matterNumber: '受理编号', landUse: '土地用途' })).toThrow(
      expect.objectContaining({ code: 'COLUMN_MISSING', details: { columns: '土地用途' } }),
    );
  });

  it('lets rows without, with another or with a repeated reference replace nothing', async () => {
    const mended = recogniseMended(await readTable('m.csv', Buffer.from('a,banjie:row\n1,r/1\n2,\n3,q/3\n4,r/1\n5,r/0\n6,r/x')));
    expect(mended?.rows.map((row) => row.row)).toEqual([1]);
    expect(mended?.strangers).toEqual([3, 4, 5, 6, 7]);
  });

  it('is null for an ordinary register', async () =>
    expect(recogniseMended(await readTable('a', readFileSync(samplePath('xiangcun-guihua.xlsx'))))).toBeNull());

  it('returns any text unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 20 }), async (text) => {
        fc.pre(text.trim() !== '');
        const mapping = { typeId: 't', headingsHash: '0'.repeat(64), columns: { location: 0 } };
        const bytes = await exportFaultyRows(
          { reference: 'r', mapping, headings: { location: '坐落' }, rows: [{ row: 1, cells: { location: text }, faults: [] }] },
          words,
        );
        const mended = recogniseMended(await readTable('m', bytes));
        expect(mended === null ? null : mendedRows(mended, { location: '坐落' })[0]?.cells.location).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});
