// Bundles the program into out/: shell, preloads, the child processes (esbuild) and the window (Vite).
// Must not run anything it built. Skips each half whose sources are unchanged since its last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const outDir = path.join(root, 'out');

/** Native modules stay in node_modules; Electron brings `electron` itself. */
const external = ['electron', 'better-sqlite3', 'pkcs11js'];

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  external,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  target: 'node20',
} as const satisfies BuildOptions;

/** Why CommonJS: privileged schemes must be registered before `ready`, and a sandboxed preload can be nothing else. */
const shell: BuildOptions = {
  ...shared,
  format: 'cjs',
  outdir: outDir,
  outExtension: { '.js': '.cjs' },
  entryPoints: {
    main: 'electron/main/main.ts',
    preload: 'electron/main/preload.ts',
    'pin-preload': 'electron/main/pin-preload.ts',
    'print-preload': 'electron/main/print-preload.ts',
  },
};

/** Child processes are ES modules; bundled CommonJS packages still ask for `require`. */
const children: BuildOptions = {
  ...shared,
  format: 'esm',
  outdir: outDir,
  outExtension: { '.js': '.mjs' },
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);",
  },
  entryPoints: {
    station: 'electron/station/main.ts',
    'token-host': 'native/token-host/main.ts',
    library: 'electron/library/main.ts',
    training: 'electron/training/main.ts',
  },
};

interface Half {
  readonly name: string;
  readonly sources: readonly string[];
  readonly run: () => Promise<unknown>;
}

const halves: readonly Half[] = [
  {
    name: 'shell and processes',
    sources: ['electron', 'native', 'resources/locales'],
    run: async () => {
      const { build } = await import('esbuild');
      await Promise.all([build(shell), build(children)]);
    },
  },
  {
    name: 'window',
    sources: ['renderer', 'electron/contract', 'electron/rpc', 'electron/tooling', 'resources/locales'],
    run: async () => {
      const { build } = await import('vite');
      await build({ configFile: path.join(root, 'electron/tooling/vite.config.ts'), logLevel: 'warn' });
    },
  },
];

/** Answers the names of the halves that had to be built. */
export async function buildAll(log: (line: string) => void): Promise<readonly string[]> {
  const built: string[] = [];
  for (const half of halves) {
    const stampPath = path.join(outDir, `.built-${half.name.replaceAll(' ', '-')}`);
    const stamp = fingerprint([...half.sources, 'package-lock.json']);
    if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) continue;
    const begun = performance.now();
    await half.run();
    mkdirSync(outDir, { recursive: true });
    writeFileSync(stampPath, stamp);
    built.push(half.name);
    log(`built ${half.name} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
  return built;
}

/** Names, sizes and times of change: reading 20 MB of sources would cost more than the start it saves. */
function fingerprint(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesUnder(path.join(root, source)))) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesUnder(source: string): readonly string[] {
  if (!existsSync(source)) return [];
  if (statSync(source).isFile()) return [source];
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

if (import.meta.main) {
  const built = await buildAll((line) => console.log(line));
  if (built.length === 0) console.log('everything is up to date');
}
