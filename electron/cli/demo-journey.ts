// The demonstration's journey through the roles, by the contract's calls alone: what a clerk, a reviewer and a custodian
// do in the window. Must not reach into the store.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientOf } from '../contract/define.ts';
import type { Late, LicenceRow } from '../contract/licence.ts';
import type { StationContract } from '../contract/station.contract.ts';
import { isStationError } from '../contract/station-error.ts';
import { PersonId } from '../contract/values.ts';
import type { JobView } from '../contract/work.ts';
import type { Words } from '../station/platform/words.ts';
import type { MadeOffice } from '../training/make-office.ts';
import type { DemoOptions } from './demo-options.ts';
import type { DemoReport, FileReport, LicenceReport } from './demo-report.ts';
import type { LibraryProcess } from './library-process.ts';
import type { StationProcesses } from './processes.ts';

export interface JourneyParts {
  readonly processes: StationProcesses;
  readonly office: MadeOffice;
  readonly options: DemoOptions;
  readonly words: Words;
  readonly say: (text: string) => void;
  readonly library: LibraryProcess;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

type Journey = Pick<DemoReport, 'files' | 'licences' | 'counts' | 'timings'>;
type Client = ClientOf<StationContract>;

const PAGE = 500;
const POLL_MS = 100;
/** Without any item delivered for so long, waiting on is no demonstration any more. */
const STUCK_MS = 120_000;
const REGISTER = /\.(csv|tsv|txt|xlsx|xls|et|png)$/i;
const LATE: Late = { code: 'no-station-yet', note: '' };

export async function runJourney(parts: JourneyParts): Promise<Journey> {
  const { processes, options, words, say, library, nowMs } = parts;
  const { client } = processes.station;
  const timings: { stage: string; seconds: number; items: number }[] = [];
  const timed = async <T>(stage: string, countOf: (result: T) => number, work: () => Promise<T>): Promise<T> => {
    const beganMs = nowMs();
    const result = await work();
    timings.push({ stage, seconds: (nowMs() - beganMs) / 1_000, items: countOf(result) });
    return result;
  };

  await signIn(parts, 'clerk');
  const files = await timed(
    'import',
    (all) => all.reduce((sum, f) => sum + f.rows, 0),
    () => importAll(parts),
  );
  await signIn(parts, 'reviewer');
  await timed(
    'approve',
    (n) => n,
    () => approveAll(parts),
  );
  const bringLibraryUp = async (): Promise<void> => {
    const { counts } = await client.delivery.state({});
    say(words('cli.queued', { count: counts.queued + counts.sending }));
    await library.start();
    say(words('cli.libraryUp'));
  };
  // Until then everything waits in the queue, and sealing goes on.
  const libraryUp = options.libraryDownForMs === null ? undefined : sleep(options.libraryDownForMs).then(bringLibraryUp);
  await signIn(parts, 'custodian');
  await timed(
    'seal',
    (n) => n,
    () => sealAll(parts),
  );
  await signIn(parts, 'clerk');
  const rows = await timed(
    'handOver',
    (all) => all.length,
    () => handOverAll(parts),
  );
  await timed(
    'deliver',
    () => rows.length,
    async () => {
      await (libraryUp ?? bringLibraryUp());
      await client.delivery.sendNow({});
      await waitDelivered(client, nowMs);
    },
  );
  const licences = await timed(
    'files',
    (all) => all.length,
    () => writeLicences(parts),
  );
  const counts = {
    files: files.length,
    filesRefused: files.filter((f) => f.refusal !== null).length,
    rows: files.reduce((sum, f) => sum + f.rows, 0),
    accepted: files.reduce((sum, f) => sum + f.accepted, 0),
    normalised: files.reduce((sum, f) => sum + f.normalised, 0),
    refused: files.reduce((sum, f) => sum + f.refused.length, 0),
    sealed: licences.filter((l) => l.sealedAt !== null).length,
    sameDay: licences.filter((l) => l.sealedAt !== null && l.sameDay).length,
    late: licences.filter((l) => l.sealedAt !== null && !l.sameDay).length,
    acknowledged: licences.filter((l) => l.delivery === 'acknowledged' && l.receiptId !== null).length,
  };
  return { files, licences, counts, timings };
}

async function signIn({ processes, office }: JourneyParts, role: 'clerk' | 'reviewer' | 'custodian'): Promise<void> {
  const person = office.setup.people.find((p) => p.roles.includes(role));
  if (person === undefined) throw new Error(`nobody is ${role}`);
  await processes.station.client.session.signIn({ personId: PersonId.parse(person.id), passphrase: office.passphrase });
}

/** Waits for a job and shows its progress on one line. */
async function finish(parts: JourneyParts, job: JobView, label: string): Promise<JobView> {
  const { client } = parts.processes.station;
  let shown = '';
  for (;;) {
    const now = (await client.jobs.list({})).find((j) => j.id === job.id);
    if (now === undefined) throw new Error('a job vanished');
    const line = `  ${label}  ${now.done + now.failed}/${now.total}`;
    if (line !== shown && process.stdout.isTTY) process.stdout.write(`\r${line}`);
    shown = line;
    if (now.state !== 'running' && now.state !== 'paused') {
      if (process.stdout.isTTY) process.stdout.write('\r');
      parts.say(`${line}${now.problem === null ? '' : `  ${parts.words(`error.${now.problem}.title`)} [${now.problem}]`}`);
      return now;
    }
    await sleep(POLL_MS);
  }
}

async function importAll(parts: JourneyParts): Promise<FileReport[]> {
  const names = readdirSync(parts.options.inputDir)
    .filter((name) => REGISTER.test(name))
    .sort();
  if (names.length === 0) parts.say(parts.words('cli.nothing', { dir: parts.options.inputDir }));
  const reports: FileReport[] = [];
  for (const name of names) reports.push(await importFile(parts, name));
  return reports;
}

async function importFile(parts: JourneyParts, name: string): Promise<FileReport> {
  const { words, options } = parts;
  const { client } = parts.processes.station;
  const empty = {
    file: name,
    type: null,
    typeName: null,
    refusal: null,
    rows: 0,
    accepted: 0,
    normalised: 0,
    columnsNotAllowed: [],
    refused: [],
  };
  try {
    const opened = await client.intake.open({ fileName: name, bytes: new Uint8Array(readFileSync(path.join(options.inputDir, name))) });
    await finish(parts, await client.intake.check({ importId: opened.id }), words('cli.checking', { file: name }));
    const checked = await client.intake.view({ importId: opened.id });
    await finish(
      parts,
      await client.intake.accept({ importId: opened.id, late: LATE, submit: true }),
      words('cli.submitting', { file: name }),
    );
    const after = await client.intake.view({ importId: opened.id });
    const types = await client.catalogue.types({});
    const type = types.find((t) => t.id === checked.typeId);
    const nameOf = (key: string): string =>
      (options.language === 'en' ? type?.items.find((i) => i.key === key)?.nameEn : type?.items.find((i) => i.key === key)?.name) ??
      words(`field.${key}`);
    const refused = (await rowsOf(client, opened.id, ['faulty', 'duplicate'])).map(({ row, faults }) => {
      const [fault] = faults;
      const code = fault?.code ?? 'INTERNAL';
      const field = fault?.field ?? null;
      const message = words(`error.${code}.title`, { ...fault?.details, field: field === null ? '' : nameOf(field) });
      const firstRow = fault?.details.firstRow;
      return { row, code, field, message, ...(typeof firstRow === 'number' ? { firstRow } : {}) };
    });
    return {
      ...empty,
      type: checked.typeId,
      typeName: (options.language === 'en' ? type?.nameEn : type?.name) ?? null,
      rows: checked.rows,
      accepted: after.counts.accepted,
      normalised: checked.counts.normalised,
      columnsNotAllowed: checked.columns.filter((c) => c.verdict === 'notAllowed').map((c) => c.heading),
      refused: refused.sort((a, b) => a.row - b.row),
    };
  } catch (error) {
    if (!isStationError(error)) throw error;
    const message = `${words(`error.${error.code}.title`, error.details)} ${words(`error.${error.code}.action`, error.details)}`;
    parts.say(`  ${name}: ${message} [${error.code}]`);
    return { ...empty, refusal: { code: error.code, message } };
  }
}

async function rowsOf(
  client: Client,
  importId: Parameters<Client['intake']['rows']>[0]['importId'],
  which: readonly ('faulty' | 'duplicate')[],
) {
  const rows = [];
  for (const choice of which) {
    for (let offset = 0; ; offset += PAGE) {
      const page = await client.intake.rows({ importId, which: choice, offset, limit: PAGE });
      rows.push(...page.rows);
      if (page.rows.length < PAGE) break;
    }
  }
  return rows;
}

/** Looks at the pages the sample rule asks for, then approves type by type. */
async function approveAll(parts: JourneyParts): Promise<number> {
  const { client } = parts.processes.station;
  let approved = 0;
  for (const type of await client.catalogue.types({})) {
    for (;;) {
      const { rows } = await client.review.queue({ typeId: type.id });
      if (rows.length === 0) break;
      const items = rows.flatMap(({ id, approvedHash }) => (approvedHash === null ? [] : [{ id, approvedHash }]));
      const { needed } = await client.review.sample({ ids: items.map((i) => i.id) });
      for (const { id } of items.slice(0, needed)) {
        // The hash shown is the hash of the very bytes on the screen.
        const file = await client.licences.file({ id });
        await client.review.shown({ id, approvedHash: file.sha256 });
      }
      const { outcomes } = await client.review.approve({ items, count: items.length });
      const done = outcomes.filter((o) => o.ok).length;
      approved += done;
      parts.say(
        `  ${parts.words('cli.approved', { type: parts.options.language === 'en' ? type.nameEn : type.name, count: done, shown: needed })}`,
      );
      if (done === 0) break;
    }
  }
  return approved;
}

async function sealAll(parts: JourneyParts): Promise<number> {
  const { station, tokenHost } = parts.processes;
  const { client } = station;
  let sealed = 0;
  for (const batch of (await client.sealing.batches({})).filter((b) => b.toSeal > 0)) {
    const grant = await client.sealing.prepare({ batchId: batch.id });
    // The PIN goes straight to the token host, never through the station.
    await tokenHost.client.token.login({ grantId: grant.grantId, pin: new TextEncoder().encode(parts.office.pin) });
    const job = await finish(
      parts,
      await client.sealing.start({ grantId: grant.grantId }),
      parts.words('cli.sealing', { seal: grant.sealName }),
    );
    sealed += job.done;
  }
  return sealed;
}

async function allLicences(client: Client): Promise<LicenceRow[]> {
  const rows: LicenceRow[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = await client.licences.find({ offset, limit: PAGE });
    rows.push(...page.rows);
    if (page.rows.length < PAGE) return rows;
  }
}

async function handOverAll(parts: JourneyParts): Promise<LicenceRow[]> {
  const { client } = parts.processes.station;
  const issued = (await allLicences(client)).filter((row) => row.state === 'issued' && !row.handedOver);
  for (const row of issued) {
    const collectorName = [...row.holderName].slice(0, 50).join('');
    await client.licences.handOver({
      id: row.id,
      handOver: { collector: 'holder', collectorName, identified: 'idCardSeen', paperSerial: null, given: ['print'], note: '' },
    });
  }
  const [first] = issued;
  if (first !== undefined) {
    const slip = await client.licences.slip({ id: first.id });
    writeFileSync(path.join(parts.options.outDir, 'hand-over-slip.pdf'), slip.bytes);
    const print = await client.licences.printCopy({ id: first.id, large: false });
    writeFileSync(path.join(parts.options.outDir, 'print-copy.pdf'), print.bytes);
  }
  return issued;
}

async function waitDelivered(client: Client, nowMs: () => number): Promise<void> {
  let progressAtMs = nowMs();
  let last = -1;
  for (;;) {
    const { counts } = await client.delivery.state({});
    if (counts.queued + counts.sending === 0) return;
    if (counts.acknowledged !== last) {
      last = counts.acknowledged;
      progressAtMs = nowMs();
    }
    if (nowMs() - progressAtMs > STUCK_MS) return;
    await sleep(POLL_MS);
  }
}

async function writeLicences(parts: JourneyParts): Promise<LicenceReport[]> {
  const { client } = parts.processes.station;
  const reports: LicenceReport[] = [];
  for (const row of (await allLicences(client)).reverse()) {
    const detail = await client.licences.view({ id: row.id });
    const item = detail.outbox.find((o) => o.kind === 'licence.issued');
    let file: string | null = null;
    if (detail.documentHash !== null) {
      const stored = await client.licences.file({ id: row.id });
      file = path.join('licences', row.typeId, stored.fileName);
      mkdirSync(path.join(parts.options.outDir, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(parts.options.outDir, file), stored.bytes);
    }
    reports.push({
      matterNumber: row.matterNumber,
      licenceNumber: row.number ?? '',
      identifier: detail.identifier ?? '',
      type: row.typeId,
      conclusionDay: row.conclusionDay,
      sealedAt: row.sealedAt,
      sameDay: row.late === null,
      lateReason: row.late === null ? null : row.late.code,
      file,
      sha256: detail.documentHash,
      receiptId: item?.receiptId ?? null,
      delivery: item?.state ?? null,
      handedOver: row.handedOver,
      problem: item?.problem ?? null,
    });
  }
  return reports;
}
