// Rendered licences of every type, sealed, judged by tools nobody here wrote. Certificates are not judged here (they hang on the
// machine's clock): signature.test.ts does that.

import { X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { approvedHashOf } from '../../electron/station/documents/signature-place.ts';
import { mutoolSign, pdfsig, qpdfCheck, trustStore } from '../support/judges.ts';
import { aSigner, sealSample } from '../support/sealed-sample.ts';
import { aFace, FONTS, TYPE_IDS } from '../unit/documents/a-face.ts';

const dir = mkdtempSync(join(tmpdir(), 'render-sealed-'));
const signer = aSigner('RSA-SHA256');
const caPath = join(dir, 'ca.pem');
const renderer = createRenderer(FONTS);
let store = '';

beforeAll(() => {
  writeFileSync(caPath, new X509Certificate(signer.root).toString());
  store = trustStore(dir, caPath);
});

describe('interop.render.sealed', () => {
  it.each(TYPE_IDS)('a sealed %s is valid and whole to every tool, and keeps its approved hash', (id) => {
    const document = renderer.render(aFace(id));
    const sealed = sealSample(signer, document.bytes, document.approvedHash);
    expect(approvedHashOf(sealed)).toBe(document.approvedHash);
    const place = join(dir, `${id}.pdf`);
    writeFileSync(place, sealed);
    const said = pdfsig(store, place);
    expect(said).toContain('Signature is Valid.');
    expect(said).toContain('Total document signed');
    expect(said).toContain('ETSI.CAdES.detached');
    expect(mutoolSign(place)).toContain('unchanged since signing');
    expect(qpdfCheck(place).status).toBe(0);
  });

  it('a sealed document changed by one bit in font, text, data or seal is refused by pdfsig', () => {
    const document = renderer.render(aFace('caifa'));
    const sealed = sealSample(signer, document.bytes, document.approvedHash);
    const text = Buffer.from(sealed).toString('latin1');
    for (const word of ['/FontFile2', '/StructParents', '/EmbeddedFile', '/BM/Multiply', 'pdfaid:part', '%PDF']) {
      const at = text.indexOf(word) + 2;
      expect(at).toBeGreaterThan(1);
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const place = join(dir, 'changed.pdf');
      writeFileSync(place, changed);
      expect(pdfsig(store, place)).not.toContain('Signature is Valid.');
    }
  });
});
