// A real workspace in a folder of its own: encrypted store, real renderer, software token in this process, a clock that only
// tests move, and the contract's calls made by each role. Faults are let in at two seams: the clock and the token port.
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { ClientOf } from '../../electron/contract/define.ts';
import type { ErrorCode } from '../../electron/contract/error-codes.ts';
import type { HandOver, Late } from '../../electron/contract/licence.ts';
import type { OfficeSetup } from '../../electron/contract/office.ts';
import { type StationContract, stationContract } from '../../electron/contract/station.contract.ts';
import { type BatchId, LicenceId, PersonId, type Profile } from '../../electron/contract/values.ts';
import type { JobView } from '../../electron/contract/work.ts';
import { authorise } from '../../electron/rpc/authorise.ts';
import { connect } from '../../electron/rpc/connect.ts';
import type { Origin } from '../../electron/rpc/frames.ts';
import { memoryPorts } from '../../electron/rpc/ports/memory.ts';
import { serve } from '../../electron/rpc/serve.ts';
import { realTimers } from '../../electron/rpc/timers.ts';
import { createHandlers } from '../../electron/station/handlers.ts';
import { Session } from '../../electron/station/people/session.ts';
import { systemRandomness } from '../../electron/station/platform/ids.ts';
import { openStation, type Station } from '../../electron/station/station.ts';
import type { Change, TokenPort } from '../../electron/station/station-context.ts';
import { type MadeOffice, makeOffice } from '../../electron/training/make-office.ts';
import { authorityFingerprint, signProvisioning } from '../../electron/training/sign-provisioning.ts';
import { createTokenHost } from '../../native/token-host/token-host.ts';
import { citizenIdOf } from './citizen-id.ts';
import { root } from './source-files.ts';

export const resourcesDir = path.join(root, 'resources');
export const TODAY = '2026-11-30';
export const YESTERDAY = '2026-11-29';
/** 15:00 local time of TODAY. */
export const START = '2026-11-30T07:00:00.000Z';
export const LATE: Late = { code: 'power-cut', note: '' };
export const PEOPLE = { clerk: 'wangfang', reviewer: 'liguohua', custodian: 'zhangmin', auditor: 'chenjing' } as const;
export type Desk = keyof typeof PEOPLE;
type Client = ClientOf<StationContract>;

/** Goes on by one millisecond with each look, and otherwise stands still. */
export interface TestClock {
  nowMs(): number;
  set(instant: string): void;
  skip(ms: number): void;
}

export function testClock(instant = START): TestClock {
  let ms = Date.parse(instant);
  return {
    nowMs: () => {
      ms += 1;
      return ms;
    },
    set: (to) => {
      ms = Date.parse(to);
    },
    skip: (by) => {
      ms += by;
    },
  };
}

const offices = new Map<string, Promise<MadeOffice>>();

/** One made office a process and resources folder: keys take a second. */
function officeOf(profile: 'training', resources: string): Promise<MadeOffice> {
  const key = `${profile} ${resources}`;
  let made = offices.get(key);
  if (made === undefined) {
    const dir = mkdtempSync(path.join(tmpdir(), 'banjie-office-'));
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
    made = makeOffice(profile, {
      dir,
      now: START,
      randomness: systemRandomness,
      resourcesDir: resources,
      libraryUrl: 'http://127.0.0.1:9',
    });
    offices.set(key, made);
  }
  return made;
}

export interface WorkspaceOptions {
  /** Changes the office before it is signed anew and taken into force. */
  readonly setup?: (setup: OfficeSetup) => OfficeSetup;
  readonly resourcesDir?: string;
}

/** What stands between the station and the token: a test may replace any of it while the station runs. */
export interface TokenFaults {
  sign?: (arg: Parameters<TokenPort['sign']>[0], real: TokenPort['sign']) => ReturnType<TokenPort['sign']>;
}

export type Workspace = Awaited<ReturnType<typeof aWorkspace>>;

export async function aWorkspace(options: WorkspaceOptions = {}) {
  const resources = options.resourcesDir ?? resourcesDir;
  const made = await officeOf('training', resources);
  const dir = mkdtempSync(path.join(tmpdir(), 'banjie-workspace-'));
  const keyDir = path.join(dir, 'tokens');
  for (const driver of made.tokenHost.drivers) if (driver.kind === 'software') cpSync(driver.keyDir, keyDir, { recursive: true });
  const workspaceDir = path.join(dir, 'workspace');
  const databaseKey = new Uint8Array(32).fill(9);
  const clock = testClock();
  const faults: TokenFaults = {};
  const unexpected: { call: string; code: ErrorCode }[] = [];
  const lines: string[] = [];
  const changes: Change[] = [];
  const config = {
    workspaceDir,
    resourcesDir: resources,
    databaseKey,
    profile: 'training' satisfies Profile,
    demoToday: null,
    softwareVersion: '0.0.0',
    sync: { auto: false },
  } as const;

  function startTokenHost() {
    return createTokenHost(
      { training: true, drivers: [{ kind: 'software', id: 'software', name: 'Software', keyDir }] },
      {
        clock,
        emit: (event, payload) => {
          if (event === 'grantChanged' && 'grantId' in payload) station?.grantChanged(payload.grantId, payload.loggedIn);
        },
      },
    );
  }
  let tokenHost = startTokenHost();
  const token = () => tokenHost.handlers.token;
  const sign: TokenPort['sign'] = async (arg) => token().sign(arg as never, undefined); // same build: the client's and the handler's argument are one
  const tokens: TokenPort = {
    list: async () => token().list({}, undefined),
    certificates: async (arg) => token().certificates(arg, undefined),
    grant: async (arg) => token().grant(arg as never, undefined), // brands are the handler's side of the same value
    sign: (arg) => (faults.sign ?? ((a, real) => real(a)))(arg, sign),
    release: async (arg) => token().release(arg, undefined),
  };

  let station: Station | undefined;
  let desks = new Map<string, Promise<Client>>();
  const open = async (): Promise<Station> => {
    desks = new Map();
    station = await openStation(config, {
      tokens,
      onChange: (change) => void changes.push(change),
      write: (line) => lines.push(line),
      machineClock: clock,
    });
    return station;
  };
  await open();
  const current = (): Station => {
    if (station === undefined) throw new Error('the station is closed');
    return station;
  };

  const authority = generateKeyPairSync('ed25519').privateKey;
  let setup = made.setup;
  async function setUp(change: (setup: OfficeSetup) => OfficeSetup = (same) => same): Promise<void> {
    setup = change(setup);
    await current().setUpOffice(Buffer.from(signProvisioning(setup, authority)), authorityFingerprint(authority));
  }
  await setUp(options.setup);

  /** The calls of a person who is signed in with a session of their own. */
  async function sit(personId: string | null, from: Origin = 'window'): Promise<Client> {
    const session = new Session(current().ctx);
    if (personId !== null) await session.signIn(personId, made.passphrase);
    return connectTo(session, from);
  }
  function connectTo(session: Session, from: Origin = 'window'): Client {
    const [here, there] = memoryPorts();
    serve(stationContract, createHandlers({ ...current(), session }), there, {
      callerOf: () => ({ from, roles: session.person?.roles ?? null }),
      authorise,
      log: (_level, event, fields) => void lines.push(JSON.stringify({ event, ...fields })),
      newIncident: () => 'incident',
      nowMs: () => performance.now(),
      onUnexpectedCode: (call, code) => unexpected.push({ call, code }),
    });
    return connect(stationContract, here, { timers: realTimers, deadlines: 'none' }).client;
  }
  const as = (desk: Desk | { readonly id: string }): Promise<Client> => {
    const id = typeof desk === 'string' ? PEOPLE[desk] : desk.id;
    let client = desks.get(id);
    if (client === undefined) {
      client = sit(id);
      desks.set(id, client);
    }
    return client;
  };

  /** Looks again whenever the station has had its turn: a job does one piece a turn. */
  async function until(what: string, holds: () => boolean): Promise<void> {
    const giveUpAtMs = performance.now() + 20_000;
    while (!holds()) {
      if (performance.now() > giveUpAtMs) throw new Error(`waited 20 s for: ${what}`);
      await yieldToOthers();
    }
  }
  async function finish(job: JobView): Promise<JobView> {
    const over = (): boolean => !['running', 'paused'].includes(current().jobs.view(job.id).state);
    await until(`${job.kind} to end`, over);
    return current().jobs.view(job.id);
  }

  let matters = 0;
  const matterOf = (changes: Readonly<Record<string, string>> = {}): Record<string, string> => {
    matters += 1;
    return {
      builderName: '王小明',
      builderCode: citizenIdOf(420_626, 1980, 1, 1 + (matters % 28), 1 + (matters % 998)),
      projectName: '村民住宅',
      projectLocation: '马桥镇横溪村三组',
      projectScale: '120.5',
      attachments: '总平面图',
      matterNumber: `XG2026${String(matters).padStart(6, '0')}`,
      conclusionDay: TODAY,
      ...changes,
    };
  };

  const w = {
    dir,
    workspaceDir,
    config,
    office: made,
    keyDir,
    clock,
    faults,
    unexpected,
    lines,
    changes,
    get station(): Station {
      return current();
    },
    get db() {
      return current().ctx.db;
    },
    get setup(): OfficeSetup {
      return setup;
    },
    setUp,
    as,
    sit,
    connectTo,
    until,
    finish,
    matterOf,
    session: () => new Session(current().ctx),
    login: async (grantId: string, pin = made.pin) => token().login({ grantId, pin: new TextEncoder().encode(pin) }, undefined),
    /** The token host as after a kill: every grant and login is gone. */
    restartTokenHost() {
      tokenHost = startTokenHost();
    },
    /** A draft typed by the clerk. */
    async draft(changes: Readonly<Record<string, string>> = {}, late: Late | null = null): Promise<LicenceId> {
      const clerk = await as('clerk');
      return (await clerk.intake.typeOne({ typeId: 'guihua', values: matterOf(changes), late })).licenceId;
    },
    async submit(ids: readonly string[], late: Late | null = null): Promise<JobView> {
      const clerk = await as('clerk');
      return finish(await clerk.licences.submit({ ids: ids.map((id) => LicenceId.parse(id)), late }));
    },
    async approve(ids: readonly string[]): Promise<BatchId> {
      const reviewer = await as('reviewer');
      const items = [];
      for (const id of ids) {
        const file = await reviewer.licences.file({ id: LicenceId.parse(id) });
        await reviewer.review.shown({ id: LicenceId.parse(id), approvedHash: file.sha256 });
        items.push({ id: LicenceId.parse(id), approvedHash: file.sha256 });
      }
      const { batches, outcomes } = await reviewer.review.approve({ items, count: items.length });
      const [batch] = batches;
      if (batch === undefined || outcomes.some((o) => !o.ok)) throw new Error(`not approved: ${JSON.stringify(outcomes)}`);
      return batch;
    },
    /** Grant and PIN; answers the grant. */
    async grant(batchId: BatchId): Promise<string> {
      const custodian = await as('custodian');
      const { grantId } = await custodian.sealing.prepare({ batchId });
      await w.login(grantId);
      return grantId;
    },
    async seal(batchId: BatchId): Promise<JobView> {
      const grantId = await w.grant(batchId);
      return finish(await (await as('custodian')).sealing.start({ grantId }));
    },
    /** A licence brought by the real steps to the state asked for. */
    async aLicence(
      wanted: {
        readonly state?: 'draft' | 'submitted' | 'returned' | 'approved' | 'issued' | 'voided';
        readonly values?: Readonly<Record<string, string>>;
        readonly late?: Late;
      } = {},
    ): Promise<LicenceId> {
      const state = wanted.state ?? 'draft';
      const id = await w.draft(wanted.values, wanted.late ?? null);
      if (state === 'draft') return id;
      await w.submit([id]);
      if (state === 'returned') await (await as('reviewer')).review.return({ id, reason: '姓名有误' });
      if (state === 'voided') await (await as('clerk')).licences.void({ id, reason: '申请人撤回' });
      if (state === 'approved' || state === 'issued') {
        const batch = await w.approve([id]);
        if (state === 'issued') await w.seal(batch);
      }
      return id;
    },
    /** Columns of one licence as they are in the store. */
    row(id: string): Readonly<Record<string, string | number | null>> {
      return w.db.prepare('SELECT * FROM licence WHERE id = ?').get(id) as Record<string, string | number | null>; // a plain row
    },
    rows: (sqlText: string, ...values: readonly (string | number)[]) =>
      w.db.prepare(sqlText).all(...values) as readonly Readonly<Record<string, string | number | null>>[], // plain rows
    one: (sqlText: string, ...values: readonly (string | number)[]) =>
      w.db
        .prepare(sqlText)
        .pluck()
        .get(...values) as string | number | null | undefined, // one column
    /** The process as after a kill: nothing is closed in order, and what was under way never comes back. */
    async crash(): Promise<Station> {
      const dead = current();
      station = undefined;
      dead.ctx.db.close();
      void dead.delivery()?.stop(AbortSignal.abort());
      delete faults.sign;
      return open();
    },
    async reopen(): Promise<Station> {
      await current().close();
      return open();
    },
    async close(): Promise<void> {
      if (station !== undefined) await station.close();
      station = undefined;
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return w;
}

export const HAND_OVER: HandOver = {
  collector: 'holder',
  collectorName: '王小明',
  identified: 'idCardSeen',
  paperSerial: null,
  given: ['print'],
  note: '',
};

export const personId = (id: string) => PersonId.parse(id);

/** The resources with one more licence type: `change` of the named one, under its own id and code. */
export function resourcesWith(typeId: string, change: (type: Record<string, unknown>) => Record<string, unknown>): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'banjie-resources-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (const part of ['fonts', 'templates', 'rules', 'locales']) symlinkSync(path.join(resourcesDir, part), path.join(dir, part));
  const types = path.join(dir, 'catalogue', 'types');
  mkdirSync(path.dirname(types), { recursive: true });
  cpSync(path.join(resourcesDir, 'catalogue', 'types'), types, { recursive: true });
  const made = change(JSON.parse(readFileSync(path.join(types, `${typeId}.json`), 'utf8')) as Record<string, unknown>); // a data file of ours
  writeFileSync(path.join(types, `${String(made.id)}.json`), JSON.stringify(made, null, 2));
  return dir;
}
