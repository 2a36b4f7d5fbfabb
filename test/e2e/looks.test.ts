// Every tab, empty and with data, in both languages, large print, on small and large screens: a picture of each is kept,
// nothing is clipped, and no serious fault of accessibility stands.
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { at, go, type PersonKey, people, type Tab } from './screens/frame.ts';
import { startSealing, waitSealed } from './screens/sealing.ts';
import { approveEverything, beAt, sitDown, someRows, submitRegister } from './support/arrange.ts';
import { openStation, type Station } from './support/open-station.ts';

const HOMESTEADS = 'nongcun-zhaijidi.gb18030.csv';
const FELLING = 'linmu-caifa.utf8.csv';
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** Each tab before the eyes of somebody whose work it is. */
const desks: readonly (readonly [PersonKey, readonly Tab[]])[] = [
  ['clerk', ['today', 'intake', 'licences', 'verify']],
  ['reviewer', ['review']],
  ['custodian', ['sealing', 'sync', 'seals']],
  ['auditor', ['system']],
];
const looks = [
  { width: 1366, height: 768, language: 'zh', largePrint: false },
  { width: 1366, height: 768, language: 'en', largePrint: false },
  { width: 1366, height: 768, language: 'zh', largePrint: true },
  { width: 1366, height: 768, language: 'en', largePrint: true },
  { width: 1920, height: 1080, language: 'zh', largePrint: false },
] as const;
type Look = (typeof looks)[number];
/** The tightest and the roomiest: where words alone are shown, the others lie between them. */
const [first, , , tightest, roomiest] = looks;

let station: Station;

beforeAll(async () => {
  station = await openStation('looks');
  await station.page.emulateMedia({ reducedMotion: 'reduce' });
  await station.page.getByText(people.clerk).waitFor();
});
afterEach(({ task }) => station.onEnd(task));
afterAll(() => station.dispose());

async function putOn({ width, height, language, largePrint }: Look): Promise<void> {
  const { app, page } = station;
  await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), {
    width,
    height,
  });
  // Chromium stays a pixel below a screen that is just as large.
  await page.waitForFunction((wanted) => Math.abs(window.innerWidth - wanted) <= 1, width);
  for (const [button, isOn] of [
    ['language', (await page.evaluate(() => document.documentElement.lang.slice(0, 2))) === language],
    ['large-print', (await page.evaluate(() => document.documentElement.classList.contains('large-print'))) === largePrint],
  ] as const)
    if (!isOn) await at(page, button).click();
  await page.waitForFunction(
    (wanted) =>
      document.documentElement.lang.startsWith(wanted.language) &&
      document.documentElement.classList.contains('large-print') === wanted.largePrint,
    { language, largePrint },
  );
}

/** Parts of the frame and the screen whose content is wider than they are. */
const clipped = () =>
  station.page.evaluate(() =>
    [
      'html',
      '.frame',
      '.frame-head',
      '.frame-facts',
      '.frame-tabs',
      '#screen',
      '.screen',
      '.screen-head',
      '.screen-body',
      '.frame-foot',
    ].flatMap((selector) => {
      const element = document.querySelector(selector);
      return element !== null && element.scrollWidth > element.clientWidth
        ? [`${selector} ${element.scrollWidth} > ${element.clientWidth}`]
        : [];
    }),
  );

/** Everything asked for has come and been drawn. */
async function settled(): Promise<void> {
  const { page } = station;
  await page.waitForFunction(
    () => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-testid="page"]');
      const isDrawn =
        canvas === null || canvas.dataset.drawn === 'yes' || document.querySelector('.page-scroll .empty, .page-scroll .problem') !== null;
      return (
        isDrawn &&
        document.querySelector('[aria-busy="true"]') === null &&
        !/正在读取|Loading|Reading/.test(document.querySelector('#screen')?.textContent ?? '')
      );
    },
    undefined,
    { timeout: 10_000 },
  );
}

async function lookAtAll(state: 'empty' | 'data', chosen: readonly Look[]): Promise<void> {
  const faults: string[] = [];
  for (const [person, tabs] of desks) {
    await sitDown(station, person);
    for (const look of chosen) {
      await putOn(look);
      for (const tab of tabs) {
        const name = `${state}-${look.width}-${look.language}${look.largePrint ? '-large' : ''}-${tab}`;
        await go(station.page, tab);
        await settled();
        await station.screenshot(name);
        const found = [...(await clipped()), ...(state === 'data' && look === first ? await seriousFaults() : [])];
        faults.push(...found.map((one) => `${name}: ${one}`));
      }
    }
  }
  expect(faults).toEqual([]);
}

/** Serious and critical faults of accessibility on what is shown. */
async function seriousFaults(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: station.page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`));
}

describe('every screen', () => {
  it('is whole while there is nothing in it', () => lookAtAll('empty', [first, tightest]));

  it('is whole with a day’s work in it, and without a serious fault of accessibility', async () => {
    const { calls, page, app } = station;
    await submitRegister(calls, HOMESTEADS, someRows(HOMESTEADS, upTo(40)));
    await approveEverything(calls);
    await sitDown(station, 'custodian');
    await putOn(first);
    await go(page, 'sealing');
    await startSealing(app, page);
    await waitSealed(page);
    await submitRegister(calls, FELLING, someRows(FELLING, upTo(30)));
    await approveEverything(calls);
    await submitRegister(calls, FELLING, someRows(FELLING, [...upTo(50).slice(30), 106]));
    await beAt(calls, 'clerk');
    await lookAtAll('data', looks);
  });

  it('shows a licence and a register whole, too', async () => {
    const { page } = station;
    await sitDown(station, 'clerk');
    for (const look of [first, tightest, roomiest]) {
      await putOn(look);
      const suffix = `${look.width}-${look.language}${look.largePrint ? '-large' : ''}`;
      await go(page, 'licences');
      await at(page, 'licences').getByTestId('row').last().dblclick();
      await settled();
      await station.screenshot(`licence-${suffix}`);
      expect(await clipped()).toEqual([]);
      await at(page, 'licence-back').click();
      await go(page, 'intake');
      await page.locator('[data-testid^="import-0"]').first().click();
      await at(page, 'columns-toggle').click();
      await settled();
      await station.screenshot(`register-${suffix}`);
      expect(await clipped()).toEqual([]);
      await at(page, 'import-back').click();
    }
    expect(station.troubles()).toEqual([]);
  });
});
