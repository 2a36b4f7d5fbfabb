// Files of every kind a licence may become, judged by tools nobody here wrote; and files other signers made, judged by ours.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { verifyDocument } from '../../electron/station/documents/verification/verify-document.ts';
import {
  addLongTermData,
  embedLater,
  prepareAnnotatedCopy,
  prepareSeal,
  prepareTimestamp,
} from '../../electron/station/signing/later-revisions.ts';
import { signRevision } from '../../electron/station/signing/sign-revision.ts';
import { timestampRequest, timestampToken } from '../../electron/station/signing/timestamp.ts';
import { mutoolSign, opensslTimestamp, pdfsig, pdfsigSign, qpdfCheck, trustStore } from '../support/judges.ts';
import { pdfBox } from '../support/pdfbox-judge.ts';
import { aRevocationList } from '../support/revocation-list.ts';
import { aSigner, revisionSigner, sealSample } from '../support/sealed-sample.ts';
import { type TimestampService, timestampService } from '../support/timestamp-service.ts';
import { aFace, FONTS } from '../unit/documents/a-face.ts';

const dir = mkdtempSync(join(tmpdir(), 'banjie-revisions-'));
const now = new Date(Date.now()).toISOString();
const issuer = aSigner('RSA-SHA256');
const nation = aSigner('ECDSA-P256-SHA256', {}, issuer);
const archivist = aSigner('RSA-SHA256', {}, issuer);
const other = aSigner('RSA-SHA256', {}, issuer);
const at = (name: string) => join(dir, `${name}.pdf`);
const KINDS = ['original', 'second seal', 'annotated copy', 'archive seal', 'kept for long', 'stamped'] as const;
const files = new Map<string, Uint8Array>();
const boxed = new Map<string, string>();
let store = '';
let service: TimestampService;
afterAll(() => rmSync(dir, { recursive: true, force: true }));

beforeAll(async () => {
  service = timestampService(join(dir, 'tsa'));
  writeFileSync(join(dir, 'ca.pem'), new X509Certificate(issuer.root).toString());
  store = trustStore(dir, join(dir, 'ca.pem'));
  const renderer = createRenderer(FONTS);
  const document = renderer.render(aFace('zhaijidi'));
  const original = sealSample(issuer, document.bytes, document.approvedHash, now);
  const second = await signRevision(prepareSeal(original, { signedAt: now }), revisionSigner(nation), now);
  const copy = { purpose: '申请农村危房改造补助', maker: '保康县政务服务中心', until: '20991231235959' };
  const annotated = await signRevision(
    prepareAnnotatedCopy(second, copy, { signedAt: now, fonts: renderer.fonts }),
    revisionSigner(nation),
    now,
  );
  const archived = await signRevision(prepareSeal(annotated, { field: 'archive', signedAt: now }), revisionSigner(archivist), now);
  const list = aRevocationList({
    root: issuer.root,
    rootKey: issuer.rootKey,
    thisUpdate: now,
    nextUpdate: '2036-01-01T00:00:00.000Z',
    revoked: [],
  });
  const certificates = [issuer.certificate, issuer.root, nation.certificate, service.certificate, service.root];
  const kept = addLongTermData(archived, { certificates, revocationLists: [list] });
  const prepared = prepareTimestamp(kept);
  const nonce = Buffer.from('0122334455667788', 'hex');
  const token = timestampToken(service.answer(timestampRequest(prepared.digest, nonce)), prepared.digest, nonce);
  const stamped = embedLater(prepared, token);
  writeFileSync(join(dir, 'token.der'), token);
  [original, second, annotated, archived, kept, stamped].forEach((bytes, index) => {
    const kind = KINDS[index] ?? '';
    files.set(kind, bytes);
    writeFileSync(at(kind), bytes);
  });

  // Other signers: PDFBox with BouncyCastle (BER, new field or an empty one of ours), poppler with NSS.
  const keyStore = join(dir, 'other.p12');
  writeFileSync(join(dir, 'key.pem'), other.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(dir, 'certificate.pem'), new X509Certificate(other.certificate).toString());
  const made = spawnSync('openssl', [
    'pkcs12',
    '-export',
    '-inkey',
    join(dir, 'key.pem'),
    '-in',
    join(dir, 'certificate.pem'),
    '-name',
    'other',
    '-passout',
    'pass:pin',
    '-out',
    keyStore,
  ]);
  expect(made.status).toBe(0);
  pdfsigSign(store, keyStore, at('original'), at('by poppler'), []);
  pdfsigSign(store, keyStore, at('original'), at('by poppler in our field'), ['seal-2']);
  const commands = [
    ...KINDS.map((kind) => ['verify', at(kind)]),
    ['sign', at('original'), at('by PDFBox, PKCS#7'), keyStore, '-', 'adbe.pkcs7.detached'],
    ['sign', at('original'), at('by PDFBox in our field'), keyStore, 'seal-2', 'ETSI.CAdES.detached'],
    ['sign', at('annotated copy'), at('by PDFBox on an annotated copy'), keyStore, '-', 'ETSI.CAdES.detached'],
    ...['by poppler', 'by poppler in our field', 'by PDFBox, PKCS#7', 'by PDFBox in our field', 'by PDFBox on an annotated copy'].map(
      (kind) => ['verify', at(kind)],
    ),
  ];
  pdfBox(commands).forEach((answer, index) => {
    const [verb, path = ''] = commands[index] ?? [];
    if (verb === 'verify') boxed.set(path, answer);
    else expect(answer).toBe('ok');
  });
}, 120_000);

describe.each(KINDS.map((kind, index) => ({ kind, index })))('a licence, $kind, judged by others', ({ kind, index }) => {
  /** Signatures of the CMS kind in this file; pdfsig 22.12 does not check RFC 3161. */
  const seals = Math.min(index + 1, 4);

  it('pdfsig: every seal valid and trusted', () => {
    const said = pdfsig(store, at(kind));
    expect(said.match(/Signature is Valid\./g)).toHaveLength(seals);
    // Quirk(poppler 22.12): with a DSS and a document timestamp it fails to judge a certificate it trusts without them.
    if (index < 4) expect(said.match(/Certificate is Trusted\./g)).toHaveLength(seals);
    expect(said).not.toContain('Digest Mismatch');
  });

  it('PDFBox with BouncyCastle: all signatures valid, the last one whole', () => {
    const count = index === 5 ? 5 : seals;
    const parts = boxed.get(at(kind))?.replace(/^ok /, '').split(';');
    expect(parts).toHaveLength(count);
    expect(parts?.every((part) => part.startsWith('valid'))).toBe(true);
    expect(parts?.at(-1)).toBe(index === 4 ? 'valid part' : 'valid whole');
  });

  it('mutool: no digest error; qpdf: no error, no warning', () => {
    const said = mutoolSign(at(kind));
    expect(said).not.toMatch(/digest/i);
    if (index !== 4 && index !== 5) expect(said).toContain('unchanged since signing');
    const checked = qpdfCheck(at(kind));
    expect(checked.output).toContain('No syntax or stream encoding errors found');
    expect(checked.status).toBe(0);
  });

  it('ours: valid', () => {
    const options = { trustAnchors: [issuer.root], timestampAnchors: [service.root], at: new Date(Date.now()).toISOString() };
    expect(verifyDocument(files.get(kind) ?? new Uint8Array(), options).result).toBe('valid');
  });
});

describe('a document timestamp, judged by others', () => {
  it('openssl ts -verify accepts the token over the bytes of the file', () => {
    expect(opensslTimestamp(dir, service.caPath, files.get('stamped') ?? new Uint8Array(), join(dir, 'token.der'))).toContain(
      'Verification: OK',
    );
  });
});

describe.each(['by poppler', 'by poppler in our field', 'by PDFBox, PKCS#7', 'by PDFBox in our field', 'by PDFBox on an annotated copy'])(
  'a good signature of another signer: %s',
  (kind) => {
    const options = { trustAnchors: [issuer.root], at: now };

    it('is valid to its maker, to the other judge and to ours', () => {
      expect(pdfsig(store, at(kind))).toContain('Total document signed');
      expect(boxed.get(at(kind))).toMatch(/^ok (valid part;)+valid whole$/);
      const view = verifyDocument(readFileSync(at(kind)), { ...options, at: new Date(Date.now()).toISOString() });
      expect(view).toMatchObject({ result: 'valid' });
      expect(view.revisions.at(-1)).toMatchObject({ changes: [{ kind: 'signatureAdded' }], refused: [] });
    });

    it('leaves a doubt to ours where its authority is not trusted, for that reason alone', () => {
      const stranger = verifyDocument(readFileSync(at(kind)), { trustAnchors: [], at: new Date(Date.now()).toISOString() });
      expect(stranger.result).toBe('cannotTell');
      expect(stranger.findings.map(({ code }) => code)).toContain('CHAIN_UNTRUSTED');
    });

    it('is refused by ours with one changed byte', () => {
      const altered = readFileSync(at(kind));
      const place = altered.length - 700;
      altered[place] = (altered[place] ?? 0) ^ 1;
      expect(verifyDocument(altered, options).result).toBe('invalid');
    });
  },
);
