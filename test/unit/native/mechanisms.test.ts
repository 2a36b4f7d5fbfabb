import { constants, generateKeyPairSync, privateEncrypt, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { CKM } from '../../../native/pkcs11/constants.ts';
import { encodeEcdsaSignature } from '../../../native/pkcs11/der.ts';
import { chooseMechanism, mechanismInput, signatureValue } from '../../../native/pkcs11/mechanisms.ts';

const message = Buffer.from('signed attributes');

describe('chooseMechanism', () => {
  it.each([
    ['RSA-SHA256', [CKM.sha256RsaPkcs, CKM.rsaPkcs], [], CKM.rsaPkcs],
    ['RSA-SHA256', [CKM.sha256RsaPkcs, CKM.ecdsa], [], CKM.sha256RsaPkcs],
    ['ECDSA-P256-SHA256', [CKM.rsaPkcs, CKM.ecdsa, CKM.ecdsaSha256], [], CKM.ecdsa],
    ['ECDSA-P256-SHA256', [CKM.ecdsaSha256], [], CKM.ecdsaSha256],
  ] as const)('takes for %s from %j', (algorithm, offered, quirks, expected) => {
    expect(chooseMechanism(offered, algorithm, quirks).mechanism).toBe(expected);
  });

  it.each([
    ['RSA-SHA256', [CKM.ecdsa], []],
    ['ECDSA-P256-SHA256', [CKM.rsaPkcs], []],
    ['RSA-SHA256', [], []],
    ['RSA-SHA256', [CKM.sha256RsaPkcs], ['noHashMechanisms']],
  ] as const)('has none for %s in %j with quirks %j', (algorithm, offered, quirks) => {
    const found = () => chooseMechanism(offered, algorithm, quirks);
    expect(found).toThrow(expect.objectContaining({ code: 'MECHANISM_MISSING', details: { mechanism: algorithm } }));
  });
});

describe('what goes into the token and what comes out', () => {
  it('makes with raw RSA the very signature that a hashing mechanism makes', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const input = mechanismInput(chooseMechanism([CKM.rsaPkcs], 'RSA-SHA256'), message);
    const raw = privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, input);
    expect(raw.equals(sign('sha256', message, privateKey))).toBe(true);
    expect(mechanismInput(chooseMechanism([CKM.sha256RsaPkcs], 'RSA-SHA256'), message)).toEqual(message);
  });

  it('turns r‖s into a value that verifies', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const how = chooseMechanism([CKM.ecdsa], 'ECDSA-P256-SHA256');
    // Enough rounds to meet leading zero bytes and leading one bits.
    for (let round = 0; round < 300; round += 1) {
      const raw = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      expect(verify('sha256', message, publicKey, signatureValue(how, raw))).toBe(true);
    }
  });

  it('writes every r and s as a minimal positive INTEGER', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), (rs) => {
        const der = encodeEcdsaSignature(rs);
        const rLength = der[3] ?? 0;
        const [r, s] = [der.subarray(4, 4 + rLength), der.subarray(6 + rLength)];
        expect(der[1]).toBe(der.length - 2);
        for (const [part, from] of [
          [r, 0],
          [s, 32],
        ] as const) {
          expect((part[0] ?? 0) < 0x80).toBe(true);
          expect(part.length === 1 || part[0] !== 0 || (part[1] ?? 0) >= 0x80).toBe(true);
          expect(BigInt(`0x0${Buffer.from(part).toString('hex')}`)).toBe(
            BigInt(`0x0${Buffer.from(rs.subarray(from, from + 32)).toString('hex')}`),
          );
        }
      }),
    );
  });

  it('calls an ECDSA answer of another length a fault of the driver', () => {
    const how = chooseMechanism([CKM.ecdsa], 'ECDSA-P256-SHA256');
    for (const length of [0, 10, 63, 72]) {
      let thrown: unknown;
      try {
        signatureValue(how, new Uint8Array(length));
      } catch (error) {
        thrown = error;
      }
      expect(isStationError(thrown, 'TOKEN_DRIVER_FAULT'), `${length} bytes`).toBe(true);
    }
  });
});
