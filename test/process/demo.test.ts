import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DemoReport } from '../../electron/cli/demo-report.ts';
import { type DemoProfile, type DemoRun, demoProfiles, demoRun, expectedFaults, runDemo, SAMPLES } from '../support/demo-run.ts';
import { root } from '../support/source-files.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

const dir = mkdtempSync(path.join(tmpdir(), 'banjie-demo-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const CODE_OF: Readonly<Record<string, string>> = {
  'check-digit': 'CHECK_DIGIT_WRONG',
  missing: 'VALUE_MISSING',
  'impossible-date': 'DATE_IMPOSSIBLE',
  duplicate: 'DUPLICATE_IN_FILE',
  'concluded-in-future': 'CONCLUDED_IN_FUTURE',
  'private-use-character': 'CHARACTER_PRIVATE_USE',
};
/** Any sentence of ours, not a code or a stack. */
const isSentence = (text: string) => /[\u4e00-\u9fff]/.test(text) && !/\bat \w|Error:|undefined|\{\w+\}/.test(text);

describe.each(Object.keys(demoProfiles) as DemoProfile[])('the demonstration in profile %s', (profile) => {
  let run: DemoRun;
  beforeAll(async () => {
    run = await demoRun(profile);
  });

  it('ends well, with nothing on the error channel', () => {
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.report).toMatchObject({ profile, today: '2026-11-30', trustAnchor: 'ca.pem' });
  });

  it.each(Object.keys(expectedFaults()))('refuses exactly the planted faults of %s', (type) => {
    const expected = expectedFaults()[type];
    const file = run.report.files.find((f) => f.type === type);
    const planted = (expected?.faults ?? [])
      .map(({ row, fault, firstRow }) => ({ row, code: CODE_OF[fault], ...(firstRow === undefined ? {} : { firstRow }) }))
      .sort((a, b) => a.row - b.row);
    expect(file?.refused.map(({ row, code, firstRow }) => ({ row, code, ...(firstRow === undefined ? {} : { firstRow }) }))).toEqual(
      planted,
    );
    expect([file?.rows, file?.accepted]).toEqual([expected?.rows, (expected?.rows ?? 0) - planted.length]);
    expect(file?.columnsNotAllowed).toEqual(expected?.columnsNotAllowed);
    for (const { message } of file?.refused ?? []) expect(isSentence(message), message).toBe(true);
  });

  it('has a licence acknowledged by the library for every other row', () => {
    const { licences, counts } = run.report;
    expect(counts).toMatchObject({ accepted: licences.length, sealed: licences.length, acknowledged: licences.length, filesRefused: 0 });
    expect(counts.accepted + counts.refused).toBe(counts.rows);
    for (const l of licences) expect(l).toMatchObject({ delivery: 'acknowledged', handedOver: true, problem: null });
    for (const key of ['licenceNumber', 'identifier', 'receiptId', 'sha256', 'file'] as const)
      expect(new Set(licences.map((l) => l[key])).size, key).toBe(licences.length);
    for (const l of licences) expect(l.licenceNumber.startsWith('演练')).toBe(profile === 'training');
  });

  it('sealed at least 60 % on their day, and says of every other why (R01)', () => {
    const { licences, counts, today } = run.report;
    expect(counts.sameDay / counts.sealed).toBeGreaterThanOrEqual(0.6);
    for (const l of licences) {
      expect(l.sameDay).toBe(l.conclusionDay === today);
      expect(l.lateReason === null).toBe(l.sameDay);
    }
    expect(counts.sameDay + counts.late).toBe(counts.sealed);
  });

  it('left each file as the report says, and a root to check them with', () => {
    for (const { file, sha256 } of run.report.licences)
      expect(
        createHash('sha256')
          .update(readFileSync(path.join(run.dir, file ?? '')))
          .digest('hex'),
      ).toBe(sha256);
    expect(readFileSync(path.join(run.dir, 'ca.pem'), 'utf8')).toContain('BEGIN CERTIFICATE');
    for (const extra of ['hand-over-slip.pdf', 'print-copy.pdf'])
      expect(readFileSync(path.join(run.dir, extra)).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('prints a table that people can read', () => {
    expect(run.stdout).toContain('linmu-caifa.utf8.csv');
    expect(run.stdout).not.toMatch(/cli\.|undefined|\{\w+\}|error\./);
  });

  it('keeps personal data out of its log', () => {
    const log = existsSync(path.join(run.dir, 'station.log')) ? readFileSync(path.join(run.dir, 'station.log'), 'utf8') : '';
    expect(log).not.toMatch(/\d{17}[\dX]|banjie-acceptance|24681357/);
    expect(log).not.toMatch(/"level":"error"/);
  });
});

describe('--library-down-for', () => {
  it('goes on sealing while the library is down, then delivers everything', async () => {
    const run = await demoRun('acceptance');
    const waiting = /证照库暂不可达，(\d+) 件/.exec(run.stdout);
    expect(waiting).not.toBeNull();
    expect(run.stdout.indexOf('证照库已恢复')).toBeGreaterThan(run.stdout.indexOf('审核通过'));
    expect(run.report.counts.acknowledged).toBe(run.report.counts.accepted);
  });
});

describe('wrong input files', () => {
  const input = path.join(dir, 'wrong-input');
  const out = path.join(dir, 'wrong-out');
  let ended: Awaited<ReturnType<typeof runDemo>>;
  beforeAll(async () => {
    mkdirSync(input);
    writeFileSync(path.join(input, 'empty.csv'), '');
    cpSync(path.join(root, 'resources/icons/icon.png'), path.join(input, 'picture.csv'));
    const big = openSync(path.join(input, 'big.csv'), 'w');
    ftruncateSync(big, 50 * 1_048_576);
    closeSync(big);
    writeFileSync(path.join(input, 'unknown.csv'), '品名,单价,数量\n白菜,1.20,3\n萝卜,0.80,5\n');
    writeFileSync(path.join(input, 'broken.xlsx'), readFileSync(path.join(SAMPLES, 'xiangcun-guihua.xlsx')).subarray(0, 4_000));
    writeFileSync(path.join(input, 'notes.md'), 'not a register');
    ended = await runDemo(['--input', input, '--out', out]);
  });

  it.each([
    ['empty.csv', /^FILE_EMPTY$/],
    ['picture.csv', /^FILE_NOT_A_TABLE$/],
    ['big.csv', /^FILE_TOO_LARGE$/],
    ['unknown.csv', /^(TYPE_NOT_RECOGNISED|HEADER_NOT_FOUND)$/],
    ['broken.xlsx', /^FILE_(BROKEN|UNREADABLE)$/],
  ])('says of %s in one sentence what to do', (file, code) => {
    const report = DemoReport.parse(JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')));
    const found = report.files.find((f) => f.file === file);
    expect(found).toMatchObject({ type: null, rows: 0, accepted: 0 });
    expect(found?.refusal?.code).toMatch(code);
    expect(isSentence(found?.refusal?.message ?? ''), found?.refusal?.message).toBe(true);
    const line = ended.stdout.split('\n').find((l) => l.includes(`${file}: `));
    expect(line).toContain(found?.refusal?.message);
  });

  it('changes nothing and does not call it a success', () => {
    const report = DemoReport.parse(JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8')));
    expect(report.licences).toEqual([]);
    expect(report.counts).toMatchObject({ files: 5, filesRefused: 5, accepted: 0, sealed: 0 });
    expect([ended.code, ended.stderr]).toEqual([1, '']);
    expect(existsSync(path.join(out, 'licences'))).toBe(false);
    expect(readdirSync(input)).toHaveLength(6);
  });
});

describe('wrong options', () => {
  it.each([
    [['--token', 'usb'], 'usb'],
    [['--today', '2026-02-30'], '2026-02-30'],
    [['--library-down-for', 'soon'], 'soon'],
    [['--library-down-for', '-1'], '--library-down-for'],
    [['--input', '/no/such/folder'], '/no/such/folder'],
    [['--input', path.join(root, 'package.json')], 'package.json'],
    [['--language', 'fr'], 'fr'],
    [['--frobnicate'], '--input DIR'],
    [['extra'], '--input DIR'],
    [['--out', root], root],
  ])('%j: one sentence, exit 2, nothing made', async (args, named) => {
    const before = readdirSync(root).sort();
    const ended = await runDemo(args);
    expect(ended.code).toBe(2);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(named);
    expect(isSentence(ended.stderr)).toBe(true);
    expect(ended.stdout).toBe('');
    expect(readdirSync(root).sort()).toEqual(before);
  });

  it('says it in English to whom Chinese is not set', async () => {
    const ended = await runDemo(['--token', 'usb'], 'en_GB.UTF-8');
    expect([ended.code, ended.stderr.trim()]).toEqual([2, '--token is software or softhsm, not usb.']);
  });
});
