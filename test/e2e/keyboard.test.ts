// The main job without a mouse: every step by the keys the help screen names, Tab, arrows, Space and Enter.
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { at, notice, PASSPHRASE, type PersonKey, people } from './screens/frame.ts';
import { PIN, waitSealed } from './screens/sealing.ts';
import { someRows } from './support/arrange.ts';
import { openStation, type Station } from './support/open-station.ts';

const REGISTER = 'nongcun-zhaijidi.gb18030.csv';
const MOST_TABS = 90;

let station: Station;
let page: Page;
const press = (key: string) => page.keyboard.press(key);

/** Walks with Tab until this has the focus, as a person without a mouse does; one that cannot be reached is a failure. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor();
  for (let step = 0; step < MOST_TABS; step += 1) {
    if (
      await target.evaluate(
        (element) =>
          element === document.activeElement || (element.contains(document.activeElement) && element.matches('label, .ant-select')),
      )
    )
      return;
    await press('Tab');
  }
  throw new Error(`not reached by ${MOST_TABS} tabs: ${String(target)}`);
}

async function signInByKeys(person: PersonKey): Promise<void> {
  await tabTo(page.getByRole('radio', { name: people[person] }));
  await press('Enter');
  await page.keyboard.type(PASSPHRASE);
  await press('Enter');
  await at(page, 'person').getByText(people[person]).waitFor();
}

async function lockAndSignIn(person: PersonKey): Promise<void> {
  await press('Control+l');
  await at(page, 'passphrase').waitFor();
  await signInByKeys(person);
}

beforeAll(async () => {
  station = await openStation('keyboard');
  page = station.page;
  // Asked for from the beginning: the system's own dialogue would wait for ever.
  page.on('filechooser', () => undefined);
  await page.getByText(people.clerk).waitFor();
});
afterEach(({ task }) => station.onEnd(task));
afterAll(() => station.dispose());

describe('the main job by keyboard alone', () => {
  it('takes a register in and submits it', async () => {
    await signInByKeys('clerk');
    await press('Alt+2');
    await tabTo(at(page, 'file-browse'));
    const asked = page.waitForEvent('filechooser');
    await press('Enter');
    await (await asked).setFiles({ name: REGISTER, mimeType: 'text/csv', buffer: Buffer.from(someRows(REGISTER, [1, 2, 8])) });
    await tabTo(at(page, 'late-reason'));
    await press('ArrowDown');
    await press('Enter');
    await station.screenshot('01-intake');
    await press('Control+Enter');
    await at(page, 'accept-done').waitFor();
    expect((await station.calls.licences.find({ states: ['submitted'] })).total).toBe(3);
  });

  it('looks at each page and approves it', async () => {
    await lockAndSignIn('reviewer');
    await press('Alt+3');
    await tabTo(at(page, 'review-queue'));
    await press('ArrowDown');
    await press('ArrowUp');
    for (let left = 3; left > 0; left -= 1) {
      await expect.poll(() => at(page, 'review-queue').getByTestId('row').count()).toBe(left);
      await page.locator('[data-testid="approve"]:not(:disabled)').waitFor();
      await press('Control+Enter');
    }
    await expect.poll(async () => (await station.calls.licences.find({ states: ['approved'] })).total).toBe(3);
  });

  it('seals every batch with the PIN typed in its window', async () => {
    await lockAndSignIn('custodian');
    await press('Alt+4');
    for (let batch = 1; batch <= 3; batch += 1) {
      if (batch > 1) {
        const next = page.locator('.batch', { hasText: '0 / 1' }).first();
        await tabTo(next);
        await press('Enter');
      }
      await page.locator('[data-testid="seal-start"]:not(:disabled)').waitFor();
      const opened = station.app.waitForEvent('window');
      await press('Control+Enter');
      const pin = await opened;
      await pin.locator('#pin:focus').waitFor();
      const closed = pin.waitForEvent('close');
      await pin.keyboard.type(PIN);
      await pin.keyboard.press('Enter');
      await closed;
      await waitSealed(page);
    }
    expect((await station.calls.licences.find({ states: ['issued'] })).total).toBe(3);
  });

  it('finds a licence from anywhere and hands it over', async () => {
    await lockAndSignIn('clerk');
    await press('Control+k');
    await page.locator('[data-testid="search"]:focus').waitFor();
    await page.keyboard.type('崔军');
    const list = at(page, 'licences');
    await expect.poll(() => list.getByTestId('row').count()).toBe(1);
    await tabTo(list);
    await press('ArrowDown');
    await press('Enter');
    await at(page, 'hand-over').waitFor();
    await press('Control+Enter');
    const given = page.locator('label:has([data-testid="given-print"])');
    await tabTo(given);
    await press('Space');
    await tabTo(page.locator('label:has([data-testid="with-slip"])'));
    await press('Space');
    await station.screenshot('02-hand-over');
    await press('Control+Enter');
    await notice(page, /已登记：崔军桂/);
  });

  it('walks the tabs by arrows, opens the help, and reaches the queue', async () => {
    await press('Alt+7');
    await at(page, 'screen-sync').waitFor();
    await tabTo(at(page, 'tab-sync'));
    await press('ArrowDown');
    await at(page, 'screen-seals').waitFor();
    await press('F1');
    await at(page, 'help-text').getByText('Ctrl+K').waitFor();
    await press('F1');
    await at(page, 'help-text').waitFor({ state: 'detached' });
    await press('Alt+7');
    await tabTo(at(page, 'sync-delivered'));
    await press('Enter');
    await expect.poll(() => at(page, 'outbox').getByTestId('row').count(), { timeout: 20_000 }).toBe(3);
    expect(station.troubles()).toEqual([]);
  });
});
