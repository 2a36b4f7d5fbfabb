import { describe, expect, it } from 'vitest';
import { CKA, CKK, CKM } from '../../../native/pkcs11/constants.ts';
import { sha256Hex } from '../../../native/pkcs11/find-certificates.ts';
import { type LocatedKey, signWith } from '../../../native/pkcs11/sign.ts';

const certificate = Buffer.from('certificate object');
const privateKey = Buffer.from('private key object');
const session = Buffer.alloc(8);
const ours = Buffer.from('the certificate that was granted');

interface Contents {
  readonly der: Buffer;
  readonly certificateKeyId: Buffer;
  readonly keyId: Buffer;
}
const asLocated: Contents = { der: ours, certificateKeyId: Buffer.from([1]), keyId: Buffer.from([1]) };

/** A token whose objects are `now` by the time of the signature; notes what the key was asked. */
function signOn(now: Partial<Contents>, key: Partial<LocatedKey> = {}) {
  const contents = { ...asLocated, ...now };
  const asked: string[] = [];
  const read = (object: Buffer, type: number) => {
    if (object === privateKey) return contents.keyId;
    return type === CKA.value ? contents.der : contents.certificateKeyId;
  };
  const gateway = {
    attribute: (_session: Buffer, object: Buffer, type: number) => read(object, type),
    attributes: (_session: Buffer, object: Buffer, types: readonly number[]) => types.map((type) => read(object, type)),
    signInit: () => void asked.push('signInit'),
    sign: () => {
      asked.push('sign');
      return Buffer.alloc(64, 1);
    },
  };
  const located = { certificate, privateKey, keyType: CKK.ec, isAlwaysAuthenticate: false, ...key };
  const request = {
    session,
    mechanisms: [CKM.ecdsa],
    quirks: [],
    certificateHash: sha256Hex(ours),
    toSign: Buffer.from('x'),
    algorithm: 'ECDSA-P256-SHA256',
  } as const;
  return { run: () => signWith(gateway, located, request), asked };
}

describe('signWith', () => {
  it('asks the key when certificate and key are what they were', () => {
    const { run, asked } = signOn({});
    expect(run().length).toBeGreaterThan(64);
    expect(asked).toEqual(['signInit', 'sign']);
  });

  it.each([
    ['the handle shows another certificate', { der: Buffer.from('the other key in the other port') }],
    ['the certificate belongs to another key', { certificateKeyId: Buffer.from([2]) }],
    ['the handle shows another key', { keyId: Buffer.from([2]) }],
  ] as const)('never asks the key when %s', (_, now) => {
    const { run, asked } = signOn(now);
    expect(run).toThrow(expect.objectContaining({ code: 'KEY_NOT_FOUND' }));
    expect(asked).toEqual([]);
  });

  it.each([
    ['a login for each signature', { isAlwaysAuthenticate: true }, 'LOGIN_NEEDED', { reason: 'alwaysAuthenticate' }],
    ['another kind of key', { keyType: CKK.rsa }, 'MECHANISM_MISSING', { mechanism: 'ECDSA-P256-SHA256' }],
  ] as const)('says so for %s', (_, key, code, details) => {
    const { run, asked } = signOn({}, key);
    expect(run).toThrow(expect.objectContaining({ code, details }));
    expect(asked).toEqual([]);
  });
});
