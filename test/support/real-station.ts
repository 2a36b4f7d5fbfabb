// Station, token host and library as real child processes over one training office, as the command line runs them; and how
// to wait for what they do, and to kill them. Only the contract's calls: nobody reaches into the store before it is closed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { libraryProcess } from '../../electron/cli/library-process.ts';
import { type StationProcesses, startProcesses } from '../../electron/cli/processes.ts';
import type { LicenceType } from '../../electron/contract/catalogue.ts';
import { type BatchId, type ImportId, PersonId } from '../../electron/contract/values.ts';
import type { JobView } from '../../electron/contract/work.ts';
import { demoClock, instantOf, systemClock } from '../../electron/station/platform/clock.ts';
import { systemRandomness } from '../../electron/station/platform/ids.ts';
import { openDatabase, type ReadDb } from '../../electron/station/store/database.ts';
import { makeOffice } from '../../electron/training/make-office.ts';
import { registerWithLibrary } from '../../electron/training/register-with-library.ts';
import { PEOPLE, resourcesDir, TODAY } from './a-workspace.ts';
import { asCsv, madeRegister } from './made-register.ts';
import { root } from './source-files.ts';

export type RealStation = Awaited<ReturnType<typeof aRealStation>>;

const guihua = (): LicenceType => JSON.parse(readFileSync(path.join(resourcesDir, 'catalogue/types/guihua.json'), 'utf8')) as LicenceType; // a data file of ours

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function aRealStation() {
  const dir = mkdtempSync(path.join(tmpdir(), 'banjie-real-'));
  const port = await freePort();
  const databaseKey = new Uint8Array(32).fill(3);
  const clock = demoClock(TODAY, systemClock.nowMs(), systemClock);
  const office = await makeOffice('training', {
    dir: path.join(dir, 'office'),
    now: instantOf(clock),
    randomness: systemRandomness,
    resourcesDir,
    libraryUrl: `http://127.0.0.1:${port}`,
  });
  const libraryDir = path.join(dir, 'library');
  registerWithLibrary(libraryDir, office);
  const keyDir = office.tokenHost.drivers.flatMap((d) => (d.kind === 'software' ? [d.keyDir] : []))[0] ?? '';
  const workspaceDir = path.join(dir, 'workspace');
  mkdirSync(workspaceDir);
  const log: string[] = [];
  const processes: StationProcesses = await startProcesses(
    { workspaceDir, resourcesDir, databaseKey, profile: 'training', demoToday: TODAY, softwareVersion: '0.0.0', sync: { auto: true } },
    office.tokenHost,
    {
      projectDir: root,
      log: (level, event, fields) => void log.push(JSON.stringify({ level, event, ...fields })),
      tokenHostEnvironment: {},
    },
  );
  const { station, tokenHost } = processes;
  const { client } = station;
  const session = await client.station.setUpOffice({
    file: new Uint8Array(readFileSync(office.provisioningPath)),
    fingerprint: office.authorityFingerprint,
  });
  const library = libraryProcess({
    projectDir: root,
    dir: libraryDir,
    port,
    profile: 'training',
    clockOffsetMs: Date.parse(session.now) - systemClock.nowMs(),
  });

  /** Looked at now and after each hint of the station. */
  async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    const giveUp = AbortSignal.timeout(30_000);
    for (;;) {
      const hint = Promise.withResolvers<void>();
      const stopStation = station.onEvent(() => hint.resolve());
      const stopLife = station.onChanged(() => hint.resolve());
      // What a job does between two of its tellings gives no hint.
      const again = setTimeout(hint.resolve, 20);
      const onGiveUp = () => hint.reject(new Error(`waited 30 s for: ${what}; ${log.slice(-5).join('\n')}`));
      giveUp.addEventListener('abort', onGiveUp);
      try {
        const found = await look();
        if (found !== undefined) return found;
        await hint.promise;
      } finally {
        stopStation();
        stopLife();
        clearTimeout(again);
        giveUp.removeEventListener('abort', onGiveUp);
      }
    }
  }
  const signIn = (desk: keyof typeof PEOPLE) =>
    client.session.signIn({ personId: PersonId.parse(PEOPLE[desk]), passphrase: office.passphrase });
  const jobOf = async (id: string): Promise<JobView> => {
    const job = (await client.jobs.list({})).find((j) => j.id === id);
    if (job === undefined) throw new Error('a job vanished');
    return job;
  };
  const ended = (job: JobView) =>
    until(`${job.kind} to end`, async () => {
      const now = await jobOf(job.id);
      return now.state === 'running' || now.state === 'paused' ? undefined : now;
    });

  const made = {
    dir,
    office,
    processes,
    client,
    library,
    log,
    until,
    signIn,
    jobOf,
    ended,
    async openRegister(rows: number): Promise<ImportId> {
      await signIn('clerk');
      return (await client.intake.open({ fileName: 'register.csv', bytes: asCsv(madeRegister(guihua(), rows, TODAY)) })).id;
    },
    /** So many licences submitted; answers nothing but that. */
    async submitted(rows: number): Promise<void> {
      const importId = await made.openRegister(rows);
      await ended(await client.intake.check({ importId }));
      const job = await ended(await client.intake.accept({ importId, late: null, submit: true }));
      if (job.done !== rows) throw new Error(`submitted ${job.done} of ${rows}: ${JSON.stringify(job)}`);
    },
    async approved(rows: number): Promise<BatchId> {
      await made.submitted(rows);
      await signIn('reviewer');
      const queue = (await client.review.queue({ typeId: null })).rows;
      const items = [];
      for (const { id } of queue) {
        const { sha256 } = await client.licences.file({ id });
        await client.review.shown({ id, approvedHash: sha256 });
        items.push({ id, approvedHash: sha256 });
      }
      const { batches } = await client.review.approve({ items, count: items.length });
      const [batch] = batches;
      if (batch === undefined || batches.length !== 1) throw new Error('one type, one batch');
      return batch;
    },
    /** Custodian, grant, PIN, and the job is running. */
    async startSealing(batchId: BatchId): Promise<JobView> {
      await signIn('custodian');
      const { grantId } = await client.sealing.prepare({ batchId });
      await tokenHost.client.token.login({ grantId, pin: new TextEncoder().encode(office.pin) });
      return client.sealing.start({ grantId });
    },
    /** Each signature takes so much longer, so that there is a middle to be killed in. */
    slowKey: (slowMs: number) => writeFileSync(path.join(keyDir, 'faults.json'), JSON.stringify({ slowMs })),
    async kill(which: 'station' | 'tokenHost'): Promise<void> {
      const supervisor = which === 'station' ? station : tokenHost;
      const { life } = supervisor;
      if (life.name !== 'ready') throw new Error(`${which} is ${life.name}`);
      const back = new Promise<void>((resolve) => {
        const stop = supervisor.onChanged((now) => {
          if (now.name !== 'ready') return;
          stop();
          resolve();
        });
      });
      process.kill(life.pid, 'SIGKILL');
      await back;
    },
    delivered: (count: number) =>
      until(`${count} delivered`, async () => ((await client.delivery.state({})).counts.acknowledged === count ? true : undefined)),
    /** What the library holds, read after it was stopped: one row a received item. */
    async heldByLibrary(): Promise<readonly { readonly identifier: string }[]> {
      await library.stop();
      const held = new Sqlite(path.join(libraryDir, 'library.db'), { readonly: true });
      try {
        return held.prepare('SELECT identifier FROM item').all() as { identifier: string }[]; // the library's own table
      } finally {
        held.close();
      }
    },
    /** Ends everything in order and looks into the store that is left. */
    async afterwards<T>(look: (db: ReadDb) => T): Promise<T> {
      await processes.close();
      const db = openDatabase(path.join(workspaceDir, 'station.db'), databaseKey);
      try {
        return look(db);
      } finally {
        db.close();
      }
    },
    async close(): Promise<void> {
      await processes.close();
      await library.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return made;
}

/** The laws that no kill may break; answers how many licences are in which state. */
export function wholeness(db: ReadDb): Readonly<Record<string, number>> {
  const rows = (text: string) => db.prepare(text).raw().all() as (string | number)[][]; // plain rows
  const wrong: Readonly<Record<string, string>> = {
    'a number twice': 'SELECT number FROM licence WHERE number IS NOT NULL GROUP BY type_code, number, version HAVING count(*) > 1',
    'a matter twice': 'SELECT matter_number FROM licence GROUP BY type_id, matter_number HAVING count(*) > 1',
    'a gap': `SELECT b.id FROM number_block b WHERE b.next - b.first <> (SELECT count(*) FROM number_use u WHERE u.type_code = b.type_code AND u.year = b.year AND u.serial BETWEEN b.first AND b.last)`,
    'a number without its licence':
      'SELECT serial FROM number_use u WHERE NOT EXISTS (SELECT 1 FROM licence l WHERE l.id = u.licence_id AND l.number = u.number)',
    'issued, and not told or recorded once': `SELECT id FROM licence l WHERE state = 'issued' AND ((SELECT count(*) FROM outbox o WHERE o.version_id = l.id) <> 1 OR
      (SELECT count(*) FROM sealing_attempt a WHERE a.licence_id = l.id AND a.result = 'SEALED') <> 1 OR (SELECT count(*) FROM audit_event e WHERE e.subject = l.id AND e.kind = 'licence.sealed') <> 1)`,
    'told, and not issued':
      "SELECT id FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM licence l WHERE l.id = o.version_id AND l.state = 'issued')",
    'between key and store': "SELECT id FROM licence WHERE state = 'sealing'",
    'an open attempt': 'SELECT id FROM sealing_attempt WHERE ended_at IS NULL',
  };
  for (const [what, text] of Object.entries(wrong)) {
    const found = rows(text);
    if (found.length > 0) throw new Error(`${what}: ${JSON.stringify(found.slice(0, 3))}`);
  }
  return Object.fromEntries(rows('SELECT state, count(*) FROM licence GROUP BY state').map(([state, n]) => [String(state), Number(n)]));
}
