import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isStationError } from '../../electron/contract/station-error.ts';
import { verifyAuditChain } from '../../electron/station/records/audit.ts';
import { aRealStation, type RealStation, wholeness } from '../support/real-station.ts';

// Real processes on a busy machine.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

let s: RealStation;
beforeEach(async () => {
  s = await aRealStation();
});
afterEach(() => s.close());

const ROWS = 24;
const sealedOf = async (batchId: string) => (await s.client.sealing.batches({})).find((b) => b.id === batchId)?.sealed ?? 0;
const until = (what: string, holds: () => Promise<boolean>) => s.until(what, async () => ((await holds()) ? true : undefined));

/** Everything sealed, delivered and held once; nothing doubled anywhere. */
async function expectDone(rows: number, batches: readonly string[]): Promise<void> {
  await s.library.start();
  await s.client.delivery.sendNow({});
  await s.delivered(rows);
  await s.signIn('auditor');
  expect((await s.client.system.verifyAudit({})).whole).toBe(true);
  const held = await s.heldByLibrary();
  const left = await s.afterwards((db) => ({
    states: wholeness(db),
    identifiers: db.prepare('SELECT identifier FROM licence').pluck().all().sort(),
    whole: verifyAuditChain(db).whole,
  }));
  expect(left.states).toEqual({ issued: rows });
  expect(held.map((h) => h.identifier).sort()).toEqual(left.identifiers);
  expect([left.whole, batches.length]).toEqual([true, 1]);
}

describe('SIGKILL in mid-sealing', () => {
  it('of the station: the batch is finished, nothing doubled', async () => {
    const batchId = await s.approved(ROWS);
    s.slowKey(20);
    const job = await s.startSealing(batchId);
    await until('some sealed', async () => (await sealedOf(batchId)) >= 3);
    await s.kill('station');
    await s.signIn('custodian');
    expect(await s.jobOf(job.id)).toMatchObject({ state: 'interrupted', cancellable: false });
    const before = await sealedOf(batchId);
    expect(before).toBeGreaterThanOrEqual(3);
    expect(before).toBeLessThan(ROWS);
    expect((await s.client.licences.find({ states: ['sealing'] })).total).toBe(0);
    s.slowKey(0);
    const rest = await s.ended(await s.startSealing(batchId));
    expect([rest.state, rest.done]).toEqual(['done', ROWS - before]);
    await expectDone(ROWS, [batchId]);
  });

  it('of the token host: the job stops, the PIN is asked again, nothing doubled', async () => {
    const batchId = await s.approved(ROWS);
    s.slowKey(20);
    const job = await s.startSealing(batchId);
    await until('some sealed', async () => (await sealedOf(batchId)) >= 3);
    await s.kill('tokenHost');
    const stopped = await s.ended(job);
    // Killed in the middle of a call, or between two: then the new process knows no grant.
    expect(stopped.state).toBe('interrupted');
    expect(['PROCESS_GONE', 'GRANT_MISSING']).toContain(stopped.problem);
    const before = await sealedOf(batchId);
    expect((await s.client.licences.find({ states: ['sealing'] })).total).toBe(0);
    s.slowKey(0);
    const rest = await s.ended(await s.startSealing(batchId));
    expect([rest.state, rest.done]).toEqual(['done', ROWS - before]);
    await expectDone(ROWS, [batchId]);
  });
});

describe('SIGKILL of the station', () => {
  it('in mid-submit: every row is one licence with one number', async () => {
    const importId = await s.openRegister(120);
    await s.ended(await s.client.intake.check({ importId }));
    const job = await s.client.intake.accept({ importId, late: null, submit: true });
    await until('some submitted', async () => (await s.client.licences.find({ states: ['submitted'], limit: 1 })).total >= 5);
    await s.kill('station');
    await s.signIn('clerk');
    expect((await s.jobOf(job.id)).state).toBe('interrupted');
    const { counts } = await s.client.intake.view({ importId });
    expect(counts.accepted).toBeGreaterThanOrEqual(5);
    expect(counts.accepted).toBeLessThan(120);
    const rest = await s.ended(await s.client.intake.accept({ importId, late: null, submit: true }));
    expect(rest).toMatchObject({ state: 'done', done: 120 - counts.accepted });
    // Those the kill caught between draft and number.
    const drafts = (await s.client.licences.find({ states: ['draft'], limit: 500 })).rows.map((r) => r.id);
    if (drafts.length > 0) await s.ended(await s.client.licences.submit({ ids: drafts, late: null }));
    expect(await s.afterwards(wholeness)).toEqual({ submitted: 120 });
  });

  it('in mid-import: the clerk opens the file again, and no row is there twice', async () => {
    const importId = await s.openRegister(4_000);
    const job = await s.client.intake.check({ importId });
    await until('some rows', async () => (await s.client.intake.rows({ importId, which: 'all', offset: 0, limit: 1 })).total > 0);
    await s.kill('station');
    await s.signIn('clerk');
    expect((await s.jobOf(job.id)).state).toBe('interrupted');
    expect(await s.client.intake.view({ importId })).toMatchObject({ state: 'mapping', open: false, counts: { accepted: 0 } });
    await expect(s.client.intake.check({ importId })).rejects.toSatisfy((e) => isStationError(e, 'IMPORT_GONE'));
    const again = await s.openRegister(40);
    await s.ended(await s.client.intake.check({ importId: again }));
    await s.ended(await s.client.intake.accept({ importId: again, late: null, submit: false }));
    expect(await s.afterwards(wholeness)).toEqual({ draft: 40 });
  });
});

describe('closing', () => {
  it('while a job runs ends the job first and leaves everything whole', async () => {
    const batchId = await s.approved(ROWS);
    s.slowKey(20);
    const job = await s.startSealing(batchId);
    await until('some sealed', async () => (await sealedOf(batchId)) >= 2);
    const left = await s.afterwards((db) => ({
      states: wholeness(db),
      job: db.prepare('SELECT state, done FROM job WHERE id = ?').get(job.id) as { state: string; done: number },
      wal: db.pragma('wal_checkpoint', { simple: true }),
    }));
    expect(left.job.state).toBe('cancelled');
    expect(left.states).toEqual({ issued: left.job.done, approved: ROWS - left.job.done });
  });
});
