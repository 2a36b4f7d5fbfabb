// What the outside tools refuse and what they accept, beside ours: 200 seeded flips inside the byte range, which all must
// refuse, and the changes that only some see, printed as a table.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { approvedHashOf, locateSignature } from '../../electron/station/documents/signature-place.ts';
import { verifyDocument } from '../../electron/station/documents/verification/verify-document.ts';
import { bytes, latin1, objectText, signedUpdate, streamObject, update } from '../support/hostile-update.ts';
import { mutoolSign, opensslCms, pdfsig, qpdfCheck, trustStore } from '../support/judges.ts';
import { pdfBox } from '../support/pdfbox-judge.ts';
import { aSigner, sealSample, unsignedSample } from '../support/sealed-sample.ts';
import { seeded } from '../support/seeded.ts';
import { aFace, FONTS } from '../unit/documents/a-face.ts';

const dir = mkdtempSync(join(tmpdir(), 'banjie-flips-'));
const now = new Date(Date.now()).toISOString();
const issuer = aSigner('RSA-SHA256');
const other = aSigner('RSA-SHA256', {}, issuer);
const caPath = join(dir, 'ca.pem');
let store = '';
beforeAll(() => {
  writeFileSync(caPath, new X509Certificate(issuer.root).toString());
  store = trustStore(dir, caPath);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const TOOLS = ['pdfsig', 'openssl', 'mutool', 'PDFBox'] as const;
type Tool = (typeof TOOLS)[number];

/** Whether a tool takes the first signature for good. */
const accepts: Readonly<Record<Exclude<Tool, 'PDFBox'>, (path: string, pdf: Uint8Array) => boolean>> = {
  pdfsig: (path) => /Signature #1:[\s\S]*?Signature Validation: (.*)/.exec(pdfsig(store, path))?.[1] === 'Signature is Valid.',
  openssl: (_path, pdf) => /\/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]/.test(latin1(pdf)) && opensslCms(dir, caPath, pdf).status === 0,
  mutool: (path) => /unchanged since signing|valid but there have been edits/.test(mutoolSign(path)),
};

const ours = (pdf: Uint8Array) => verifyDocument(pdf, { trustAnchors: [issuer.root], at: new Date(Date.now()).toISOString() });

describe('interop.flips', () => {
  it('200 seeded flips inside the byte range are refused by every tool, and by ours', () => {
    const renderer = createRenderer(FONTS);
    const document = renderer.render(aFace('guihua'));
    const sealed = Buffer.from(sealSample(issuer, document.bytes, document.approvedHash, now));
    const { contents } = locateSignature(sealed);
    const next = seeded(200);
    const paths: string[] = [];
    const accepted: string[] = [];
    while (paths.length < 200) {
      const at = next(sealed.length);
      if (at >= contents.start - 1 && at <= contents.start + contents.length) continue;
      const flipped = Buffer.from(sealed);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << next(8));
      const path = join(dir, `flip-${paths.length}.pdf`);
      paths.push(path);
      writeFileSync(path, flipped);
      for (const tool of ['pdfsig', 'openssl', 'mutool'] as const) if (accepts[tool](path, flipped)) accepted.push(`${tool} ${at}`);
      if (ours(flipped).result !== 'invalid') accepted.push(`ours ${at}`);
    }
    pdfBox(paths.map((path) => ['verify', path])).forEach((answer, index) => {
      if (answer.startsWith('ok valid')) accepted.push(`PDFBox ${paths[index]}`);
    });
    expect(accepted).toEqual([]);
  }, 180_000);

  it('what they accept and ours refuses', () => {
    const unsigned = unsignedSample();
    const sealed = sealSample(issuer, unsigned, approvedHashOf(unsigned), now);
    const { contents } = locateSignature(sealed);
    const page = objectText(sealed, 3);
    const field = { 9: objectText(sealed, 9).replace('/F 132', '/F 132/V 50 0 R') };
    const overlay = streamObject('1 1 1 rg 0 0 595 842 re f', '/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<>>');
    const stamp = {
      3: page.replace('13 0 R]', '13 0 R 60 0 R]'),
      60: '<</Type/Annot/Subtype/Stamp/F 4/Rect[0 0 595 842]/AP<</N 61 0 R>>>>',
      61: overlay,
    };
    const padding = Buffer.from(sealed);
    padding.write('beef', contents.start + contents.length - 4, 'latin1');
    const certificate = Buffer.from(sealed);
    const rootAt = latin1(sealed).indexOf(Buffer.from(issuer.root.subarray(60, 80)).toString('hex'), contents.start);
    certificate.write(certificate[rootAt] === 0x30 ? '1' : '0', rootAt, 'latin1');
    const content = { 4: streamObject('BT /F1 24 Tf 72 700 Td (Licence 999999) Tj ET') };
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ['bytes in the padding of /Contents', padding],
      ['a bit of the enclosed root certificate', certificate],
      ['shadow replace: other page content, unsigned', update(sealed, { objects: content })],
      ['shadow hide: a surface over the page, unsigned', update(sealed, { objects: stamp })],
      [
        'hide and replace: another page tree, unsigned',
        update(sealed, {
          objects: { 2: '<</Type/Pages/Kids[62 0 R]/Count 1>>', 62: page.replace('4 0 R', '63 0 R'), 63: streamObject('') },
        }),
      ],
      ['other attached data, unsigned', update(sealed, { objects: { 16: streamObject('<b/>', '/Type/EmbeddedFile') } })],
      ['other metadata, unsigned', update(sealed, { objects: { 8: streamObject('<x/>', '/Type/Metadata/Subtype/XML') } })],
      [
        'other page content, signed by another',
        signedUpdate(sealed, other, 50, {
          objects: { ...field, ...content },
          entries: `/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:${now.replace(/\D/g, '').slice(0, 14)}Z)`,
        }),
      ],
      [
        'a stamp over the page, signed by another',
        signedUpdate(sealed, other, 50, {
          objects: { ...field, ...stamp },
          entries: `/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:${now.replace(/\D/g, '').slice(0, 14)}Z)`,
        }),
      ],
      ['objects behind the end, without a table', bytes(`${latin1(sealed)}4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n`)],
      ['a line end behind the end', bytes(`${latin1(sealed)}\n`)],
      ['bytes before the header', bytes(`x\n${latin1(sealed)}`)],
    ];
    const rows = cases.map(([what, pdf], index) => {
      const path = join(dir, `case-${index}.pdf`);
      writeFileSync(path, pdf);
      const { result, findings } = ours(pdf);
      const said = (['pdfsig', 'openssl', 'mutool'] as const).map((tool) => accepts[tool](path, pdf));
      return { what, path, said, qpdf: qpdfCheck(path).status === 0, result, codes: findings.map(({ code }) => code) };
    });
    const boxed = pdfBox(rows.map(({ path }) => ['verify', path])).map((answer) => answer.startsWith('ok valid'));
    const word = (isAccepted: boolean) => (isAccepted ? 'accepts' : 'refuses').padEnd(8);
    const lines = rows.map(
      ({ what, said, qpdf, result }, index) => `${what.padEnd(50)} ${[...said, boxed[index] ?? false, qpdf].map(word).join(' ')} ${result}`,
    );
    console.log(['', `${''.padEnd(50)} ${[...TOOLS, 'qpdf'].map((tool) => tool.padEnd(8)).join(' ')} ours`, ...lines, ''].join('\n'));
    for (const { what, result } of rows) expect(result, what).not.toBe('valid');
    // The table is worth its place only while the others differ from ours.
    expect(rows.filter(({ said }) => said.includes(true)).length).toBeGreaterThan(5);
  }, 60_000);
});
