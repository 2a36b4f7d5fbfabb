import { describe, expect, it } from 'vitest';
import { approvedHashOf, CONTENTS_BYTES, locateSignature } from '../../../electron/station/documents/signature-place.ts';
import { readDer, setOf } from '../../../electron/station/documents/verification/der.ts';
import { chainOf } from '../../../electron/station/signing/chain-of.ts';
import { assembleCms, signedAttributes } from '../../../electron/station/signing/cms.ts';
import { embed } from '../../../electron/station/signing/embed.ts';
import { prepare } from '../../../electron/station/signing/prepare.ts';
import { verifySealed } from '../../../electron/station/signing/verify-sealed.ts';
import { aSigner, rawSignature, SIGNED_AT, sealSample, unsignedSample } from '../../support/sealed-sample.ts';

const unsigned = unsignedSample();
const approvedHash = approvedHashOf(unsigned);
const rsa = aSigner('RSA-SHA256');
const ec = aSigner('ECDSA-P256-SHA256');

const differing = (a: Uint8Array, b: Uint8Array): readonly number[] => [...a.keys()].filter((at) => a[at] !== b[at]);

describe('signing.prepare', () => {
  it('fills in the signing time and nothing else, and leaves its input alone', () => {
    const before = Buffer.from(unsigned);
    const prepared = prepare(unsigned, approvedHash, SIGNED_AT);
    const { signingTime } = locateSignature(unsigned);
    const changed = differing(prepared.bytes, unsigned);
    expect(Buffer.from(unsigned)).toEqual(before);
    expect(changed.every((at) => at >= signingTime.start && at < signingTime.start + signingTime.length)).toBe(true);
    expect(Buffer.from(prepared.bytes).toString('latin1')).toContain("/M(D:20261120083005+00'00')");
  });

  it('refuses a document that is not the approved one', () => {
    const other = unsignedSample('Licence 420627');
    expect(() => prepare(other, approvedHash, SIGNED_AT)).toThrow('HASH_CHANGED');
  });

  it('refuses bytes that are no document', () => {
    expect(() => prepare(Buffer.from('%PDF-1.7\n%%EOF\n'), approvedHash, SIGNED_AT)).toThrow('HASH_CHANGED');
  });
});

describe('signing.signedAttributes', () => {
  it('names content type, digest and certificate, and no signing time', () => {
    const text = Buffer.from(signedAttributes(Buffer.alloc(32, 7), ec.certificate).der).toString('hex');
    expect(text).toContain('06092a864886f70d010903');
    expect(text).toContain('06092a864886f70d010904');
    expect(text).toContain('060b2a864886f70d010910022f');
    expect(text).not.toContain('06092a864886f70d010905');
  });

  it('is a DER SET OF in ascending order', () => {
    const { der } = signedAttributes(Buffer.alloc(32, 7), ec.certificate);
    expect(der[0]).toBe(0x31);
    expect(() => readDer(der)).not.toThrow();
    const high = Buffer.from([0x04, 0x01, 0xff]);
    const low = Buffer.from([0x02, 0x01, 0x00]);
    expect(Buffer.from(setOf(high, low)).toString('hex')).toBe('31060201000401ff');
  });
});

describe('signing.chainOf', () => {
  it('carries the own authority and no other of the office', () => {
    expect(chainOf(ec.certificate, [rsa.root, ec.root])).toEqual([ec.root]);
  });

  it('refuses a certificate that no anchor issued', () => {
    expect(() => chainOf(ec.certificate, [rsa.root])).toThrow('CERTIFICATE_WRONG_ISSUER');
  });
});

describe('signing.embed', () => {
  it('throws for a CMS larger than the reserve', () => {
    const prepared = prepare(unsigned, approvedHash, SIGNED_AT);
    expect(() => embed(prepared, Buffer.alloc(CONTENTS_BYTES + 1, 1))).toThrow(/does not fit/);
  });

  it('changes only /Contents', () => {
    const prepared = prepare(unsigned, approvedHash, SIGNED_AT);
    const sealed = embed(prepared, Buffer.alloc(CONTENTS_BYTES, 0xab));
    const { contents } = locateSignature(unsigned);
    const changed = differing(sealed, prepared.bytes);
    expect(changed.length).toBe(contents.length);
    expect(changed[0]).toBe(contents.start);
  });
});

describe.each([
  ['RSA-2048', rsa],
  ['P-256', ec],
] as const)('signing.verifySealed with %s', (_name, signer) => {
  const sealed = sealSample(signer, unsigned, approvedHash);
  const expected = { certificateDer: signer.certificate, approvedHash };

  it('accepts what was sealed', () => {
    expect(() => verifySealed(sealed, expected)).not.toThrow();
    expect(approvedHashOf(sealed)).toBe(approvedHash);
  });

  it('refuses a driver that answers rubbish', () => {
    const prepared = prepare(unsigned, approvedHash, SIGNED_AT);
    const attributes = signedAttributes(prepared.digest, signer.certificate);
    const parts = { attributes, algorithm: signer.algorithm, certificate: signer.certificate, chain: [signer.root] };
    for (const signature of [Buffer.alloc(0), Buffer.alloc(10, 1), Buffer.alloc(256, 0xff)]) {
      expect(() => verifySealed(embed(prepared, assembleCms({ ...parts, signature })), expected)).toThrow('SIGNATURE_INVALID');
    }
  });

  it('refuses a signature by another key under the right certificate', () => {
    const other = aSigner(signer.algorithm);
    const prepared = prepare(unsigned, approvedHash, SIGNED_AT);
    const attributes = signedAttributes(prepared.digest, signer.certificate);
    const signature = rawSignature(other, attributes.der);
    const cms = assembleCms({ attributes, signature, algorithm: signer.algorithm, certificate: signer.certificate, chain: [] });
    expect(() => verifySealed(embed(prepared, cms), expected)).toThrow('SIGNATURE_INVALID');
  });

  it('refuses the seal of another issuer', () => {
    const other = aSigner(signer.algorithm);
    expect(() => verifySealed(sealed, { ...expected, certificateDer: other.certificate })).toThrow('SIGNATURE_INVALID');
  });

  it('refuses a well sealed file that is another document', () => {
    const another = unsignedSample('Licence 420627');
    const resealed = sealSample(signer, another, approvedHashOf(another));
    expect(() => verifySealed(resealed, expected)).toThrow('SIGNATURE_INVALID');
  });

  it('refuses bytes of another shape without another error', () => {
    expect(() => verifySealed(Buffer.from('%PDF-1.7'), expected)).toThrow('SIGNATURE_INVALID');
  });
});
