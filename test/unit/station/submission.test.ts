import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIdentifier } from '../../../electron/contract/identifier.ts';
import type { OfficeSetup } from '../../../electron/contract/office.ts';
import type { LicenceId } from '../../../electron/contract/values.ts';
import { aWorkspace, LATE, resourcesWith, TODAY, type Workspace, YESTERDAY } from '../../support/a-workspace.ts';
import { refusal } from '../../support/faults.ts';

let w: Workspace;
afterEach(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});

const blocksOf =
  (...ranges: readonly (readonly [number, number])[]) =>
  (setup: OfficeSetup): OfficeSetup => {
    const guihua = setup.blocks.find((b) => b.id.includes('guihua'));
    if (guihua === undefined) throw new Error('the office has a block for guihua');
    return {
      ...setup,
      blocks: ranges.map(([first, last], index) => ({ ...guihua, id: `block-${index}`, first, last })),
    };
  };
const serials = () => w.rows("SELECT serial, state, licence_id FROM number_use WHERE type_code LIKE '%252001' ORDER BY serial");
const next = () => w.rows('SELECT id, next FROM number_block ORDER BY first').map((r) => r.next);

describe('licences.submit', () => {
  beforeEach(async () => {
    w = await aWorkspace({ setup: blocksOf([1, 3], [100, 102]) });
  });

  it('gives consecutive numbers in the order asked, across two blocks, in rounds of any size', async () => {
    const ids: LicenceId[] = [];
    for (let i = 0; i < 5; i++) ids.push(await w.draft());
    expect((await w.submit([...ids].reverse())).state).toBe('done');
    expect(serials()).toEqual([1, 2, 3, 100, 101].map((serial, at) => ({ serial, state: 'reserved', licence_id: ids[4 - at] })));
    expect(next()).toEqual([4, 102]);
    expect(ids.map((id) => w.row(id).number)).toEqual(['101', '100', '003', '002', '001'].map((n) => `演练乡字第420626202600${n}号`));
  });

  it('makes an identifier that says the same serial and checks', async () => {
    const id = await w.aLicence({ state: 'submitted' });
    const parts = readIdentifier(String(w.row(id).identifier));
    expect(parts).toMatchObject({ typeCode: w.row(id).type_code, serial: 'YL01202600000001', version: 1 });
  });

  it('takes nothing when the numbers are used up, and leaves the draft a draft', async () => {
    const ids = [];
    for (let i = 0; i < 7; i++) ids.push(await w.draft());
    const job = await w.submit(ids);
    expect([job.state, job.done, job.failed]).toEqual(['done', 6, 1]);
    const [last = ''] = ids.slice(-1);
    expect(w.row(last)).toMatchObject({ state: 'draft', number: null, identifier: null, approved_hash: null });
    expect(serials()).toHaveLength(6);
    const [more] = [await w.draft()];
    expect(await refusal((await w.as('clerk')).licences.preview({ id: more }))).toBe('NUMBERS_EXHAUSTED');
    // A further block arrives: the next number is its first.
    await w.setUp((setup) => ({
      ...setup,
      sequence: setup.sequence + 1,
      blocks: [...setup.blocks, { ...setup.blocks[0], id: 'block-9', first: 200, last: 209 } as (typeof setup.blocks)[number]],
    }));
    expect((await w.submit([last])).done).toBe(1);
    expect(w.row(last).serial).toBe(200);
  });

  it('takes no number for a face that does not fit, and none of the others waits for it', async () => {
    const [a, bad, c] = [await w.draft(), await w.draft({ projectLocation: '很'.repeat(119) }), await w.draft()];
    // More than a cell can hold at its smallest size.
    w.db.prepare("UPDATE licence SET values_json = json_set(values_json, '$.attachments', ?) WHERE id = ?").run('长'.repeat(5_000), bad);
    const job = await w.submit([a, bad, c]);
    expect([job.done, job.failed]).toEqual([2, 1]);
    expect([w.row(a).serial, w.row(bad).serial, w.row(c).serial]).toEqual([1, null, 2]);
  });

  it('submits each once, however often it is named', async () => {
    const [a, b] = [await w.draft(), await w.draft()];
    const job = await w.submit([a, b, a, a]);
    expect([job.state, job.total, job.done, job.failed]).toEqual(['done', 2, 2, 0]);
    expect(serials()).toHaveLength(2);
    const again = await w.submit([a, b]);
    expect([again.state, again.done, again.failed]).toEqual(['done', 0, 2]);
    expect(serials()).toHaveLength(2);
  });

  it('two jobs over the same drafts give each one number', async () => {
    const ids = [];
    for (let i = 0; i < 6; i++) ids.push(await w.draft());
    const clerk = await w.as('clerk');
    const [one, two] = await Promise.all([clerk.licences.submit({ ids, late: null }), clerk.licences.submit({ ids, late: null })]);
    const [first, second] = [await w.finish(one), await w.finish(two)];
    expect(first.done + second.done).toBe(6);
    expect(serials().map((s) => s.serial)).toEqual([1, 2, 3, 100, 101, 102]);
  });

  it('keeps number and identifier through returns and mends, and uses no other', async () => {
    const id = await w.aLicence({ state: 'returned' });
    const { number, identifier, approved_hash: before } = w.row(id);
    expect(await refusal((await w.as('clerk')).licences.discard({ id }))).toBe('STATE_CONFLICT');
    const verdict = await (await w.as('clerk')).licences.mend({ id, values: { builderName: '王晓明' }, late: null });
    expect(verdict.faults).toEqual([]);
    await w.submit([id]);
    expect(w.row(id)).toMatchObject({ state: 'submitted', number, identifier, holder_name: '王晓明', return_reason: null });
    expect(w.row(id).approved_hash).not.toBe(before);
    await w.submit([await w.draft()]);
    expect(serials().map((s) => s.serial)).toEqual([1, 2]);
  });

  it('voids on record: number used up, reason kept, library told; and never from sealing on', async () => {
    const submitted = await w.aLicence({ state: 'voided' });
    const returned = await w.aLicence({ state: 'returned' });
    const approved = await w.aLicence({ state: 'approved' });
    const clerk = await w.as('clerk');
    for (const id of [returned, approved]) await clerk.licences.void({ id, reason: '申请人撤回' });
    for (const id of [submitted, returned, approved]) {
      expect(w.row(id)).toMatchObject({ state: 'voided', void_reason: '申请人撤回' });
      expect(w.one('SELECT state FROM number_use WHERE licence_id = ?', id)).toBe('voided');
      expect(w.rows('SELECT kind, state FROM outbox WHERE version_id = ?', id)).toEqual([{ kind: 'licence.voided', state: 'queued' }]);
      expect(w.one("SELECT count(*) FROM audit_event WHERE kind = 'licence.voided' AND subject = ?", id)).toBe(1);
      expect(await refusal(clerk.licences.void({ id, reason: '再次' }))).toBe('STATE_CONFLICT');
    }
    const issued = await w.aLicence({ state: 'issued' });
    expect(await refusal(clerk.licences.void({ id: issued, reason: '再次' }))).toBe('STATE_CONFLICT');
    const draft = await w.draft();
    expect(await refusal(clerk.licences.void({ id: draft, reason: '再次' }))).toBe('STATE_CONFLICT');
    await clerk.licences.discard({ id: draft });
    expect(w.row(draft)).toBeUndefined();
  });

  it('asks the reason of each licence not concluded today, before anything is submitted (R01)', async () => {
    const clerk = await w.as('clerk');
    const values = w.matterOf({ conclusionDay: YESTERDAY });
    expect(await refusal(clerk.intake.typeOne({ typeId: 'guihua', values, late: null }))).toBe('REASON_NEEDED');
    expect(await refusal(clerk.intake.typeOne({ typeId: 'guihua', values, late: { code: 'made-up', note: '' } }))).toBe('REASON_NEEDED');
    expect(await refusal(clerk.intake.typeOne({ typeId: 'guihua', values, late: { code: 'other', note: ' ' } }))).toBe('REASON_NEEDED');
    const today = await w.draft({ conclusionDay: TODAY }, LATE);
    expect(w.row(today).late_code).toBeNull();
    w.clock.set('2026-11-30T16:00:00.000Z');
    expect(await refusal(clerk.licences.submit({ ids: [today], late: null }))).toBe('REASON_NEEDED');
    await w.submit([today], LATE);
    expect(w.row(today)).toMatchObject({ state: 'submitted', late_code: 'power-cut' });
  });

  it('says of an unknown licence that it is unknown', async () => {
    const id = await w.draft();
    await (await w.as('clerk')).licences.discard({ id });
    expect(await refusal((await w.as('clerk')).licences.submit({ ids: [id], late: null }))).toBe('LICENCE_NOT_FOUND');
  });
});

describe('licences.submit with the business system’s numbers', () => {
  const resources = resourcesWith('guihua', (type) => ({
    ...type,
    id: 'yewu',
    code: '11100000MB0QL00252777',
    coding: { source: 'business', format: '业字第{serial:5}号', aliases: ['证书编号'] },
  }));
  const values = (licenceNumber: string) => ({ ...w.matterOf(), licenceNumber });
  const typed = async (licenceNumber: string) =>
    (await (await w.as('clerk')).intake.typeOne({ typeId: 'yewu', values: values(licenceNumber), late: null })).licenceId;

  beforeEach(async () => {
    w = await aWorkspace({ resourcesDir: resources });
    await w.setUp((setup) => ({
      ...setup,
      sequence: setup.sequence + 1,
      bindings: [
        ...setup.bindings.filter((b) => b.typeId !== 'yewu'),
        ...setup.bindings.filter((b) => b.typeId === 'guihua').map((b) => ({ ...b, typeId: 'yewu' })),
      ],
    }));
  });

  it('takes the given number and none of the station', async () => {
    const id = await typed('业字第00007号');
    expect((await w.submit([id])).done).toBe(1);
    expect(w.row(id)).toMatchObject({ number: '演练业字第00007号', serial: null });
    expect(readIdentifier(String(w.row(id).identifier))).not.toBeNull();
    expect(w.one('SELECT count(*) FROM number_use')).toBe(0);
    const batch = await w.approve([id]);
    expect((await w.seal(batch)).done).toBe(1);
    expect(w.row(id).state).toBe('issued');
  });

  it('refuses a number that is taken, also by a voided licence and within one round', async () => {
    const [a, b, c] = [await typed('业字第00007号'), await typed('业字第00007号'), await typed('业字第00008号')];
    const job = await w.submit([a, b, c]);
    expect([job.state, job.done, job.failed]).toEqual(['done', 2, 1]);
    expect(w.row(b)).toMatchObject({ state: 'draft', number: null });
    await (await w.as('clerk')).licences.void({ id: a, reason: '申请人撤回' });
    expect((await w.submit([b])).failed).toBe(1);
    expect(await refusal((await w.as('clerk')).licences.preview({ id: b }))).toBe('NUMBER_TAKEN');
  });

  it('asks for a number that is not there', async () => {
    const checked = await (await w.as('clerk')).intake.checkOne({ typeId: 'yewu', values: values(''), late: null });
    expect(checked.faults).toEqual([expect.objectContaining({ code: 'VALUE_MISSING', field: 'licenceNumber' })]);
  });
});
