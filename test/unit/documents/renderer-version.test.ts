import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRenderer, RENDERER_VERSION } from '../../../electron/station/documents/renderer.ts';
import { aFace, FONTS, TYPE_IDS } from './a-face.ts';

/**
 * What this renderer version makes of the four sample faces. An approved hash is a function of the version, so output may not
 * change under one name. Until the first release nobody holds such a document and the pins may simply be written anew; after
 * it they may not.
 */
const PINNED = {
  version: 'banjie-pdf-1',
  released: false,
  hashes: {
    zhaijidi: '463b69533f931d4bb5a3ce6840f1d0f42d593a7279b262f1e131e459b1e1106f',
    guihua: '09844e40d6d96d7ec2f1567c681197b2be56fcc17340f510bde2e8c63a9dd7be',
    caifa: '6cfc3c18fda3da78b45794255e6c17e8072e03984a5892e6721a751dfa5ea584',
    xiaozuofang: '930454a8252a9a2cbbc691f89a885768aaaf21bd281c9bccd31fcd7000ee43b5',
  },
} as const;

const WHAT_TO_DO = PINNED.released
  ? `The bytes of a licence changed. Documents approved by ${PINNED.version} must stay what they are: keep that version, give the change a new RENDERER_VERSION, and pin that.`
  : `The bytes of a licence changed. ${PINNED.version} is not released: if the change is meant, pin these hashes here. After the release a change needs a new RENDERER_VERSION, with the old one kept.`;

const dir = mkdtempSync(path.join(tmpdir(), 'reproduce-'));
const script = path.join(dir, 'render.mjs');
const SYSTEM_NODE = '/usr/bin/node';

/** Hashes of the four faces by another process, in the order asked for. */
function renderedBy(node: string, ids: readonly string[], env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const printed = execFileSync(node, [script, FONTS.fontsDir, FONTS.templatesDir, ...ids], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin', ...env },
  });
  return Object.fromEntries(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
}

beforeAll(() => {
  const here = import.meta.dirname;
  const renderer = path.resolve(here, '../../../electron/station/documents/renderer.ts');
  buildSync({
    stdin: {
      contents: `
        import { createRenderer } from ${JSON.stringify(renderer)};
        import { aFace } from ${JSON.stringify(path.join(here, 'a-face.ts'))};
        const [fontsDir, templatesDir, ...ids] = process.argv.slice(2);
        const renderer = createRenderer({ fontsDir, templatesDir });
        for (const id of ids) console.log(id, renderer.render(aFace(id)).approvedHash);`,
      resolveDir: here,
      loader: 'ts',
    },
    define: { 'import.meta.dirname': JSON.stringify(here) },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  });
});

describe('documents.rendererVersion', () => {
  const renderer = createRenderer(FONTS);
  const hashes = Object.fromEntries(TYPE_IDS.map((id) => [id, renderer.render(aFace(id)).approvedHash]));

  it('names every change of output', () => {
    expect(RENDERER_VERSION).toBe(PINNED.version);
    expect(hashes, WHAT_TO_DO).toEqual(PINNED.hashes);
  });

  it('makes the same bytes in another time zone, locale and order', () => {
    const env = { TZ: 'America/New_York', LC_ALL: 'de_DE.UTF-8', LANG: 'C' };
    expect(renderedBy(process.execPath, [...TYPE_IDS].reverse(), env)).toEqual(hashes);
  });

  it.skipIf(!existsSync(SYSTEM_NODE))('makes the same bytes on another release of Node, with another zlib', () => {
    const version = execFileSync(SYSTEM_NODE, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
    console.log(`rendered by Node ${process.version} and ${version}`);
    expect(renderedBy(SYSTEM_NODE, TYPE_IDS, { TZ: 'Asia/Shanghai' })).toEqual(hashes);
  });
});
