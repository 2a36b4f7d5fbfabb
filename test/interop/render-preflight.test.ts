// The structure PDF/A wants, judged by Apache PDFBox preflight, which knows PDF/A-1b only: it must find nothing but what
// PDF/A-3 lifts. That is no proof of PDF/A-3b conformity: no validator for part 3 was to be had (veraPDF has not seen a file).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { aSigner, sealSample } from '../support/sealed-sample.ts';
import { aFace, FONTS, TYPE_IDS } from '../unit/documents/a-face.ts';
import { aPlan } from '../unit/documents/an-attachment.ts';

const JARS = [
  'preflight',
  'pdfbox2',
  'fontbox2',
  'xmpbox',
  'commons-logging',
  'commons-io',
  'jaxb-api',
  'javax.activation',
  'bcprov',
  'bcutil',
];

/** Everything preflight may say of our files, with the clause that allows it in part 3 (Spec: ISO 19005-3). */
const LIFTED: Readonly<Record<string, string>> = {
  '1.4.7': 'embedded files are allowed (§6.8)',
  '1.2.9': 'embedded files are allowed (§6.8)',
  '2.1.6': 'ICC profiles of version 4 are allowed (§6.2.4.2)',
  '2.2.1': 'transparency groups are allowed (§6.2.10)',
  '4.1.3': 'blend modes of PDF 1.7 are allowed (§6.2.10)',
  '3.1.11': 'a CIDSet is no longer demanded (§6.2.11.4.2)',
  '5.3.1': 'an annotation without an area, as the fields for later seals are, needs no appearance (§6.3.3)',
  '7.11.2': 'the part named in the metadata is 3, not 1',
};

const dir = mkdtempSync(path.join(tmpdir(), 'preflight-'));
const renderer = createRenderer(FONTS);
const signer = aSigner('RSA-SHA256');
const found = new Map<string, string[]>();

function file(name: string, bytes: Uint8Array): string {
  const place = path.join(dir, `${name}.pdf`);
  writeFileSync(place, bytes);
  found.set(name, []);
  return place;
}

beforeAll(() => {
  const jars = JARS.map((name) => `/usr/share/java/${name}.jar`);
  const missing = jars.filter((jar) => !existsSync(jar));
  if (missing.length > 0)
    throw new Error(`missing ${missing.join(', ')}: apt-get install libpdfbox2-java libjaxb-api-java libcommons-io-java libbcpkix-java`);
  const sealed = TYPE_IDS.map((id) => {
    const document = renderer.render(aFace(id));
    return file(id, sealSample(signer, document.bytes, document.approvedHash));
  });
  const training = file('training', renderer.render(aFace('caifa', { training: true })).bytes);
  const attached = file('attached', renderer.render(aFace('guihua', { attachments: [aPlan()] })).bytes);
  const broken = file(
    'broken',
    Buffer.from(
      Buffer.from(renderer.render(aFace('caifa')).bytes)
        .toString('latin1')
        .replace('/OutputIntents[', '/OutputIntentz['),
      'latin1',
    ),
  );
  const source = path.join(import.meta.dirname, 'java/Preflight.java');
  const said = execFileSync('java', ['-cp', jars.join(':'), source, ...sealed, training, attached, broken], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for (const line of said.trim().split('\n')) {
    const [place = '', code = '', detail = ''] = line.split('\t');
    found.get(path.basename(place, '.pdf'))?.push(`${code} ${detail}`);
  }
}, 120_000);

const codesOf = (name: string) => [...new Set((found.get(name) ?? []).map((line) => line.split(' ')[0] ?? ''))].sort();

describe('interop.render.preflight', () => {
  it.each([...TYPE_IDS, 'attached'])('finds in %s exactly what PDF/A-3 lifts', (name) => {
    expect(codesOf(name)).toEqual(Object.keys(LIFTED).sort());
  });

  it('finds nothing more in a training licence', () => {
    expect(codesOf('training')).toEqual(Object.keys(LIFTED).sort());
  });

  it('would have found a missing output intent', () => {
    expect(codesOf('broken').filter((code) => !(code in LIFTED)).length).toBeGreaterThan(0);
  });
});
