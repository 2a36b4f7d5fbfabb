// Composition root of the station: opens the store, loads office, catalogue, fonts, wires the parts, recovers what a crash
// left, and closes in order. Must not hold business of its own.
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { OfficeSetup, type PersonEntry } from '../contract/office.ts';
import type { OfficePackageView } from '../contract/people.ts';
import type { StationConfig } from '../contract/station.contract.ts';
import { isStationError, StationError } from '../contract/station-error.ts';
import type { DeliveryView } from '../contract/work.ts';
import { loadCatalogue } from './catalogue/catalogue.ts';
import { loadRulePack } from './catalogue/rule-pack.ts';
import { readReceiptKey } from './delivery/check-receipt.ts';
import { createHttpClient } from './delivery/http-client.ts';
import { sqliteOutboxStore } from './delivery/sqlite-outbox-store.ts';
import { DeliveryWorker } from './delivery/worker.ts';
import { createRenderer } from './documents/renderer.ts';
import { ImportService } from './intake/import-service.ts';
import { JobRunner } from './jobs/job-runner.ts';
import { inspectPackage } from './office/inspect-package.ts';
import { type Office, officeOf } from './office/office.ts';
import { readProvisioning } from './office/read-provisioning.ts';
import { Session } from './people/session.ts';
import { addDays, type Clock, demoClock, instantOf, localDay, systemClock, toInstant } from './platform/clock.ts';
import { createIds, systemRandomness } from './platform/ids.ts';
import { createLogger } from './platform/logger.ts';
import { loadWords } from './platform/words.ts';
import { appendAudit } from './records/audit.ts';
import { recoverInterruptedSealing } from './sealing/seal-batch.ts';
import { type KeySurvey, surveyKeys } from './seals/keys.ts';
import type { Change, StationContext, TokenPort } from './station-context.ts';
import { inTransaction, openDatabase, type ReadDb } from './store/database.ts';
import { openDocumentStore, sha256 } from './store/document-store.ts';
import { refuseNetworkShare } from './store/local-disk.ts';
import { migrate } from './store/migrate.ts';
import { interruptChecks } from './store/queries/imports.ts';
import { readOutboxFigures } from './store/queries/outbox.ts';
import {
  insertBlock,
  insertOfficeSetup,
  insertWorkspace,
  keepCatalogueEntry,
  readBlocks,
  readOfficeSetup,
  readWorkspace,
} from './store/queries/workspace.ts';

export interface StationSeams {
  readonly tokens: TokenPort;
  /** Told after commit. */
  readonly onChange: (change: Change) => void;
  /** One line of the log. */
  readonly write: (line: string) => void;
  readonly machineClock?: Clock;
}

export type Station = Awaited<ReturnType<typeof openStation>>;

const DOCUMENTS_FILE = /^documents-(\d{4})\.db$/;
const DELIVERY_DAYS = 14;
const KEYS_FRESH_MS = 1_500;

/** Opens a workspace, making it where there is none. The profile of an existing one can never change (PROFILE_FIXED). */
export async function openStation(config: StationConfig, seams: StationSeams) {
  const machineClock = seams.machineClock ?? systemClock;
  mkdirSync(config.workspaceDir, { recursive: true, mode: 0o700 });
  refuseNetworkShare(config.workspaceDir);
  refuseLostStore(config.workspaceDir);
  const db = openDatabase(path.join(config.workspaceDir, 'station.db'), config.databaseKey);
  try {
    return await openOn(db, config, seams, machineClock);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Documents without their database: it was deleted or emptied. A new one would give out used numbers again. */
function refuseLostStore(dir: string): void {
  const hasDocuments = readdirSync(dir).some((name) => DOCUMENTS_FILE.test(name));
  if (hasDocuments && (statSync(path.join(dir, 'station.db'), { throwIfNoEntry: false })?.size ?? 0) === 0)
    throw new StationError('STORE_CORRUPT');
}

async function openOn(db: ReadDb, config: StationConfig, seams: StationSeams, machineClock: Clock) {
  const migrated = migrate(db, path.join(config.workspaceDir, 'backups'));
  if (readWorkspace(db) === undefined) {
    inTransaction(db, (w) =>
      insertWorkspace(w, { profile: config.profile, demoToday: config.demoToday, createdAt: toInstant(machineClock.nowMs()) }),
    );
  }
  const workspace = readWorkspace(db);
  if (workspace === undefined || workspace.profile !== config.profile || workspace.demoToday !== config.demoToday)
    throw new StationError('PROFILE_FIXED', { profile: workspace?.profile ?? '' });
  const clock = workspace.demoToday === null ? machineClock : demoClock(workspace.demoToday, Date.parse(workspace.createdAt), machineClock);
  const log = createLogger(machineClock, seams.write);
  if (migrated.from !== migrated.to) log.log('info', 'store.migrated', { ...migrated });

  const catalogue = loadCatalogue(path.join(config.resourcesDir, 'catalogue', 'types'));
  const rules = loadRulePack(path.join(config.resourcesDir, 'rules', 'hubei-2026.json'));
  const renderer = createRenderer({
    fontsDir: path.join(config.resourcesDir, 'fonts'),
    templatesDir: path.join(config.resourcesDir, 'templates'),
  });
  const years = readdirSync(config.workspaceDir).flatMap((name) => DOCUMENTS_FILE.exec(name)?.[1] ?? []);
  const documents = openDocumentStore(config.workspaceDir, config.databaseKey, years);

  let office: Office | undefined;
  const stored = readOfficeSetup(db);
  if (stored !== undefined) office = officeOf(OfficeSetup.parse(JSON.parse(stored.payload)));

  const ctx: StationContext = {
    profile: config.profile,
    db,
    documents,
    clock,
    machineClock,
    ids: createIds(machineClock, systemRandomness),
    randomness: systemRandomness,
    log,
    catalogue,
    rulePack: rules.pack,
    renderer,
    tokens: seams.tokens,
    office: () => {
      if (office === undefined) throw new StationError('OFFICE_NOT_SET_UP');
      return office;
    },
    changed: (change) => {
      if (change.kind === 'delivery') delivery?.kick('newItem');
      seams.onChange(change);
    },
  };

  inTransaction(db, (w) => {
    const at = instantOf(clock);
    for (const entry of catalogue.entries)
      keepCatalogueEntry(w, {
        kind: 'type',
        id: entry.type.id,
        version: entry.type.version,
        sha256: entry.sha256,
        json: JSON.stringify(entry.type),
        at,
      });
    keepCatalogueEntry(w, {
      kind: 'rulePack',
      id: rules.pack.id,
      version: rules.pack.version,
      sha256: rules.sha256,
      json: JSON.stringify(rules.pack),
      at,
    });
    interruptChecks(w);
  });
  const recovered = recoverInterruptedSealing(ctx);
  if (recovered > 0) log.log('warn', 'sealing.recovered', { licences: recovered });

  const jobs = new JobRunner(ctx);
  const imports = new ImportService(ctx);
  const session = new Session(ctx);
  let delivery = startDelivery();

  function startDelivery(): DeliveryWorker | undefined {
    if (office === undefined) return undefined;
    const { library } = office.setup;
    const worker = new DeliveryWorker({
      store: sqliteOutboxStore({
        db,
        documents,
        now: () => instantOf(clock),
        record: (w, item) =>
          appendAudit(w, clock, { personId: null, kind: `outbox.${item.state}`, subject: item.id, detail: { note: item.note } }, 'always'),
      }),
      send: createHttpClient({ url: library.url }),
      receiptKey: readReceiptKey(library.receiptKey),
      clock,
      timers: {
        after(ms, callback) {
          const timer = setTimeout(callback, ms);
          return () => clearTimeout(timer);
        },
      },
      fraction: () => systemRandomness.fraction(),
      onChange: (change) => {
        if (change.what === 'item') seams.onChange({ kind: 'licences', ids: [change.versionId] });
        seams.onChange({ kind: 'delivery' });
      },
      onFault: (error) => log.log('error', 'delivery.fault', { code: isStationError(error) ? error.code : 'INTERNAL' }),
    });
    worker.start();
    if (!config.sync.auto) worker.pause(true);
    return worker;
  }

  const inspectOffice = (file: Uint8Array): OfficePackageView =>
    inspectPackage(file, { catalogue, rulesSha256: rules.sha256, inForce: readOfficeSetup(db) });

  /** As a person does it: the first package by whoever holds the authority's letter, each further one by an operator. */
  async function takeOffice(file: Uint8Array, fingerprint: string, person: PersonEntry | undefined): Promise<void> {
    // Why: the training office belongs to the program, which would find another one at its next start.
    if (config.profile === 'training') throw new StationError('PROFILE_FIXED', { profile: config.profile });
    const current = readOfficeSetup(db);
    if (current !== undefined) {
      if (person === undefined) throw new StationError('SIGN_IN_NEEDED');
      if (!person.roles.includes('operator')) throw new StationError('ROLE_NOT_ALLOWED', { needs: 'operator' });
      if (current.authorityFingerprint !== fingerprint) throw new StationError('PACKAGE_UNTRUSTED', { fingerprint });
    }
    const isNew = await setUpOffice(file, fingerprint, person?.id ?? null);
    if (!isNew) throw new StationError('PACKAGE_INVALID', { problem: 'sequence' });
  }

  /** Takes a provisioning package into force; an older or foreign one changes nothing. False for the one in force already. */
  async function setUpOffice(file: Uint8Array, fingerprint: string, personId: string | null = null): Promise<boolean> {
    const setup = readProvisioning(file, { trustedFingerprints: [fingerprint] });
    if (setup.profile !== config.profile) throw new StationError('PROFILE_FIXED', { profile: config.profile });
    const current = readOfficeSetup(db);
    if (current !== undefined && current.sequence >= setup.sequence) {
      if (current.sequence === setup.sequence && current.payload === JSON.stringify(setup)) return false;
      throw new StationError('PACKAGE_INVALID', { problem: 'sequence' });
    }
    for (const entry of setup.catalogue) {
      const own = catalogue.entries.find((e) => e.type.id === entry.typeId && e.type.version === entry.version);
      if (own?.sha256 !== entry.sha256) throw new StationError('CATALOGUE_INVALID', { file: entry.typeId, problem: 'differs' });
    }
    for (const held of readBlocks(db)) {
      const same = setup.blocks.find(({ id }) => id === held.id);
      const isOther =
        same !== undefined &&
        (same.typeCode !== held.typeCode || same.year !== held.year || same.first !== held.first || same.last !== held.last);
      const meets = setup.blocks.some(
        (b) => b.id !== held.id && b.typeCode === held.typeCode && b.year === held.year && b.first <= held.last && held.first <= b.last,
      );
      if (isOther || meets) throw new StationError('PACKAGE_INVALID', { problem: `number block ${held.id}` });
    }
    if (setup.rulePack.sha256 !== rules.sha256)
      throw new StationError('CATALOGUE_INVALID', { file: setup.rulePack.id, problem: 'differs' });
    inTransaction(db, (w) => {
      const at = appendAudit(w, clock, {
        personId,
        kind: current === undefined ? 'office.setUp' : 'office.renewed',
        subject: 'station',
        detail: { sequence: setup.sequence, authority: fingerprint },
      });
      insertOfficeSetup(w, { sequence: setup.sequence, payload: JSON.stringify(setup), fingerprint, at });
      for (const block of setup.blocks)
        insertBlock(w, { id: block.id, typeCode: block.typeCode, year: block.year, first: block.first, last: block.last });
    });
    office = officeOf(setup);
    await delivery?.stop();
    delivery = startDelivery();
    seams.onChange({ kind: 'session' });
    return true;
  }

  const loggedInGrants = new Set<string>();
  let survey: { readonly atMs: number; readonly value: KeySurvey } | undefined;
  /** A survey not older than a moment; a change of keys makes it stale at once. */
  async function freshSurvey(): Promise<KeySurvey> {
    const nowMs = machineClock.nowMs();
    if (survey === undefined || nowMs - survey.atMs > KEYS_FRESH_MS) survey = { atMs: nowMs, value: await surveyKeys(ctx) };
    return survey.value;
  }

  function deliveryView(): DeliveryView {
    const today = localDay(clock.nowMs());
    const days = Array.from({ length: DELIVERY_DAYS }, (_, index) => {
      const day = addDays(today, index + 1 - DELIVERY_DAYS);
      const startMs = Date.parse(`${day}T00:00:00.000Z`) - 8 * 3_600_000;
      return { day, from: toInstant(startMs), to: toInstant(startMs + 86_400_000) };
    });
    const state = delivery?.state();
    return {
      line: state?.line ?? 'unknown',
      since: state?.since ?? null,
      lastDeliveredAt: state?.lastDeliveredAt ?? null,
      nextAttemptAt: state?.nextAttemptAt ?? null,
      paused: state?.paused ?? true,
      library: office === undefined ? null : { name: office.setup.library.name, url: office.setup.library.url },
      ...readOutboxFigures(db, days),
    };
  }

  return {
    config,
    ctx,
    jobs,
    imports,
    session,
    words: { zh: loadWords(config.resourcesDir, 'zh'), en: loadWords(config.resourcesDir, 'en') },
    rules,
    setUpOffice,
    inspectOffice,
    takeOffice,
    freshSurvey,
    /** Grants whose key is logged in now, as the token host says. */
    loggedInGrants,
    /** The token host's hints: a key came or went, a grant was logged in or ended. */
    tokensChanged: () => {
      survey = undefined;
      seams.onChange({ kind: 'keys' });
    },
    grantChanged: (grantId: string, isLoggedIn: boolean) => {
      if (isLoggedIn) loggedInGrants.add(grantId);
      else loggedInGrants.delete(grantId);
      seams.onChange({ kind: 'keys' });
    },
    deliveryView,
    delivery: () => delivery,
    sha256,
    /** A second call has nothing left to do. */
    async close(): Promise<void> {
      if (!db.open) return;
      await delivery?.stop(AbortSignal.timeout(3_000));
      await jobs.stop();
      documents.close();
      db.pragma('wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}
