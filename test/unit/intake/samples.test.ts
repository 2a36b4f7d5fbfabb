import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '../../../electron/contract/error-codes.ts';
import { countRows } from '../../../electron/station/intake/check-rows.ts';
import { checkFile, samplePath } from './run.ts';

const Expected = z.record(
  z.string(),
  z.object({
    title: z.string(),
    rows: z.number(),
    faults: z.array(z.object({ row: z.number(), matter: z.string(), fault: z.string(), firstRow: z.number().optional() })),
    columnsNotAllowed: z.array(z.string()),
  }),
);

const codeOf: Readonly<Record<string, string>> = {
  'check-digit': 'CHECK_DIGIT_WRONG',
  missing: 'VALUE_MISSING',
  'impossible-date': 'DATE_IMPOSSIBLE',
  duplicate: 'DUPLICATE_IN_FILE',
  'concluded-in-future': 'CONCLUDED_IN_FUTURE',
  'private-use-character': 'CHARACTER_PRIVATE_USE',
};

const files: Readonly<Record<string, string>> = {
  zhaijidi: 'nongcun-zhaijidi.gb18030.csv',
  guihua: 'xiangcun-guihua.xlsx',
  caifa: 'linmu-caifa.utf8.csv',
  xiaozuofang: 'shipin-xiaozuofang.xlsx',
};

const expected = Expected.parse(JSON.parse(readFileSync(samplePath('expected.json'), 'utf8')));

describe('intake of the four sample registers on 2026-11-30', () => {
  for (const [typeId, fileName] of Object.entries(files)) {
    const want = expected[typeId];
    if (want === undefined) throw new Error(`expected.json lacks ${typeId}`);

    it(`refuses exactly the planted faults of ${fileName} and takes all other rows`, async () => {
      const { recognised, rows } = await checkFile(fileName, readFileSync(samplePath(fileName)), { today: '2026-11-30' });
      expect(recognised.view.typeId).toBe(typeId);
      expect(rows).toHaveLength(want.rows);
      const refused = rows
        .filter((row) => row.verdict === 'faulty')
        .map((row) => ({
          row: row.row,
          matter: row.values.matterNumber,
          faults: row.faults.map((f) => (f.code === 'DUPLICATE_IN_FILE' ? `${f.code} of ${f.details.firstRow}` : f.code)),
        }));
      expect(refused).toEqual(
        want.faults.map((f) => ({
          row: f.row,
          matter: f.matter,
          faults: [f.fault === 'duplicate' ? `DUPLICATE_IN_FILE of ${f.firstRow}` : codeOf[f.fault]],
        })),
      );
      const notAllowed = recognised.view.columns.filter((c) => c.verdict === 'notAllowed');
      expect(notAllowed.map((c) => c.heading)).toEqual(want.columnsNotAllowed);
      expect(recognised.view.columns.filter((c) => c.verdict === 'unmatched')).toEqual([]);
      const counts = countRows(rows);
      expect(counts.good + counts.normalised).toBe(want.rows - want.faults.length);
      expect(counts.duplicates).toBe(want.faults.filter((f) => f.fault === 'duplicate').length);
      console.info(`${fileName}: ${JSON.stringify(counts)}`);
    });

    it(`keeps no value of a column that may not be collected from ${fileName}`, async () => {
      const { recognised, mapped } = await checkFile(fileName, readFileSync(samplePath(fileName)), { today: '2026-11-30' });
      const forbidden = recognised.view.columns.filter((c) => c.verdict === 'notAllowed').map((c) => c.index);
      for (const column of forbidden) expect(recognised.rows.every((row) => (row.cells[column] ?? '') === '')).toBe(true);
      expect(JSON.stringify(recognised)).not.toMatch(/13[0-9]{9}(?!\d)"/);
      expect(Object.keys(mapped.rows[0]?.cells ?? {}).sort()).toEqual(Object.keys(mapped.mapping.columns).sort());
    });

    it(`gives each fault of ${fileName} the details its code declares`, async () => {
      const { rows } = await checkFile(fileName, readFileSync(samplePath(fileName)), { today: '2026-11-30' });
      for (const fault of rows.flatMap((row) => row.faults)) errorCodes[fault.code].details.parse(fault.details);
    });
  }

  it('shows full-width digits and stray spaces as normalised, with the original beside', async () => {
    const { rows } = await checkFile('a.csv', readFileSync(samplePath('nongcun-zhaijidi.gb18030.csv')), { today: '2026-11-30' });
    const spaced = rows.find((row) => row.row === 9);
    expect(spaced?.normalisations).toContainEqual({
      field: 'householderCode',
      from: ' 42062619690313239X\u3000',
      to: '42062619690313239X',
      kinds: ['space'],
    });
    const wide = rows.find((row) => row.row === 104);
    expect(wide?.normalisations).toContainEqual({
      field: 'householderCode',
      from: '４２０６２６１９５００４１２５８９６',
      to: '420626195004125896',
      kinds: ['width'],
    });
  });

  it('keeps rare characters of names whole', async () => {
    const { rows } = await checkFile('a.xlsx', readFileSync(samplePath('shipin-xiaozuofang.xlsx')), { today: '2026-11-30' });
    expect(rows.some((row) => row.values.ownerName === '周\u{2CB4E}' && row.verdict !== 'faulty')).toBe(true);
    expect(rows.some((row) => row.values.ownerName === '李㛃')).toBe(true);
  });
});
