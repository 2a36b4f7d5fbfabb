import { describe, expect, it } from 'vitest';
import { buildIdentifier, checkCharacter, readIdentifier } from '../../../electron/contract/identifier.ts';

const parts = { typeCode: '11100000000013338W032', issuerCode: '11220000013544541J', serial: '2430599', version: 1 };

describe('contract.identifier, own', () => {
  // Published production identifiers.
  it.each([
    ['11100000000013338W011.11430000006122244L.20230000403.001', 'U'],
    ['11100000000013338W009.11330105002500287C.2025052201.002', '0'],
    ['11100000000013338W011.11110000000021135M.20230329701.003', 'Y'],
    ['11100000000013338W032.11220000013544541J.2430599.001', 'F'],
  ])('%s has check character %s', (body, check) => {
    expect(checkCharacter(body.replaceAll('.', ''))).toBe(check);
    expect(readIdentifier(`1.2.156.3005.2.${body}.${check}`)).not.toBeNull();
  });

  it('reads back what it writes', () => {
    expect(buildIdentifier(parts)).toBe('1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F');
    expect(readIdentifier(buildIdentifier(parts))).toMatchObject(parts);
  });

  it('refuses every single wrong character', () => {
    const text = buildIdentifier(parts);
    const root = '1.2.156.3005.2.'.length;
    for (let at = root; at < text.length; at += 1) {
      for (const other of '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.') {
        if (text[at] !== other) expect(readIdentifier(text.slice(0, at) + other + text.slice(at + 1)), `${at} ${other}`).toBeNull();
      }
    }
  });

  it.each([
    '',
    '.',
    'x',
    '1.2.156.3005.2.',
    '1.2.156.3005.2.340100.16.001.9',
    buildIdentifier(parts).toLowerCase(),
    ` ${buildIdentifier(parts)}`,
  ])('reads %j as none', (text) => {
    expect(readIdentifier(text)).toBeNull();
  });

  it.each([
    { version: 0 },
    { version: 1_000 },
    { version: 1.5 },
    { serial: '' },
    { serial: 'a1' },
    { typeCode: 'X' },
    { issuerCode: '340100' },
  ])('writes none of %j', (wrong) => {
    expect(() => buildIdentifier({ ...parts, ...wrong })).toThrow(RangeError);
  });
});
