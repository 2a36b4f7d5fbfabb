import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateNames } from '../../../native/pkcs11/der.ts';
import { selfSigned } from '../../token/support/self-signed.ts';

describe('certificateNames', () => {
  const { certificateDer } = selfSigned();

  it('reads subject, issuer and serial number as they stand in the certificate', () => {
    const { subject, issuer, serialNumber } = certificateNames(certificateDer);
    expect(Buffer.from(subject).toString('latin1')).toContain('training');
    expect(Buffer.from(issuer)).toEqual(Buffer.from(subject));
    const hex = new X509Certificate(certificateDer).serialNumber.toLowerCase();
    expect(serialNumber[0]).toBe(2);
    expect(BigInt(`0x${Buffer.from(serialNumber.subarray(2)).toString('hex')}`)).toBe(BigInt(`0x${hex}`));
  });

  it('refuses a certificate that is cut short anywhere, and things that are none', () => {
    const refusal = expect.objectContaining({ code: 'INPUT_INVALID' });
    for (let length = 0; length < certificateDer.length; length += 1) {
      expect(() => certificateNames(certificateDer.subarray(0, length)), `${length} bytes`).toThrow(refusal);
    }
    for (const hex of ['', '30', '3080', '30ffffffffff', '3003020101', '04020500']) {
      expect(() => certificateNames(Buffer.from(hex, 'hex')), hex).toThrow(refusal);
    }
  });
});
