import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditHash, GENESIS } from '../../../electron/station/records/audit.ts';
import { aWorkspace, PEOPLE, personId, type Workspace } from '../../support/a-workspace.ts';
import { refusal, refusalDetails } from '../../support/faults.ts';

let w: Workspace;
beforeEach(async () => {
  w = await aWorkspace();
});
afterEach(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});

describe('session.signIn', () => {
  const tryIn = (passphrase: string, id: string = PEOPLE.clerk) =>
    refusalDetails(w.connectTo(w.session()).session.signIn({ personId: personId(id), passphrase }));
  const right = () => tryIn(w.office.passphrase);

  it('lets a person in and says nobody else’s passphrase', async () => {
    const client = w.connectTo(w.session());
    expect((await client.session.current({})).person).toBeNull();
    const view = await client.session.signIn({ personId: personId(PEOPLE.clerk), passphrase: w.office.passphrase });
    expect(view.person).toMatchObject({ id: PEOPLE.clerk, roles: ['clerk'] });
    expect(JSON.stringify(view)).not.toContain('scrypt');
    expect((await client.session.signOut({})).person).toBeNull();
    expect(w.rows("SELECT kind FROM audit_event WHERE kind LIKE 'session.%' ORDER BY seq").map((r) => r.kind)).toEqual([
      'session.signedIn',
      'session.signedOut',
    ]);
  });

  it('waits longer after each wrong passphrase from the third on, and forgets them after a right one', async () => {
    expect(await tryIn('wrong')).toEqual({ code: 'SIGN_IN_WRONG', waitSeconds: 0 });
    expect(await tryIn('wrong')).toEqual({ code: 'SIGN_IN_WRONG', waitSeconds: 0 });
    expect(await tryIn('wrong')).toEqual({ code: 'SIGN_IN_WRONG', waitSeconds: 15 });
    // During the wait even the right one does not help.
    expect(await right()).toMatchObject({ code: 'SIGN_IN_WRONG' });
    w.clock.skip(15_000);
    expect(await tryIn('wrong')).toEqual({ code: 'SIGN_IN_WRONG', waitSeconds: 30 });
    w.clock.skip(30_000);
    expect(await tryIn('wrong')).toEqual({ code: 'SIGN_IN_WRONG', waitSeconds: 60 });
    for (let i = 0; i < 6; i++) {
      w.clock.skip(900_000);
      await tryIn('wrong');
    }
    w.clock.skip(899_000);
    expect(await tryIn('wrong')).toMatchObject({ code: 'SIGN_IN_WRONG' });
    w.clock.skip(900_000);
    expect(await right()).toBe('none');
    expect(await tryIn('wrong')).toEqual({ code: 'SIGN_IN_WRONG', waitSeconds: 0 });
    // One person's mistakes are not another's.
    expect(await tryIn(w.office.passphrase, PEOPLE.reviewer)).toBe('none');
  });

  it('counts tries made all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => tryIn('wrong')));
    expect(answers.filter((a) => (a as { waitSeconds: number }).waitSeconds === 0).length).toBeLessThanOrEqual(3); // our own refusals
    expect(w.one("SELECT count(*) FROM audit_event WHERE kind = 'session.refused'")).toBe(3);
    expect(await right()).toMatchObject({ code: 'SIGN_IN_WRONG' });
  });

  it('a wait survives a restart', async () => {
    for (let i = 0; i < 3; i++) await tryIn('wrong');
    await w.crash();
    expect(await right()).toMatchObject({ code: 'SIGN_IN_WRONG' });
  });

  it('says of somebody unknown only that it is wrong', async () => {
    expect(await tryIn('wrong', 'nobody')).toEqual({ code: 'SIGN_IN_WRONG', waitSeconds: 0 });
    expect(w.one("SELECT person_id FROM audit_event WHERE kind = 'session.refused'")).toBeNull();
  });
});

describe('records.audit', () => {
  const verify = async () => (await w.as('auditor')).system.verifyAudit({});
  const entries = () => w.rows('SELECT * FROM audit_event ORDER BY seq');
  const unlocked = (work: () => void) => {
    w.db.exec('DROP TRIGGER audit_kept; DROP TRIGGER audit_fixed; DROP TRIGGER audit_chained;');
    work();
  };

  it('is whole after a day’s work, each entry naming the one before', async () => {
    await w.aLicence({ state: 'issued' });
    await w.aLicence({ state: 'voided' });
    const all = entries();
    expect(all.length).toBeGreaterThan(10);
    let previous: unknown = GENESIS;
    for (const [index, e] of all.entries()) {
      expect([e.seq, e.previous_hash]).toEqual([index + 1, previous]);
      previous = e.hash;
    }
    expect(await verify()).toEqual({ whole: true, entries: all.length + 1, brokenAt: null });
  });

  it.each(['at', 'person_id', 'kind', 'subject', 'detail_json', 'previous_hash', 'hash'])(
    'finds a changed %s at its entry',
    async (column) => {
      await w.aLicence({ state: 'issued' });
      await w.as('auditor');
      unlocked(() => w.db.prepare(`UPDATE audit_event SET ${column} = 'forged' WHERE seq = 5`).run());
      expect(await verify()).toEqual({ whole: false, entries: 4, brokenAt: 5 });
    },
  );

  it('finds a deleted, an inserted and a moved entry', async () => {
    await w.aLicence({ state: 'issued' });
    await w.as('auditor');
    unlocked(() => w.db.exec('DELETE FROM audit_event WHERE seq = 4'));
    expect(await verify()).toMatchObject({ whole: false, brokenAt: 5 });
    const [first] = entries();
    const made = {
      seq: 4,
      at: String(first?.at),
      personId: null,
      kind: 'k',
      subject: 's',
      detailJson: '{}',
      previousHash: String(w.one('SELECT hash FROM audit_event WHERE seq = 3')),
    };
    w.db
      .prepare('INSERT INTO audit_event VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(4, made.at, null, 'k', 's', '{}', made.previousHash, auditHash(made));
    // A well made one fits before it, but not the one behind.
    expect(await verify()).toMatchObject({ whole: false, brokenAt: 5 });
  });

  it('finds two entries that changed places', async () => {
    await w.aLicence({ state: 'issued' });
    await w.as('auditor');
    unlocked(() =>
      w.db.exec(
        'UPDATE audit_event SET seq = -3 WHERE seq = 3; UPDATE audit_event SET seq = 3 WHERE seq = 4; UPDATE audit_event SET seq = 4 WHERE seq = -3',
      ),
    );
    expect(await verify()).toMatchObject({ whole: false, brokenAt: 3 });
  });

  it('holds no personal data', async () => {
    await w.aLicence({ state: 'issued' });
    expect(JSON.stringify(entries())).not.toMatch(/王小明|4206261980\d{7}[\dX]|马桥镇横溪村/);
  });

  it('refuses new work while the clock stands behind it', async () => {
    await w.as('clerk');
    w.clock.skip(-600_000);
    expect(await refusal(w.draft())).toBe('CLOCK_BEHIND');
    w.clock.skip(600_000);
    await w.draft();
  });
});
