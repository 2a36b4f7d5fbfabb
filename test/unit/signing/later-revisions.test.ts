import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRenderer } from '../../../electron/station/documents/renderer.ts';
import { verifyDocument } from '../../../electron/station/documents/verification/verify-document.ts';
import {
  addLongTermData,
  embedLater,
  prepareAnnotatedCopy,
  prepareSeal,
  prepareTimestamp,
} from '../../../electron/station/signing/later-revisions.ts';
import { signRevision } from '../../../electron/station/signing/sign-revision.ts';
import { timestampRequest, timestampToken } from '../../../electron/station/signing/timestamp.ts';
import { aRevocationList } from '../../support/revocation-list.ts';
import { aSigner, revisionSigner, sealSample } from '../../support/sealed-sample.ts';
import { type TimestampService, timestampService } from '../../support/timestamp-service.ts';
import { aFace, FONTS } from '../documents/a-face.ts';

const renderer = createRenderer(FONTS);
const { fonts } = renderer;
const issuer = aSigner('RSA-SHA256');
const nation = aSigner('ECDSA-P256-SHA256', {}, issuer);
// The service stamps by the machine's clock.
const now = new Date(Date.now()).toISOString();
const document = renderer.render(aFace('guihua'));
const original = sealSample(issuer, document.bytes, document.approvedHash, now);
const COPY = { purpose: '申请农村危房改造补助', maker: '保康县政务服务中心', until: '20991231235959' };
const NONCE = Buffer.from('8122334455667788', 'hex');
const dir = mkdtempSync(join(tmpdir(), 'banjie-later-'));
let service: TimestampService;
beforeAll(() => {
  service = timestampService(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const check = (pdf: Uint8Array, knownHash = sha256(original), at = new Date(Date.now()).toISOString()) =>
  verifyDocument(pdf, { trustAnchors: [issuer.root], timestampAnchors: [service.root], at, knownHash });
const seal = async (pdf: Uint8Array, signer = nation) => signRevision(prepareSeal(pdf, { signedAt: now }), revisionSigner(signer), now);
const archive = async (pdf: Uint8Array) => signRevision(prepareSeal(pdf, { field: 'archive', signedAt: now }), revisionSigner(issuer), now);
const annotate = async (pdf: Uint8Array, change: Partial<typeof COPY> = {}) =>
  signRevision(prepareAnnotatedCopy(pdf, { ...COPY, ...change }, { signedAt: now, fonts }), revisionSigner(nation), now);
const keep = (pdf: Uint8Array) =>
  addLongTermData(pdf, {
    certificates: [issuer.certificate, issuer.root, nation.certificate],
    revocationLists: [
      aRevocationList({ root: issuer.root, rootKey: issuer.rootKey, thisUpdate: now, nextUpdate: '2036-01-01T00:00:00.000Z', revoked: [] }),
    ],
  });
const stamp = (pdf: Uint8Array): Uint8Array => {
  const prepared = prepareTimestamp(pdf);
  return embedLater(prepared, timestampToken(service.answer(timestampRequest(prepared.digest, NONCE)), prepared.digest, NONCE));
};

describe('signing.laterRevisions', () => {
  it('adds seal, annotated copy, archive seal, keeping material and timestamp, all signatures valid, the identity kept', async () => {
    const steps: Uint8Array[] = [original];
    for (const add of [seal, annotate, archive, keep, stamp]) steps.push(await add(steps.at(-1) ?? original));
    for (const [index, pdf] of steps.entries()) {
      const before = steps[index - 1];
      if (before) expect(Buffer.from(pdf.subarray(0, before.length)).equals(before)).toBe(true);
      const view = check(pdf);
      expect(view).toMatchObject({ result: 'valid', known: 'same', firstRevisionHash: sha256(original) });
      expect(view.signatures.every(({ intact, chain }) => intact && chain === 'trusted')).toBe(true);
      expect(view.revisions).toHaveLength(index + 1);
    }
    const view = check(steps.at(-1) ?? original);
    expect(view.revisions.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual([
      ['original'],
      ['signatureAdded'],
      ['signatureAdded', 'annotatedCopy'],
      ['signatureAdded'],
      ['longTermData'],
      ['timestampAdded'],
    ]);
    expect(view.revisions[2]?.changes[1]).toMatchObject(COPY);
    expect(view.signatures.map(({ field, timeProof }) => [field, timeProof])).toEqual([
      ['seal-1', 'timestamp'],
      ['seal-2', 'timestamp'],
      ['copy', 'timestamp'],
      ['archive', 'timestamp'],
      ['timestamp-1', 'timestamp'],
    ]);
    expect(view.signatures.slice(0, 4).map(({ revocation }) => revocation.state)).toEqual(['good', 'good', 'good', 'good']);
    // The proof outlives the certificates: two years on they have ended, the stamp's has not.
    expect(check(steps.at(-1) ?? original, sha256(original), '2028-06-01T00:00:00.000Z').result).toBe('valid');
    expect(check(steps[3] ?? original, '0'.repeat(64), '2028-06-01T00:00:00.000Z').result).toBe('cannotTell');
  });

  it('has three fields for further seals, and says when none is left', async () => {
    let pdf = original;
    for (const _ of [2, 3, 4]) pdf = await seal(pdf);
    expect(check(pdf)).toMatchObject({ result: 'valid', signatures: [{}, { field: 'seal-2' }, { field: 'seal-3' }, { field: 'seal-4' }] });
    await expect(seal(pdf)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await expect(annotate(await annotate(original))).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  it('makes the same bytes again for the same order', () => {
    expect(prepareAnnotatedCopy(original, COPY, { signedAt: now, fonts }).bytes).toEqual(
      prepareAnnotatedCopy(original, COPY, { signedAt: now, fonts }).bytes,
    );
  });

  it('takes the longest purpose with rare characters, and refuses what cannot stand on the sheet', async () => {
    const longest = `${'核对宅基地批准情况'.repeat(22)}㛃𠮷`;
    expect([...longest]).toHaveLength(200);
    expect(check(await annotate(original, { purpose: longest })).result).toBe('valid');
    for (const wrong of [
      { purpose: '' },
      { purpose: `${longest}字` },
      { maker: ' ' },
      { purpose: '一\n二' },
      { until: '20200101000000' },
      { until: '2099' },
    ]) {
      await expect(annotate(original, wrong)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
    await expect(annotate(original, { maker: '\u{E000}中心' })).rejects.toMatchObject({ code: 'CHARACTER_WITHOUT_GLYPH' });
    expect(check(await annotate(original, { purpose: '<&>"]]>', until: '' }))).toMatchObject({
      result: 'valid',
      revisions: [{}, { changes: [{}, { purpose: '<&>"]]>', until: '' }] }],
    });
  });

  it('puts the stamp of a service into the signature itself (B-T), and doubts one that is over something else', async () => {
    const token = (digest: Uint8Array) => timestampToken(service.answer(timestampRequest(digest, NONCE)), digest, NONCE);
    const prepared = prepareSeal(original, { signedAt: now, stamped: true });
    const stamped = await signRevision(prepared, { ...revisionSigner(nation), stamp: async (digest) => token(digest) }, now);
    expect(check(stamped)).toMatchObject({
      result: 'valid',
      signatures: [{ timeProof: 'claimed' }, { timeProof: 'timestamp', kind: 'seal' }],
    });
    const wrong = await signRevision(prepared, { ...revisionSigner(nation), stamp: async () => token(Buffer.alloc(32, 1)) }, now);
    expect(check(wrong)).toMatchObject({ result: 'cannotTell', signatures: [{}, { timeProof: 'claimed' }] });
    expect(check(wrong).findings).toContainEqual({ code: 'UNSIGNED_ATTRIBUTES', signature: 1 });
  });

  it('keeps nothing that a key made wrong', async () => {
    const rubbish = { ...revisionSigner(nation), sign: async () => new Uint8Array(64) };
    await expect(signRevision(prepareSeal(original, { signedAt: now }), rubbish, now)).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    const wrongKey = { ...revisionSigner(nation), sign: revisionSigner(aSigner()).sign };
    await expect(signRevision(prepareSeal(original, { signedAt: now }), wrongKey, now)).rejects.toMatchObject({
      code: 'SIGNATURE_INVALID',
    });
  });

  it('adds nothing to a file that is not as we write it', () => {
    for (const bytes of [Buffer.from('%PDF-1.7\n'), Buffer.concat([original, Buffer.from('\n')]), original.subarray(0, 60_000)]) {
      expect(() => prepareSeal(bytes, { signedAt: now })).toThrow(expect.objectContaining({ code: 'FILE_UNREADABLE' }));
    }
  });

  it('does not take a stamp over something else, with another nonce, or a refusal', () => {
    const { digest } = prepareTimestamp(original);
    const response = service.answer(timestampRequest(digest, NONCE));
    const refused = expect.objectContaining({ code: 'SIGNATURE_INVALID' });
    expect(() => timestampToken(response, Buffer.alloc(32), NONCE)).toThrow(refused);
    expect(() => timestampToken(response, digest, Buffer.from('7122334455667788', 'hex'))).toThrow(refused);
    expect(() => timestampToken(Buffer.from('30053003020102', 'hex'), digest, NONCE)).toThrow(refused);
    expect(() => timestampToken(Buffer.from('<html>'), digest, NONCE)).toThrow(refused);
  });

  it('believes no stamp of a service that is not trusted, and none over altered bytes', () => {
    const stamped = stamp(original);
    const untrusted = verifyDocument(stamped, { trustAnchors: [issuer.root], at: new Date(Date.now()).toISOString() });
    expect(untrusted).toMatchObject({ result: 'valid', signatures: [{ timeProof: 'claimed', provenAt: null }, { chain: 'untrusted' }] });
    expect(untrusted.findings).toContainEqual({ code: 'TIMESTAMP_UNTRUSTED', signature: 1 });
    const altered = Buffer.from(stamped);
    altered[original.length + 20] = (altered[original.length + 20] ?? 0) ^ 1;
    expect(check(altered).result).toBe('invalid');
  });

  it('knows a licence of this station by what was delivered, not what was added to it elsewhere', async () => {
    const stranger = aSigner();
    const copy = await signRevision(prepareSeal(original, { signedAt: now }), revisionSigner(stranger), now);
    expect(check(copy)).toMatchObject({ result: 'cannotTell', known: 'same', signatures: [{ chain: 'trusted' }, { chain: 'untrusted' }] });
    expect(check(copy, sha256(copy)).known).toBe('same');
    expect(check(copy, '0'.repeat(64)).known).toBe('different');
  });
});
