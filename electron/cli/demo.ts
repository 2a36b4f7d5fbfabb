// `npm run demo`: the main job without a window, on real processes: import, submit, approve, seal, hand over, queue while
// the library is down, deliver, keep receipts. Its workspace is a demonstration's and can never become another.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { isStationError } from '../contract/station-error.ts';
import type { Log } from '../rpc/log.ts';
import { demoClock, instantOf, systemClock, toInstant } from '../station/platform/clock.ts';
import { systemRandomness } from '../station/platform/ids.ts';
import { loadWords, type Words } from '../station/platform/words.ts';
import { makeOffice } from '../training/make-office.ts';
import { registerWithLibrary } from '../training/register-with-library.ts';
import { runJourney } from './demo-journey.ts';
import { type DemoOptions, readDemoOptions } from './demo-options.ts';
import { type DemoReport, table } from './demo-report.ts';
import { libraryProcess } from './library-process.ts';
import { startProcesses } from './processes.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');

/** Put into every folder a demonstration made, so that it only ever clears its own. */
const MARK = '.banjie-demo';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** An empty folder, or one an earlier demonstration made; anything else is left alone. */
function clearOutDir(outDir: string): boolean {
  if (existsSync(outDir) && readdirSync(outDir).length > 0 && !existsSync(path.join(outDir, MARK))) return false;
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  writeFileSync(path.join(outDir, MARK), '');
  return true;
}

async function main(options: DemoOptions, words: Words): Promise<number> {
  const profile = options.token === 'software' ? 'training' : 'acceptance';
  if (!clearOutDir(options.outDir)) {
    console.error(words('cli.wrong.out', { value: options.outDir }));
    return 2;
  }
  const say = (text: string): void => console.log(text);
  say(words('cli.begin', { profile: words(`profile.${profile}`), today: options.today }));
  const startedAtMs = systemClock.nowMs();
  const clock = demoClock(options.today, startedAtMs, systemClock);
  const port = await freePort();
  const resourcesDir = path.join(projectDir, 'resources');
  const officeDir = path.join(options.outDir, 'office');
  mkdirSync(officeDir, { recursive: true });
  const office = await makeOffice(profile, {
    dir: officeDir,
    now: instantOf(clock),
    randomness: systemRandomness,
    resourcesDir,
    libraryUrl: `http://127.0.0.1:${port}`,
  });
  writeFileSync(path.join(options.outDir, 'ca.pem'), office.caPem);
  const libraryDir = path.join(options.outDir, 'library');
  registerWithLibrary(libraryDir, office);

  const logPath = path.join(options.outDir, 'station.log');
  const log: Log = (level, event, fields) => {
    if (level !== 'debug')
      writeFileSync(logPath, `${JSON.stringify({ at: instantOf(systemClock), level, event, ...fields })}\n`, { flag: 'a' });
  };
  const processes = await startProcesses(
    {
      workspaceDir: path.join(options.outDir, 'workspace'),
      resourcesDir,
      databaseKey: systemRandomness.bytes(32),
      profile,
      demoToday: options.today,
      softwareVersion: version(),
      sync: { auto: true },
    },
    office.tokenHost,
    { projectDir, log, tokenHostEnvironment: office.tokenHostEnvironment },
  );
  try {
    const { client } = processes.station;
    const session = await client.station.setUpOffice({
      file: new Uint8Array(readFileSync(office.provisioningPath)),
      fingerprint: office.authorityFingerprint,
    });
    const library = libraryProcess({
      projectDir,
      dir: libraryDir,
      port,
      profile,
      clockOffsetMs: Date.parse(session.now) - systemClock.nowMs(),
    });
    try {
      const journey = await runJourney({ processes, office, options, words, say, library, nowMs: () => performance.now() });
      const report: DemoReport = {
        product: `Banjie ${version()}`,
        profile,
        token: options.token,
        today: options.today,
        startedAt: toInstant(startedAtMs),
        ...journey,
        trustAnchor: 'ca.pem',
      };
      writeFileSync(path.join(options.outDir, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
      printTable(report, words, say);
      say(words('cli.files', { dir: options.outDir }));
      return report.counts.acknowledged === report.counts.accepted && report.counts.accepted > 0 ? 0 : 1;
    } finally {
      await library.stop();
    }
  } finally {
    await processes.close();
  }
}

function printTable(report: DemoReport, words: Words, say: (text: string) => void): void {
  const header = ['file', 'type', 'rows', 'accepted', 'normalised', 'refused', 'delivered'].map((key) => words(`cli.column.${key}`));
  const delivered = (type: string | null): string =>
    type === null ? '0' : String(report.licences.filter((l) => l.type === type && l.receiptId !== null).length);
  const rows = report.files.map((f) =>
    [f.file, f.typeName ?? words('cli.notTaken'), f.rows, f.accepted, f.normalised, f.refused.length, delivered(f.type)].map(String),
  );
  say(`\n${table([header, ...rows])}\n`);
  for (const file of report.files) {
    if (file.refusal !== null) say(`  ${file.file}: ${file.refusal.message}`);
    for (const { row, message } of file.refused) say(`  ${words('cli.refusedRow', { file: file.file, row, message })}`);
  }
  say(
    `\n${table(report.timings.map(({ stage, seconds, items }) => [words(`cli.stage.${stage}`), `${seconds.toFixed(2)} s`, items === 0 ? '' : `${(items / Math.max(seconds, 0.001)).toFixed(0)} /s`]))}`,
  );
  const { sealed, sameDay, late, acknowledged, accepted, refused } = report.counts;
  say(`\n${words('cli.end', { accepted, refused, sealed, sameDay, late, acknowledged })}`);
}

const version = (): string =>
  String((JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')) as { version: string }).version); // our own package.json

const language = process.env.LC_ALL ?? process.env.LANG ?? '';
const options = readDemoOptions(process.argv.slice(2), projectDir, language);
if ('wrong' in options) {
  console.error(
    loadWords(path.join(projectDir, 'resources'), language.startsWith('zh') ? 'zh' : 'en')(`cli.wrong.${options.wrong}`, {
      value: options.value,
    }),
  );
  process.exitCode = 2;
} else {
  const words = loadWords(path.join(projectDir, 'resources'), options.language);
  process.exitCode = await main(options, words).catch((error: unknown) => {
    if (!isStationError(error)) throw error;
    console.error(
      `${words(`error.${error.code}.title`, error.details)} ${words(`error.${error.code}.action`, error.details)} [${error.code}]`,
    );
    return 1;
  });
}
