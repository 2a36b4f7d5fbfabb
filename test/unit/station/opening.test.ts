import { cpSync, existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStation } from '../../../electron/station/station.ts';
import { aWorkspace, type Workspace } from '../../support/a-workspace.ts';
import { refusal, refusalDetails } from '../../support/faults.ts';

let w: Workspace;
beforeEach(async () => {
  w = await aWorkspace();
});
afterEach(() => w.close());

const refuse = (): never => {
  throw new Error('nobody is asked');
};
const seams = () => ({
  tokens: { list: refuse, certificates: refuse, grant: refuse, sign: refuse, release: refuse },
  onChange: () => undefined,
  write: () => undefined,
  machineClock: w.clock,
});
/** A copy of the workspace, as it lies on the disk. */
const copied = (): string => {
  const dir = path.join(w.dir, 'copy');
  w.db.pragma('wal_checkpoint(TRUNCATE)');
  cpSync(w.workspaceDir, dir, { recursive: true });
  return dir;
};
const open = async (workspaceDir: string, changes = {}) => {
  const station = await openStation({ ...w.config, workspaceDir, ...changes }, seams());
  await station.close();
};

describe('station.open', () => {
  it('opens what it made, and closes twice without complaint', async () => {
    await w.aLicence({ state: 'issued' });
    const dir = copied();
    await open(dir);
    await w.station.close();
    await w.station.close();
    await w.crash().catch(() => undefined);
  });

  it.each([
    ['another profile', { profile: 'acceptance' }, 'PROFILE_FIXED'],
    ['a demonstration clock', { demoToday: '2026-11-30' }, 'PROFILE_FIXED'],
    ['another key', { databaseKey: new Uint8Array(32) }, 'STORE_WRONG_KEY'],
  ])('refuses an existing workspace under %s, and leaves it usable', async (_what, changes, code) => {
    const dir = copied();
    expect(await refusal(open(dir, changes))).toBe(code);
    await open(dir);
  });

  it('makes no new database beside the documents of a lost one', async () => {
    await w.aLicence({ state: 'issued' });
    const dir = copied();
    truncateSync(path.join(dir, 'station.db'), 0);
    expect(await refusal(open(dir))).toBe('STORE_CORRUPT');
    rmSync(path.join(dir, 'station.db'));
    expect(await refusal(open(dir))).toBe('STORE_CORRUPT');
    expect(existsSync(path.join(dir, 'station.db'))).toBe(false);
  });

  it('names the damage of either file', async () => {
    await w.aLicence({ state: 'issued' });
    const dir = copied();
    writeFileSync(path.join(dir, 'documents-2026.db'), Buffer.alloc(8192, 'x'));
    expect(await refusal(open(dir))).toBe('STORE_WRONG_KEY');
    truncateSync(path.join(dir, 'station.db'), 20_000);
    expect(await refusal(open(dir))).toMatch(/STORE_/);
  });

  it('says what is wrong where the folder cannot hold a database', async () => {
    const dir = path.join(w.dir, 'odd');
    mkdirSync(path.join(dir, 'station.db'), { recursive: true });
    expect(await refusal(open(dir))).toBe('STORE_LOCKED');
  });
});

describe('station.setUpOffice', () => {
  it('takes the next package, ignores the same again, refuses an older one', async () => {
    await w.setUp();
    await w.setUp((s) => ({ ...s, sequence: s.sequence + 1, unit: { ...s.unit, closesAt: '18:00' } }));
    expect(await (await w.as('clerk')).session.current({})).toMatchObject({ office: { closesAt: '18:00' } });
    expect(await refusalDetails(w.setUp((s) => ({ ...s, sequence: s.sequence - 1 })))).toEqual({
      code: 'PACKAGE_INVALID',
      problem: 'sequence',
    });
    expect(w.one('SELECT count(*) FROM office_setup')).toBe(2);
  });

  it('refuses blocks that meet or change those it has, whatever their names', async () => {
    const [first] = w.setup.blocks;
    if (first === undefined) throw new Error('an office has blocks');
    const before = w.rows('SELECT * FROM number_block');
    expect(
      await refusal(
        w.setUp((s) => ({
          ...s,
          sequence: s.sequence + 1,
          blocks: [{ ...first, id: 'another', first: first.last, last: first.last + 10 }],
        })),
      ),
    ).toBe('PACKAGE_INVALID');
    await w.reopen();
    expect(w.rows('SELECT * FROM number_block')).toEqual(before);
  });

  it('refuses a package of another profile or for another catalogue', async () => {
    expect(await refusal(w.setUp((s) => ({ ...s, sequence: s.sequence + 1, rulePack: { ...s.rulePack, sha256: 'a'.repeat(64) } })))).toBe(
      'CATALOGUE_INVALID',
    );
  });

  it('answers nothing but its sign-in screen before it is set up', async () => {
    const dir = path.join(w.dir, 'empty');
    const station = await openStation({ ...w.config, workspaceDir: dir }, seams());
    expect(() => station.ctx.office()).toThrow('OFFICE_NOT_SET_UP');
    expect(station.session.view({ demoClock: false, hint: null })).toMatchObject({ office: null, people: [], person: null });
    await station.close();
  });
});
