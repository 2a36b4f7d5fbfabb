// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { givePagesASize, openWindow } from './a-window.tsx';

beforeAll(givePagesASize);

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});
async function open(options: Parameters<typeof openWindow>[0] = {}) {
  const window = await openWindow(options);
  close = window.close;
  return window;
}

describe('the window', () => {
  it('lets a person in with the right passphrase only, and says the rest in words', async () => {
    const { press, type, see, text, find } = await open();
    await press('sign-in-wang');
    await type('passphrase', 'wrong');
    await press('sign-in');
    expect((await see('problem')).dataset.code).toBe('SIGN_IN_WRONG');
    expect(text()).toContain('口令不正确');
    await type('passphrase', 'banjie-xunlian');
    await press('sign-in');
    await see('screen-today');
    expect(find('person')?.textContent).toContain('王芳');
    expect(find('training-badge')?.textContent).toContain('演练');
  });

  it('opens each screen by Alt and its number and has a heading on each', async () => {
    const { key, see } = await open({ signedIn: 'li' });
    await see('screen-today');
    const screens = ['today', 'intake', 'review', 'sealing', 'licences', 'verify', 'sync', 'seals', 'system'];
    for (const [index, screen] of screens.entries()) {
      await key({ altKey: true, code: `Digit${index + 1}`, key: String(index + 1) });
      const section = await see(`screen-${screen}`);
      expect(section.querySelector('h1')?.textContent).not.toBe('');
    }
  });

  it('changes its language and print size at once', async () => {
    const { press, see, text } = await open({ signedIn: 'wang' });
    await see('screen-today');
    expect(text()).toContain('今天必须办完');
    await press('language');
    expect(text()).toContain('Must be done today');
    expect(document.documentElement.lang).toBe('en');
    await press('large-print');
    expect(document.documentElement.classList.contains('large-print')).toBe(true);
  });

  it('has no action a role may not do, and says who can', async () => {
    const { press, see, find, text, station } = await open({ signedIn: 'wang' });
    await press('tab-review');
    await see('screen-review');
    expect(find('approve')).toBeNull();
    expect(text()).toContain('审核由审核人、监督办理');
    await press('tab-sealing');
    expect(find('seal-start')).toBeNull();
    expect(station.calls).not.toContain('review.queue');
  });

  it('refuses a file over 32 MB before reading it', async () => {
    const { press, see, station } = await open({ signedIn: 'wang' });
    await press('tab-intake');
    const input = await see('file-input');
    const file = new File(['x'], '大表.csv');
    Object.defineProperty(file, 'size', { value: 50 * 1_048_576 });
    Object.defineProperty(file, 'arrayBuffer', { value: () => Promise.reject(new Error('was read')) });
    Object.defineProperty(input, 'files', { value: [file] });
    await act(async () => void input.dispatchEvent(new Event('change', { bubbles: true })));
    const problem = await see('problem');
    expect(problem.dataset.code).toBe('FILE_TOO_LARGE');
    expect(problem.textContent).toContain('“大表.csv”有 50 MB');
    expect(station.calls).not.toContain('intake.open');
  });

  it('checks a register by itself once it is recognised and shows its faults', async () => {
    const { press, see, until, find } = await open({ signedIn: 'wang' });
    await press('tab-intake');
    const input = await see('file-input');
    const file = new File(['a,b'], '台账.csv');
    Object.defineProperty(file, 'arrayBuffer', { value: async () => Uint8Array.from([97, 44, 98]).buffer });
    Object.defineProperty(input, 'files', { value: [file] });
    await act(async () => void input.dispatchEvent(new Event('change', { bubbles: true })));
    await see('screen-import');
    await until(() => expect(document.querySelectorAll('[data-testid="fault"]').length).toBeGreaterThan(0));
    // Rows that are late hold the button until a reason is given (R01).
    expect((await see('accept')).hasAttribute('disabled')).toBe(true);
    await press('rows-faulty');
    await until(() =>
      expect(
        [...document.querySelectorAll('[data-testid="row"]')].every((row) => row.querySelector('[data-testid="fault"]') !== null),
      ).toBe(true),
    );
    expect(find('rows-faulty')?.getAttribute('aria-pressed')).toBe('true');
  });

  it('finds licences as one types, from anywhere by Ctrl+K', async () => {
    const { key, type, see, until } = await open({ signedIn: 'wang' });
    await see('screen-today');
    await key({ ctrlKey: true, key: 'k' });
    await see('screen-licences');
    await until(() => expect(document.activeElement?.getAttribute('data-testid')).toBe('search'));
    await type('search', '欧阳明月');
    await until(() => expect(document.querySelector('[data-testid="found"]')?.textContent).toContain('共 2 件'));
  });

  it('walks a table by the arrow keys and opens the row by Enter', async () => {
    const { press, see, key } = await open({ signedIn: 'wang' });
    await press('tab-licences');
    const table = await see('licences');
    await see('row');
    await key({ key: 'ArrowDown' }, table);
    await key({ key: 'ArrowDown' }, table);
    expect(table.querySelectorAll('[aria-selected="true"]')).toHaveLength(1);
    expect(table.getAttribute('aria-activedescendant')).toMatch(/-1$/);
    await key({ key: 'Enter' }, table);
    await see('screen-licence');
  });

  it('asks again after a hint and keeps showing what it knew meanwhile', async () => {
    const { press, see, station, until, text } = await open({ signedIn: 'zhao' });
    await press('tab-sealing');
    await press('seal-start');
    await until(() => expect(station.rows.some((row) => row.state === 'approved' && row.typeId === 'guihua')).toBe(false));
    await see('seal-result');
    expect(text()).toContain('已签章');
    expect(station.calls.filter((call) => call === 'sealing.prepare')).toHaveLength(1);
  });

  it('locks by Ctrl+L and gives the next person a clean desk', async () => {
    const { key, press, type, see, find } = await open({ signedIn: 'wang' });
    await press('tab-licences');
    await type('search', '张伟');
    await key({ ctrlKey: true, key: 'l' });
    await press('sign-in-li');
    await type('passphrase', 'banjie-xunlian');
    await press('sign-in');
    await see('screen-today');
    await press('tab-licences');
    expect(((await see('search')) as HTMLInputElement).value).toBe(''); // the test id is on the input itself
    expect(find('submit-drafts')).toBeNull();
  });

  it('keeps the screen and says so while the station restarts', async () => {
    const { see, text } = await open({
      signedIn: 'wang',
      processes: [{ name: 'station', state: 'givenUp', restarts: 5, retryInMs: null }],
    });
    await see('screen-today');
    expect((await see('banner-station')).dataset.state).toBe('givenUp');
    await see('restart-station');
    expect(text()).toContain('证照站未能启动，已停止');
  });

  it('says what belongs on an empty screen', async () => {
    const { press, see, text } = await open({ signedIn: 'wang', rows: 0 });
    await see('screen-today');
    expect(text()).toContain('今天没有待办');
    await press('tab-licences');
    await see('found');
    expect(text()).toContain('在“收件”导入办结台账');
  });
});
