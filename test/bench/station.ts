// `npm run bench:station [-- --quick]`: the station's figures, each with its aim or its floor beside it, from this machine and
// this run. It never says pass or fail: seconds depend on who else is working here, and so the load stands at the top.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../../electron/cli/demo-report.ts';
import { buildAll } from '../../electron/tooling/build.ts';
import { NoElectron, resolveElectron } from '../../electron/tooling/electron-runtime.ts';
import { SOFTHSM_MODULE } from '../../electron/training/make-softhsm-tokens.ts';
import { fillWorkspace } from '../support/fill-workspace.ts';
import { root } from '../support/source-files.ts';
import { measureImport } from './importing.ts';
import { startProcesses } from './processes.ts';
import { measureFsync, measureSealing } from './sealing.ts';
import { measureSearch } from './search.ts';
import { measureBareElectron, measureWindow, type ProcessMemory } from './window.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const plan = values.quick
  ? { sizes: [0, 5_000], windowSizes: [5_000], importRows: 300, sealed: 40, searches: 10, fsyncs: 50 }
  : { sizes: [0, 100_000, 1_000_000], windowSizes: [0, 100_000], importRows: 10_000, sealed: 400, searches: 40, fsyncs: 300 };

const benchDir = path.join(root, 'out/bench');
const workDir = path.join(benchDir, 'work');
const DOCUMENT_BYTES = 70_000;

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(2)} s`;
const perSecond = (value: number): string => `${value.toFixed(0)} /s`;
const mb = (value: number): string => `${value.toFixed(0)} MB`;
const many = (count: number): string => count.toLocaleString('en');

function show(title: string, rows: readonly (readonly [what: string, measured: string, beside: string])[]): void {
  console.log(`\n${title}\n${table([['', 'measured', 'aim or floor'], ...rows])}`);
}

async function floor(): Promise<void> {
  show('The machine', [
    [`a file of ${DOCUMENT_BYTES / 1_000} kB written and synced`, perSecond(measureFsync(workDir, DOCUMENT_BYTES, plan.fsyncs)), 'itself'],
  ]);
}

async function startAndSearch(): Promise<void> {
  for (const size of plan.sizes) {
    const made = await fillWorkspace(benchDir, size);
    const processes = await startProcesses(made.config, made.office);
    try {
      show(`The station with ${many(size)} licences`, [
        ['from its start to its first answer', seconds(processes.stationStartMs), 'within ≤ 1.0 s'],
      ]);
      if (size === 0) continue;
      await processes.signIn('clerk');
      const { typed, kinds, others } = await measureSearch(processes, size, plan.searches);
      show(`Finding among ${many(size)} licences, p50 and p95`, [
        ...[typed, ...kinds, ...others].map(
          ({ what, p50Ms, p95Ms }) => [what, `${ms(p50Ms)}  ${ms(p95Ms)}`, what === typed.what ? 'p95 ≤ 30 ms at a million' : ''] as const,
        ),
      ]);
    } finally {
      await processes.close();
    }
  }
}

async function importing(): Promise<void> {
  const made = await fillWorkspace(path.join(workDir, 'import'), 0);
  const processes = await startProcesses(made.config, made.office);
  try {
    await processes.signIn('clerk');
    for (const format of ['csv', 'xlsx'] as const) {
      const f = await measureImport(processes, format, plan.importRows);
      show(`A register of ${many(plan.importRows)} rows, ${format}`, [
        ['read and recognised', perSecond(f.openRowsPerSecond), ''],
        ['checked', perSecond(f.checkRowsPerSecond), ''],
        ['entered, numbered, rendered, stored', perSecond(f.acceptRowsPerSecond), ''],
        ['all of it', perSecond(f.rowsPerSecond), ''],
        ['longest stall of the station', ms(f.longestStallMs), '≤ 50 ms'],
      ]);
    }
  } finally {
    await processes.close();
  }
}

async function sealing(): Promise<void> {
  const runs = [
    ['software token, RSA', 'training', 'RSA-SHA256'],
    ['SoftHSM, RSA', 'acceptance', 'RSA-SHA256'],
    ['SoftHSM, ECDSA', 'acceptance', 'ECDSA-P256-SHA256'],
  ] as const;
  for (const [what, profile, algorithm] of runs) {
    if (profile === 'acceptance' && !existsSync(SOFTHSM_MODULE)) {
      console.log(`\n${what}: no SoftHSM on this machine`);
      continue;
    }
    const f = await measureSealing(workDir, profile, algorithm, plan.sealed);
    const eachMs = 1_000 / f.licencesPerSecond;
    show(`Sealing ${many(plan.sealed)} licences, ${what}`, [
      ['licences', perSecond(f.licencesPerSecond), `key alone ${perSecond(f.signaturesPerSecond)}`],
      ...f.split.map(([stage, each]) => [`  ${stage}`, ms(each), `${((each / eachMs) * 100).toFixed(0)} % of ${ms(eachMs)}`] as const),
      ['longest stall of the station', ms(f.longestStallMs), '≤ 50 ms'],
      ['database, bytes a licence', `${(f.mainBytes / 1_000).toFixed(1)} kB`, ''],
      ['documents, bytes a licence', `${(f.documentBytes / 1_000).toFixed(0)} kB`, ''],
    ]);
  }
}

async function window(): Promise<void> {
  try {
    await resolveElectron();
  } catch (error) {
    if (!(error instanceof NoElectron)) throw error;
    console.log(`\nThe window: ${error.message}`);
    return;
  }
  const bare = await measureBareElectron();
  const sum = (memory: readonly ProcessMemory[]): number => memory.reduce((total, { pssMb }) => total + pssMb, 0);
  for (const size of plan.windowSizes) {
    const { baseDir } = await fillWorkspace(benchDir, size);
    // A copy: the program gives the office its own library and delivers.
    const copy = path.join(workDir, `window-${size}`);
    cpSync(baseDir, copy, { recursive: true });
    // The first start of a copy makes the next package of its office; starts of every day come after.
    await measureWindow(copy);
    const f = await measureWindow(copy);
    show(`The window with ${many(size)} licences`, [
      ['from the start to the sign-in form', seconds(f.signInFormMs), '≤ 1.0 s'],
      ['from signing in to Today', seconds(f.todayMs), 'one passphrase check within'],
      ['longest task of the page', ms(f.longestTaskMs), '≤ 50 ms'],
      ['memory beyond a bare Electron (PSS)', mb(sum(f.memory) - sum(bare)), '≤ 300 MB'],
      ...f.memory.map(({ what, pssMb, rssMb }) => {
        const same = bare.find((one) => one.what === what);
        return [
          `  ${what}, PSS and RSS`,
          `${mb(pssMb)}  ${mb(rssMb)}`,
          same === undefined ? '' : `bare ${mb(same.pssMb)}  ${mb(same.rssMb)}`,
        ] as const;
      }),
    ]);
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Without a display this program starts itself again under a virtual one. */
function underDisplay(): boolean {
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return true;
  const args = ['-a', '-s', '-screen 0 1920x1080x24', process.execPath, import.meta.filename, ...process.argv.slice(2)];
  const { status, error } = spawnSync('xvfb-run', args, { stdio: 'inherit' });
  if (error !== undefined) {
    console.log('no display and no xvfb-run: figures without the window');
    return true;
  }
  process.exitCode = status ?? 1;
  return false;
}

if (underDisplay()) {
  await buildAll((line) => console.log(line));
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(workDir, { recursive: true });
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }; // our own package.json
  console.log(
    `Banjie ${version}, Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${loadavg()
      .map((load) => load.toFixed(2))
      .join(' ')} at the start`,
  );
  await floor();
  await startAndSearch();
  await importing();
  await sealing();
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) await window();
  rmSync(workDir, { recursive: true, force: true });
  console.log(`\nload ${loadavg()[0]?.toFixed(2)} at the end`);
}
