import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OfficeSetup } from '../../../electron/contract/office.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import type { BatchId, LicenceId } from '../../../electron/contract/values.ts';
import { approvedHashOf } from '../../../electron/station/documents/signature-place.ts';
import { aWorkspace, LATE, PEOPLE, type Workspace } from '../../support/a-workspace.ts';
import { refusal } from '../../support/faults.ts';

let w: Workspace;
const withSecondCustodian = (setup: OfficeSetup): OfficeSetup => {
  const custodian = setup.people.find((p) => p.id === PEOPLE.custodian);
  if (custodian === undefined) throw new Error('an office has a custodian');
  const other = (id: string, roles: (typeof custodian)['roles']) => ({ ...custodian, id: id as typeof custodian.id, name: id, roles }); // ids of this test
  // The seal's own custodian may here also enter and review: each licence must still keep them apart.
  return {
    ...setup,
    people: [
      ...setup.people.filter((p) => p.id !== PEOPLE.custodian),
      other(PEOPLE.custodian, ['custodian', 'operator', 'clerk', 'reviewer']),
      other('second', ['custodian']),
    ],
  };
};
beforeEach(async () => {
  w = await aWorkspace({ setup: withSecondCustodian });
});
afterEach(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});

const approved = async (count: number): Promise<{ ids: LicenceId[]; batch: BatchId }> => {
  const ids: LicenceId[] = [];
  for (let i = 0; i < count; i++) ids.push(await w.draft());
  await w.submit(ids);
  return { ids, batch: await w.approve(ids) };
};
const attempts = (id: string) =>
  w.rows('SELECT result FROM sealing_attempt WHERE licence_id = ? ORDER BY started_at, id', id).map((r) => r.result);
const kinds = (id: string) => w.rows('SELECT kind FROM audit_event WHERE subject = ? ORDER BY seq', id).map((r) => r.kind);
/** Nothing of an issue: number kept, no document, no outbox item. */
const isUntouched = (id: string, number: unknown) => {
  expect(w.row(id)).toMatchObject({ state: 'approved', number, document_hash: null, sealed_at: null, legal_status: null });
  expect(w.rows('SELECT id FROM outbox WHERE version_id = ?', id)).toEqual([]);
  expect(w.one('SELECT state FROM number_use WHERE licence_id = ?', id)).toBe('reserved');
};

describe('sealing', () => {
  it('issues: file, register of use, number, audit and outbox say the same', async () => {
    const { ids, batch } = await approved(3);
    const job = await w.seal(batch);
    expect([job.state, job.done, job.failed]).toEqual(['done', 3, 0]);
    for (const id of ids) {
      const row = w.row(id);
      expect(row).toMatchObject({ state: 'issued', legal_status: 'valid', sealed_by: PEOPLE.custodian });
      const bytes = w.station.ctx.documents.get(String(row.document_hash));
      expect([bytes.length, approvedHashOf(bytes)]).toEqual([row.document_bytes, row.approved_hash]);
      expect(w.station.ctx.documents.has(String(row.approved_hash))).toBe(false);
      expect(attempts(id)).toEqual(['SEALED']);
      expect(w.one('SELECT state FROM number_use WHERE licence_id = ?', id)).toBe('issued');
      const [item] = w.rows('SELECT kind, state, document_hash, content_hash, payload FROM outbox WHERE version_id = ?', id);
      expect(item).toMatchObject({
        kind: 'licence.issued',
        state: 'queued',
        document_hash: row.document_hash,
        content_hash: row.document_hash,
      });
      expect(JSON.parse(String(item?.payload))).toMatchObject({
        licenceNumber: row.number,
        identifier: row.identifier,
        sealedAt: row.sealed_at,
        late: null,
      });
      expect(kinds(id)).toEqual(['licence.typed', 'licence.submitted', 'licence.approved', 'licence.sealed']);
    }
    // All sealed: the grant is over, here and at the key.
    expect(w.one('SELECT count(*) FROM sealing_grant WHERE ended_at IS NULL')).toBe(0);
    expect(await refusal((await w.as('custodian')).sealing.prepare({ batchId: batch }))).toBe('STATE_CONFLICT');
  });

  it('is for the seal’s named custodian only, and not for own work (R33)', async () => {
    const { batch } = await approved(1);
    expect(await refusal((await w.as({ id: 'second' })).sealing.prepare({ batchId: batch }))).toBe('ROLE_NOT_ALLOWED');
    const grantId = await w.grant(batch);
    expect(await refusal((await w.as({ id: 'second' })).sealing.start({ grantId }))).toBe('ROLE_NOT_ALLOWED');

    const custodian = await w.as('custodian');
    const own = (await custodian.intake.typeOne({ typeId: 'guihua', values: w.matterOf(), late: null })).licenceId;
    await w.submit([own]);
    expect(await refusal(custodian.sealing.prepare({ batchId: await w.approve([own]) }))).toBe('SAME_PERSON');

    const submitted = await w.draft();
    await w.finish(await custodian.licences.submit({ ids: [submitted], late: null }));
    expect(await refusal(custodian.sealing.prepare({ batchId: await w.approve([submitted]) }))).toBe('SAME_PERSON');

    const mended = await w.draft();
    await custodian.licences.mend({ id: mended, values: { projectScale: '9' }, late: null });
    await w.submit([mended]);
    expect(await refusal(custodian.sealing.prepare({ batchId: await w.approve([mended]) }))).toBe('SAME_PERSON');

    const reviewed = await w.aLicence({ state: 'submitted' });
    const { sha256 } = await custodian.licences.file({ id: reviewed });
    await custodian.review.shown({ id: reviewed, approvedHash: sha256 });
    const { batches } = await custodian.review.approve({ items: [{ id: reviewed, approvedHash: sha256 }], count: 1 });
    expect(await refusal(custodian.sealing.prepare({ batchId: batches[0] ?? batch }))).toBe('SAME_PERSON');
  });

  it('needs a grant that is live', async () => {
    const { batch, ids } = await approved(1);
    const custodian = await w.as('custodian');
    expect(await refusal(custodian.sealing.start({ grantId: '0190a0b0-0000-7000-8000-000000000001' }))).toBe('GRANT_MISSING');
    expect(await refusal(custodian.sealing.release({ grantId: '0190a0b0-0000-7000-8000-000000000001' }))).toBe('GRANT_MISSING');
    const grantId = await w.grant(batch);
    w.clock.skip(61 * 60_000);
    expect(await refusal(custodian.sealing.start({ grantId }))).toBe('GRANT_MISSING');
    const other = await w.grant(batch);
    await custodian.sealing.release({ grantId: other });
    expect(await refusal(custodian.sealing.start({ grantId: other }))).toBe('GRANT_MISSING');
    expect(attempts(ids[0] ?? '')).toEqual([]);
  });

  it('stops without the PIN, keeps everything, and goes on after it', async () => {
    const { batch, ids } = await approved(2);
    const custodian = await w.as('custodian');
    const { grantId } = await custodian.sealing.prepare({ batchId: batch });
    const numbers = ids.map((id) => w.row(id).number);
    const job = await w.finish(await custodian.sealing.start({ grantId }));
    expect([job.state, job.problem, job.done]).toEqual(['interrupted', 'LOGIN_NEEDED', 0]);
    for (const [at, id] of ids.entries()) isUntouched(id, numbers[at]);
    expect(w.rows("SELECT result FROM sealing_attempt WHERE result = 'LOGIN_NEEDED'")).toHaveLength(1);
    expect(await refusal(w.login(grantId, '999999'))).toBe('PIN_INCORRECT');
    await w.login(grantId);
    expect((await w.finish(await custodian.sealing.start({ grantId }))).done).toBe(2);
    expect(ids.map((id) => w.row(id).number)).toEqual(numbers);
  });

  it('refuses a locked key before anything is asked of it', async () => {
    const { batch } = await approved(1);
    const custodian = await w.as('custodian');
    const { grantId } = await custodian.sealing.prepare({ batchId: batch });
    for (let i = 0; i < 5; i++) expect(await refusal(w.login(grantId, '999999'))).toMatch(/PIN_(INCORRECT|LOCKED)/);
    expect(await refusal(custodian.sealing.prepare({ batchId: batch }))).toBe('PIN_LOCKED');
  });

  it('says that the key is not there', async () => {
    const { batch } = await approved(1);
    w.clock.skip(5_000);
    writeFileSync(path.join(w.keyDir, 'faults.json'), JSON.stringify({ removeAfter: 0 }));
    expect(await refusal((await w.as('custodian')).sealing.prepare({ batchId: batch }))).toBe('TOKEN_NOT_FOUND');
  });

  it.each([
    ['rubbish', () => randomBytes(70)],
    ['nothing', () => new Uint8Array(0)],
  ])('stores nothing of a signature that is %s; the rest goes on, and it can be sealed again', async (_what, garbage) => {
    const { batch, ids } = await approved(2);
    const numbers = ids.map((id) => w.row(id).number);
    let asked = 0;
    w.faults.sign = async (arg, real) => {
      asked += 1;
      return asked === 1 ? { signature: garbage(), milliseconds: 1 } : real(arg);
    };
    const job = await w.seal(batch);
    expect([job.state, job.done, job.failed]).toEqual(['done', 1, 1]);
    const [bad = '', good = ''] = ids;
    isUntouched(bad, numbers[0]);
    expect([attempts(bad), w.row(good).state]).toEqual([['SIGNATURE_INVALID'], 'issued']);
    expect(kinds(bad).at(-1)).toBe('licence.sealingFailed');
    const { items } = await (await w.as('custodian')).sealing.items({ batchId: batch, offset: 0, limit: 10 });
    expect(items.map((i) => [i.state, i.problem])).toEqual([
      ['failed', 'SIGNATURE_INVALID'],
      ['sealed', null],
    ]);
    delete w.faults.sign;
    expect((await w.seal(batch)).done).toBe(1);
    expect([attempts(bad), w.row(bad).number]).toEqual([['SIGNATURE_INVALID', 'SEALED'], numbers[0]]);
  });

  it('a signature of another document or another key is rubbish too', async () => {
    const { batch, ids } = await approved(1);
    w.faults.sign = (arg, real) => real({ ...arg, toSign: new Uint8Array(Buffer.from('another document')) });
    const job = await w.seal(batch);
    expect([job.done, job.failed]).toEqual([0, 1]);
    isUntouched(ids[0] ?? '', w.row(ids[0] ?? '').number);
  });

  it('stops the batch after three bad signatures in a row', async () => {
    const { batch, ids } = await approved(6);
    w.faults.sign = async () => ({ signature: randomBytes(64), milliseconds: 1 });
    const job = await w.seal(batch);
    expect([job.state, job.problem, job.done]).toEqual(['interrupted', 'SIGNATURE_INVALID', 0]);
    expect(ids.map((id) => w.row(id).state)).toEqual(Array(6).fill('approved'));
    expect(w.rows("SELECT id FROM sealing_attempt WHERE result = 'SIGNATURE_INVALID'")).toHaveLength(3);
    delete w.faults.sign;
    expect((await w.seal(batch)).done).toBe(6);
  });

  it('never seals bytes other than the approved ones', async () => {
    const { batch, ids } = await approved(2);
    const [tampered = '', other = ''] = ids;
    const hash = String(w.row(tampered).approved_hash);
    const whole = w.station.ctx.documents.get(hash);
    const forged = Buffer.from(whole);
    forged[forged.indexOf('TRAINING') > 0 ? forged.length - 300 : 1_000] = 0x20;
    const year = w.station.ctx.documents;
    // As somebody with the key and a tool would do it.
    const { openDatabase } = await import('../../../electron/station/store/database.ts');
    const documents = openDatabase(path.join(w.workspaceDir, 'documents-2026.db'), w.config.databaseKey);
    const put = (bytes: Uint8Array) => documents.prepare('UPDATE document SET bytes = ? WHERE hash = ?').run(bytes, hash);
    put(forged);
    let asked = 0;
    w.faults.sign = (arg, real) => {
      asked += 1;
      return real(arg);
    };
    const job = await w.seal(batch);
    expect([job.state, job.done, job.failed, asked]).toEqual(['done', 1, 1, 1]);
    isUntouched(tampered, w.row(tampered).number);
    expect([attempts(tampered), w.row(other).state]).toEqual([['HASH_CHANGED'], 'issued']);
    put(whole);
    documents.close();
    expect(year.has(hash)).toBe(true);
    expect((await w.seal(batch)).done).toBe(1);
    expect(w.row(tampered).state).toBe('issued');
  });

  it('asks the reason where midnight has passed, and seals with it (R01)', async () => {
    const { batch, ids } = await approved(1);
    const [id = ''] = ids;
    w.clock.set('2026-11-30T15:59:50.000Z');
    const grantId = await w.grant(batch);
    w.clock.set('2026-11-30T16:00:00.000Z');
    const custodian = await w.as('custodian');
    const job = await w.finish(await custodian.sealing.start({ grantId }));
    expect([job.state, job.done, job.failed]).toEqual(['done', 0, 1]);
    expect((await custodian.sealing.items({ batchId: batch, offset: 0, limit: 9 })).items[0]).toMatchObject({
      state: 'failed',
      problem: 'REASON_NEEDED',
    });
    isUntouched(id, w.row(id).number);
    const [licenceId] = ids;
    if (licenceId === undefined) throw new Error('one was approved');
    await (await w.as('reviewer')).licences.explainLate({ ids: [licenceId], late: LATE });
    expect((await w.finish(await custodian.sealing.start({ grantId }))).done).toBe(1);
    expect(w.row(id)).toMatchObject({ state: 'issued', late_code: 'power-cut' });
    expect(JSON.parse(String(w.one('SELECT payload FROM outbox WHERE version_id = ?', id)))).toMatchObject({
      late: LATE,
      conclusionDay: '2026-11-30',
    });
  });

  it('seals at 23:59:59 of the day without a reason', async () => {
    const { batch, ids } = await approved(1);
    w.clock.set('2026-11-30T15:59:40.000Z');
    expect((await w.seal(batch)).done).toBe(1);
    expect(w.row(ids[0] ?? '').late_code).toBeNull();
  });

  it('pressed twice is one job', async () => {
    const { batch } = await approved(3);
    const grantId = await w.grant(batch);
    const custodian = await w.as('custodian');
    const [one, two] = await Promise.all([custodian.sealing.start({ grantId }), custodian.sealing.start({ grantId })]);
    expect(two.id).toBe(one.id);
    expect((await w.finish(one)).done).toBe(3);
  });

  it('can be paused, gone on with and cancelled between two licences', async () => {
    const { batch, ids } = await approved(4);
    const grantId = await w.grant(batch);
    const custodian = await w.as('custodian');
    let release: () => void = () => undefined;
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    w.faults.sign = async (arg, real) => {
      isAsked();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return real(arg);
    };
    const job = await custodian.sealing.start({ grantId });
    await asked;
    expect((await custodian.sealing.pause({ jobId: job.id })).state).toBe('paused');
    delete w.faults.sign;
    release();
    await w.until('the job to pause', () => w.one('SELECT state FROM job WHERE id = ?', job.id) === 'paused');
    const sealed = () => ids.filter((id) => w.row(id).state === 'issued').length;
    expect(sealed()).toBe(1);
    expect(w.one("SELECT count(*) FROM licence WHERE state = 'sealing'")).toBe(0);
    await custodian.sealing.resume({ jobId: job.id });
    expect((await w.finish(job)).done).toBe(4);
    expect(await refusal(custodian.sealing.pause({ jobId: job.id }))).toBe('STATE_CONFLICT');
    expect(await refusal(custodian.jobs.cancel({ jobId: job.id }))).toBe('STATE_CONFLICT');
  });

  it('a token host that is gone stops the batch; the PIN is needed again, and nothing is doubled', async () => {
    const { batch, ids } = await approved(4);
    let asked = 0;
    w.faults.sign = async (arg, real) => {
      asked += 1;
      if (asked === 3) {
        w.restartTokenHost();
        throw new StationError('PROCESS_GONE', { process: 'tokenHost' });
      }
      return real(arg);
    };
    const job = await w.seal(batch);
    expect([job.state, job.problem]).toEqual(['interrupted', 'PROCESS_GONE']);
    expect(w.one("SELECT count(*) FROM licence WHERE state = 'sealing'")).toBe(0);
    expect(w.one('SELECT count(*) FROM sealing_attempt WHERE ended_at IS NULL')).toBe(0);
    delete w.faults.sign;
    await w.seal(batch);
    expect(ids.map((id) => w.row(id).state)).toEqual(Array(4).fill('issued'));
    expect(w.one('SELECT count(*) FROM outbox')).toBe(4);
    expect(w.one("SELECT count(*) FROM sealing_attempt WHERE result = 'SEALED'")).toBe(4);
  });

  it('after a crash while the key was asked, the licence is approved again with its number, and seals once', async () => {
    const { batch, ids } = await approved(2);
    const numbers = ids.map((id) => w.row(id).number);
    const grantId = await w.grant(batch);
    const stuck = new Promise<void>((resolve) => {
      w.faults.sign = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    const job = await (await w.as('custodian')).sealing.start({ grantId });
    await stuck;
    expect(w.one("SELECT count(*) FROM licence WHERE state = 'sealing'")).toBeGreaterThan(0);
    await w.crash();
    expect(w.one('SELECT state FROM job WHERE id = ?', job.id)).toBe('interrupted');
    for (const [at, id] of ids.entries()) isUntouched(id, numbers[at]);
    expect(w.rows('SELECT DISTINCT result FROM sealing_attempt')).toEqual([{ result: 'INTERRUPTED' }]);
    await w.seal(batch);
    expect(ids.map((id) => [w.row(id).state, w.row(id).number])).toEqual(numbers.map((n) => ['issued', n]));
    expect((await (await w.as('auditor')).system.verifyAudit({})).whole).toBe(true);
  });

  it('keeps its promises with a clock set back: what happened is recorded, what is asked is refused', async () => {
    const { batch, ids } = await approved(1);
    const grantId = await w.grant(batch);
    w.faults.sign = async () => {
      w.clock.skip(-3_600_000);
      throw new StationError('TOKEN_REMOVED');
    };
    const job = await w.finish(await (await w.as('custodian')).sealing.start({ grantId }));
    expect([job.state, job.problem]).toEqual(['interrupted', 'TOKEN_REMOVED']);
    expect(w.row(ids[0] ?? '').state).toBe('approved');
    delete w.faults.sign;
    expect(await refusal((await w.as('clerk')).licences.void({ id: ids[0] as LicenceId, reason: '时钟不对' }))).toBe('CLOCK_BEHIND'); // one was approved
    await w.crash();
    w.clock.skip(3_600_000 - 2_000);
    // A time service's correction of two seconds hinders nobody.
    await (await w.as('clerk')).licences.void({ id: ids[0] as LicenceId, reason: '时钟已校正' }); // as above
    expect((await (await w.as('auditor')).system.verifyAudit({})).whole).toBe(true);
  });

  it('shows an unfinished batch however many came after it', async () => {
    const { batch } = await approved(1);
    for (let i = 0; i < 130; i++)
      w.db
        .prepare("INSERT INTO batch VALUES (?, 'natural-resources', 'seal-natural-resources', 1, 'liguohua', ?)")
        .run(`0190a0b0-0000-7000-8000-${String(i).padStart(12, '0')}`, '2027-01-01T00:00:00.000Z');
    const [first] = await (await w.as('custodian')).sealing.batches({});
    expect(first?.id).toBe(batch);
  });
});
