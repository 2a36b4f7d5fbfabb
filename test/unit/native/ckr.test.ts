import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../electron/contract/error-codes.ts';
import { errorOfCkr } from '../../../native/pkcs11/ckr.ts';

const standard = Array.from({ length: 0x202 }, (_, at) => at);
const vendor = [0x80000000, 0x80000001, 0xffffffff];

describe('errorOfCkr', () => {
  it('calls a PIN wrong for CKR_PIN_INCORRECT and nothing else', () => {
    expect([...standard, ...vendor].filter((ckr) => errorOfCkr('C_Login', ckr).code === 'PIN_INCORRECT')).toEqual([0xa0]);
    expect([...standard, ...vendor].filter((ckr) => errorOfCkr('C_Login', ckr).code === 'PIN_LOCKED')).toEqual([0xa4]);
  });

  it.each([0x5, 0x6, 0x30])('calls general error, function failed and device error (%i) faults, also at login', (ckr) => {
    expect(errorOfCkr('C_Login', ckr)).toMatchObject({
      code: 'TOKEN_DRIVER_FAULT',
      details: { method: 'C_Login', ckr: `0x${ckr.toString(16)}` },
    });
  });

  it('never calls an unread PIN a login', () => {
    expect(errorOfCkr('C_Login', 0x100).code).toBe('TOKEN_BUSY');
  });

  it('believes PIN codes and cancellation only where a PIN was asked', () => {
    for (const ckr of [0xa0, 0xa1, 0xa2, 0xa4, 0x1, 0x50, 0x200]) expect(errorOfCkr('C_Sign', ckr).code).toBe('TOKEN_DRIVER_FAULT');
    for (const ckr of [0x1, 0x50, 0x200]) expect(errorOfCkr('C_Login', ckr).code).toBe('PIN_CANCELLED');
  });

  it('knows the numbers that mean the token is gone', () => {
    for (const ckr of [0x3, 0x32, 0xb0, 0xb3, 0xe0]) expect(errorOfCkr('C_SignInit', ckr).code).toBe('TOKEN_REMOVED');
  });

  it.each(vendor)('gives vendor number %i as hex', (ckr) => {
    expect(errorOfCkr('C_Sign', ckr)).toMatchObject({ code: 'TOKEN_DRIVER_FAULT', details: { ckr: `0x${ckr.toString(16)}` } });
  });

  it('fills only details that the table of codes allows', () => {
    for (const method of ['C_Login', 'C_Sign', 'C_GetTokenInfo']) {
      for (const ckr of [...standard, ...vendor]) {
        const error = errorOfCkr(method, ckr);
        expect(errorCodes[error.code].details.safeParse(error.details).success, `${method} ${ckr}`).toBe(true);
      }
    }
  });
});
