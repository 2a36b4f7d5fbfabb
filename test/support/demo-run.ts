// One run of `electron/cli/demo.ts` as a real child for each profile, shared by all tests of all layers: under out/test, made
// anew when any source changed (`npm test` begins by clearing that folder). Also runs it with any other options.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { DemoReport } from '../../electron/cli/demo-report.ts';
import { root } from './source-files.ts';

export const SAMPLES = path.join(root, 'resources/samples/applications');

const Ended = z.object({ code: z.number().nullable(), stdout: z.string(), stderr: z.string(), seconds: z.number() });
export type Ended = z.infer<typeof Ended>;

export function runDemo(args: readonly string[], language = 'zh_CN.UTF-8'): Promise<Ended> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'electron/cli/demo.ts'), ...args], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: language },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr, seconds: (performance.now() - begun) / 1_000 }));
  });
}

/** What a run depends on: every source by its content, big data files by size and time. */
function fingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of ['electron', 'native', 'resources']) {
    const files = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files.map((f) => path.join(f.parentPath, f.name)).sort()) {
      const { size, mtimeMs } = statSync(file);
      hash.update(file).update(size > 500_000 ? `${size} ${mtimeMs}` : readFileSync(file));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

export const demoProfiles = {
  training: { args: ['--token', 'software'] },
  // The library comes up while the batches are being sealed.
  acceptance: { args: ['--token', 'softhsm', '--library-down-for', '2'] },
} as const;
export type DemoProfile = keyof typeof demoProfiles;

export interface DemoRun extends Ended {
  readonly dir: string;
  readonly report: DemoReport;
}

/** The shared run; the first who asks waits for it. Layers run one after the other, and their files one at a time. */
export async function demoRun(profile: DemoProfile): Promise<DemoRun> {
  const parent = path.join(root, 'out/test/demo');
  const dir = path.join(parent, `${profile}-${fingerprint()}`);
  const endedPath = path.join(dir, 'ended.json');
  if (!existsSync(endedPath)) {
    for (const old of existsSync(parent) ? readdirSync(parent) : [])
      if (old.startsWith(`${profile}-`)) rmSync(path.join(parent, old), { recursive: true, force: true });
    mkdirSync(parent, { recursive: true });
    const ended = await runDemo([...demoProfiles[profile].args, '--input', SAMPLES, '--out', dir]);
    if (existsSync(dir)) {
      writeFileSync(`${endedPath}.new`, JSON.stringify(ended));
      renameSync(`${endedPath}.new`, endedPath);
    } else throw new Error(`the demonstration left nothing: ${ended.stderr}`);
  }
  const ended = Ended.parse(JSON.parse(readFileSync(endedPath, 'utf8')));
  const reportPath = path.join(dir, 'report.json');
  if (!existsSync(reportPath)) throw new Error(`no report: exit ${ended.code}; ${ended.stderr}; ${ended.stdout.slice(-500)}`);
  return { ...ended, dir, report: DemoReport.parse(JSON.parse(readFileSync(reportPath, 'utf8'))) };
}

const Expected = z.record(
  z.string(),
  z.object({
    title: z.string(),
    rows: z.number(),
    faults: z.array(z.object({ row: z.number(), matter: z.string(), fault: z.string(), firstRow: z.number().optional() })),
    columnsNotAllowed: z.array(z.string()),
  }),
);
export const expectedFaults = () => Expected.parse(JSON.parse(readFileSync(path.join(SAMPLES, 'expected.json'), 'utf8')));
