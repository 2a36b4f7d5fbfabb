// `npm test`: types, lint, the import table, then every layer of tests, one after the other, each with its seconds.
// Ends with the one line `N passed, N failed`; exits non-zero on any failure. Must not retry anything.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { buildAll } from './build.ts';

const root = path.resolve(import.meta.dirname, '../..');
const bin = path.join(root, 'node_modules/.bin');
const resultsDir = path.join(root, 'out/test');

interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
}

/** The order is from cheap to dear: what fails early costs least. Those with `display` run under a virtual one. */
const layers = [
  { name: 'unit', display: false },
  { name: 'store', display: false },
  { name: 'process', display: false },
  { name: 'token', display: false },
  { name: 'interop', display: false },
  { name: 'faults', display: false },
  { name: 'e2e', display: true },
] as const;

/** No layer takes a quarter of this; only what hangs for ever is cut off, and counts as failed. */
const HANG_MS = 20 * 60_000;

/** The part of vitest's JSON report that is counted. */
const Report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number() });

async function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      // Its own group, so that what hangs ends with everything it started.
      detached: true,
      // NODE_ENV: the window's build, made in this process, sets it to production.
      env: { ...process.env, NODE_ENV: 'test', PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
    });
    const end = (signal: NodeJS.Signals) => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
    };
    const interrupted = () => end('SIGINT');
    process.on('SIGINT', interrupted);
    const hung = setTimeout(() => {
      console.error(`${command} did not end in ${HANG_MS / 60_000} minutes and was killed`);
      end('SIGKILL');
    }, HANG_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(hung);
      process.off('SIGINT', interrupted);
      resolve(code ?? 1);
    });
  });
}

async function check(name: string, work: () => Promise<boolean>): Promise<Outcome> {
  const begun = performance.now();
  const passed = await work();
  return said({ name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, seconds: secondsSince(begun) });
}

async function layer({ name, display }: (typeof layers)[number]): Promise<Outcome> {
  const begun = performance.now();
  const reportPath = path.join(resultsDir, `${name}.json`);
  const args = [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--project',
    name,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
  ];
  const vitest = path.join(bin, 'vitest');
  const code = display ? await run('xvfb-run', ['-a', '-s', '-screen 0 1920x1080x24', vitest, ...args]) : await run(vitest, args);
  const report = existsSync(reportPath) ? Report.parse(JSON.parse(readFileSync(reportPath, 'utf8'))) : null;
  const passed = report?.numPassedTests ?? 0;
  const failed = report?.numFailedTests ?? 0;
  const skipped = report?.numPendingTests ?? 0;
  if (skipped > 0) console.log(`${skipped} skipped`);
  // A file that does not load, or a layer whose tests all vanished, has no failed test to count: it counts as one.
  const brokeOtherwise = failed === 0 && (code !== 0 || passed === 0);
  return said({ name, passed, failed: brokeOtherwise ? 1 : failed, seconds: secondsSince(begun) });
}

function said(outcome: Outcome): Outcome {
  const { name, passed, failed, seconds } = outcome;
  console.log(`== ${name}: ${passed} passed, ${failed} failed, ${seconds.toFixed(1)} s\n`);
  return outcome;
}

const secondsSince = (begun: number) => (performance.now() - begun) / 1000;

function hasTests(name: string): boolean {
  const dir = path.join(root, 'test', name);
  return existsSync(dir) && readdirSync(dir, { recursive: true }).some((file) => /\.test\.tsx?$/.test(String(file)));
}

async function isBuilt(): Promise<boolean> {
  try {
    await buildAll((line) => console.log(line));
    return true;
  } catch (error) {
    console.error(error);
    return false;
  }
}

async function main(): Promise<boolean> {
  rmSync(resultsDir, { recursive: true, force: true });
  mkdirSync(resultsDir, { recursive: true });
  const only = process.argv.slice(2);
  const chosen = layers.filter(({ name }) => hasTests(name) && (only.length === 0 || only.includes(name)));
  const outcomes: Outcome[] = [];
  if (only.length === 0) {
    outcomes.push(await check('types', async () => (await run(path.join(bin, 'tsc'), ['-b', '--force'])) === 0));
    outcomes.push(await check('lint', async () => (await run(path.join(bin, 'biome'), ['check', '--error-on-warnings', '.'])) === 0));
  }
  outcomes.push(await check('build', isBuilt));
  for (const one of chosen) outcomes.push(await layer(one));
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  console.log(`${'layer'.padEnd(10)}passed  failed  seconds`);
  for (const { name, passed, failed, seconds } of outcomes)
    console.log(`${name.padEnd(10)}${String(passed).padStart(6)}${String(failed).padStart(8)}${seconds.toFixed(1).padStart(9)}`);
  console.log(`${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`);
  return outcomes.every(({ failed }) => failed === 0);
}

process.exitCode = (await main()) ? 0 : 1;
