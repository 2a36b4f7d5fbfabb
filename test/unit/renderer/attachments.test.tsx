// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { givePagesASize, openWindow } from './a-window.tsx';

beforeAll(() => {
  givePagesASize();
  vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:photo', revokeObjectURL: () => undefined }));
});

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

async function openLicence(signedIn: string, state: 'draft' | 'submitted') {
  const window = await openWindow({ signedIn, rows: 60 });
  close = window.close;
  const row = window.station.rows.find((each) => ['guihua', 'caifa'].includes(each.typeId) && each.state === state);
  if (row === undefined) throw new Error(`no ${state} permit made up`);
  await window.press('tab-licences');
  await window.type('search', row.matterNumber);
  await window.until(() => expect(document.querySelectorAll('[data-testid="row"]')).toHaveLength(1));
  const table = await window.see('licences');
  await window.key({ key: 'ArrowDown' }, table);
  await window.key({ key: 'Enter' }, table);
  await window.see('screen-licence');
  await window.see('attachments');
  return window;
}
const names = () => [...document.querySelectorAll('[data-testid="attachment"]')].map((each) => each.querySelector('span')?.textContent);

const pressLast = async (testId: string) => {
  const last = [...document.querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`)].at(-1);
  await act(async () => last?.click());
};

/** As if the person had chosen this file. */
async function choose(input: HTMLElement, name: string, bytes: Uint8Array, size = bytes.length) {
  const file = new File(['x'], name);
  Object.defineProperty(file, 'size', { value: size });
  Object.defineProperty(file, 'arrayBuffer', { value: async () => Uint8Array.from(bytes).buffer });
  Object.defineProperty(input, 'files', { configurable: true, value: [file] });
  await act(async () => void input.dispatchEvent(new Event('change', { bubbles: true })));
}

describe('attachments in the window', () => {
  it('are added to a draft, looked at, saved and taken away', async () => {
    const { see, press, until, station, find, text } = await openLicence('wang', 'draft');
    await until(() => expect(names()).toEqual([expect.stringMatching(/^1\. 总平面图\.pdf \d+ KB$/)]));
    await choose(await see('attachment-input'), '现场照片.JPG', new Uint8Array(3 * 1024));
    await until(() => expect(names()[1]).toBe('2. 现场照片.JPG 3 KB'));
    await until(() => expect(find('attach')?.hasAttribute('disabled')).toBe(false));
    // The sample page is bytes of Node's realm, which jsdom does not let through; the photo came in by the window.
    await pressLast('attachment-open');
    expect((await see('attachment-view')).querySelector('img')?.getAttribute('src')).toBe('blob:photo');
    await pressLast('attachment-save');
    await until(() => expect(text()).toContain('/media/usb/现场照片.JPG'));
    await press('detach');
    await until(() => expect(names()).toEqual(['1. 现场照片.JPG 3 KB']));
    expect(station.calls.filter((call) => /attach|detach/.test(call))).toEqual([
      'licences.attach',
      'licences.attachment',
      'licences.attachment',
      'licences.detach',
    ]);
  });

  it.each([
    ['表.xlsx', 10, '不是 PDF、PNG 或 JPEG 文件'],
    ['无后缀', 10, '不是 PDF、PNG 或 JPEG 文件'],
    ['大图.pdf', 9 * 1_048_576, '合计过大'],
  ])('say at once why %s cannot be one', async (name, size, why) => {
    const { see, station, until } = await openLicence('wang', 'draft');
    await choose(await see('attachment-input'), name, new Uint8Array(10), size);
    const list = await see('attachments');
    await until(() => expect(list.querySelector('[data-code="ATTACHMENT_REFUSED"]')?.textContent).toContain(`“${name}”：`));
    expect(list.textContent).toContain(why);
    expect(station.calls).not.toContain('licences.attach');
  });

  it('are seen by the reviewer and changed by nobody once submitted', async () => {
    for (const person of ['li', 'wang']) {
      const { find, until } = await openLicence(person, 'submitted');
      await until(() => expect(names()).toHaveLength(1));
      expect([find('attachment-open') === null, find('attach'), find('detach'), find('attachment-input')]).toEqual([
        false,
        null,
        null,
        null,
      ]);
      await close?.();
    }
    close = undefined;
  });
});
