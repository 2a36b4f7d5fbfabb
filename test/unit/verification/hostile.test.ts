import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VerificationView } from '../../../electron/contract/verification.ts';
import { approvedHashOf, locateSignature } from '../../../electron/station/documents/signature-place.ts';
import { verifyDocument } from '../../../electron/station/documents/verification/verify-document.ts';
import { aSigner, sealSample, unsignedSample } from '../../support/sealed-sample.ts';

const unsigned = unsignedSample();
const approvedHash = approvedHashOf(unsigned);
const seals = (['RSA-SHA256', 'ECDSA-P256-SHA256'] as const).map((algorithm) => {
  const signer = aSigner(algorithm);
  return { signer, bytes: sealSample(signer, unsigned, approvedHash), algorithm };
});
const resultOf = (pdf: Uint8Array, root: Uint8Array) =>
  verifyDocument(pdf, { trustAnchors: [root], at: '2026-11-21T00:00:00.000Z' }).result;

// RSA has its turn in flips.test.ts, bit by bit.
describe.each(seals.slice(1))('verification of a damaged file, $algorithm', ({ signer, bytes }) => {
  const { contents } = locateSignature(bytes);
  const used = Buffer.from(bytes)
    .toString('latin1', contents.start, contents.start + contents.length)
    .replace(/0+$/, '').length;

  it('starts from a valid file', () => {
    expect(resultOf(bytes, signer.root)).toBe('valid');
  });

  it('never calls a file with one bit flipped valid: every byte outside /Contents', () => {
    const accepted: string[] = [];
    for (let at = 0; at < bytes.length; at++) {
      if (at >= contents.start && at < contents.start + contents.length) continue;
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      if (resultOf(flipped, signer.root) === 'valid') accepted.push(`${at} bit ${at % 8}`);
    }
    expect(accepted).toEqual([]);
  });

  it('never calls a file with one bit flipped valid: every digit of the CMS and samples of its padding', () => {
    const accepted: string[] = [];
    for (let digit = 0; digit < contents.length; digit += digit < used ? 1 : 97) {
      const at = contents.start + digit;
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (digit % 8));
      if (resultOf(flipped, signer.root) === 'valid') accepted.push(`${digit} bit ${digit % 8}`);
    }
    expect(accepted).toEqual([]);
  });

  it('never calls a file with another digit in its CMS valid', () => {
    const accepted: string[] = [];
    fc.assert(
      fc.property(fc.nat(used - 1), fc.constantFrom(...'0123456789abcdef'), (digit, other) => {
        const changed = Buffer.from(bytes);
        changed.write(other, contents.start + digit, 'latin1');
        if (!changed.equals(bytes) && resultOf(changed, signer.root) === 'valid') accepted.push(`${digit} to ${other}`);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toEqual([]);
  });

  it('never calls a file cut short valid', () => {
    for (let length = 0; length < bytes.length; length += 41) expect(resultOf(bytes.subarray(0, length), signer.root)).not.toBe('valid');
  });
});

describe('verification of hostile bytes', () => {
  const { signer, bytes } = seals[1] ?? { signer: aSigner(), bytes: unsigned };
  const view = (pdf: Uint8Array) => verifyDocument(pdf, { trustAnchors: [signer.root], at: '2026-11-21T00:00:00.000Z' });

  it('answers every mutation with a result', () => {
    const mutation = fc.record({ at: fc.nat(bytes.length - 1), remove: fc.nat(60), insert: fc.uint8Array({ maxLength: 60 }) });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
        let pdf = Buffer.from(bytes);
        for (const { at, remove, insert } of mutations) pdf = Buffer.concat([pdf.subarray(0, at), insert, pdf.subarray(at + remove)]);
        const answer = view(pdf);
        VerificationView.parse(answer);
        if (!pdf.equals(bytes)) expect(answer.result).not.toBe('valid');
      }),
      { numRuns: 1_500 },
    );
  });

  it('answers words of PDF in any order with a result', () => {
    const words = [
      '/ByteRange',
      '[0 1 2 3]',
      '<<',
      '>>',
      '[',
      ']',
      '(',
      ')',
      '\\',
      '<',
      '>',
      '/Contents',
      '<00>',
      ' obj\n',
      '1 0 obj',
      '%%EOF',
      '/SubFilter/ETSI.CAdES.detached',
      '1 0 R',
      '/M',
      '(D:20260101000000Z)',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) => {
        VerificationView.parse(view(Buffer.from(`%PDF-1.7\n${parts.join('')}`, 'latin1')));
      }),
      { numRuns: 1_500 },
    );
  });

  it('answers any DER-like bytes in /Contents with a result', () => {
    const { contents } = locateSignature(bytes);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), fc.nat(300), (noise, at) => {
        const pdf = Buffer.from(bytes);
        pdf.write(Buffer.from(noise).toString('hex'), contents.start + 2 * at, 'latin1');
        VerificationView.parse(view(pdf));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['deep nesting', `1 0 obj\n<</A${'['.repeat(200_000)}/ByteRange[0 1 2 3]`],
    ['open strings', `${'1 0 obj\n<</A('.repeat(20_000)}/ByteRange`],
    ['many dictionaries', '1 0 obj\n<</ByteRange[0 1 2 3]/Contents<00>>>\n'.repeat(50_000)],
    ['many ends', '%%EOF\n'.repeat(500_000)],
    ['one endless name', `1 0 obj\n<</ByteRange[0 1 2 3]/${'A'.repeat(5_000_000)}`],
    ['one endless hexadecimal string', `1 0 obj\n<</ByteRange[0 1 2 3]/Contents<${'30'.repeat(2_000_000)}>>>`],
    ['far apart', `1 0 obj\n${' '.repeat(8_000_000)}<</ByteRange[0 1 2 3]>>`],
  ])('is done soon with %s', (_what, body) => {
    const started = performance.now();
    const answer = view(Buffer.from(`%PDF-1.7\n${body}`, 'latin1'));
    expect(answer.result).not.toBe('valid');
    // A guard against hanging, not a benchmark: each takes well under a tenth of this.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
