import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayExists,
  holderCodeType,
  judgeCitizenId,
  judgeCreditCode,
  judgeHolderCode,
  modernCitizenId,
  rereadCreditCode,
} from '../../../electron/station/catalogue/codes.ts';

const realCreditCodes = [
  '91350100M000100Y43',
  '11110000000021135M',
  '11220000013544541J',
  '11430000006122244L',
  '11330105002500287C',
  '11100000000013338W',
];

describe('codes.judgeCreditCode', () => {
  it.each(realCreditCodes)('accepts the published code %s', (code) => expect(judgeCreditCode(code)).toBe('valid'));

  it('accepts a co-operative whose inner organisation code has no check of its own', () =>
    expect(judgeCreditCode('N2420626MAU61J8U0P')).toBe('valid'));

  it('notices every single wrong character', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
    fc.assert(
      fc.property(fc.constantFrom(...realCreditCodes), fc.nat(17), fc.constantFrom(...alphabet), (code, at, c) => {
        fc.pre(code[at] !== c);
        expect(judgeCreditCode(code.slice(0, at) + c + code.slice(at + 1))).not.toBe('valid');
      }),
    );
  });

  it.each(['', '1', '11110000000021135', '11110000000021135MM', '1111000000O021135M', '11110000000021135m'])('calls %j malformed', (code) =>
    expect(judgeCreditCode(code)).toBe('malformed'),
  );

  it('rereads O, I, S, V, Z as what they were meant to be, only when the check agrees', () => {
    expect(rereadCreditCode('1111OOOO00002113SM')).toBe('11110000000021135M');
    expect(rereadCreditCode('1111OOOO00002113SX')).toBeNull();
    expect(rereadCreditCode('11110000000021135M')).toBeNull();
  });
});

describe('codes.judgeCitizenId', () => {
  it('accepts the example of GB 11643', () => expect(judgeCitizenId('11010519491231002X')).toBe('valid'));
  it('calls a wrong check character by its name', () => expect(judgeCitizenId('110105194912310021')).toBe('check-digit'));
  it('refuses a date of birth that never was', () => expect(judgeCitizenId('110105194902300021')).toBe('malformed'));
  it('does not ask whether the region still exists', () => expect(judgeCitizenId('42062619690313239X')).toBe('valid'));
  it.each(['11010519491231002x', '1101051949123100', '11010519491231002XX', '01010519491231002X', '4.20626195004126E+17'])(
    'calls %j malformed',
    (id) => expect(judgeCitizenId(id)).toBe('malformed'),
  );

  it('notices every single wrong digit', () => {
    fc.assert(
      fc.property(fc.nat(16), fc.nat(9), (at, digit) => {
        const id = '11010519491231002X';
        fc.pre(id[at] !== String(digit));
        expect(judgeCitizenId(id.slice(0, at) + digit + id.slice(at + 1))).not.toBe('valid');
      }),
    );
  });

  it('brings a number of 15 digits to its modern form', () => {
    expect(modernCitizenId('110105491231002')).toBe('11010519491231002X');
    expect(modernCitizenId('110105490230002')).toBeNull();
    expect(modernCitizenId('11010549123100')).toBeNull();
  });
});

describe('codes.holderCodeType', () => {
  it('tells persons from organisations by GB/T 36903 annex A', () => {
    expect(holderCodeType('11010519491231002X')).toBe('111');
    expect(holderCodeType('91350100M000100Y43')).toBe('001');
    expect(holderCodeType('91350100M000100Y44')).toBeNull();
  });
  it('judges a code as the kind it was meant as', () => {
    expect(judgeHolderCode('110105194912310021')).toBe('check-digit');
    expect(judgeHolderCode('91350100M000100Y44')).toBe('check-digit');
    expect(judgeHolderCode('张三')).toBe('malformed');
  });
});

describe('codes.dayExists', () => {
  it('knows leap years of centuries', () => {
    expect([dayExists(2000, 2, 29), dayExists(1900, 2, 29), dayExists(2024, 2, 29), dayExists(2026, 2, 29)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
  it('agrees with the calendar of the runtime', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1900, max: 2200 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (y, m, d) => {
        const date = new Date(Date.UTC(y, m - 1, d));
        expect(dayExists(y, m, d)).toBe(date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d);
      }),
    );
  });
});
