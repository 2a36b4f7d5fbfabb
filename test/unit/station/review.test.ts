import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OfficeSetup } from '../../../electron/contract/office.ts';
import { LicenceId } from '../../../electron/contract/values.ts';
import { approvedHashOf } from '../../../electron/station/documents/signature-place.ts';
import { aWorkspace, LATE, type Workspace } from '../../support/a-workspace.ts';
import { refusal, refusalDetails } from '../../support/faults.ts';

let w: Workspace;
/** Two more people who may both enter and decide; the office's rules allow it, each licence does not. */
const withDoubles = (setup: OfficeSetup): OfficeSetup => {
  const [first] = setup.people;
  if (first === undefined) throw new Error('an office has people');
  const both = (id: string, name: string) => ({
    ...first,
    id: id as typeof first.id,
    name,
    roles: ['clerk' as const, 'reviewer' as const, 'custodian' as const],
  }); // an id of this test
  return { ...setup, people: [...setup.people, both('anna', '安娜'), both('bing', '冰')] };
};
beforeEach(async () => {
  w = await aWorkspace({ setup: withDoubles });
});
afterEach(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});

const anna = () => w.as({ id: 'anna' });
const bing = () => w.as({ id: 'bing' });
const show = async (desk: Awaited<ReturnType<typeof anna>>, id: LicenceId) => {
  const { sha256 } = await desk.licences.file({ id });
  await desk.review.shown({ id, approvedHash: sha256 });
  return { id, approvedHash: sha256 };
};
const typedBy = async (desk: Awaited<ReturnType<typeof anna>>) =>
  (await desk.intake.typeOne({ typeId: 'guihua', values: w.matterOf(), late: null })).licenceId;

describe('review.approve', () => {
  it('approves exactly what was shown, one batch for each seal', async () => {
    const ids = [await w.aLicence({ state: 'submitted' }), await w.aLicence({ state: 'submitted' })];
    const batch = await w.approve(ids);
    for (const id of ids) {
      expect(w.row(id)).toMatchObject({ state: 'approved', approved_by: 'liguohua', batch_id: batch });
      expect(approvedHashOf(w.station.ctx.documents.get(String(w.row(id).approved_hash)))).toBe(w.row(id).approved_hash);
    }
    expect(w.rows('SELECT size, approved_by FROM batch')).toEqual([{ size: 2, approved_by: 'liguohua' }]);
  });

  it('refuses who entered, who submitted and who mended it (R08)', async () => {
    const entered = await typedBy(await anna());
    await w.submit([entered]);
    expect((await (await anna()).review.approve({ items: [await show(await anna(), entered)], count: 1 })).outcomes).toMatchObject([
      { ok: false, code: 'SAME_PERSON' },
    ]);
    expect(await refusal((await anna()).review.return({ id: entered, reason: '自己的' }))).toBe('SAME_PERSON');

    const submitted = await w.draft();
    await w.finish(await (await anna()).licences.submit({ ids: [submitted], late: null }));
    expect((await (await anna()).review.approve({ items: [await show(await anna(), submitted)], count: 1 })).outcomes).toMatchObject([
      { ok: false, code: 'SAME_PERSON' },
    ]);

    const mended = await w.draft();
    await (await bing()).licences.mend({ id: mended, values: { builderName: '改过的' }, late: null });
    await w.submit([mended]);
    const item = await show(await bing(), mended);
    expect((await (await bing()).review.approve({ items: [item], count: 1 })).outcomes).toMatchObject([{ ok: false, code: 'SAME_PERSON' }]);
    expect((await (await anna()).review.approve({ items: [await show(await anna(), mended)], count: 1 })).outcomes).toMatchObject([
      { ok: true },
    ]);
  });

  it('leaves own work out of the queue', async () => {
    const own = await typedBy(await anna());
    const other = await w.draft();
    await w.submit([own, other]);
    expect((await (await anna()).review.queue({ typeId: null })).rows.map((r) => r.id)).toEqual([other]);
    expect((await (await w.as('reviewer')).review.queue({ typeId: 'guihua' })).total).toBe(2);
    expect((await (await w.as('reviewer')).review.queue({ typeId: 'caifa' })).total).toBe(0);
  });

  it('refuses another hash than the one of now, and the rest goes on', async () => {
    const [a, b] = [await w.aLicence({ state: 'submitted' }), await w.aLicence({ state: 'submitted' })];
    const reviewer = await w.as('reviewer');
    const [itemA, itemB] = [await show(reviewer, a), await show(reviewer, b)];
    await reviewer.review.return({ id: a, reason: '面积有误' });
    await (await w.as('clerk')).licences.mend({ id: a, values: { projectScale: '99' }, late: null });
    await w.submit([a]);
    await show(reviewer, a);
    const { outcomes, batches } = await reviewer.review.approve({ items: [itemA, itemB], count: 2 });
    expect(outcomes).toMatchObject([
      { id: a, ok: false, code: 'HASH_CHANGED' },
      { id: b, ok: true },
    ]);
    expect(batches).toHaveLength(1);
    expect(w.row(a).state).toBe('submitted');
    expect(await refusal(reviewer.review.shown(itemA))).toBe('HASH_CHANGED');
  });

  it('refuses a choice of which not every page was shown', async () => {
    const ids = [await w.aLicence({ state: 'submitted' }), await w.aLicence({ state: 'submitted' })];
    const reviewer = await w.as('reviewer');
    const items = ids.map((id) => ({ id, approvedHash: String(w.row(id).approved_hash) }));
    expect(await refusalDetails(reviewer.review.approve({ items, count: 2 }))).toEqual({ code: 'BATCH_NOT_REVIEWED', shown: 0, needed: 2 });
    await show(reviewer, ids[0] ?? LicenceId.parse(''));
    // What another person has seen does not count.
    await show(await anna(), ids[1] ?? LicenceId.parse(''));
    expect(await reviewer.review.sample({ ids })).toMatchObject({ needed: 2, shown: 1 });
    expect(await refusal(reviewer.review.approve({ items, count: 2 }))).toBe('BATCH_NOT_REVIEWED');
    expect(w.one("SELECT count(*) FROM licence WHERE state = 'approved'")).toBe(0);
  });

  it('asks a tenth and at least five pages of a large choice', async () => {
    const ids = [];
    for (let i = 0; i < 20; i++) ids.push(await w.draft());
    await w.submit(ids);
    const reviewer = await w.as('reviewer');
    expect(await reviewer.review.sample({ ids })).toMatchObject({ needed: 5, shown: 0 });
    expect(await reviewer.review.sample({ ids: ids.slice(1) })).toMatchObject({ needed: 19, shown: 0 });
    for (const id of ids.slice(0, 5)) await show(reviewer, id);
    const items = ids.map((id) => ({ id, approvedHash: String(w.row(id).approved_hash) }));
    expect((await reviewer.review.approve({ items, count: 20 })).outcomes.every((o) => o.ok)).toBe(true);
  });

  it('refuses a count other than the one typed, and a licence named twice', async () => {
    const id = await w.aLicence({ state: 'submitted' });
    const reviewer = await w.as('reviewer');
    const item = await show(reviewer, id);
    expect(await refusal(reviewer.review.approve({ items: [item], count: 2 }))).toBe('INPUT_INVALID');
    expect(await refusal(reviewer.review.approve({ items: [item, item], count: 2 }))).toBe('INPUT_INVALID');
    expect(w.row(id).state).toBe('submitted');
  });

  it('approves nothing twice', async () => {
    const id = await w.aLicence({ state: 'submitted' });
    const reviewer = await w.as('reviewer');
    const item = await show(reviewer, id);
    await reviewer.review.approve({ items: [item], count: 1 });
    const { outcomes, batches } = await reviewer.review.approve({ items: [item], count: 1 });
    expect([outcomes[0]?.code, batches]).toEqual(['STATE_CONFLICT', []]);
  });

  it('refuses bytes in the store that are no longer the approved ones', async () => {
    const id = await w.aLicence({ state: 'submitted' });
    const reviewer = await w.as('reviewer');
    const item = await show(reviewer, id);
    w.station.ctx.documents.drop([item.approvedHash]);
    const { outcomes } = await reviewer.review.approve({ items: [item], count: 1 });
    expect(outcomes[0]?.ok).toBe(false);
    expect(w.row(id).state).toBe('submitted');
  });

  it('takes an unknown licence for one that was not shown', async () => {
    const id = LicenceId.parse('0190a0b0-0000-7000-8000-000000000001');
    const reviewer = await w.as('reviewer');
    expect(await refusal(reviewer.review.approve({ items: [{ id, approvedHash: 'a'.repeat(64) }], count: 1 }))).toBe('BATCH_NOT_REVIEWED');
    expect(await refusal(reviewer.review.return({ id, reason: '没有' }))).toBe('LICENCE_NOT_FOUND');
    expect(await refusal(reviewer.review.shown({ id, approvedHash: 'a'.repeat(64) }))).toBe('LICENCE_NOT_FOUND');
  });
});

describe('review.return', () => {
  it('gives it back with the reason, and only from submitted', async () => {
    const id = await w.aLicence({ state: 'returned' });
    const reviewer = await w.as('reviewer');
    expect(w.row(id)).toMatchObject({ state: 'draft', return_reason: '姓名有误' });
    expect(await refusal(reviewer.review.return({ id, reason: '又一次' }))).toBe('STATE_CONFLICT');
    const detail = await reviewer.licences.view({ id });
    expect(detail.row.returned).toBe(true);
    expect(detail.legalLife.map((entry) => entry.what)).toEqual(['typed', 'submitted', 'returned']);
    expect(await refusal(reviewer.review.return({ id: await w.aLicence({ state: 'approved' }), reason: '太晚' }))).toBe('STATE_CONFLICT');
  });
});

describe('licences.explainLate', () => {
  it('keeps a reason only on what is late and not issued', async () => {
    const [today, issued] = [await w.draft(), await w.aLicence({ state: 'issued' })];
    const clerk = await w.as('clerk');
    expect(await clerk.licences.explainLate({ ids: [today, issued], late: LATE })).toMatchObject([
      { ok: false, code: 'INPUT_INVALID' },
      { ok: false, code: 'STATE_CONFLICT' },
    ]);
    expect(w.row(today).late_code).toBeNull();
    w.clock.set('2026-12-01T01:00:00.000Z');
    expect(await clerk.licences.explainLate({ ids: [today], late: LATE })).toMatchObject([{ ok: true }]);
    expect(w.row(today).late_code).toBe('power-cut');
    expect(await refusal(clerk.licences.explainLate({ ids: [today], late: { code: 'made-up', note: '' } }))).toBe('REASON_NEEDED');
  });
});
