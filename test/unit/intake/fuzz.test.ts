import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { recogniseMended } from '../../../electron/station/intake/faulty-sheet.ts';
import { readTable } from '../../../electron/station/intake/read-table.ts';
import { checkFile, samplePath } from './run.ts';

/** Bad input may only be refused by name; anything else is our defect. */
async function takes(bytes: Uint8Array): Promise<void> {
  try {
    recogniseMended(await readTable('a', bytes));
    const { rows } = await checkFile('a', bytes, { today: '2026-11-30' });
    expect(rows.length).toBeGreaterThan(0);
  } catch (error) {
    if (error instanceof Error && error.message === 'the type is not clear') return;
    if (!isStationError(error)) throw error;
  }
}

const run = (bytes: fc.Arbitrary<Uint8Array>, numRuns: number) => fc.assert(fc.asyncProperty(bytes, takes), { numRuns });
const workbook = readFileSync(samplePath('xiangcun-guihua.xlsx'));
const register = readFileSync(samplePath('nongcun-zhaijidi.gb18030.csv')).subarray(0, 3000);

const damaged = (whole: Uint8Array) =>
  fc
    .tuple(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), fc.nat(whole.length))
    .map(([changes, cut]) => {
      const bytes = Uint8Array.from(whole);
      for (const [at, value] of changes) bytes[at] = value;
      return cut % 3 === 0 ? bytes.subarray(0, cut) : bytes;
    });

describe('intake takes anything', () => {
  it('any bytes', () => run(fc.uint8Array({ maxLength: 400 }), 400));
  it('any text under real headings', () => {
    const head = '受理号,建设单位(个人),证件号码,建设项目名称,建设位置,建设规模,附图及附件名称,办结日期\n';
    const text = fc.array(fc.oneof(fc.constantFrom(',', '"', '\n', '\r', '""', '\t', ';'), fc.string({ unit: 'binary', maxLength: 8 })), {
      maxLength: 60,
    });
    return run(
      text.map((parts) => Buffer.from(head + parts.join(''))),
      200,
    );
  });
  it('a damaged register', () => run(damaged(register), 200));
  it('a damaged workbook', () => run(damaged(workbook), 150), 30_000);
  it('a workbook with any XML inside', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<row>',
        '<row r="',
        '<c r="A1" t="s">',
        '<c>',
        '<v>',
        '</v>',
        '</c>',
        '</row>',
        '<is><t>',
        '&#',
        '&amp;',
        '"',
        '>',
        '<!--',
        '<![CDATA[',
        '<?',
        'ZZZZ9',
        '-1',
        '1e400',
      ),
      fc.string({ maxLength: 5 }),
    );
    const base = {
      '_rels/.rels': '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
      'xl/workbook.xml': '<workbook xmlns:r="u"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>',
    };
    return run(
      fc
        .array(piece, { maxLength: 40 })
        .map((parts) =>
          zipSync(
            Object.fromEntries(
              Object.entries({ ...base, 'xl/s.xml': `<worksheet><sheetData>${parts.join('')}` }).map(([k, v]) => [k, strToU8(v)]),
            ),
            { level: 0 },
          ),
        ),
      300,
    );
  });
});
