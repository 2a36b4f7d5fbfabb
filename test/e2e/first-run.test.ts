// The way into a real office by clicks: an empty acceptance workspace, a package from a disk, a letter beside it, and then one
// licence of full effect, sealed with a real PKCS#11 key and delivered. The library is the test's own, as it is anybody's but ours.
import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LibraryProcess, libraryProcess } from '../../electron/cli/library-process.ts';
import { demoClock, instantOf, systemClock } from '../../electron/station/platform/clock.ts';
import { systemRandomness } from '../../electron/station/platform/ids.ts';
import { type MadeOffice, makeOffice } from '../../electron/training/make-office.ts';
import { registerWithLibrary } from '../../electron/training/register-with-library.ts';
import { signProvisioning } from '../../electron/training/sign-provisioning.ts';
import { citizenIdOf } from '../support/citizen-id.ts';
import { pdfsig, trustStore } from '../support/judges.ts';
import { type OpenWindow, openWindow } from '../support/open-window.ts';
import { root } from '../support/source-files.ts';
import { at, choose, go, notice, type PersonKey, people } from './screens/frame.ts';
import { answerSaveDialogue, openLicence } from './screens/licences.ts';
import { inkOf, look } from './screens/review.ts';
import { openPin, typePin, waitSealed } from './screens/sealing.ts';
import { callsOf } from './support/bridge.ts';
import { OUT, TODAY } from './support/open-station.ts';

const HOLDER = '欧阳云山';
/** Chromium's own store instead of a key ring, wherever this runs. */
const NO_KEY_RING = '--password-store=basic';

const dir = mkdtempSync(path.join(tmpdir(), 'banjie-first-run-'));
const workspaceDir = path.join(dir, 'workspace');
const relaunchedPath = path.join(dir, 'relaunched.json');
const softHsmBefore = process.env.SOFTHSM2_CONF;
let office: MadeOffice;
let library: LibraryProcess;
let libraryPort: number;
let window: OpenWindow;

const start = async (args: readonly string[]): Promise<void> => {
  window = await openWindow({ workspaceDir, today: TODAY, args: [NO_KEY_RING, ...args] });
};
const picture = (name: string, page?: Page) => window.screenshot(`first-run-${name}`, page);
const page = () => window.page;
const logOf = (profile: string) => readFileSync(path.join(workspaceDir, profile, 'logs/shell.log'), 'utf8');

beforeAll(async () => {
  mkdirSync(OUT, { recursive: true });
  libraryPort = await freePort();
  const clock = demoClock(TODAY, systemClock.nowMs(), systemClock);
  office = await makeOffice('acceptance', {
    dir: path.join(dir, 'office'),
    now: instantOf(clock),
    randomness: systemRandomness,
    resourcesDir: path.join(root, 'resources'),
    libraryUrl: `http://127.0.0.1:${libraryPort}`,
  });
  // The program hands its own on to the token host, as long as it is not packaged.
  Object.assign(process.env, office.tokenHostEnvironment);
  await start(['--profile=acceptance']);
});
afterEach(async ({ task }) => {
  if ((task.result?.errors?.length ?? 0) > 0) await picture(`FAILED-${task.name.slice(0, 40).replaceAll(/[^a-z]+/gi, '-')}`);
});
afterAll(async () => {
  await window?.dispose();
  await library?.stop();
  if (softHsmBefore === undefined) delete process.env.SOFTHSM2_CONF;
  else process.env.SOFTHSM2_CONF = softHsmBefore;
  rmSync(dir, { recursive: true, force: true });
});

describe('a station that has no office yet', () => {
  it('opens on the page that says what belongs here and how it gets here', async () => {
    await at(page(), 'first-run').waitFor();
    await page().getByText('验收模式', { exact: true }).waitFor();
    expect(await at(page(), 'training-badge').count()).toBe(0);
    expect(await at(page(), 'sign-in').count()).toBe(0);
    await picture('01-empty');
  });

  it('keeps its database key in a file of this user where there is no key ring, and says so in its log', () => {
    expect(statSync(path.join(workspaceDir, 'acceptance/database-key.plain')).mode & 0o777).toBe(0o600);
    expect(logOf('acceptance')).toContain('"workspace.keyInFile"');
  });

  it.each([
    ['altered on the way', () => packageText().replace('马桥镇人民政府', '横溪镇人民政府'), /签名不对/],
    ['of another kind', () => '登记表', /不是开通包文件/],
  ])('says in words what is wrong with a file %s', async (_name, text, words) => {
    await drop('office.json', text());
    await page().locator('[data-testid="problem"][data-code="PACKAGE_INVALID"]').getByText(words).waitFor();
    expect(await at(page(), 'package-says').count()).toBe(0);
    await picture('02-refused');
  });

  it('takes a dropped package only after its fingerprint was compared and its end typed from the letter', async () => {
    await drop('马桥镇开通包.json', packageText());
    await at(page(), 'package-says').waitFor();
    await at(page(), 'package-unit').getByText('马桥镇人民政府').waitFor();
    for (const name of Object.values(people)) await at(page(), 'package-says').getByText(name).first().waitFor();
    const groups = await at(page(), 'fingerprint-groups').locator('span').allInnerTexts();
    expect(groups).toHaveLength(16);
    expect(groups.join('')).toBe(office.authorityFingerprint);
    const isOffered = () => at(page(), 'package-take').isEnabled();
    expect(await isOffered()).toBe(false);
    await at(page(), 'fingerprint-agrees').click();
    expect(await isOffered()).toBe(false);
    await at(page(), 'fingerprint-end').fill('0000 0000');
    await page().getByText('与开通包的指纹不符').waitFor();
    expect(await isOffered()).toBe(false);
    const end = office.authorityFingerprint.slice(-8).toUpperCase();
    await at(page(), 'fingerprint-end').fill(`${end.slice(0, 4)} ${end.slice(4)}`);
    await picture('03-compared');
    for (const look of ['large-print', 'language']) {
      await at(page(), look).click();
      await picture(`03-${look}`);
      await at(page(), look).click();
    }
    await at(page(), 'package-take').click();
    await notice(page(), /本站已启用/);
    await at(page(), `sign-in-${office.setup.people[0]?.id ?? ''}`).waitFor();
    await picture('04-sign-in');
    const { now } = await callsOf(page()).session.current({});
    const libraryDir = path.join(dir, 'library');
    registerWithLibrary(libraryDir, office);
    library = libraryProcess({
      projectDir: root,
      dir: libraryDir,
      port: libraryPort,
      profile: 'acceptance',
      clockOffsetMs: Date.parse(now) - Date.now(),
    });
    await library.start();
  });
});

describe('the office that was set up', () => {
  it('issues one typed matter with its seal on a real key', async () => {
    await signIn('clerk');
    await go(page(), 'intake');
    await at(page(), 'type-one').click();
    await choose(page(), 'one-type', '乡村建设规划许可证');
    const values = {
      matterNumber: 'XG2026000001',
      builderName: HOLDER,
      builderCode: citizenIdOf(420_626, 1980, 1, 1, 1),
      projectName: '村民住宅',
      projectLocation: '马桥镇横溪村三组',
      projectScale: '120.5',
      attachments: '总平面图',
    };
    for (const [key, value] of Object.entries(values)) await at(page(), `field-${key}`).fill(value);
    await picture('05-typed');
    await at(page(), 'one-submit').click();
    await notice(page(), /提交/);

    await switchTo('reviewer');
    await go(page(), 'review');
    expect(await look(page(), 0)).toBe(HOLDER);
    await expect.poll(() => inkOf(page())).toBeGreaterThan(0.01);
    await picture('06-review');
    await at(page(), 'approve').click();
    await notice(page(), /已批准/);

    await switchTo('custodian');
    await go(page(), 'sealing');
    await page().locator('[data-testid^="key-card-"][data-use="ready"] svg.seal-picture').first().waitFor();
    await page().getByText('SoftHSM 2').first().waitFor();
    const pin = await openPin(window.app, page());
    await picture('07-pin', pin);
    const closed = pin.waitForEvent('close');
    await typePin(pin, office.pin);
    await closed;
    await waitSealed(page());
    await picture('08-sealed');
    expect((await callsOf(page()).licences.find({ states: ['issued'] })).rows).toMatchObject([{ holderName: HOLDER, state: 'issued' }]);
  });

  it('gives out a licence without any watermark, that others call valid under the office’s root', async () => {
    const savedPath = path.join(OUT, 'first-run-licence.pdf');
    await answerSaveDialogue(window.app, savedPath);
    await switchTo('clerk');
    await openLicence(page(), HOLDER);
    await page().locator('canvas[data-testid="page"][data-drawn="yes"]').waitFor();
    await picture('09-licence');
    await at(page(), 'save-file').click();
    await notice(page(), /已保存到/);
    const text = execFileSync('pdftotext', ['-layout', savedPath, '-'], { encoding: 'utf8' });
    expect(text).toContain(HOLDER);
    expect(text).not.toMatch(/演练|TRAINING/i);
    expect((await callsOf(page()).licences.find({ text: HOLDER })).rows[0]?.number).not.toMatch(/演练/);
    const judged = pdfsig(trustStore(dir, office.caPath), savedPath);
    expect(judged).toContain('Signature is Valid.');
    expect(judged).toContain('Certificate is Trusted.');
  });

  it('delivers it to the library the package named', async () => {
    const delivered = async () => (await callsOf(page()).delivery.state({})).counts.acknowledged;
    await expect.poll(delivered, { timeout: 60_000 }).toBe(1);
    await go(page(), 'sync');
    await at(page(), 'sync-delivered').click();
    await at(page(), 'outbox').getByTestId('receipt').first().click();
    await at(page(), 'receipt-facts').waitFor();
    await picture('10-receipt');
    await page().getByRole('dialog').getByRole('button', { name: '关闭' }).last().click();
  });

  it('takes a newer package of the same authority from the operator alone, and none of another', async () => {
    await go(page(), 'system');
    await at(page(), 'system-office').click();
    await page()
      .getByText(/由运维\/同步员办理/)
      .waitFor();
    expect(await at(page(), 'file-drop').count()).toBe(0);
    await switchTo('custodian');
    await go(page(), 'system');
    await at(page(), 'system-office').click();
    await drop('foreign.json', packageText(9, generateKeyPairSync('ed25519').privateKey));
    await page().locator('[data-testid="package-misfits"][data-misfits="authority"]').waitFor();
    expect(await at(page(), 'package-take').isEnabled()).toBe(false);
    await picture('11-foreign');
    await at(page(), 'package-other').click();
    await drop('newer.json', packageText(2));
    await at(page(), 'package-sequence').getByText('现行为第 1 号').waitFor();
    expect(await at(page(), 'fingerprint').count()).toBe(0);
    await picture('12-newer');
    await at(page(), 'package-take').click();
    await notice(page(), /新的开通包已启用/);
    await drop('again.json', packageText(2));
    await page().locator('[data-testid="package-misfits"][data-misfits="sequence"]').waitFor();
  });
});

describe('from one life of the computer to another', () => {
  it('goes to training with a confirmation, and the office waits unharmed', async () => {
    await at(page(), 'profile-training').click();
    await picture('13-to-training');
    await confirmChange();
    expect(relaunchArgs()).not.toContain('--profile=acceptance');
    expect(JSON.parse(readFileSync(path.join(workspaceDir, 'station.json'), 'utf8'))).toEqual({ profile: 'training' });
    await start([]);
    await at(page(), 'training-badge').waitFor();
    await page().getByRole('radio', { name: people.clerk }).waitFor();
    await picture('14-training');
  });

  it('goes from training’s sign-in page to production, which without a key ring says why it cannot start and leads back', async () => {
    await at(page(), 'profile-production').click();
    await page().getByText('需要上级下发的开通包').waitFor();
    await confirmChange();
    await start([]);
    await page().locator('[data-testid="problem"][data-code="STORE_KEY_UNAVAILABLE"]').getByText('系统密钥环').first().waitFor();
    await page().locator('[data-testid="banner-station"][data-state="givenUp"]').waitFor();
    await picture('15-no-key-ring');
    expect(existsSync(path.join(workspaceDir, 'production/station.db'))).toBe(false);
    expect(existsSync(path.join(workspaceDir, 'production/database-key.plain'))).toBe(false);
    await at(page(), 'restart-station').click();
    await page().locator('[data-testid="problem"][data-code="STORE_KEY_UNAVAILABLE"]').first().waitFor();
    await at(page(), 'profile-training').click();
    await confirmChange();
    expect(JSON.parse(readFileSync(path.join(workspaceDir, 'station.json'), 'utf8'))).toEqual({ profile: 'training' });
  });

  it('says in the window when the training office cannot be made', async () => {
    const elsewhere = path.join(dir, 'blocked');
    mkdirSync(path.join(elsewhere, 'training'), { recursive: true });
    writeFileSync(path.join(elsewhere, 'training/office'), 'a file where a folder belongs');
    const blocked = await openWindow({ workspaceDir: elsewhere, args: [NO_KEY_RING] });
    try {
      await blocked.page.locator('[data-testid="problem"][data-code="INTERNAL"]').waitFor();
      await blocked.screenshot('first-run-16-no-training');
    } finally {
      await blocked.dispose();
    }
  });

  it('finds the office again with its licence when it is opened as before', async () => {
    await start(['--profile=acceptance']);
    await signIn('clerk');
    expect((await callsOf(page()).licences.find({ states: ['issued'] })).rows).toMatchObject([{ holderName: HOLDER }]);
    await window.quit();
  });
});

function packageText(sequence = 1, key?: Parameters<typeof signProvisioning>[1]): string {
  if (sequence === 1 && key === undefined) return readFileSync(office.provisioningPath, 'utf8');
  const { authorityKeyPem } = JSON.parse(readFileSync(path.join(office.dir, 'office.json'), 'utf8')) as { authorityKeyPem: string }; // made above
  return signProvisioning({ ...office.setup, sequence }, key ?? createPrivateKey(authorityKeyPem));
}

/** As a file dragged from the disk's window. */
async function drop(name: string, text: string): Promise<void> {
  const dataTransfer = await page().evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content ?? ''], fileName ?? ''));
      return data;
    },
    [name, text],
  );
  await at(page(), 'file-drop').dispatchEvent('drop', { dataTransfer });
}

async function signIn(person: PersonKey): Promise<void> {
  await page().getByRole('radio', { name: people[person] }).click();
  await at(page(), 'passphrase').fill(office.passphrase);
  await at(page(), 'sign-in').click();
  await at(page(), 'person').getByText(people[person]).waitFor();
}

async function switchTo(person: PersonKey): Promise<void> {
  await at(page(), 'lock').click();
  await signIn(person);
}

/** The program ends by itself; what it would have started again is written down instead, as nobody would hold that window. */
async function confirmChange(): Promise<void> {
  await window.app.evaluate(({ app }, target) => {
    const { writeFileSync: write } = process.getBuiltinModule('node:fs');
    app.relaunch = (options) => write(target, JSON.stringify(options));
  }, relaunchedPath);
  writeFileSync(relaunchedPath, '{}');
  const closed = window.app.waitForEvent('close');
  await at(page(), 'profile-change').click();
  await closed;
  expect(relaunchArgs()).toContain(`--workspace=${workspaceDir}`);
}

const relaunchArgs = (): readonly string[] => (JSON.parse(readFileSync(relaunchedPath, 'utf8')) as { args?: string[] }).args ?? []; // written above

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
