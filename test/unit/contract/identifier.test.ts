import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildIdentifier, checkCharacter, parseIdentifier } from '../../../electron/contract/identifier.ts';

const published = [
  ['11100000000013338W011', '11430000006122244L', '20230000403', 1, 'U'],
  ['11100000000013338W009', '11330105002500287C', '2025052201', 2, '0'],
  ['11100000000013338W011', '11110000000021135M', '20230329701', 3, 'Y'],
  ['11100000000013338W032', '11220000013544541J', '2430599', 1, 'F'],
] as const;

describe('identifier.build', () => {
  it.each(published)('gives %s.%s.%s.%i the published check character %s', (typeCode, issuerCode, serial, version, check) => {
    const text = buildIdentifier({ typeCode, issuerCode, serial, version });
    expect(text).toBe(`1.2.156.3005.2.${typeCode}.${issuerCode}.${serial}.00${version}.${check}`);
    expect(parseIdentifier(text)).toEqual({ typeCode, issuerCode, serial, version, checkCharacter: check, isCheckRight: true });
  });

  it('gives 0, not nothing, where the remainder is 1', () => {
    const serials = Array.from({ length: 200 }, (_, i) => checkCharacter(`A${i}`));
    expect(serials).toContain('0');
    expect(serials.every((c) => /^[0-9A-Z]$/.test(c))).toBe(true);
  });

  it.each([
    { typeCode: '11100000000013338W01', issuerCode: '11430000006122244L', serial: '1', version: 1 },
    { typeCode: '11100000000013338W011', issuerCode: '340100', serial: '1', version: 1 },
    { typeCode: '11100000000013338W011', issuerCode: '11430000006122244L', serial: 'a-1', version: 1 },
    { typeCode: '11100000000013338W011', issuerCode: '11430000006122244L', serial: '', version: 1 },
    { typeCode: '11100000000013338W011', issuerCode: '11430000006122244L', serial: '1', version: 0 },
    { typeCode: '11100000000013338W011', issuerCode: '11430000006122244L', serial: '1', version: 1000 },
  ])('refuses parts the standard does not allow: %j', (parts) => expect(() => buildIdentifier(parts)).toThrow(RangeError));
});

describe('identifier.parse', () => {
  it('reads a region code as issuer, as some cities published', () => {
    const read = parseIdentifier('1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9');
    expect(read).toMatchObject({ issuerCode: '340100', isCheckRight: true });
  });

  it('reads a made-up example and says that its check character is wrong', () => {
    const read = parseIdentifier('1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.V');
    expect(read).toMatchObject({ checkCharacter: 'V', isCheckRight: false });
  });

  it.each(['', 'x', '1.2.156.3005.3.11100000000013338W011.11430000006122244L.1.001.V', ' 1.2.156.3005.2.a.b.c.001.0'])(
    'is null for %j',
    (text) => expect(parseIdentifier(text)).toBeNull(),
  );

  it('notices every single wrong character and every swap of neighbours', () => {
    const good = buildIdentifier({ typeCode: '11100000000013338W011', issuerCode: '11430000006122244L', serial: 'AB1900017', version: 1 });
    const from = '1.2.156.3005.2.'.length;
    for (let i = from; i < good.length - 1; i++) {
      const swapped = good.slice(0, i) + good.charAt(i + 1) + good.charAt(i) + good.slice(i + 2);
      if (swapped !== good && !/\./.test(good.slice(i, i + 2))) expect(parseIdentifier(swapped)?.isCheckRight ?? false).toBe(false);
    }
    fc.assert(
      fc.property(fc.integer({ min: from, max: good.length - 1 }), fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), (at, c) => {
        fc.pre(good[at] !== c && good[at] !== '.');
        expect(parseIdentifier(good.slice(0, at) + c + good.slice(at + 1))?.isCheckRight ?? false).toBe(false);
      }),
    );
  });
});
