import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FindingCode, VerificationView } from '../../../electron/contract/verification.ts';
import { approvedHashOf, locateSignature } from '../../../electron/station/documents/signature-place.ts';
import { type VerifyOptions, verifyDocument } from '../../../electron/station/documents/verification/verify-document.ts';
import { verifySeal } from '../../../electron/station/documents/verification/verify-seal.ts';
import { makeCertificate } from '../../../electron/training/make-certificate.ts';
import { signedUpdate } from '../../support/hostile-update.ts';
import { aRevocationList } from '../../support/revocation-list.ts';
import { aSigner, rootName, type SampleSigner, SIGNED_AT, sealSample, unsignedSample } from '../../support/sealed-sample.ts';

const unsigned = unsignedSample();
const approvedHash = approvedHashOf(unsigned);
const signer = aSigner();
const sealed = sealSample(signer, unsigned, approvedHash);
const AT = '2026-11-21T00:00:00.000Z';

const check = (pdf: Uint8Array, change: Partial<VerifyOptions> = {}) =>
  verifyDocument(pdf, { trustAnchors: [signer.root], at: AT, ...change });
const codes = (pdf: Uint8Array, change: Partial<VerifyOptions> = {}) => check(pdf, change).findings.map(({ code }) => code);
const sealWith = (other: SampleSigner, signedAt = SIGNED_AT) => sealSample(other, unsigned, approvedHash, signedAt);
const text = (pdf: Uint8Array) => Buffer.from(pdf).toString('latin1');
const bytes = (pdf: string) => Buffer.from(pdf, 'latin1');
const sha256 = (pdf: Uint8Array) => createHash('sha256').update(pdf).digest('hex');

describe('verification.verifyDocument', () => {
  it.each(['RSA-SHA256', 'ECDSA-P256-SHA256'] as const)('calls a sealed document valid: %s', (algorithm) => {
    const own = aSigner(algorithm);
    const view = check(sealWith(own), { trustAnchors: [own.root] });
    expect(VerificationView.parse(view)).toEqual(view);
    expect(view).toMatchObject({ result: 'valid', known: 'notAsked', sizeBytes: sealed.length });
    expect(view.signatures).toMatchObject([
      {
        signer: {
          name: '马桥镇人民政府',
          organization: '马桥镇人民政府',
          code: '1142062601160001X6',
          certificateUntil: '2027-12-31T23:59:59.000Z',
        },
        algorithm,
        signedAt: SIGNED_AT,
        timeProof: 'claimed',
        intact: true,
        coversWholeDocument: true,
        chain: 'trusted',
        revocation: { state: 'notChecked', listFrom: null },
      },
    ]);
    expect(view.findings.map(({ code }) => code)).toEqual(['TIME_CLAIMED_ONLY', 'REVOCATION_NOT_CHECKED']);
    expect(view.revisions).toEqual([{ endsAtByte: sealed.length, signature: 0, changes: [{ kind: 'original' }], refused: [] }]);
  });

  it('cannot tell of a file that is no PDF or too large', () => {
    expect(check(Buffer.alloc(0))).toMatchObject({ result: 'cannotTell' });
    expect(codes(Buffer.from('\x89PNG\r\n'))).toEqual(['NOT_A_PDF']);
    const large = Buffer.alloc(64 * 1024 * 1024 + 1);
    large.write('%PDF-1.7');
    expect(codes(large)).toEqual(['FILE_TOO_LARGE']);
  });

  it('calls an unsigned PDF and an unsealed document invalid', () => {
    expect(codes(bytes('%PDF-1.7\n%%EOF\n'))).toEqual(['NO_SIGNATURE']);
    expect(check(unsigned).result).toBe('invalid');
  });

  it('finds altered content', () => {
    const altered = bytes(text(sealed).replace('Licence 420626', 'Licence 420627'));
    expect(check(altered).result).toBe('invalid');
    expect(codes(altered)).toContain('CONTENT_ALTERED');
  });

  it('finds an altered signing time', () => {
    expect(codes(bytes(text(sealed).replace('(D:20261120', '(D:20261121')))).toContain('CONTENT_ALTERED');
  });

  it('finds bytes hidden in the padding of /Contents, which common tools accept', () => {
    const { contents } = locateSignature(sealed);
    const hidden = Buffer.from(sealed);
    hidden.write('1', contents.start + contents.length - 1, 'latin1');
    expect(codes(hidden)).toEqual(['HIDDEN_BYTES']);
  });

  it('refuses a second spelling of the same hexadecimal digits', () => {
    const { contents } = locateSignature(sealed);
    const spelled = Buffer.from(sealed);
    const at = spelled.subarray(contents.start).findIndex((byte) => byte >= 0x61 && byte <= 0x66) + contents.start;
    spelled[at] = (spelled[at] ?? 0) - 0x20;
    expect(codes(spelled)).toEqual(['HIDDEN_BYTES']);
    const upper = text(sealed).replace(/<[0-9a-f]{1000,}>/, (digits) => digits.toUpperCase());
    expect(check(bytes(upper)).result).toBe('valid');
  });

  it('refuses anything behind the signed bytes: the shadow update that common tools accept', () => {
    const shadow = '4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\ntrailer\n<</Size 9/Root 1 0 R/Prev 1>>\nstartxref\n1\n%%EOF\n';
    for (const tail of ['\n', '\0', '%', shadow]) {
      const view = check(Buffer.concat([sealed, bytes(tail)]));
      expect(view.result).toBe('invalid');
      expect(view.findings).toContainEqual({ code: 'BYTES_AFTER_SIGNATURE', signature: null });
      expect(view.signatures[0]).toMatchObject({ intact: true, coversWholeDocument: false });
    }
    expect(check(Buffer.concat([sealed, bytes(shadow)])).revisions).toMatchObject([
      { endsAtByte: sealed.length, signature: 0 },
      { endsAtByte: sealed.length + shadow.length, signature: null },
    ]);
  });

  it('refuses byte ranges that leave out more, less or something else than /Contents', () => {
    const range = /\/ByteRange\[0 (\d+) *(\d+) +(\d+) *\]/.exec(text(sealed));
    const [first, second, rest] = [Number(range?.[1]), Number(range?.[2]), Number(range?.[3])];
    const withRange = (written: string) =>
      bytes(text(sealed).replace(/\/ByteRange\[[^\]]*\]/, (old) => `${`/ByteRange[${written}`.padEnd(old.length - 1)}]`));
    expect(codes(withRange(`0 ${first} ${second} ${rest}`))).toContain('CONTENT_ALTERED');
    for (const wrong of [
      `1 ${first - 1} ${second} ${rest}`,
      `0 ${first - 1} ${second} ${rest}`,
      `0 ${first} ${second + 1} ${rest - 1}`,
      `0 ${first} ${second} ${rest + 1}`,
      `0 ${first} ${second} 0`,
      `0 0 0 ${sealed.length}`,
      `0 ${first} ${second}`,
      `0 -1 ${second} ${rest}`,
      `0 ${first} ${second} 9999999999`,
    ]) {
      expect(codes(withRange(wrong))).toContain('BYTE_RANGE_WRONG');
    }
  });

  it('does not believe a file with a second signature dictionary', () => {
    const { contents } = locateSignature(sealed);
    const copy = text(sealed).slice(text(sealed).lastIndexOf('15 0 obj', contents.start), contents.start + contents.length + 3);
    expect(check(Buffer.concat([sealed, bytes(`${copy}\nendobj\n%%EOF\n`)])).result).toBe('invalid');
    const preceded = bytes(text(sealed).replace('%PDF-1.7\n', '%PDF-1.7\n%/ByteRange\n'));
    expect(check(preceded).result).toBe('invalid');
  });

  it('refuses a dictionary that names /Contents twice or escapes its names', () => {
    for (const [from, to] of [
      ['/Reason<', '/Contents<'],
      ['/Reason<', '/Re#61son<'],
    ] as const) {
      expect(codes(bytes(text(sealed).replace(from, to)))).toContain('SIGNATURE_UNREADABLE');
    }
  });

  it('cannot tell of other signature formats', () => {
    const field = { 9: '<</Type/Annot/Subtype/Widget/FT/Sig/T(seal-2)/F 132/Rect[0 0 0 0]/P 3 0 R/V 50 0 R>>' };
    const entries = '/Type/Sig/SubFilter/ETSI.CAdES.attached/M(D:20261120083005Z)';
    expect(check(signedUpdate(sealed, signer, 50, { objects: field }))).toMatchObject({ result: 'valid' });
    const other = check(signedUpdate(sealed, signer, 50, { objects: field, entries }));
    expect(other.result).toBe('cannotTell');
    expect(other.findings.map(({ code }) => code)).toContain('FORMAT_NOT_SUPPORTED');
    const renamed = bytes(text(sealed).replace('ETSI.CAdES.detached', 'ETSI.CAdES.detaches'));
    expect(codes(renamed)).toEqual(expect.arrayContaining(['FORMAT_NOT_SUPPORTED', 'CONTENT_ALTERED']));
  });

  it('cannot tell without a way to a trusted authority', () => {
    const stranger = aSigner();
    expect(check(sealed, { trustAnchors: [stranger.root] })).toMatchObject({
      result: 'cannotTell',
      signatures: [{ chain: 'untrusted', intact: true }],
    });
    expect(codes(sealed, { trustAnchors: [] })).toContain('CHAIN_UNTRUSTED');
  });

  it('does not take a certificate that its holder issued for an authority', () => {
    const leafKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const subject = { organization: '马桥镇人民政府', commonName: '马桥镇人民政府', code: '1142062601160001X6' };
    const forged: SampleSigner = {
      ...signer,
      privateKey: leafKey.privateKey,
      root: signer.certificate,
      certificate: makeCertificate(
        {
          subject,
          publicKeyInfo: leafKey.publicKey.export({ format: 'der', type: 'spki' }),
          validFrom: '2026-01-01T00:00:00.000Z',
          validTo: '2027-01-01T00:00:00.000Z',
          serial: randomBytes(16),
          kind: 'seal',
        },
        { name: subject, privateKey: signer.privateKey },
      ),
    };
    expect(codes(sealWith(forged))).toContain('CHAIN_UNTRUSTED');
  });

  it('refuses a certificate not meant for signing', () => {
    const root = { ...signer, privateKey: signer.rootKey, certificate: signer.root };
    expect(check(sealWith(root)).result).not.toBe('valid');
    expect(codes(sealWith(root))).toContain('KEY_USAGE_WRONG');
  });

  it('cannot tell when the signature carries a certificate that has nothing to do with it', () => {
    expect(codes(sealWith({ ...signer, root: aSigner().root }))).toContain('STRAY_CERTIFICATE');
  });

  it('checks dates at the time of signing', () => {
    expect(codes(sealWith(signer, '2025-12-31T23:59:58.000Z'))).toContain('CERTIFICATE_NOT_VALID_THEN');
    expect(check(sealWith(signer, '2028-01-01T00:00:00.000Z'), { at: '2028-01-02T00:00:00.000Z' }).result).toBe('invalid');
  });

  it('has a doubt when the certificate has ended since, unless this station stored exactly this file', () => {
    const later = '2028-06-01T00:00:00.000Z';
    expect(check(sealed, { at: later })).toMatchObject({ result: 'cannotTell' });
    expect(codes(sealed, { at: later })).toContain('CERTIFICATE_EXPIRED_SINCE');
    expect(check(sealed, { at: later, knownHash: sha256(sealed) })).toMatchObject({ result: 'valid', known: 'same' });
  });

  it('has a doubt about a signing time that is not there, impossible, or still to come', () => {
    for (const when of ['20270101000000', '20261131000000']) {
      const unsigned31 = bytes(text(sealed).replace('D:20261120083005', `D:${when}`));
      expect(check(unsigned31).result).toBe('invalid');
    }
    expect(codes(sealWith(signer, '2026-11-21T00:09:00.000Z'))).not.toContain('TIME_IN_FUTURE');
    expect(codes(sealWith(signer, '2026-11-21T00:11:00.000Z'))).toContain('TIME_IN_FUTURE');
    expect(codes(sealWith(signer, '2026-11-31T00:00:00.000Z'))).toContain('TIME_MISSING');
  });

  it('says when the file is not the one this station keeps', () => {
    expect(check(sealed, { knownHash: '0'.repeat(64) })).toMatchObject({ result: 'cannotTell', known: 'different' });
  });

  it('reports a trust anchor it cannot read instead of ignoring it', () => {
    expect(() => check(sealed, { trustAnchors: [Buffer.from('not a certificate')] })).toThrow('INPUT_INVALID');
  });
});

describe('verification of revocation', () => {
  const list = (
    revoked: readonly { certificate: Uint8Array; at: string }[],
    nextUpdate = '2026-12-20T00:00:00.000Z',
    from: SampleSigner = signer,
  ) => aRevocationList({ root: from.root, rootKey: from.rootKey, thisUpdate: '2026-11-20T12:00:00.000Z', nextUpdate, revoked });

  it('says good, and from when the list is', () => {
    const view = check(sealed, { revocationLists: [list([])] });
    expect(view.result).toBe('valid');
    expect(view.signatures[0]?.revocation).toEqual({ state: 'good', listFrom: '2026-11-20T12:00:00.000Z' });
  });

  it('refuses a certificate revoked before sealing and doubts one revoked since', () => {
    const before = [list([{ certificate: signer.certificate, at: '2026-11-01T00:00:00.000Z' }])];
    const since = [list([{ certificate: signer.certificate, at: '2026-11-20T10:00:00.000Z' }])];
    expect(check(sealed, { revocationLists: before })).toMatchObject({
      result: 'invalid',
      signatures: [{ revocation: { state: 'revoked' } }],
    });
    expect(check(sealed, { revocationLists: since })).toMatchObject({
      result: 'cannotTell',
      signatures: [{ revocation: { state: 'revokedSince' } }],
    });
    expect(check(sealed, { revocationLists: since, knownHash: sha256(sealed) }).result).toBe('valid');
  });

  it('says when the list is old, and passes over lists of others', () => {
    expect(codes(sealed, { revocationLists: [list([], '2026-11-20T18:00:00.000Z')] })).toContain('REVOCATION_LIST_OLD');
    const stranger = aSigner();
    const foreign = list([{ certificate: signer.certificate, at: '2026-11-01T00:00:00.000Z' }], undefined, {
      ...signer,
      rootKey: stranger.rootKey,
    });
    expect(codes(sealed, { revocationLists: [foreign] })).toContain('REVOCATION_NOT_CHECKED');
  });
});

describe('verification.verifySeal', () => {
  it('accepts the issuer’s certificate and no other', () => {
    expect(verifySeal(sealed, [aSigner().certificate, signer.certificate])).toMatchObject({ sealed: true, signedAt: SIGNED_AT });
    expect(verifySeal(sealed, [aSigner().certificate])).toEqual({ sealed: false, findings: ['SIGNER_CERTIFICATE_WRONG'] });
    expect(verifySeal(sealed, [])).toMatchObject({ sealed: false });
  });

  it('refuses unsealed, appended and foreign bytes', () => {
    expect(verifySeal(Buffer.from('hello'), [signer.certificate])).toEqual({ sealed: false, findings: ['NO_SIGNATURE'] });
    expect(verifySeal(unsigned, [signer.certificate])).toMatchObject({ sealed: false });
    expect(verifySeal(Buffer.concat([sealed, bytes('\n')]), [signer.certificate])).toEqual({
      sealed: false,
      findings: ['BYTES_AFTER_SIGNATURE'],
    });
  });
});

it('has a weight for every finding and names of one form', () => {
  for (const code of FindingCode.options) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
  expect(rootName.code).toBeNull();
});
