// Every bit of /Contents and 5,000 seeded bits elsewhere: none may be flipped unseen. The outside tools' share of this is in
// test/interop/flips.test.ts.
import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../../electron/station/documents/renderer.ts';
import { approvedHashOf, locateSignature } from '../../../electron/station/documents/signature-place.ts';
import { verifyDocument } from '../../../electron/station/documents/verification/verify-document.ts';
import { prepareAnnotatedCopy, prepareSeal } from '../../../electron/station/signing/later-revisions.ts';
import { signRevision } from '../../../electron/station/signing/sign-revision.ts';
import { aSigner, revisionSigner, SIGNED_AT, sealSample, unsignedSample } from '../../support/sealed-sample.ts';
import { seeded } from '../../support/seeded.ts';
import { aFace, FONTS } from '../documents/a-face.ts';

const signer = aSigner('RSA-SHA256');
const AT = '2026-11-21T00:00:00.000Z';
const view = (pdf: Uint8Array) => verifyDocument(pdf, { trustAnchors: [signer.root], at: AT });
const resultOf = (pdf: Uint8Array) => view(pdf).result;

/**
 * A flip in what nobody signs of a CMS (an enclosed certificate, the name of an algorithm) leaves the signature intact: the
 * file is not accepted, but that it was tampered with cannot be said. Only these reasons may be the cause.
 */
const DOUBTS = ['STRAY_CERTIFICATE', 'CHAIN_UNTRUSTED', 'ALGORITHM_NOT_SUPPORTED', 'CERTIFICATE_CRITICAL_UNKNOWN'];
const isRefused = (pdf: Uint8Array): boolean => {
  const { result, findings } = view(pdf);
  return result === 'invalid' || (result === 'cannotTell' && findings.some(({ code }) => DOUBTS.includes(code)));
};

describe('verification.flips', () => {
  it('refuses every single-bit flip of one file’s /Contents', () => {
    const unsigned = unsignedSample();
    const sealed = Buffer.from(sealSample(signer, unsigned, approvedHashOf(unsigned)));
    const { contents } = locateSignature(sealed);
    expect(resultOf(sealed)).toBe('valid');
    const accepted: string[] = [];
    let tried = 0;
    for (let at = contents.start; at < contents.start + contents.length; at++) {
      for (let bit = 0; bit < 8; bit++, tried++) {
        sealed[at] = (sealed[at] ?? 0) ^ (1 << bit);
        if (!isRefused(sealed)) accepted.push(`${at}.${bit}`);
        sealed[at] = (sealed[at] ?? 0) ^ (1 << bit);
      }
    }
    expect(accepted).toEqual([]);
    expect(tried).toBe(8 * contents.length);
  }, 120_000);

  it('refuses 5,000 seeded flips elsewhere, half of them in a licence and half in an annotated copy of it', async () => {
    const renderer = createRenderer(FONTS);
    const document = renderer.render(aFace('xiaozuofang'));
    const original = sealSample(signer, document.bytes, document.approvedHash);
    const countersigned = await signRevision(prepareSeal(original, { signedAt: SIGNED_AT }), revisionSigner(signer), AT);
    const order = { signedAt: SIGNED_AT, fonts: renderer.fonts };
    const prepared = prepareAnnotatedCopy(countersigned, { purpose: '办理补助', maker: '政务服务中心', until: '' }, order);
    const copy = await signRevision(prepared, revisionSigner(signer), AT);
    const { contents } = locateSignature(original);
    const next = seeded(20_261_122);
    const accepted: string[] = [];
    for (const file of [original, copy]) {
      const flipped = Buffer.from(file);
      expect(resultOf(flipped)).toBe('valid');
      for (let i = 0; i < 2_500; i++) {
        const at = next(file.length);
        const bit = 1 << next(8);
        if (at >= contents.start && at < contents.start + contents.length) {
          i -= 1;
          continue;
        }
        flipped[at] = (flipped[at] ?? 0) ^ bit;
        if (!isRefused(flipped))
          accepted.push(
            `${at} ${bit} ${view(flipped).result} ${view(flipped)
              .findings.map(({ code }) => code)
              .join(' ')}`,
          );
        flipped[at] = (flipped[at] ?? 0) ^ bit;
      }
    }
    expect(accepted).toEqual([]);
  }, 120_000);
});
