// Wrong input at the counter: one clear message that says what to do, and nothing is changed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { at, go, people, signIn } from './screens/frame.ts';
import { openRegister } from './screens/intake.ts';
import { openStation, type Station } from './support/open-station.ts';

const MB = 1_048_576;
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), deflateSync(Buffer.alloc(4_000, 7))]);

let station: Station;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'banjie-wrong-'));
  station = await openStation('wrong-input');
  await station.page.getByText(people.clerk).waitFor();
  await signIn(station.page, 'clerk');
});
afterEach(({ task }) => station.onEnd(task));
afterAll(async () => {
  await station.dispose();
  rmSync(dir, { recursive: true, force: true });
});

const file = (name: string, bytes: Buffer | string): string => {
  const target = path.join(dir, name);
  writeFileSync(target, bytes);
  return target;
};

describe('a wrong file in intake', () => {
  it.each([
    { what: 'an empty file', name: 'empty.csv', bytes: () => '', code: 'FILE_EMPTY', says: /请重新导出台账/ },
    {
      what: 'a picture that calls itself a table',
      name: 'photo.csv',
      bytes: () => PNG,
      code: 'FILE_NOT_A_TABLE',
      says: /png[\s\S]*导出为 CSV 或 .xlsx/,
    },
    {
      what: 'a file of 50 MB',
      name: 'large.csv',
      bytes: () => Buffer.alloc(50 * MB, 'x,'),
      code: 'FILE_TOO_LARGE',
      says: /50 MB[\s\S]*请按月份或类型分成几个文件/,
    },
    {
      what: 'half a workbook',
      name: 'half.xlsx',
      bytes: () => Buffer.from('504b0304140000000800', 'hex'),
      code: 'FILE_BROKEN',
      says: /请重新复制或重新导出/,
    },
    {
      what: 'a table of another kind',
      name: 'canteen.csv',
      bytes: () => '日期,菜名,价格\n2026-11-30,热干面,6\n2026-11-30,豆皮,8\n',
      code: /HEADER_NOT_FOUND|TYPE_NOT_RECOGNISED/,
      says: /请/,
    },
  ])('$what is refused in words that say what to do', async ({ name, bytes, code, says }) => {
    const { page, calls } = station;
    const before = await calls.system.about({});
    await openRegister(page, file(name, bytes()));
    const problem = page.getByTestId('problem').first();
    await problem.waitFor();
    expect(await problem.getAttribute('data-code')).toMatch(code);
    expect(await problem.innerText()).toMatch(says);
    expect(await problem.innerText()).not.toMatch(/undefined|—|\{|未知错误/);
    expect(await page.getByTestId('problem').count()).toBe(1);
    await station.screenshot(name.replace(/\W/g, '-'));
    expect(await calls.intake.imports({})).toEqual([]);
    const after = await calls.system.about({});
    expect([after.workspace.licences, after.blocks]).toEqual([before.workspace.licences, before.blocks]);
  });

  it('goes away when the right one comes', async () => {
    const { page } = station;
    await openRegister(page, file('good.csv', '申请编号,采伐单位(个人),证件号\nCF1,张三,1\n'));
    await at(page, 'screen-import').or(page.getByTestId('problem')).first().waitFor();
    expect(station.troubles()).toEqual([]);
  });
});

describe('a wrong file in verify', () => {
  it('is called what it is, never valid', async () => {
    const { page } = station;
    await go(page, 'verify');
    await at(page, 'file-input').setInputFiles({ name: 'licence.pdf', mimeType: 'application/pdf', buffer: PNG });
    const verdict = at(page, 'verdict').or(page.getByTestId('problem')).first();
    await verdict.waitFor();
    expect(await verdict.getAttribute('data-result')).not.toBe('valid');
    await station.screenshot('verify-png');
  });
});
