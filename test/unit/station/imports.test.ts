import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportId } from '../../../electron/contract/values.ts';
import { aWorkspace, LATE, resourcesDir, TODAY, type Workspace, YESTERDAY } from '../../support/a-workspace.ts';
import { citizenIdOf } from '../../support/citizen-id.ts';
import { refusal } from '../../support/faults.ts';

let w: Workspace;
beforeEach(async () => {
  w = await aWorkspace();
});
afterEach(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});

const HEADINGS = [
  '办件编号',
  '建设单位（个人）',
  '证件号码',
  '建设项目名称',
  '建设位置',
  '建设规模',
  '附图及附件名称',
  '办结日期',
  '联系电话',
];
interface Line {
  readonly matter: string;
  readonly name?: string;
  readonly code?: string;
  readonly day?: string;
  readonly scale?: string;
}
const codeOf = (n: number): string => citizenIdOf(420_626, 1970, 1 + (n % 12), 1 + (n % 28), 1 + (n % 998));
const csv = (lines: readonly Line[]): Uint8Array =>
  Buffer.from(
    [
      HEADINGS,
      ...lines.map((l, at) => [
        l.matter,
        l.name ?? '王小明',
        l.code ?? codeOf(at),
        '住宅',
        '马桥镇',
        l.scale ?? '120',
        '总平面图',
        l.day ?? TODAY,
        '13800000000',
      ]),
    ]
      .map((cells) => cells.join(','))
      .join('\r\n'),
  );
const clerk = () => w.as('clerk');
const opened = async (lines: readonly Line[], name = 'register.csv') => (await clerk()).intake.open({ fileName: name, bytes: csv(lines) });
const check = async (importId: ImportId) => w.finish(await (await clerk()).intake.check({ importId }));
const checked = async (lines: readonly Line[]) => {
  const { id } = await opened(lines);
  await check(id);
  return id;
};
const rows = async (importId: ImportId, which: 'all' | 'good' | 'faulty' | 'duplicate' | 'accepted' = 'all') =>
  (await (await clerk()).intake.rows({ importId, which, offset: 0, limit: 500 })).rows;
const faults = async (importId: ImportId) => (await rows(importId)).map((r) => r.faults.map((f) => f.code));
const accept = async (importId: ImportId, submit = false, late = LATE) =>
  w.finish(await (await clerk()).intake.accept({ importId, late, submit }));
const view = async (importId: ImportId) => (await clerk()).intake.view({ importId });
/** The first serials of the office's block. */
const numbers = (count: number): number[] => {
  const first = Number(w.one("SELECT first FROM number_block WHERE id LIKE '%guihua%' ORDER BY first LIMIT 1"));
  return Array.from({ length: count }, (_, i) => first + i);
};
const drafts = () => w.one('SELECT count(*) FROM licence');

describe('intake.check', () => {
  it('judges every row, and stores no column the standard does not allow (R06)', async () => {
    const id = await checked([{ matter: 'A1' }, { matter: 'A2', code: '420626198001010012' }, { matter: 'A3', day: '2026-12-01' }]);
    expect(await faults(id)).toEqual([[], ['CHECK_DIGIT_WRONG'], ['CONCLUDED_IN_FUTURE']]);
    const v = await view(id);
    expect([v.state, v.counts]).toEqual(['checked', { good: 1, normalised: 0, faulty: 2, duplicate: 0, accepted: 0 }]);
    expect(v.columns.find((c) => c.heading === '联系电话')?.verdict).toBe('notAllowed');
    const everything = JSON.stringify([w.rows('SELECT * FROM import_row'), w.rows('SELECT * FROM import')]);
    expect(everything).not.toContain('13800000000');
  });

  it('finds what is in the file twice and what the station has already (R05)', async () => {
    await w.draft({ matterNumber: 'OLD', builderCode: codeOf(1) });
    const id = await checked([
      { matter: 'A1', code: codeOf(7) },
      { matter: 'OLD', code: codeOf(1) },
      { matter: 'A1', code: codeOf(7) },
      { matter: 'A1', code: codeOf(8) },
    ]);
    const all = await rows(id);
    expect(all.map((r) => r.faults.map((f) => [f.code, f.details]))).toEqual([
      [],
      [['DUPLICATE_IN_STORE', { state: 'draft' }]],
      [['DUPLICATE_IN_FILE', { firstRow: 1 }]],
      [],
    ]);
    expect((await view(id)).counts.duplicate).toBe(2);
  });

  it('knows typed and mended matters by the same rule', async () => {
    const id = await w.aLicence({ state: 'submitted' });
    const { matter_number: matterNumber, holder_code: builderCode } = w.row(id);
    const values = w.matterOf({ matterNumber: String(matterNumber), builderCode: String(builderCode) });
    const desk = await clerk();
    expect((await desk.intake.checkOne({ typeId: 'guihua', values, late: null })).faults).toEqual([
      { code: 'DUPLICATE_IN_STORE', field: null, details: { state: 'submitted' } },
    ]);
    const other = await w.draft();
    const verdict = await desk.licences.mend({
      id: other,
      values: { matterNumber: String(matterNumber), builderCode: String(builderCode) },
      late: null,
    });
    expect(verdict.faults.map((f) => f.code)).toEqual(['DUPLICATE_IN_STORE']);
    expect(w.row(other).matter_number).not.toBe(matterNumber);
    // Mending a draft to what it is already is no repetition of itself.
    expect((await desk.licences.mend({ id: other, values: {}, late: null })).faults).toEqual([]);
  });

  it('can be cancelled, at once or midway, and begun again', async () => {
    const { id } = await opened(Array.from({ length: 400 }, (_, i) => ({ matter: `B${i}`, code: codeOf(i) })));
    const desk = await clerk();
    const atOnce = await desk.intake.check({ importId: id });
    await desk.jobs.cancel({ jobId: atOnce.id });
    expect((await w.finish(atOnce)).state).toBe('cancelled');
    expect((await view(id)).state).toBe('mapping');
    const midway = await desk.intake.check({ importId: id });
    await w.until('some rows', () => w.one('SELECT count(*) FROM import_row') !== 0);
    await desk.jobs.cancel({ jobId: midway.id });
    expect((await w.finish(midway)).state).toBe('cancelled');
    expect([(await view(id)).state, Number(w.one('SELECT count(*) FROM import_row')) < 400]).toEqual(['mapping', true]);
    await check(id);
    expect((await view(id)).counts.good).toBe(400);
  });

  it('lets nothing else begin on the import while it runs', async () => {
    const { id } = await opened(Array.from({ length: 400 }, (_, i) => ({ matter: `B${i}`, code: codeOf(i) })));
    const desk = await clerk();
    const job = await desk.intake.check({ importId: id });
    const answers = await Promise.all([
      refusal(desk.intake.check({ importId: id })),
      refusal(desk.intake.readAgain({ importId: id, headerRow: 1 })),
      refusal(desk.intake.accept({ importId: id, late: LATE, submit: false })),
    ]);
    expect(answers).toEqual(['STATE_CONFLICT', 'STATE_CONFLICT', 'STATE_CONFLICT']);
    expect((await w.finish(job)).state).toBe('done');
  });

  it('leaves nothing of an import abandoned midway', async () => {
    const { id } = await opened(Array.from({ length: 400 }, (_, i) => ({ matter: `B${i}`, code: codeOf(i) })));
    const desk = await clerk();
    const job = await desk.intake.check({ importId: id });
    await w.until('some rows', () => w.one('SELECT count(*) FROM import_row') !== 0);
    await desk.intake.abandon({ importId: id });
    expect((await w.finish(job)).state).toMatch(/done|cancelled/);
    expect(w.one('SELECT count(*) FROM import_row')).toBe(0);
    expect(await refusal(desk.intake.view({ importId: id }))).toBe('IMPORT_GONE');
    expect(await desk.intake.imports({})).toEqual([]);
  });

  it('is begun again by the clerk after a crash in the middle', async () => {
    const { id } = await opened(Array.from({ length: 300 }, (_, i) => ({ matter: `B${i}`, code: codeOf(i) })));
    const job = await (await clerk()).intake.check({ importId: id });
    await w.until('some rows', () => w.one('SELECT count(*) FROM import_row') !== 0);
    await w.crash();
    expect(w.one('SELECT state FROM job WHERE id = ?', job.id)).toBe('interrupted');
    const v = await view(id);
    expect([v.state, v.open]).toEqual(['mapping', false]);
    // The file itself was in memory only: it is chosen again.
    expect(await refusal((await clerk()).intake.check({ importId: id }))).toBe('IMPORT_GONE');
  });
});

describe('intake.accept', () => {
  it('makes a draft of each good row, and leaves the faulty ones for mending', async () => {
    const id = await checked([{ matter: 'A1' }, { matter: 'A2', code: '1' }, { matter: 'A3', day: YESTERDAY }]);
    expect(await refusal((await clerk()).intake.accept({ importId: id, late: null, submit: false }))).toBe('REASON_NEEDED');
    expect(drafts()).toBe(0);
    const job = await accept(id);
    expect([job.state, job.done, job.failed]).toEqual(['done', 2, 0]);
    expect(w.rows('SELECT matter_number, late_code, import_row FROM licence ORDER BY row_id')).toEqual([
      { matter_number: 'A1', late_code: null, import_row: 1 },
      { matter_number: 'A3', late_code: 'power-cut', import_row: 3 },
    ]);
    expect((await view(id)).counts).toMatchObject({ faulty: 1, accepted: 2 });
    expect((await view(id)).state).toBe('checked');
  });

  it('does nothing twice', async () => {
    const id = await checked([{ matter: 'A1' }, { matter: 'A2' }]);
    await accept(id, true);
    const used = w.one('SELECT count(*) FROM number_use');
    for (let i = 0; i < 2; i++) {
      const job = await accept(id, true);
      expect([job.state, job.done, job.failed]).toEqual(['done', 0, 0]);
    }
    expect([drafts(), w.one('SELECT count(*) FROM number_use'), (await view(id)).state]).toEqual([2, used, 'accepted']);
  });

  it('two at once make one draft of each row', async () => {
    const id = await checked(Array.from({ length: 24 }, (_, i) => ({ matter: `B${i}`, code: codeOf(i) })));
    const desk = await clerk();
    const [a, b] = await Promise.all([
      desk.intake.accept({ importId: id, late: null, submit: true }),
      desk.intake.accept({ importId: id, late: null, submit: true }),
    ]);
    const [first, second] = [await w.finish(a), await w.finish(b)];
    expect([first.state, second.state, first.done + second.done]).toEqual(['done', 'done', 24]);
    expect([drafts(), w.one('SELECT count(*) FROM number_use')]).toEqual([24, 24]);
  });

  it('is not possible before all rows are checked', async () => {
    const { id } = await opened([{ matter: 'A1' }]);
    expect(await refusal((await clerk()).intake.accept({ importId: id, late: null, submit: false }))).toBe('STATE_CONFLICT');
  });

  it('marks a row that another hand entered meanwhile, and takes the rest', async () => {
    const id = await checked([{ matter: 'A1', code: codeOf(5) }, { matter: 'A2' }]);
    await w.draft({ matterNumber: 'A1', builderCode: codeOf(5) });
    const job = await accept(id);
    expect([job.state, job.done, job.failed]).toEqual(['done', 1, 1]);
    expect(await rows(id, 'duplicate')).toMatchObject([{ row: 1, faults: [{ code: 'DUPLICATE_IN_STORE', details: { state: 'draft' } }] }]);
  });

  it('stops at midnight for the reason and loses no row', async () => {
    const id = await checked([{ matter: 'A1' }, { matter: 'A2' }]);
    const job = await (await clerk()).intake.accept({ importId: id, late: null, submit: false });
    w.clock.set('2026-11-30T16:00:01.000Z');
    const ended = await w.finish(job);
    expect([ended.state, ended.problem, drafts()]).toEqual(['interrupted', 'REASON_NEEDED', 0]);
    expect((await view(id)).counts.good).toBe(2);
    expect((await accept(id)).done).toBe(2);
  });

  it('cancelled midway leaves whole licences, and goes on where it stopped', async () => {
    const id = await checked(Array.from({ length: 60 }, (_, i) => ({ matter: `B${i}`, code: codeOf(i) })));
    const desk = await clerk();
    const job = await desk.intake.accept({ importId: id, late: null, submit: true });
    await w.until('some licences', () => Number(drafts()) > 5);
    await desk.jobs.cancel({ jobId: job.id });
    expect((await w.finish(job)).state).toBe('cancelled');
    const made = Number(drafts());
    expect(made).toBeLessThan(60);
    expect(w.one("SELECT count(*) FROM licence WHERE state = 'submitted'")).toBe(made);
    expect(w.one('SELECT count(*) FROM import_row WHERE licence_id IS NOT NULL')).toBe(made);
    expect((await accept(id, true)).done).toBe(60 - made);
    expect(w.rows('SELECT serial FROM number_use ORDER BY serial').map((r) => Number(r.serial))).toEqual(numbers(60));
  });

  it('after a crash in the middle has every row once', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => ({ matter: `B${i}`, code: codeOf(i) }));
    const id = await checked(lines);
    const job = await (await clerk()).intake.accept({ importId: id, late: null, submit: true });
    await w.until('some licences', () => Number(drafts()) > 5);
    await w.crash();
    expect(w.one('SELECT state FROM job WHERE id = ?', job.id)).toBe('interrupted');
    const before = Number(drafts());
    const second = await accept(id, true);
    expect([second.state, second.done, drafts()]).toEqual(['done', 60 - before, 60]);
    expect(w.one('SELECT count(DISTINCT matter_number) FROM licence')).toBe(60);
    // What the crash caught between draft and number is a draft, and is submitted as any other.
    const rest = w.rows("SELECT id FROM licence WHERE state = 'draft'").map((r) => String(r.id));
    if (rest.length > 0) await w.submit(rest);
    const serials = w.rows('SELECT serial FROM number_use ORDER BY serial').map((r) => Number(r.serial));
    expect(serials).toEqual(numbers(60));
  });

  it('abandoned, keeps what was accepted and lets go of the rest', async () => {
    const id = await checked([{ matter: 'A1' }, { matter: 'A2', code: '1' }]);
    await accept(id);
    await (await clerk()).intake.abandon({ importId: id });
    expect([(await view(id)).state, (await rows(id)).length, drafts()]).toEqual(['accepted', 1, 1]);
  });
});

describe('intake.mendRow', () => {
  it('judges the row anew, and the rows that repeated it or that it repeats now', async () => {
    const id = await checked([
      { matter: 'A1', code: codeOf(1) },
      { matter: 'A1', code: codeOf(1) },
      { matter: 'A2', code: codeOf(2) },
      { matter: 'A3', code: codeOf(3), scale: 'wide' },
    ]);
    const desk = await clerk();
    expect(await faults(id)).toEqual([[], ['DUPLICATE_IN_FILE'], [], ['VALUE_NOT_NUMBER']]);
    // Row 1 becomes another matter: row 2 is the first of its kind now.
    await desk.intake.mendRow({ importId: id, row: 1, values: { matterNumber: 'A9' } });
    expect(await faults(id)).toEqual([[], [], [], ['VALUE_NOT_NUMBER']]);
    // Row 1 takes the matter of row 3, which now repeats it, and of row 4, faulty as that is.
    await desk.intake.mendRow({ importId: id, row: 1, values: { matterNumber: 'A2', builderCode: codeOf(2) } });
    expect(await faults(id)).toEqual([[], [], ['DUPLICATE_IN_FILE'], ['VALUE_NOT_NUMBER']]);
    await desk.intake.mendRow({ importId: id, row: 1, values: { matterNumber: 'A3', builderCode: codeOf(3) } });
    expect(await faults(id)).toEqual([[], [], [], ['VALUE_NOT_NUMBER', 'DUPLICATE_IN_FILE']]);
    await desk.intake.mendRow({ importId: id, row: 1, values: { matterNumber: 'A1', builderCode: codeOf(1) } });
    expect(await faults(id)).toEqual([[], ['DUPLICATE_IN_FILE'], [], ['VALUE_NOT_NUMBER']]);
    expect((await view(id)).counts).toMatchObject({ good: 1, normalised: 1, faulty: 1, duplicate: 1 });
  });

  it('marks what a person changed, for the reviewer', async () => {
    const id = await checked([{ matter: 'A1', scale: 'wide' }]);
    await (await clerk()).intake.mendRow({ importId: id, row: 1, values: { projectScale: '１２０' } });
    expect(await rows(id)).toMatchObject([
      { values: { projectScale: '120' }, changes: [{ field: 'projectScale', from: 'wide', to: '120', kinds: ['mended'] }], faults: [] },
    ]);
    await accept(id);
    const [licence] = w.rows('SELECT changes_json FROM licence');
    expect(String(licence?.changes_json)).toContain('mended');
  });

  it('takes no field the standard does not name, and no row that is a licence already', async () => {
    const id = await checked([{ matter: 'A1' }]);
    const desk = await clerk();
    expect(await refusal(desk.intake.mendRow({ importId: id, row: 1, values: { phone: '138' } }))).toBe('INPUT_INVALID');
    expect(await refusal(desk.intake.mendRow({ importId: id, row: 9, values: {} }))).toBe('IMPORT_GONE');
    await accept(id);
    expect(await refusal(desk.intake.mendRow({ importId: id, row: 1, values: { builderName: 'x' } }))).toBe('IMPORT_GONE');
  });
});

describe('intake.exportFaulty', () => {
  /** The sheet as an office program saves it after a person changed some cells. */
  const edited = (sheet: Uint8Array, changes: Readonly<Record<string, string>>): Uint8Array => {
    const parts = unzipSync(sheet);
    for (const [name, bytes] of Object.entries(parts)) {
      let text = Buffer.from(bytes).toString('utf8');
      for (const [from, to] of Object.entries(changes)) text = text.replaceAll(`>${from}<`, `>${to}<`);
      parts[name] = Buffer.from(text);
    }
    return zipSync(parts);
  };

  it('goes out with reasons and comes back mended, replacing just those rows', async () => {
    const id = await checked([
      { matter: 'A1', code: codeOf(1) },
      { matter: 'A2', scale: 'wide' },
      { matter: 'A1', code: codeOf(1) },
      { matter: 'A4', day: '2026-02-30' },
    ]);
    const desk = await clerk();
    const out = await desk.intake.exportFaulty({ importId: id, language: 'zh' });
    expect(out.fileName).toMatch(/\.xlsx$/);
    const back = await desk.intake.open({
      fileName: 'mended.xlsx',
      bytes: edited(out.bytes, { wide: '88.5', '2026-02-30': '2026-11-30', A1: 'A3' }),
    });
    expect([back.id, back.mends]).toEqual([id, id]);
    expect(await faults(id)).toEqual([[], [], [], []]);
    expect((await rows(id)).map((r) => r.values.matterNumber)).toEqual(['A1', 'A2', 'A3', 'A4']);
    expect((await accept(id)).done).toBe(4);
  });

  it('of another station is an ordinary register, or says what is wrong', async () => {
    const id = await checked([{ matter: 'A1', scale: 'wide' }]);
    const out = await (await clerk()).intake.exportFaulty({ importId: id, language: 'en' });
    await (await clerk()).intake.abandon({ importId: id });
    expect(await refusal((await clerk()).intake.open({ fileName: 'mended.xlsx', bytes: out.bytes }))).toBe('IMPORT_GONE');
  });
});

describe('intake.open', () => {
  it.each([
    ['an empty file', 'empty.csv', new Uint8Array(0), 'FILE_EMPTY'],
    ['a picture named .csv', 'photo.csv', readFileSync(path.join(resourcesDir, 'icons/icon.png')), 'FILE_NOT_A_TABLE'],
    ['50 MB', 'big.csv', new Uint8Array(50 * 1_048_576 + 1).fill(0x41), 'FILE_TOO_LARGE'],
    ['columns of nothing we know', 'other.csv', Buffer.from('甲,乙,丙\n1,2,3\n'), 'TYPE_NOT_RECOGNISED|HEADER_NOT_FOUND'],
  ])('refuses %s and changes nothing', async (_what, fileName, bytes, code) => {
    const desk = await clerk();
    const before = w.one('SELECT count(*) FROM audit_event');
    const answer = await refusal(desk.intake.open({ fileName, bytes }).then(async (v) => desk.intake.check({ importId: v.id })));
    expect(answer).toMatch(new RegExp(`^(${code})$`));
    if (!code.includes('|')) expect([w.one('SELECT count(*) FROM import'), w.one('SELECT count(*) FROM audit_event')]).toEqual([0, before]);
    expect(drafts()).toBe(0);
  });
});
