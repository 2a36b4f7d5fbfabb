// What is killed in mid-batch comes back, and the batch is finished with nothing doubled; the store outlives the program.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resolveElectron } from '../../electron/tooling/electron-runtime.ts';
import { childPids } from '../support/open-window.ts';
import { root } from '../support/source-files.ts';
import { at, go, signIn } from './screens/frame.ts';
import { startSealing, waitSealed } from './screens/sealing.ts';
import { approveEverything, beAt, sitDown, someRows, submitRegister } from './support/arrange.ts';
import { openStation, type Station } from './support/open-station.ts';

const HOMESTEADS = 'nongcun-zhaijidi.gb18030.csv';
const FELLING = 'linmu-caifa.utf8.csv';
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

let station: Station;

beforeAll(async () => {
  station = await openStation('survival');
  await station.page.getByText('王芳').waitFor();
});
afterEach(({ task }) => station.onEnd(task));
afterAll(() => station.dispose());

const pidOf = async (name: 'station' | 'tokenHost'): Promise<number> => {
  const pid =
    name === 'station'
      ? childPids(station, 'station.mjs')[0]
      : // A utility process has no entry on its command line.
        await station.app.evaluate(({ app }) => app.getAppMetrics().find((one) => one.name?.includes('tokenHost'))?.pid);
  if (pid === undefined) throw new Error(`${name} is not running`);
  return pid;
};

/** Starts the batch that is open, and kills as soon as some of it is sealed. */
async function killInMidBatch(name: 'station' | 'tokenHost'): Promise<void> {
  const { page, app } = station;
  const pid = await pidOf(name);
  const banner = at(page, `banner-${name}`);
  await startSealing(app, page);
  await page.waitForFunction(
    () => (document.querySelector<HTMLProgressElement>('[data-testid="seal-progress"] progress')?.value ?? 0) >= 3,
  );
  const shown = banner.waitFor();
  process.kill(pid, 'SIGKILL');
  await shown;
  await station.screenshot(`${name}-killed`);
  await banner.waitFor({ state: 'detached' });
}

const openBatch = async () => (await station.calls.sealing.batches({})).find(({ toSeal }) => toSeal > 0);

async function expectWhole(issued: number): Promise<void> {
  const { calls } = station;
  await beAt(calls, 'auditor');
  const { rows, total } = await calls.licences.find({ limit: 500 });
  expect(total).toBe(issued);
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['issued']));
  expect(new Set(rows.map(({ number }) => number)).size).toBe(issued);
  await expect
    .poll(async () => (await calls.delivery.state({})).counts, { timeout: 30_000 })
    .toEqual({
      queued: 0,
      sending: 0,
      acknowledged: issued,
      refused: 0,
      quarantined: 0,
      closed: 0,
    });
  const { items } = await calls.delivery.items({ which: 'all', limit: 500 });
  expect(new Set(items.map(({ receiptId }) => receiptId)).size).toBe(issued);
  const { library } = await calls.delivery.state({});
  // The library of training starts beside the window, not before it.
  const isUp = () =>
    fetch(`${library?.url}/v1/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isUp, { timeout: 20_000 }).toBe(true);
  for (const { id } of rows.slice(0, 500)) {
    const { identifier, documentHash } = await calls.licences.view({ id });
    const held: unknown = await (await fetch(`${library?.url}/v1/licences/${identifier}`)).json();
    expect(held, 'once, and the very bytes that are in the store').toMatchObject({ status: 'valid', contentHash: documentHash, items: 1 });
  }
  expect((await calls.system.verifyAudit({})).whole).toBe(true);
}

describe('a kill in mid-batch', () => {
  let issued = 0;

  it('of the station is a banner; after signing in again the batch is finished and nothing is doubled', async () => {
    const { page, app, calls } = station;
    await submitRegister(calls, HOMESTEADS, someRows(HOMESTEADS, upTo(60)));
    issued = await approveEverything(calls);
    await sitDown(station, 'custodian');
    await go(page, 'sealing');
    await killInMidBatch('station');
    await signIn(page, 'custodian');
    const left = (await openBatch())?.toSeal ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(issued);
    await go(page, 'sealing');
    await startSealing(app, page);
    await waitSealed(page);
    await expectWhole(issued);
  });

  it('of the token host is a banner; the batch says why it stopped and is finished with the PIN typed again', async () => {
    const { page, app, calls } = station;
    await submitRegister(calls, FELLING, someRows(FELLING, upTo(60)));
    issued += await approveEverything(calls);
    await sitDown(station, 'custodian');
    await go(page, 'sealing');
    await killInMidBatch('tokenHost');
    await at(page, 'seal-start').waitFor();
    await station.screenshot('tokenHost-stopped');
    const left = (await openBatch())?.toSeal ?? 0;
    expect(left).toBeGreaterThan(0);
    await startSealing(app, page);
    await waitSealed(page);
    await expectWhole(issued);
  });

  it('leaves a store that a second program may not open, and that is all there after a new start', async () => {
    const { executablePath } = await resolveElectron();
    const args = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, `--workspace=${station.workspaceDir}`];
    const second = spawn(executablePath, args, { stdio: 'ignore' });
    expect(await once(second, 'exit')).toEqual([0, null]);
    expect(station.page.isClosed()).toBe(false);
    expect(station.troubles()).toEqual([]);

    await station.quit();
    station = await openStation('survival-again', { workspaceDir: station.workspaceDir });
    await station.page.getByText('王芳').waitFor();
    await expectWhole(issued);
    expect(station.troubles()).toEqual([]);
  });
});
