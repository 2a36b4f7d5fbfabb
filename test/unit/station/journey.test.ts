import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aWorkspace, type Workspace } from '../../support/a-workspace.ts';

let w: Workspace;
beforeAll(async () => {
  w = await aWorkspace();
});
afterAll(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});

describe('journey', () => {
  it('issues', async () => {
    const id = await w.aLicence({ state: 'issued' });
    expect(w.row(id).state).toBe('issued');
  });
  it('again', async () => {
    const t = performance.now();
    const id = await w.aLicence({ state: 'issued' });
    console.log(performance.now() - t, w.row(id));
    const t2 = performance.now();
    await w.reopen();
    console.log('reopen', performance.now() - t2);
  });
});
