// The verifier on broken and hostile revisions: always an answer of the contract, never a throw, never "valid" for a changed file.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VerificationView } from '../../../electron/contract/verification.ts';
import { approvedHashOf } from '../../../electron/station/documents/signature-place.ts';
import { berToDer } from '../../../electron/station/documents/verification/ber.ts';
import { DerError, readDer } from '../../../electron/station/documents/verification/der.ts';
import { verifyDocument } from '../../../electron/station/documents/verification/verify-document.ts';
import { bytes, objectText, signedUpdate, update } from '../../support/hostile-update.ts';
import { aSigner, sealSample, unsignedSample } from '../../support/sealed-sample.ts';

const issuer = aSigner();
const unsigned = unsignedSample();
const sealed = sealSample(issuer, unsigned, approvedHashOf(unsigned));
const field = { 9: objectText(sealed, 9).replace('/F 132', '/F 132/V 50 0 R') };
const both = signedUpdate(sealed, issuer, 50, { objects: field });
const view = (pdf: Uint8Array) => {
  const answer = verifyDocument(pdf, { trustAnchors: [issuer.root], at: '2026-11-21T00:00:00.000Z' });
  VerificationView.parse(answer);
  return answer;
};

describe('verification.fuzz', () => {
  it('starts from a valid file of two revisions', () => {
    expect(view(both).result).toBe('valid');
  });

  it('cuts, insertions and repetitions anywhere', () => {
    const mutation = fc.record({
      at: fc.nat(both.length - 1),
      remove: fc.nat(80),
      insert: fc.uint8Array({ maxLength: 40 }),
      from: fc.nat(both.length - 1),
      copy: fc.nat(200),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        let pdf = Buffer.from(both);
        for (const { at, remove, insert, from, copy } of mutations) {
          pdf = Buffer.concat([pdf.subarray(0, at), insert, pdf.subarray(from, from + copy), pdf.subarray(at + remove)]);
        }
        if (!pdf.equals(both)) expect(view(pdf).result).not.toBe('valid');
      }),
      { numRuns: 1_500, seed: 20_261_122 },
    );
  }, 60_000);

  it('well-formed revisions of any objects, unsigned and signed by a trusted stranger', () => {
    const reference = fc.integer({ min: 0, max: 65 }).map((number) => `${number} 0 R`);
    const atom = fc.oneof(
      reference,
      fc.constantFrom('null', 'true', '0', '-1.5', '/Sig', '/Annot', '/Stamp', '/Widget', '(x)', '<00>', '[0 0 0 0]', '<<>>'),
    );
    const key = fc.constantFrom(
      'Type',
      'Subtype',
      'FT',
      'T',
      'V',
      'Rect',
      'P',
      'Kids',
      'Parent',
      'Annots',
      'Fields',
      'AcroForm',
      'Pages',
      'Metadata',
      'DSS',
      'Certs',
      'CRLs',
      'Perms',
      'DocMDP',
      'Reference',
      'Contents',
      'AP',
      'N',
      'MediaBox',
      'Length',
    );
    const value = fc.oneof(
      atom,
      fc.array(atom, { maxLength: 5 }).map((items) => `[${items.join(' ')}]`),
    );
    const dictionary = fc
      .uniqueArray(fc.tuple(key, value), { maxLength: 8, selector: ([name]) => name })
      .map((entries) => `<<${entries.map(([name, text]) => `/${name} ${text}`).join('')}>>`);
    const object = fc.oneof({ weight: 4, arbitrary: dictionary }, { weight: 1, arbitrary: value });
    const objects = fc.dictionary(fc.integer({ min: 1, max: 65 }).map(String), object, { minKeys: 1, maxKeys: 6 });
    fc.assert(
      fc.property(objects, (made) => {
        expect(view(update(sealed, { objects: made })).result).not.toBe('valid');
        const answer = view(signedUpdate(sealed, issuer, 50, { objects: { ...made, ...field } }));
        if (answer.result === 'valid') expect(answer.revisions[1]?.refused).toEqual([]);
        else expect(answer.signatures[0]?.intact).toBe(true);
      }),
      { numRuns: 400, seed: 20_261_122 },
    );
  }, 60_000);

  it('words of PDF in any order behind a sealed file', () => {
    const words = [
      'xref\n',
      '0 1\n',
      '0000000000 65535 f \n',
      'trailer\n',
      '<<',
      '>>',
      '/Prev 0',
      '/Root 1 0 R',
      'startxref\n',
      '9\n',
      '%%EOF\n',
      '1 0 obj\n',
      'endobj\n',
      'stream\n',
      'endstream\n',
      '[',
      ']',
      '(',
      ')',
      '\\',
      '%',
      '/Length 5',
      '4 0 R',
      '#',
      '\r',
      '\0',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 40 }), (parts) => {
        expect(view(Buffer.concat([sealed, bytes(parts.join(''))])).result).toBe('invalid');
      }),
      { numRuns: 1_000, seed: 20_261_122 },
    );
  }, 60_000);

  it('BER of any bytes: DER or DerError, and the same again from DER', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        try {
          const { bytes: made } = berToDer(noise);
          expect(readDer(made).bytes.length).toBe(made.length);
          expect(Buffer.from(berToDer(made).bytes).equals(made)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 3_000, seed: 20_261_122 },
    );
  });

  it.each([
    ['nested indefinite lengths', Buffer.alloc(20_000, Buffer.from([0x30, 0x80]))],
    [
      'very many members',
      Buffer.concat([Buffer.from([0x30, 0x80]), Buffer.alloc(400_000, Buffer.from([0x05, 0x00])), Buffer.from([0, 0])]),
    ],
    ['a length of four thousand million', Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x00])],
  ])('BER that costs: %s', (_what, noise) => {
    const started = performance.now();
    expect(() => berToDer(noise)).toThrow(DerError);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
