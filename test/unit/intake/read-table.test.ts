import { readFileSync } from 'node:fs';
import { utils, write } from '@e965/xlsx';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../../electron/station/intake/read-table.ts';
import { MAX_FILE_BYTES } from '../../../electron/station/intake/table.ts';
import { samplePath } from './run.ts';

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const cellsOf = async (bytes: Uint8Array) => (await readTable('a', bytes)).sheets[0]?.rows.map((row) => row.cells);
const refusal = (bytes: Uint8Array, name = 'a.csv') =>
  readTable(name, bytes).then(
    () => 'accepted',
    (error: { code: string; details: Record<string, unknown> }) => [error.code, error.details.looksLike].filter(Boolean).join(' '),
  );

/** A workbook of one sheet from the XML of its rows, packed by another library. */
const workbook = (rows: string, over: Record<string, string> = {}): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries({
        '_rels/.rels': '<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        'xl/workbook.xml': '<workbook xmlns:r="u"><sheets><sheet name="台账" sheetId="7" r:id="rId9"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="rId9" Type="http://x/worksheet" Target="worksheets/s.xml"/><Relationship Id="s" Type="http://x/styles" Target="/xl/styles.xml"/><Relationship Id="t" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        'xl/styles.xml':
          '<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="177" formatCode="[Red]0.00&quot;d&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="9"/><xf numFmtId="22"/></cellXfs></styleSheet>',
        'xl/sharedStrings.xml':
          '<sst><si><t>户主</t></si><si><r><t>张</t></r><r><t xml:space="preserve"> 三</t></r><rPh><t>zhang</t></rPh></si><si><t>a&amp;b&#x4e00;_x000D_</t></si></sst>',
        'xl/worksheets/s.xml': `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
        ...over,
      }).map(([name, xml]) => [name, strToU8(xml)]),
    ),
  );

describe('intake.readTable on text', () => {
  const text = '受理编号,户主\r\nA1,"张,""三"""\r\nA2,"两\r\n行"\r\n';
  const want = [
    ['受理编号', '户主'],
    ['A1', '张,"三"'],
    ['A2', '两\r\n行'],
  ];
  it.each([
    ['UTF-8', utf8(text)],
    ['UTF-8 with BOM', utf8(`\ufeff${text}`)],
    ['UTF-16LE with BOM', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16LE without BOM', Buffer.from(text, 'utf16le')],
    ['UTF-16BE without BOM', Buffer.from(text, 'utf16le').swap16()],
    ['UTF-16BE with BOM', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    [
      'GB18030',
      Buffer.concat([Buffer.from('cadcc0edb1e0bac52cbba7d6f70d0a41312c22d5c52c2222c8fd2222220d0a41322c22c1bd0d0ad0d0220d0a', 'hex')]),
    ],
  ])('reads %s', async (_name, bytes) => expect(await cellsOf(bytes)).toEqual(want));

  it('reads a GB18030 character of four bytes across a piece boundary', async () => {
    const fourBytes = Buffer.from('95328236', 'hex');
    for (let pad = 0; pad < 4; pad++) {
      const bytes = Buffer.concat([Buffer.from(`a,b\n${'x'.repeat(64 * 1024 - 7 - pad)},`), fourBytes, Buffer.from('\n')]);
      expect((await cellsOf(bytes))?.[1]?.[1]).toBe('\u{20000}');
    }
  });

  it.each([';', '\t', '|'])('finds the separator %j', async (separator) =>
    expect(await cellsOf(utf8(`${['甲,乙', '丙', '丁'].join(separator)}\n${['1', '2', '3'].join(separator)}`))).toEqual([
      ['甲,乙', '丙', '丁'],
      ['1', '2', '3'],
    ]),
  );

  it.each(['PK1,2\n', 'BM1,2\n', 'MZ,2\n'])('takes text that begins like another kind of file: %j', async (text) =>
    expect(await cellsOf(utf8(text))).toHaveLength(1),
  );

  it('takes the separator Excel hides in the first line', async () =>
    expect((await readTable('a', utf8('sep=;\r\na;b\r\n1;2'))).sheets[0]?.rows).toEqual([
      { fileRow: 2, cells: ['a', 'b'] },
      { fileRow: 3, cells: ['1', '2'] },
    ]));

  it('keeps ragged rows, quotes inside a field, lone CR ends and a last line without end', async () =>
    expect(await cellsOf(utf8('a,b,c\r1,5"管\r1,2,3,4\r\r"x"y,'))).toEqual([
      ['a', 'b', 'c'],
      ['1', '5"管'],
      ['1', '2', '3', '4'],
      ['xy', ''],
    ]));

  it('gives the same rows wherever the pieces are cut', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `"${i}",甲"乙,"丙\r\n""${i}"""`);
    const rows = (await readTable('a', utf8(lines.join('\r\n')))).sheets[0]?.rows ?? [];
    expect(rows).toHaveLength(20_000);
    expect(rows.every((row, i) => row.cells.join('/') === `${i}/甲"乙/丙\r\n"${i}"`)).toBe(true);
  });
});

describe('intake.readTable on workbooks', () => {
  it('reads shared, inline and formula strings, numbers, dates, percentages and errors as a person sees them', async () => {
    const rows = `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c t="s"><v>2</v></c></row>
      <row r="5"><c r="A5" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c><c r="B5" t="str"><f>A1</f><v>&lt;x&gt;</v></c>
        <c r="C5" s="1"><v>46356</v></c><c r="D5" s="2"><v>46356</v></c><c r="E5" s="3"><v>12.5</v></c><c r="F5" s="4"><v>0.27</v></c>
        <c r="G5" s="5"><v>46356.395833333336</v></c><c r="H5"><v>0.30000000000000004</v></c><c r="I5"><v>420626198305238214</v></c>
        <c r="J5" t="e"><v>#N/A</v></c><c r="K5" t="b"><v>1</v></c><c r="L5" t="d"><v>2026-11-30T00:00:00</v></c></row>`;
    expect((await readTable('a', workbook(rows))).sheets).toEqual([
      {
        name: '台账',
        isHidden: false,
        rows: [
          { fileRow: 2, cells: ['户主', '', '张 三', 'a&b一\r'] },
          {
            fileRow: 5,
            cells: [
              '甲乙',
              '<x>',
              '2026-11-30',
              '2026-11-30',
              '12.5',
              '27%',
              '2026-11-30 09:30:00',
              '0.3',
              '4.20626198305238E+17',
              '#N/A',
              'TRUE',
              '2026-11-30',
            ],
          },
        ],
      },
    ]);
  });

  it('counts days from 1904 when the workbook says so', async () => {
    const over = {
      'xl/workbook.xml': '<workbook xmlns:r="u"><workbookPr date1904="1"/><sheets><sheet name="a" r:id="rId9"/></sheets></workbook>',
    };
    expect(await cellsOf(workbook('<row><c s="1"><v>44894</v></c></row>', over))).toEqual([['2026-11-30']]);
  });

  it('knows the day Excel invented and the ones around it', async () => {
    const days = [1, 59, 60, 61].map((n) => `<c s="1"><v>${n}</v></c>`).join('');
    expect(await cellsOf(workbook(`<row>${days}</row>`))).toEqual([['1900-01-01', '1900-02-28', '1900-02-29', '1900-03-01']]);
  });

  it('reads prefixed tags, single quotes, comments and CDATA', async () => {
    const xml = `<?xml version='1.0'?><!-- a > b --><x:worksheet><x:sheetData><x:row r='3'><x:c r='B3' t='inlineStr'><x:is><x:t><![CDATA[a&b<]]></x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`;
    expect((await readTable('a', workbook('', { 'xl/worksheets/s.xml': xml }))).sheets[0]?.rows).toEqual([
      { fileRow: 3, cells: ['', 'a&b<'] },
    ]);
  });

  it('agrees with another library on the sample workbooks it did not write', async () => {
    const { read } = await import('@e965/xlsx');
    for (const name of ['xiangcun-guihua.xlsx', 'shipin-xiaozuofang.xlsx']) {
      const bytes = readFileSync(samplePath(name));
      const other = read(bytes, { cellDates: false }).Sheets;
      const sheet = Object.values(other)[0];
      if (sheet === undefined) throw new Error('no sheet');
      const theirs = utils.sheet_to_json<string[]>(sheet, { header: 1, raw: false, dateNF: 'yyyy-mm-dd', defval: '', blankrows: false });
      const ours = await cellsOf(bytes);
      expect(ours?.map((cells) => cells.join('|').replace(/\|+$/, ''))).toEqual(theirs.map((cells) => cells.join('|').replace(/\|+$/, '')));
    }
  });

  it('reads a workbook another library wrote, with several sheets', async () => {
    const book = utils.book_new();
    utils.book_append_sheet(book, utils.aoa_to_sheet([['说明']]), '说明');
    utils.book_append_sheet(book, utils.aoa_to_sheet([['a', 1.5, true], [], ['\u{2CB4E}']]), '数据');
    const bytes = new Uint8Array(write(book, { type: 'array', bookType: 'xlsx', compression: true }));
    const table = await readTable('a', bytes);
    expect(table.sheets.map((s) => [s.name, s.rows])).toEqual([
      ['说明', [{ fileRow: 1, cells: ['说明'] }]],
      [
        '数据',
        [
          { fileRow: 1, cells: ['a', '1.5', 'TRUE'] },
          { fileRow: 3, cells: ['\u{2CB4E}'] },
        ],
      ],
    ]);
  });
});

describe('intake.readTable refuses with one code', () => {
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const sheet = workbook('<row><c t="inlineStr"><is><t>a</t></is></c></row>');
  it.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(), 'FILE_EMPTY'],
    ['a file of blank lines', utf8('\r\n , ,\r\n'), 'FILE_EMPTY'],
    ['a byte-order mark alone', utf8('\ufeff'), 'FILE_EMPTY'],
    ['a workbook without rows', workbook(''), 'FILE_EMPTY'],
    ['a picture named .csv', png, 'FILE_NOT_A_TABLE png'],
    ['a PDF', utf8('%PDF-1.7\n'), 'FILE_NOT_A_TABLE pdf'],
    ['an old .xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]), 'FILE_NOT_A_TABLE xls'],
    [
      'a workbook with a password',
      Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
      'FILE_NOT_A_TABLE xlsx-encrypted',
    ],
    ['a web page named .xls', utf8('\n<html><table><tr><td>a'), 'FILE_NOT_A_TABLE html'],
    ['a Word document', zipSync({ 'word/document.xml': strToU8('<a/>'), '_rels/.rels': strToU8('<a/>') }), 'FILE_NOT_A_TABLE docx'],
    ['a zip of something else', zipSync({ 'a.txt': strToU8('a') }), 'FILE_NOT_A_TABLE zip'],
    ['bytes of nothing known', Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7919) % 32)), 'FILE_NOT_A_TABLE binary'],
    ['an encoding with holes', Buffer.concat([utf8('a,b\n1,'), Buffer.from([0xff, 0xff])]), 'FILE_UNREADABLE'],
    ['GB18030 cut in a character', Buffer.concat([Buffer.from('cadcc0ed', 'hex'), Buffer.from([0x81])]), 'FILE_UNREADABLE'],
    ['a quote never closed', utf8('a,b\n1,"2\n3,4\n'), 'FILE_BROKEN'],
    ['a quote never closed in a long file', utf8(`a,b\n1,"2\n${'3,4\n'.repeat(200_000)}`), 'FILE_BROKEN'],
    ['a zip cut short', sheet.subarray(0, sheet.length - 40), 'FILE_BROKEN'],
    ['a workbook without its sheet', workbook('', { 'xl/_rels/workbook.xml.rels': '<Relationships/>' }), 'FILE_BROKEN'],
    ['a workbook that ends in a tag', workbook('<row><c t="inlineStr"><is><t>a</t'), 'FILE_BROKEN'],
    [
      'a workbook with a document type',
      workbook('', { 'xl/worksheets/s.xml': '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>' }),
      'FILE_BROKEN',
    ],
  ])('%s', async (_name, bytes, code) => expect(await refusal(bytes)).toBe(code));

  it('a file over the limit, before looking into it', async () => {
    const big = new Uint8Array(MAX_FILE_BYTES + 1);
    await expect(readTable('big.csv', big)).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      details: { fileName: 'big.csv', sizeMb: 33, limitMb: 32 },
    });
  });

  it('a damaged byte inside a workbook', async () => {
    const bytes = Uint8Array.from(sheet);
    const at = Buffer.from(bytes).indexOf('xl/worksheets/s.xml') + 'xl/worksheets/s.xml'.length + 10;
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    expect(await refusal(bytes)).toBe('FILE_BROKEN');
  });

  /** The directory's uncompressed size stands 24 bytes after its mark, which is 46 bytes before the name. */
  const claiming = (zip: Uint8Array, size: number): Buffer => {
    const bytes = Buffer.from(zip);
    bytes.writeUInt32LE(size, bytes.lastIndexOf('xl/worksheets/s.xml') - 46 + 24);
    return bytes;
  };
  const blanks = workbook('', { 'xl/worksheets/s.xml': ' '.repeat(20 * 1024 * 1024) });

  it('a changed byte that only the checksum can tell', async () => {
    const bytes = Buffer.from(zipSync({ ...unzipSync(sheet) }, { level: 0 }));
    expect(await refusal(bytes)).toBe('accepted');
    bytes.write('b', bytes.indexOf('<t>a</t>') + 3);
    expect(await refusal(bytes)).toBe('FILE_BROKEN');
  });

  it('a zip bomb, by what its directory says', async () => {
    await expect(readTable('a.xlsx', claiming(blanks, 300 * 1024 * 1024))).rejects.toMatchObject({
      code: 'FILE_TOO_LARGE',
      details: { sizeMb: 301, limitMb: 256 },
    });
  });

  it('many parts that are each within the bound', async () => {
    const sheets = Array.from({ length: 20 }, (_, i) => `<sheet name="${i}" r:id="rId9"/>`).join('');
    const again = {
      'xl/workbook.xml': `<workbook xmlns:r="u"><sheets>${sheets}</sheets></workbook>`,
      'xl/worksheets/s.xml': ' '.repeat(20 * 1024 * 1024),
    };
    expect(await refusal(workbook('', again))).toBe('FILE_TOO_LARGE');
  }, 30_000);

  it('a zip bomb that lies about its size', async () => expect(await refusal(claiming(blanks, 1000))).toBe('FILE_BROKEN'));

  it('a table of too many rows', async () => expect(await refusal(utf8('a,b\n'.repeat(200_001)))).toBe('TOO_MANY_ROWS'));

  it('tags made to be slow to read', async () => {
    const tags = [`<c ${'a'.repeat(60_000)}/>`, `<c ${"a='b' ".repeat(10_000)}/>`, `<c ${'a=:'.repeat(20_000)}/>`].join('');
    expect(await refusal(workbook(`<row>${tags.repeat(20)}</row>`))).toBe('FILE_EMPTY');
    expect(await refusal(workbook(`<row><c ${'a'.repeat(70_000)}`))).toBe('FILE_BROKEN');
  });

  it('stops when asked', async () => {
    const stop = new AbortController();
    const reading = readTable('a', utf8('a,b,c\n'.repeat(100_000)), { signal: stop.signal });
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
