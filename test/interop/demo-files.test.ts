// What the demonstration left, judged by tools nobody here wrote.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LicenceReport } from '../../electron/cli/demo-report.ts';
import { LicenceType } from '../../electron/contract/catalogue.ts';
import { headingKey } from '../../electron/station/catalogue/heading-key.ts';
import { readTable } from '../../electron/station/intake/read-table.ts';
import { type DemoProfile, type DemoRun, demoProfiles, demoRun, SAMPLES } from '../support/demo-run.ts';
import { opensslCms, pdfsig, qpdfCheck, trustStore } from '../support/judges.ts';
import { root } from '../support/source-files.ts';
import { rasterise } from './rasterise.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 240_000 });

const TYPES = ['zhaijidi', 'guihua', 'caifa', 'xiaozuofang'] as const;
const typeOf = (id: string) =>
  LicenceType.parse(JSON.parse(readFileSync(path.join(root, 'resources/catalogue/types', `${id}.json`), 'utf8')));

/** Matter number → holder's name as the register has it, read from the file itself. */
async function namesIn(file: string, type: LicenceType): Promise<ReadonlyMap<string, string>> {
  const { sheets } = await readTable(file, new Uint8Array(readFileSync(path.join(SAMPLES, file))));
  const keysOf = (headings: readonly string[]) => new Set(headings.map(headingKey));
  const holder = type.items.find((item) => item.key === type.holder.name);
  const wanted = {
    matter: keysOf([type.matter.number.name, ...type.matter.number.aliases]),
    name: keysOf([holder?.name ?? '', ...(holder?.aliases ?? [])]),
  };
  for (const { rows } of sheets) {
    for (const [at, { cells }] of rows.entries()) {
      const matter = cells.findIndex((c) => wanted.matter.has(headingKey(c)));
      const name = cells.findIndex((c) => wanted.name.has(headingKey(c)));
      if (matter >= 0 && name >= 0)
        return new Map(rows.slice(at + 1).map((r) => [(r.cells[matter] ?? '').trim(), (r.cells[name] ?? '').trim()]));
    }
  }
  throw new Error(`no headings in ${file}`);
}

/** Only what is printed exactly as it came: no spaces, no full-width forms. */
const isPlain = (name: string) => name.normalize('NFKC') === name && !/\s/.test(name) && name.length > 1;

describe.each(Object.keys(demoProfiles) as DemoProfile[])('files of the demonstration in profile %s', (profile) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'banjie-judged-'));
  let run: DemoRun;
  let store: string;
  const names = new Map<string, string>();
  const sample = new Map<string, LicenceReport[]>();
  beforeAll(async () => {
    run = await demoRun(profile);
    store = trustStore(dir, path.join(run.dir, 'ca.pem'));
    for (const { file, type } of run.report.files) {
      if (type === null) continue;
      for (const [matter, name] of await namesIn(file, typeOf(type))) names.set(`${type} ${matter}`, name);
    }
    for (const type of TYPES) {
      const plain = run.report.licences.filter((l) => l.type === type && isPlain(names.get(`${type} ${l.matterNumber}`) ?? ''));
      // First, middle and last: they differ in batch position, day and length.
      sample.set(
        type,
        [plain[0], plain[Math.floor(plain.length / 2)], plain.at(-1)].filter((l) => l !== undefined),
      );
    }
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const each = (type: string, judge: (pdfPath: string, licence: LicenceReport) => void) => {
    const chosen = sample.get(type) ?? [];
    expect(chosen).toHaveLength(3);
    for (const licence of chosen) judge(path.join(run.dir, licence.file ?? ''), licence);
  };

  it.each(TYPES)('%s: pdfsig trusts the signature over the whole file', (type) => {
    each(type, (pdf) => {
      const said = pdfsig(store, pdf);
      expect(said).toContain('Signature is Valid');
      expect(said).toContain('Certificate is Trusted');
      expect(said).toContain('Total document signed');
    });
  });

  it.each(TYPES)('%s: openssl cms verifies it against ca.pem', (type) => {
    each(type, (pdf) => {
      const { status, output } = opensslCms(dir, path.join(run.dir, 'ca.pem'), readFileSync(pdf));
      expect([status, output]).toEqual([0, expect.stringMatching(/success/i)]);
    });
  });

  it.each(TYPES)('%s: a changed byte is found by both', (type) => {
    const [licence] = sample.get(type) ?? [];
    const bytes = readFileSync(path.join(run.dir, licence?.file ?? ''));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    mkdirSync(path.join(dir, 'changed'), { recursive: true });
    expect(opensslCms(path.join(dir, 'changed'), path.join(run.dir, 'ca.pem'), bytes).status).not.toBe(0);
  });

  it.each(TYPES)('%s: pdftotext finds the holder’s name and the number', (type) => {
    each(type, (pdf, { matterNumber, licenceNumber }) => {
      const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).replace(/\s/g, '');
      expect(text).toContain(names.get(`${type} ${matterNumber}`));
      expect(text).toContain(licenceNumber.replace(/\s/g, ''));
    });
  });

  it.each(TYPES)('%s: pdftoppm shows ink where the Chinese stands, and a red seal', (type) => {
    each(type, (pdf) => {
      const { pixels, width, height } = rasterise(pdf, 60, 'rgb');
      let dark = 0;
      let red = 0;
      for (let at = 0; at < pixels.length; at += 3) {
        const [r = 255, g = 255, b = 255] = [pixels[at], pixels[at + 1], pixels[at + 2]];
        if (r < 90 && g < 90 && b < 90) dark += 1;
        if (r > 170 && g < 110 && b < 110) red += 1;
      }
      expect(dark / (width * height), 'black').toBeGreaterThan(0.003);
      expect(red / (width * height), 'red').toBeGreaterThan(0.0005);
    });
  });

  it.each(TYPES)('%s: qpdf finds nothing to complain of', (type) => {
    each(type, (pdf) => expect(qpdfCheck(pdf)).toMatchObject({ status: 0 }));
  });
});
