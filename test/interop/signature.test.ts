import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LicenceType } from '../../electron/contract/catalogue.ts';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { approvedHashOf, locateSignature } from '../../electron/station/documents/signature-place.ts';
import { verifyDocument } from '../../electron/station/documents/verification/verify-document.ts';
import { systemRandomness } from '../../electron/station/platform/ids.ts';
import { chainOf } from '../../electron/station/signing/chain-of.ts';
import { assembleCms, signedAttributes } from '../../electron/station/signing/cms.ts';
import { embed } from '../../electron/station/signing/embed.ts';
import { prepare } from '../../electron/station/signing/prepare.ts';
import { verifySealed } from '../../electron/station/signing/verify-sealed.ts';
import { type MadeOffice, makeOffice } from '../../electron/training/make-office.ts';
import { openKeys, readTokenFiles } from '../../native/software-token/token-file.ts';
import { mutoolSign, opensslCms, pdfsig, pkcs11Sign, qpdfCheck, trustStore } from '../support/judges.ts';
import { unsignedSample } from '../support/sealed-sample.ts';

const resourcesDir = join(import.meta.dirname, '../../resources');
const root = mkdtempSync(join(tmpdir(), 'banjie-interop-'));
// The tools judge certificates by the machine's clock, so these offices are made now.
const now = new Date(Date.now()).toISOString();
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Sign = (attributes: Uint8Array) => Uint8Array;

function sealIn(office: MadeOffice, issuerId: string, unsigned: Uint8Array, signWith: Sign): Uint8Array {
  const certificate = Buffer.from(office.tokens.find((token) => token.issuerId === issuerId)?.certificate ?? '', 'base64');
  const anchors = office.setup.trustAnchors.map((anchor) => Buffer.from(anchor, 'base64'));
  const approvedHash = approvedHashOf(unsigned);
  const prepared = prepare(unsigned, approvedHash, now);
  const attributes = signedAttributes(prepared.digest, certificate);
  const algorithm = issuerId === 'maqiao' ? 'RSA-SHA256' : 'ECDSA-P256-SHA256';
  const cms = assembleCms({
    attributes,
    signature: signWith(attributes.der),
    algorithm,
    certificate,
    chain: chainOf(certificate, anchors),
  });
  const sealed = embed(prepared, cms);
  verifySealed(sealed, { certificateDer: certificate, approvedHash });
  return sealed;
}

function softwareSign(office: MadeOffice, issuerId: string): Sign {
  const made = office.tokens.find((token) => token.issuerId === issuerId);
  const [driver] = office.tokenHost.drivers;
  const file = readTokenFiles(driver?.kind === 'software' ? driver.keyDir : '').find(({ serial }) => serial === made?.serial);
  if (file === undefined) throw new Error('no token');
  const pem = openKeys(file, Buffer.from(office.pin))?.get(file.keys[0]?.keyId ?? '');
  return (attributes) => sign('sha256', attributes, createPrivateKey(pem ?? ''));
}

function licence(office: MadeOffice): Uint8Array {
  const type = LicenceType.parse(JSON.parse(readFileSync(join(resourcesDir, 'catalogue/types/zhaijidi.json'), 'utf8')));
  const renderer = createRenderer({ fontsDir: join(resourcesDir, 'fonts'), templatesDir: join(resourcesDir, 'templates') });
  const seal = office.setup.seals[0];
  const issuer = office.setup.issuers[0];
  if (seal === undefined || issuer === undefined) throw new Error('no seal');
  const values: Record<string, string> = {};
  for (const item of type.items) {
    if (item.kind === 'date') values[item.key] = '2026-11-30';
    else if (item.kind === 'integer' || item.kind === 'decimal') values[item.key] = '3';
    else values[item.key] = item.choices?.[0] ?? '马桥镇';
  }
  const identifier = '1.2.156.3005.2.11100000MB0QL00177001.1142062601160001X6.YL0100000001.001.X';
  const face = {
    type,
    values,
    licenceNumber: '农宅字第4206262026900001号',
    identifier,
    issuer,
    conclusionDay: '2026-11-30',
    seal,
    training: true,
  };
  return renderer.render(face).bytes;
}

describe.each([
  ['RSA-2048', 'maqiao', 'sample'],
  ['P-256', 'natural-resources', 'sample'],
  ['RSA-2048', 'maqiao', 'licence'],
  ['P-256', 'natural-resources', 'licence'],
] as const)('a seal with %s of %s on a %s, judged by others', (_name, issuerId, kind) => {
  const dir = mkdtempSync(join(root, 'case-'));
  const pdfPath = join(dir, 'sealed.pdf');
  let office: MadeOffice;
  let store: string;
  let sealed: Uint8Array;
  const write = (bytes: Uint8Array, name: string): string => {
    const path = join(dir, name);
    writeFileSync(path, bytes);
    return path;
  };
  const ours = (bytes: Uint8Array) =>
    verifyDocument(bytes, { trustAnchors: office.setup.trustAnchors.map((anchor) => Buffer.from(anchor, 'base64')), at: now });

  beforeAll(async () => {
    office = await makeOffice('training', {
      dir: join(root, 'office'),
      now,
      randomness: systemRandomness,
      resourcesDir,
      libraryUrl: 'http://127.0.0.1:8787',
    });
    store = trustStore(dir, office.caPath);
    sealed = sealIn(office, issuerId, kind === 'sample' ? unsignedSample() : licence(office), softwareSign(office, issuerId));
    writeFileSync(pdfPath, sealed);
  });

  it('pdfsig: valid, trusted, total document', () => {
    const said = pdfsig(store, pdfPath);
    expect(said).toContain('Signature is Valid.');
    expect(said).toContain('Certificate is Trusted.');
    expect(said).toContain('Total document signed');
    expect(said).toContain('ETSI.CAdES.detached');
    expect(said).toContain(`Signer Certificate Common Name: ${office.setup.issuers.find(({ id }) => id === issuerId)?.name}`);
  });

  it('openssl cms -verify -cades: successful', () => {
    const said = opensslCms(dir, office.caPath, sealed);
    expect(said.output).toContain('CAdES Verification successful');
    expect(said.status).toBe(0);
  });

  it('mutool: unchanged since signing', () => {
    expect(mutoolSign(pdfPath)).toContain('The document is unchanged since signing');
  });

  it('qpdf: no error, no warning', () => {
    const said = qpdfCheck(pdfPath);
    expect(said.output).toContain('No syntax or stream encoding errors found');
    expect(said.status).toBe(0);
  });

  it('ours: valid', () => {
    expect(ours(sealed)).toMatchObject({ result: 'valid', signatures: [{ signer: { code: expect.stringMatching(/^11420626/) } }] });
  });

  it('all refuse one changed byte of the content', () => {
    const altered = Buffer.from(sealed);
    altered[20] = (altered[20] ?? 0) ^ 1;
    const path = write(altered, 'altered.pdf');
    expect(pdfsig(store, path)).not.toContain('Signature is Valid.');
    expect(opensslCms(dir, office.caPath, altered).status).not.toBe(0);
    expect(mutoolSign(path)).not.toContain('unchanged since signing');
    expect(ours(altered).result).toBe('invalid');
  });

  it('ours refuses what pdfsig accepts: bytes in the padding, and a later revision nobody signed', () => {
    const { contents } = locateSignature(sealed);
    const hidden = Buffer.from(sealed);
    hidden.write('beef', contents.start + contents.length - 4, 'latin1');
    expect(pdfsig(store, write(hidden, 'hidden.pdf'))).toContain('Signature is Valid.');
    expect(ours(hidden).result).toBe('invalid');

    const startxref = /startxref\n(\d+)/.exec(Buffer.from(sealed).toString('latin1'))?.[1];
    const object = '900 0 obj\n<</Note(shadow)>>\nendobj\n';
    const tail = `xref\n900 1\n${String(sealed.length).padStart(10, '0')} 00000 n \ntrailer\n<</Size 901/Root 1 0 R/Prev ${startxref}>>\nstartxref\n${sealed.length + object.length}\n%%EOF\n`;
    const shadow = Buffer.concat([sealed, Buffer.from(object + tail, 'latin1')]);
    const said = pdfsig(store, write(shadow, 'shadow.pdf'));
    expect(said).toContain('Signature is Valid.');
    expect(said).toContain('Not total document signed');
    expect(ours(shadow).result).toBe('invalid');
  });
});

describe('an acceptance office, its keys in SoftHSM', () => {
  const dir = mkdtempSync(join(root, 'acceptance-'));
  let office: MadeOffice;
  let store: string;
  beforeAll(async () => {
    const libraryUrl = 'http://127.0.0.1:8787';
    office = await makeOffice('acceptance', { dir: join(dir, 'office'), now, randomness: systemRandomness, resourcesDir, libraryUrl });
    store = trustStore(dir, office.caPath);
  }, 60_000);

  it('has four tokens, production rules and the low number blocks', () => {
    expect(new Set(office.tokens.map(({ serial }) => serial)).size).toBe(4);
    expect(office.tokenHost.training).toBe(false);
    expect(new X509Certificate(office.caPem).subject).toContain('ACCEPTANCE');
    expect(new Set(office.setup.blocks.map(({ first }) => first))).toEqual(new Set([1]));
  });

  it.each([
    ['maqiao', 'SHA256-RSA-PKCS'],
    // SoftHSM 2.6.1 has no CKM_ECDSA_SHA256: the digest goes in.
    ['natural-resources', 'ECDSA'],
  ])('seals for %s in the token, and pdfsig and openssl accept it', (issuerId, mechanism) => {
    const token = office.tokens.find((each) => each.issuerId === issuerId);
    const [driver] = office.tokenHost.drivers;
    if (token === undefined || driver?.kind !== 'pkcs11') throw new Error('no token');
    const sealed = sealIn(office, issuerId, unsignedSample(), (attributes) => {
      pkcs11Sign(
        dir,
        { modulePath: driver.modulePath, label: token.label, pin: token.pin, mechanism },
        office.tokenHostEnvironment,
        mechanism === 'ECDSA' ? createHash('sha256').update(attributes).digest() : attributes,
      );
      return readFileSync(join(dir, 'signature.bin'));
    });
    const path = join(dir, `${issuerId}.pdf`);
    writeFileSync(path, sealed);
    const said = pdfsig(store, path);
    expect(said).toContain('Signature is Valid.');
    expect(said).toContain('Certificate is Trusted.');
    expect(opensslCms(dir, office.caPath, sealed).output).toContain('CAdES Verification successful');
  });
});
