import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LicenceId } from '../../../electron/contract/values.ts';
import { todayOf } from '../../../electron/station/platform/clock.ts';
import { aWorkspace, LATE, type Workspace } from '../../support/a-workspace.ts';
import { refusal } from '../../support/faults.ts';

/** What people and accidents do, in any order. `at` picks one of the licences there are. */
const Event = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'type' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit' as const), at: fc.nat(7), many: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('return' as const), at: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mend' as const), at: fc.nat(7) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('approve' as const), at: fc.nat(7) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('seal' as const),
      fault: fc.constantFrom('none', 'none', 'garbage', 'gone', 'crashBefore', 'crashAfter'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('void' as const), at: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reissue' as const), at: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('discard' as const), at: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'midnight' as const }) },
  { weight: 2, arbitrary: fc.constantFrom({ kind: 'crash' as const }, { kind: 'crashInSubmit' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
);
type Happening = typeof Event extends fc.Arbitrary<infer E> ? E : never;

const pick = (w: Workspace, at: number): LicenceId | undefined => {
  const ids = w.rows('SELECT id FROM licence ORDER BY row_id DESC').map((r) => LicenceId.parse(r.id));
  return ids.length === 0 ? undefined : ids[at % ids.length];
};

async function happen(w: Workspace, event: Happening): Promise<void> {
  const id = 'at' in event ? pick(w, event.at) : undefined;
  if ('at' in event && id === undefined) return;
  switch (event.kind) {
    case 'type':
      await w.draft({ conclusionDay: todayOf(w.clock) });
      return;
    case 'submit': {
      const all = w.rows("SELECT id FROM licence WHERE state = 'draft'").map((r) => String(r.id));
      if (id !== undefined) await w.submit(event.many ? [...all, id] : [id], LATE);
      return;
    }
    case 'return':
      if (id !== undefined) await refusal((await w.as('reviewer')).review.return({ id, reason: '再看一遍' }));
      return;
    case 'mend':
      if (id !== undefined) await refusal((await w.as('clerk')).licences.mend({ id, values: { projectScale: '77' }, late: LATE }));
      return;
    case 'approve':
      if (id !== undefined && w.row(id).state === 'submitted') await w.approve([id]);
      return;
    case 'seal':
      return seal(w, event.fault);
    case 'void':
      if (id !== undefined) await refusal((await w.as('clerk')).licences.void({ id, reason: '撤回' }));
      return;
    case 'reissue':
      if (id !== undefined)
        await refusal((await w.as('reviewer')).licences.cancelAndReissue({ id, reason: '有误', basis: '第七十条', reissue: true }));
      return;
    case 'discard':
      if (id !== undefined) await refusal((await w.as('clerk')).licences.discard({ id }));
      return;
    case 'midnight':
      w.clock.skip(12 * 3_600_000);
      return;
    case 'crash':
      await w.crash();
      return;
    case 'crashInSubmit': {
      const drafts = w.rows("SELECT id FROM licence WHERE state = 'draft'").map((r) => LicenceId.parse(r.id));
      if (drafts.length === 0) return;
      await (await w.as('clerk')).licences.submit({ ids: drafts, late: LATE });
      await w.crash();
      return;
    }
    case 'close':
      await w.reopen();
  }
}

async function seal(w: Workspace, fault: string): Promise<void> {
  const [batch] = (await (await w.as('custodian')).sealing.batches({})).filter((b) => b.toSeal > 0);
  if (batch === undefined) return;
  const waiting = w.rows("SELECT id FROM licence WHERE batch_id = ? AND state = 'approved'", batch.id).map((r) => LicenceId.parse(r.id));
  await (await w.as('clerk')).licences.explainLate({ ids: waiting, late: LATE });
  const grantId = await w.grant(batch.id);
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  if (fault === 'garbage') w.faults.sign = async () => ({ signature: new Uint8Array(70), milliseconds: 1 });
  if (fault === 'gone')
    w.faults.sign = async () => {
      w.restartTokenHost();
      return { signature: new Uint8Array(0), milliseconds: 1 };
    };
  if (fault.startsWith('crash'))
    w.faults.sign = async (arg, real) => {
      if (fault === 'crashAfter') await real(arg);
      isAsked();
      return new Promise(() => undefined);
    };
  const job = await (await w.as('custodian')).sealing.start({ grantId });
  if (fault.startsWith('crash')) {
    await asked;
    await w.crash();
  } else await w.finish(job);
  delete w.faults.sign;
}

/** What must hold whatever happened. */
async function holds(w: Workspace): Promise<void> {
  const twice = w.rows(
    "SELECT number FROM licence WHERE state = 'issued' AND legal_status = 'valid' GROUP BY type_code, number HAVING count(*) > 1",
  );
  expect(twice, 'two valid licences with one number').toEqual([]);
  const versions = w.rows('SELECT number FROM licence WHERE number IS NOT NULL GROUP BY type_code, number, version HAVING count(*) > 1');
  expect(versions, 'one version twice').toEqual([]);
  const [block] = w.rows("SELECT first, next FROM number_block WHERE id LIKE '%guihua%'");
  const serials = w.rows('SELECT serial FROM number_use ORDER BY serial').map((r) => Number(r.serial));
  expect(serials, 'a gap without a record').toEqual(
    Array.from({ length: Number(block?.next) - Number(block?.first) }, (_, i) => Number(block?.first) + i),
  );
  expect(
    w.rows(`SELECT u.serial FROM number_use u LEFT JOIN licence l ON l.id = u.licence_id
      WHERE l.id IS NULL OR l.number <> u.number OR (u.state = 'issued') <> (l.state = 'issued') OR (u.state = 'voided') <> (l.state = 'voided')`),
    'a number whose record and licence differ',
  ).toEqual([]);
  expect(
    w.rows(`SELECT l.id FROM licence l WHERE l.state = 'issued' AND (
      (SELECT count(*) FROM outbox o WHERE o.version_id = l.id AND o.kind = 'licence.issued') <> 1 OR
      (SELECT count(*) FROM audit_event a WHERE a.subject = l.id AND a.kind = 'licence.sealed') <> 1 OR
      (SELECT count(*) FROM sealing_attempt s WHERE s.licence_id = l.id AND s.result = 'SEALED') <> 1)`),
    'issued without outbox, audit or register',
  ).toEqual([]);
  expect(
    w.rows("SELECT o.id FROM outbox o JOIN licence l ON l.id = o.version_id WHERE o.kind = 'licence.issued' AND l.state <> 'issued'"),
  ).toEqual([]);
  expect(
    w.rows(
      "SELECT l.id FROM licence l WHERE l.state = 'voided' AND (SELECT count(*) FROM outbox o WHERE o.version_id = l.id AND o.kind = 'licence.voided') <> 1",
    ),
  ).toEqual([]);
  expect(
    w.rows('SELECT licence_id FROM outbox GROUP BY licence_id HAVING max(sequence) <> count(*) OR min(sequence) <> 1'),
    'an order with a hole',
  ).toEqual([]);
  for (const { document_hash: hash } of w.rows("SELECT document_hash FROM licence WHERE state = 'issued'"))
    expect(w.station.ctx.documents.has(String(hash))).toBe(true);
  for (const { approved_hash: hash } of w.rows("SELECT approved_hash FROM licence WHERE state IN ('submitted', 'approved')"))
    expect(w.station.ctx.documents.has(String(hash))).toBe(true);
  expect(w.one("SELECT count(*) FROM licence WHERE state = 'sealing'")).toBe(0);
  expect(w.one('SELECT count(*) FROM sealing_attempt WHERE ended_at IS NULL')).toBe(0);
  expect((await (await w.as('auditor')).system.verifyAudit({})).whole).toBe(true);
}

describe('the station under any order of events and crashes', () => {
  it('never doubles or loses a number, and never issues without outbox, audit and register', async () => {
    let reached = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(Event, { minLength: 8, maxLength: 24 }), async (events) => {
        const w = await aWorkspace();
        try {
          // Something to happen to, whatever is drawn.
          const ids = [await w.draft(), await w.draft(), await w.draft()];
          await w.submit(ids.slice(0, 2));
          await w.approve(ids.slice(0, 1));
          for (const event of events) {
            await happen(w, event);
            await holds(w);
          }
          reached += Number(w.one("SELECT count(*) FROM licence WHERE state = 'issued'"));
          expect(w.unexpected).toEqual([]);
        } finally {
          await w.close();
        }
      }),
      { numRuns: 10, interruptAfterTimeLimit: 20_000 },
    );
    // The property is about licences that do get issued.
    expect(reached).toBeGreaterThan(0);
  }, 60_000);
});
