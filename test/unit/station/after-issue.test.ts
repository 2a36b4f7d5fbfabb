import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIdentifier } from '../../../electron/contract/identifier.ts';
import { aWorkspace, HAND_OVER, LATE, PEOPLE, type Workspace, YESTERDAY } from '../../support/a-workspace.ts';
import { refusal } from '../../support/faults.ts';

let w: Workspace;
beforeAll(async () => {
  w = await aWorkspace();
});
afterAll(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});
const why = { reason: '面积录入有误', basis: '行政许可法第七十条', reissue: true };

describe('licences.cancelAndReissue', () => {
  it('begins version 002 under the same number, and tells the library in order', async () => {
    const first = await w.aLicence({ state: 'issued', values: { conclusionDay: YESTERDAY }, late: LATE });
    const before = w.row(first);
    const { newId } = await (await w.as('reviewer')).licences.cancelAndReissue({ id: first, ...why });
    if (newId === null) throw new Error('asked to be issued anew');
    expect(w.row(first)).toMatchObject({
      state: 'issued',
      legal_status: 'cancelled',
      cancel_reason: why.reason,
      document_hash: before.document_hash,
    });
    expect(w.row(newId)).toMatchObject({
      state: 'draft',
      version: 2,
      number: before.number,
      serial: before.serial,
      replaces: first,
      chain_id: first,
      entered_by: PEOPLE.clerk,
      late_code: 'power-cut',
    });
    const [old, next] = [readIdentifier(String(before.identifier)), readIdentifier(String(w.row(newId).identifier))];
    expect(next).toMatchObject({ typeCode: old?.typeCode, issuerCode: old?.issuerCode, serial: old?.serial, version: 2 });
    // Who did it is who did it, though the data stay the clerk's.
    expect(w.rows("SELECT person_id FROM audit_event WHERE kind = 'licence.reissued' AND subject = ?", newId)).toEqual([
      { person_id: PEOPLE.reviewer },
    ]);

    const used = w.one('SELECT count(*) FROM number_use');
    await (await w.as('clerk')).licences.mend({ id: newId, values: { projectScale: '99' }, late: null });
    await w.submit([newId]);
    await w.seal(await w.approve([newId]));
    expect(w.row(newId)).toMatchObject({ state: 'issued', legal_status: 'valid', number: before.number, version: 2 });
    expect(w.one('SELECT count(*) FROM number_use')).toBe(used);
    const items = w.rows('SELECT sequence, kind, version_id, payload FROM outbox WHERE licence_id = ? ORDER BY sequence', first);
    expect(items.map((i) => [i.sequence, i.kind, i.version_id])).toEqual([
      [1, 'licence.issued', first],
      [2, 'licence.status', first],
      [3, 'licence.issued', newId],
    ]);
    expect(JSON.parse(String(items[1]?.payload))).toMatchObject({
      status: 'cancelled',
      reason: why.reason,
      basis: why.basis,
      identifier: before.identifier,
    });
    expect(JSON.parse(String(items[2]?.payload))).toMatchObject({ replaces: before.identifier, identifier: w.row(newId).identifier });
    const detail = await (await w.as('auditor')).licences.view({ id: first });
    expect([detail.replacedBy, detail.row.legalStatus, detail.cancelReason]).toEqual([newId, 'cancelled', why.reason]);
  });

  it('can be voided as a version without touching the number of the first', async () => {
    const first = await w.aLicence({ state: 'issued' });
    const { newId } = await (await w.as('reviewer')).licences.cancelAndReissue({ id: first, ...why });
    if (newId === null) throw new Error('asked to be issued anew');
    await (await w.as('clerk')).licences.void({ id: newId, reason: '不再需要' });
    expect(w.rows('SELECT state FROM number_use WHERE number = ?', String(w.row(first).number))).toEqual([{ state: 'issued' }]);
  });

  it('happens once, to a valid licence only, and not by who entered it', async () => {
    const id = await w.aLicence({ state: 'issued' });
    const reviewer = await w.as('reviewer');
    expect(await reviewer.licences.cancelAndReissue({ id, ...why, reissue: false })).toEqual({ newId: null });
    expect(await refusal(reviewer.licences.cancelAndReissue({ id, ...why }))).toBe('STATE_CONFLICT');
    for (const state of ['draft', 'submitted', 'approved', 'voided'] as const)
      expect(await refusal(reviewer.licences.cancelAndReissue({ id: await w.aLicence({ state }), ...why })), state).toBe('STATE_CONFLICT');
    const values = w.matterOf({ matterNumber: 'AGAIN' });
    const again = await (await w.as('clerk')).intake.typeOne({ typeId: 'guihua', values, late: null });
    expect(await refusal((await w.as('clerk')).intake.typeOne({ typeId: 'guihua', values, late: null }))).toBe('INPUT_INVALID');
    expect(again.licenceId).not.toBe(id);
  });
});

describe('licences.handOver', () => {
  it('closes the matter once, with what was given and how the collector was identified (R02, R37)', async () => {
    const id = await w.aLicence({ state: 'issued' });
    const clerk = await w.as('clerk');
    const todo = async () => (await clerk.licences.find({ notHandedOver: true, limit: 500 })).rows.some((r) => r.id === id);
    expect(await todo()).toBe(true);
    expect(await refusal(clerk.licences.slip({ id }))).toBe('STATE_CONFLICT');
    await clerk.licences.handOver({
      id,
      handOver: { ...HAND_OVER, paperSerial: 'NO.0001', given: ['paper', 'print'], collector: 'proxy', identified: 'proxyLetterAndIdCard' },
    });
    expect(await refusal(clerk.licences.handOver({ id, handOver: HAND_OVER }))).toBe('HAND_OVER_DONE');
    expect(await todo()).toBe(false);
    const detail = await clerk.licences.view({ id });
    expect(detail.handOver).toMatchObject({ collector: 'proxy', paperSerial: 'NO.0001', by: '王芳' });
    expect(detail.actions).not.toContain('handOver');
    expect(
      Buffer.from((await clerk.licences.slip({ id })).bytes)
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    // The trail names no collector.
    expect(w.rows("SELECT detail_json FROM audit_event WHERE kind = 'licence.handedOver' AND subject = ?", id)).toEqual([
      { detail_json: '{"collector":"proxy","paper":"paper"}' },
    ]);
  });

  it('is for issued and valid licences only', async () => {
    const clerk = await w.as('clerk');
    for (const state of ['draft', 'submitted', 'returned', 'approved', 'voided'] as const)
      expect(await refusal(clerk.licences.handOver({ id: await w.aLicence({ state }), handOver: HAND_OVER })), state).toBe(
        'STATE_CONFLICT',
      );
    const cancelled = await w.aLicence({ state: 'issued' });
    await (await w.as('reviewer')).licences.cancelAndReissue({ id: cancelled, ...why, reissue: false });
    expect(await refusal(clerk.licences.handOver({ id: cancelled, handOver: HAND_OVER }))).toBe('STATE_CONFLICT');
  });
});

describe('licences.find and today', () => {
  it('shows an identity code masked in rows and whole in the detail (R36)', async () => {
    const id = await w.aLicence({ state: 'submitted' });
    const clerk = await w.as('clerk');
    const code = String(w.row(id).holder_code);
    const { rows } = await clerk.licences.find({ text: code });
    expect(rows.map((r) => r.holderCode)).toEqual([`${code.slice(0, 3)}***********${code.slice(-4)}`]);
    expect((await clerk.licences.view({ id })).holderCode).toBe(code);
    for (const row of [
      ...(await clerk.today.overview({})).mustDo.map((m) => m.row),
      ...(await (await w.as('reviewer')).review.queue({ typeId: null })).rows,
    ])
      expect(row.holderCode).toMatch(/^\d{3}\*+[\dX]{4}$/);
  });

  it('never shows the holder or the code in the log', () => {
    expect(w.lines.filter((line) => /王小明|\d{17}[\dX]/.test(line))).toEqual([]);
  });

  it('offers each role only what it may do now', async () => {
    const id = await w.aLicence({ state: 'submitted' });
    const of = async (desk: 'clerk' | 'reviewer' | 'custodian' | 'auditor') =>
      (await (await w.as(desk)).licences.view({ id })).actions.sort();
    expect(await of('clerk')).toEqual(['void']);
    expect(await of('reviewer')).toEqual(['approve', 'return', 'void']);
    expect(await of('custodian')).toEqual([]);
    expect(await of('auditor')).toEqual([]);
  });

  it('counts the day as it is', async () => {
    const view = await (await w.as('clerk')).today.overview({});
    expect(view.river.toReview).toBe(w.one("SELECT count(*) FROM licence WHERE state = 'submitted'"));
    expect(view.river.toSeal).toBe(w.one("SELECT count(*) FROM licence WHERE state = 'approved'"));
    expect(view.mustDoTotal).toBe(
      w.one(
        "SELECT count(*) FROM licence WHERE state IN ('draft', 'submitted', 'approved') OR (state = 'issued' AND handed_over = 0 AND legal_status = 'valid')",
      ),
    );
    expect(view.mustDo).toHaveLength(view.mustDoTotal);
    expect(view.checks.find((c) => c.id === 'key')?.state).toBe('ok');
  });
});
