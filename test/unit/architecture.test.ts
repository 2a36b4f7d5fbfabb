import { describe, expect, it } from 'vitest';
import { readSources, type SourceFile } from '../support/source-files.ts';

const sources = readSources(['electron', 'native', 'renderer']);

/** Folders of the station from the bottom up: each may use only those before it. `station.ts` and its neighbours wire them all. */
const stationOrder = [
  'platform',
  'catalogue',
  'documents',
  'store',
  'records',
  'office',
  'station-context.ts',
  'people',
  'signing',
  'jobs',
  'seals',
  'delivery',
  'licences',
  'intake',
  'sealing',
  'today',
  'system',
] as const;

const station = stationOrder.map((name, at) => ({
  folder: `electron/station/${name}`,
  mayUse: ['electron/contract', ...stationOrder.slice(0, at).map((lower) => `electron/station/${lower}`)],
  instead: `the station's folders know each other only downwards (${stationOrder.join(' < ')}): pass the value or the function in as an argument from station.ts`,
}));

interface Row {
  readonly folder: string;
  /** Own folders it may import from; itself always. */
  readonly mayUse: readonly string[];
  readonly instead: string;
}

/** The import table (ARCHITECTURE.md). The longest matching folder counts. */
const table: readonly Row[] = [
  { folder: 'electron/contract', mayUse: [], instead: 'the contract knows nobody: move what is shared into electron/contract' },
  {
    folder: 'electron/rpc',
    mayUse: ['electron/contract'],
    instead: 'rpc carries any contract and knows no process: pass it in as a Port or a handler',
  },
  {
    folder: 'electron/processes',
    mayUse: ['electron/contract', 'electron/rpc'],
    instead: 'a child is named by its file path, never imported',
  },
  {
    folder: 'electron/main',
    mayUse: ['electron/contract', 'electron/rpc', 'electron/processes'],
    instead: 'the shell does no work: ask the station for it by a call, or start the child by its file path',
  },
  ...station,
  {
    folder: 'electron/station',
    mayUse: ['electron/contract', 'electron/rpc'],
    instead: 'the station knows no shell, driver or window: they reach it through the contract',
  },
  {
    folder: 'electron/library',
    mayUse: ['electron/contract', 'electron/station/documents'],
    instead: 'the library judges what the station sends and must not share its code: only contract and station/documents',
  },
  {
    folder: 'electron/training',
    mayUse: [
      'electron/contract',
      'electron/rpc',
      'electron/station/documents',
      'electron/station/platform',
      'electron/station/signing',
      'native',
    ],
    instead: 'training makes offices and tokens only; whoever starts it hands it over to the station',
  },
  { folder: 'electron/tooling', mayUse: [], instead: 'set-up and build know no product code: start the program as a process' },
  {
    folder: 'electron/cli',
    mayUse: [
      'electron/contract',
      'electron/rpc',
      'electron/processes',
      'electron/training',
      'electron/tooling',
      'electron/station/platform',
      // Pure: files are verified and templates drawn without any workspace.
      'electron/station/documents',
    ],
    instead: 'the command line is a host of the same processes: call the station through its contract',
  },
  {
    folder: 'native',
    mayUse: ['electron/contract', 'electron/rpc'],
    instead: 'a driver knows the contract only: the station asks it by token.* calls',
  },
  {
    folder: 'renderer',
    mayUse: ['electron/contract', 'electron/rpc'],
    instead: 'the window knows the contract and the client half of rpc: make it a call',
  },
  {
    folder: 'renderer/station/fake',
    mayUse: ['electron/contract', 'electron/rpc', 'renderer/station'],
    instead: 'the made-up station of development knows the contract and rpc only',
  },
  {
    folder: 'renderer/dev.tsx',
    mayUse: ['electron/contract', 'renderer'],
    instead: 'the development page only puts the window on a made-up station',
  },
];

/** Packages and Node modules with one home. Everything else from npm is free within the table. */
const homes: readonly { readonly module: RegExp; readonly folders: readonly string[]; readonly instead: string }[] = [
  {
    module: /^better-sqlite3$/,
    folders: ['electron/station/store', 'electron/library'],
    instead: 'write a query in station/store/queries and call that',
  },
  { module: /^pkcs11js$/, folders: ['native/pkcs11'], instead: 'go through the gateway in native/pkcs11' },
  {
    module: /^electron(-updater)?$/,
    folders: ['electron/main'],
    instead: 'only the shell knows Electron: put it behind a call of the shell contract',
  },
  {
    module: /^node:(http|https|http2|net|tls)$/,
    folders: ['electron/station/delivery', 'electron/library', 'electron/cli', 'electron/training'],
    instead: 'only delivery speaks to the network',
  },
  {
    module: /^node:child_process$/,
    folders: ['electron/processes', 'electron/rpc/ports', 'electron/tooling', 'electron/cli', 'electron/training'],
    instead: 'start processes through electron/processes',
  },
  {
    module: /^(react|react-dom|antd|@ant-design\/.*|pdfjs-dist)(\/.*)?$/,
    folders: ['renderer'],
    instead: 'the window belongs in renderer',
  },
  {
    module: /^(esbuild|vite|@vitejs\/.*|@electron\/.*|yauzl)$/,
    folders: ['electron/tooling'],
    instead: 'building belongs in electron/tooling',
  },
];

const nodeFree = ['electron/contract', 'renderer'];

/** The half of rpc that serves, and the carriers that only Node has. */
const serverHalf = /^electron\/rpc\/(serve|authorise|child-entry|side-port|ports\/(child-process|utility-process|parent-port).*)\.ts$/;

/** What makes a function impure, and the only places where it may be touched. */
const impure = [
  { what: /\bDate\.now\b|\bnew Date\(\s*\)/, name: 'the time', instead: 'take a clock as an argument (station/platform)' },
  { what: /\bMath\.random\b/, name: 'chance', instead: 'take the randomness as an argument (station/platform)' },
  { what: /\brandomUUID\b/, name: 'a random id', instead: 'take an id maker as an argument (station/platform)' },
  { what: /\bprocess\.env\b/, name: 'the environment', instead: 'take the value as configuration from the host program' },
] as const;
const impureAllowed = [
  'electron/station/platform/',
  'native/token-host/main.ts',
  'electron/station/main.ts',
  'electron/main/',
  'electron/cli/',
  'electron/tooling/',
  'electron/library/main.ts',
  'electron/training/main.ts',
  'renderer/',
];

const within = (file: string, folder: string) => file === folder || file.startsWith(`${folder}/`);
const isOwn = (target: string) => /^(electron|native|renderer|test)\//.test(target);
const rowOf = (file: string): Row | undefined =>
  table.filter((row) => within(file, row.folder)).toSorted((a, b) => b.folder.length - a.folder.length)[0];

function mayImport(target: string, row: Row): boolean {
  if (within(target, 'test')) return false;
  if (rowOf(target) === row) return true;
  // station.ts, main.ts and their neighbours wire the folders.
  if (row.folder === 'electron/station') return within(target, 'electron/station') || row.mayUse.some((folder) => within(target, folder));
  return row.mayUse.some((folder) => within(target, folder)) && !(row.folder === 'renderer' && serverHalf.test(target));
}

function faultsOf(judge: (file: SourceFile) => readonly string[]): readonly string[] {
  return sources.flatMap(judge);
}

describe('the import table', () => {
  it('reads the sources it judges', () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(20);
  });

  it('gives every file a row', () => {
    expect(
      faultsOf(({ path }) =>
        rowOf(path) || path === 'electron/tooling/setup.mjs' ? [] : [`${path} is in a folder without a row in the import table: add one`],
      ),
    ).toEqual([]);
  });

  it('gives every folder of the station a place in the order', () => {
    const known = new Set<string>(stationOrder);
    const strangers = sources
      .flatMap(({ path }) => /^electron\/station\/([^/]+)\//.exec(path)?.[1] ?? [])
      .filter((name) => !known.has(name));
    expect(
      [...new Set(strangers)].map((name) => `electron/station/${name} has no place in the order of the station's folders: give it one`),
    ).toEqual([]);
  });

  it('is kept by every import of our own files', () => {
    expect(
      faultsOf((file) => {
        const row = rowOf(file.path);
        if (!row) return [];
        return file.imports
          .filter((target) => isOwn(target) && !mayImport(target, row))
          .map((target) => `${file.path} imports ${target}: ${row.instead}`);
      }),
    ).toEqual([]);
  });

  it('keeps packages in their one home', () => {
    expect(
      faultsOf((file) =>
        file.imports.flatMap((target) => {
          const home = homes.find(({ module }) => module.test(target));
          const allowed = !home || home.folders.some((folder) => within(file.path, folder));
          return allowed ? [] : [`${file.path} imports ${target}: ${home.instead}`];
        }),
      ),
    ).toEqual([]);
  });

  it('keeps Node out of the contract and the window', () => {
    expect(
      faultsOf((file) =>
        nodeFree.some((folder) => within(file.path, folder))
          ? file.imports
              .filter((target) => target.startsWith('node:'))
              .map((target) => `${file.path} imports ${target}: it runs in the window, where there is no Node; make it a call`)
          : [],
      ),
    ).toEqual([]);
  });

  it('has no cycle', () => {
    expect(cycles().map((ring) => `${ring.join(' → ')}: move what both need into a file that neither imports`)).toEqual([]);
  });
});

/** Every ring of imports, once, beginning with the file that comes first in the alphabet. */
function cycles(): readonly (readonly string[])[] {
  const edges = new Map(sources.map(({ path, imports }) => [path, imports.filter(isOwn)]));
  const done = new Set<string>();
  const rings: string[][] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) {
      rings.push([...trail.slice(at), file]);
      return;
    }
    if (done.has(file)) return;
    for (const target of edges.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of [...edges.keys()].sort()) visit(file, []);
  return rings;
}

describe('purity', () => {
  it('takes time, chance, ids and environment as arguments', () => {
    expect(
      faultsOf((file) =>
        impureAllowed.some((place) => file.path.startsWith(place))
          ? []
          : impure
              .filter(({ what }) => what.test(file.code))
              .map(({ name, instead }) => `${file.path} reaches for ${name} itself: ${instead}`),
      ),
    ).toEqual([]);
  });

  it('reaches the network from delivery only', () => {
    const places = ['electron/station/delivery/', 'electron/library/', 'electron/cli/', 'electron/tooling/', 'electron/main/', 'renderer/'];
    expect(
      faultsOf((file) =>
        /(?<![.\w])fetch\(/.test(file.code) && !places.some((place) => file.path.startsWith(place))
          ? [`${file.path} calls fetch: only delivery speaks to the network`]
          : [],
      ),
    ).toEqual([]);
  });
});

describe('files', () => {
  it('begin by saying what they are for and must not do', () => {
    expect(
      faultsOf(({ path, text }) =>
        within(path, 'renderer') || /^(#!.*\n)?\/\/ \S/.test(text)
          ? []
          : [`${path} has no head: begin with 1 to 6 comment lines, what it is responsible for and what it must not do`],
      ),
    ).toEqual([]);
  });

  it('have names that say something', () => {
    expect(
      faultsOf(({ path }) => {
        if (/\/(utils?|helpers?|common|misc)(\/|\.tsx?$)/.test(path)) return [`${path}: name it by what it does for the domain`];
        if (/\/index\.tsx?$/.test(path) && !path.endsWith('store/migrations/index.ts'))
          return [`${path}: no barrels, import the file itself`];
        return [];
      }),
    ).toEqual([]);
  });

  it('mostly stay under 400 lines', () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length })).filter(({ lines }) => lines > 400);
    for (const { path, lines } of long) console.warn(`${path} has ${lines} lines: it is asking for a better division`);
    expect(long.filter(({ lines }) => lines > 800)).toEqual([]);
  });
});
