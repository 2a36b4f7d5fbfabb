import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isStationError } from '../../../electron/contract/station-error.ts';
import { catalogueOf, loadCatalogue, typeOn, typesOn, typeVersion } from '../../../electron/station/catalogue/catalogue.ts';
import { licenceNumber, numberFormatProblem } from '../../../electron/station/catalogue/licence-number.ts';
import { isRulePackInForce, loadRulePack, rulePackOf } from '../../../electron/station/catalogue/rule-pack.ts';

const resources = join(import.meta.dirname, '../../../resources');
const typesDir = join(resources, 'catalogue/types');
const zhaijidi = JSON.parse(readFileSync(join(typesDir, 'zhaijidi.json'), 'utf8'));
const fileOf = (json: object, file = 'a.json') => ({ file, bytes: Buffer.from(JSON.stringify(json)) });

/** What the loader says of a type changed so. */
function problemOf(change: (type: typeof zhaijidi) => void): string {
  const type = structuredClone(zhaijidi);
  change(type);
  try {
    catalogueOf([fileOf(type)]);
  } catch (error) {
    if (isStationError(error, 'CATALOGUE_INVALID')) return String(error.details.problem);
    throw error;
  }
  return 'none';
}

describe('catalogue.load', () => {
  it('loads the four types with the hash of their exact bytes', () => {
    const { entries } = loadCatalogue(typesDir);
    expect(entries.map((e) => e.type.id)).toEqual(['caifa', 'guihua', 'xiaozuofang', 'zhaijidi']);
    for (const { file, sha256 } of entries)
      expect(sha256).toBe(
        createHash('sha256')
          .update(readFileSync(join(typesDir, file)))
          .digest('hex'),
      );
    expect(readdirSync(typesDir)).toHaveLength(entries.length);
  });

  it('says which folder cannot be read or is empty', () => {
    for (const dir of [join(resources, 'no-such-folder'), join(resources, 'fonts')])
      expect(() => loadCatalogue(dir)).toThrow(
        expect.objectContaining({ code: 'CATALOGUE_INVALID', details: expect.objectContaining({ file: dir }) }),
      );
  });

  it('names the file that is no JSON', () => {
    expect(() => catalogueOf([{ file: 'bad.json', bytes: Buffer.from([0xff, 0x7b]) }])).toThrow(
      expect.objectContaining({ code: 'CATALOGUE_INVALID', details: { file: 'bad.json', problem: 'not JSON in UTF-8' } }),
    );
  });

  it.each<[string, (type: typeof zhaijidi) => void, RegExp]>([
    ['an unknown member', (t) => (t.colour = 'red'), /colour/],
    ['a repeated key', (t) => (t.items[1].key = t.items[0].key), /twice/],
    ['a reserved key', (t) => (t.items[13].key = 'matterNumber'), /reserved/],
    ['a heading of two fields', (t) => t.items[2].aliases.push('户 主'), /leads to two fields/],
    ['a holder that is no item', (t) => (t.holder.name = 'nobody'), /holder\.name/],
    ['a holder code that is text', (t) => (t.holder.code = 'landUse'), /holder\.code/],
    ['validity by something that is no day', (t) => (t.validity.to = 'landUse'), /no date item/],
    ['a coding rule without serial', (t) => (t.coding.format = '农宅字第{year}号'), /serial/],
    ['a coding rule with an unknown part', (t) => (t.coding.format = '{town}{serial:5}'), /unknown placeholder/],
    ['business coding without a column', (t) => (t.coding.source = 'business'), /alias/],
    ['refused sharing without its reason', (t) => (t.items[0].sharing = 'refused'), /R07/],
    [
      'a wrong check character of the authority',
      (t) => Object.assign(t, { definingAuthority: { name: 'x', code: '11100000MB0QL00178' }, code: '11100000MB0QL00178001' }),
      /check character/,
    ],
    ['a code of another authority', (t) => (t.code = '11100000000013338W001'), /defining authority/],
    ['an end before the beginning', (t) => (t.validTo = '2025-12-31'), /validTo/],
  ])('refuses %s', (_what, change, words) => expect(problemOf(change)).toMatch(words));

  it('accepts the sample type itself', () => expect(problemOf(() => undefined)).toBe('none'));
});

describe('catalogue.typeOn', () => {
  const first = { ...structuredClone(zhaijidi), validTo: '2026-06-30' };
  const second = { ...structuredClone(zhaijidi), version: '2026.2', validFrom: '2026-07-01' };
  const both = catalogueOf([fileOf(second, 'b.json'), fileOf(first, 'a.json')]);

  it('gives the version in force on the day, both last days included', () => {
    expect(typeOn(both, 'zhaijidi', '2026-06-30').type.version).toBe('2026.1');
    expect(typeOn(both, 'zhaijidi', '2026-07-01').type.version).toBe('2026.2');
    expect(typesOn(both, '2026-07-01')).toHaveLength(1);
  });
  it('has none before the first', () =>
    expect(() => typeOn(both, 'zhaijidi', '2025-12-31')).toThrow(expect.objectContaining({ code: 'TYPE_NOT_IN_CATALOGUE' })));
  it('keeps an ended version for the licences made with it', () => expect(typeVersion(both, 'zhaijidi', '2026.1').file).toBe('a.json'));
  it('refuses two versions in force on one day', () =>
    expect(() => catalogueOf([fileOf({ ...first, validTo: '2026-07-01' }, 'a.json'), fileOf(second, 'b.json')])).toThrow(
      expect.objectContaining({ details: { file: 'b.json', problem: 'validity overlaps a.json' } }),
    ));
  it('refuses one version number for two files', () =>
    expect(() => catalogueOf([fileOf(first, 'a.json'), fileOf({ ...second, version: '2026.1' }, 'b.json')])).toThrow(/CATALOGUE_INVALID/));
  it('refuses two types with one code', () =>
    expect(() => catalogueOf([fileOf(first, 'a.json'), fileOf({ ...second, id: 'other' }, 'b.json')])).toThrow(/CATALOGUE_INVALID/));
});

describe('licenceNumber', () => {
  const parts = { regionCode: '420626', year: 2026, serial: 42 };
  it('expands region, year and serial', () =>
    expect(licenceNumber('zhaijidi', '农宅字第{region}{year}{serial:6}号', parts)).toBe('农宅字第4206262026000042号'));
  it('does not widen a serial beyond its digits', () =>
    expect(() => licenceNumber('x', '{serial:2}', { ...parts, serial: 100 })).toThrow(
      expect.objectContaining({ code: 'NUMBERS_EXHAUSTED', details: { type: 'x' } }),
    ));
  it.each(['{serial:0}', '{serial:6}{serial:6}', '{serial:6}}', '号', '{serial}'])('calls the format %j wrong', (format) =>
    expect(numberFormatProblem(format)).not.toBeNull(),
  );
});

describe('rulePack.load', () => {
  const path = join(resources, 'rules/hubei-2026.json');
  it('loads the pack with the hash of its exact bytes', () => {
    const { pack, sha256 } = loadRulePack(path);
    expect(pack.neverCollect).toContain('手机号');
    expect(sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
    expect([isRulePackInForce(pack, '2025-12-31'), isRulePackInForce(pack, '2026-01-01')]).toEqual([false, true]);
  });
  it('refuses a missing file, a wrong shape and an end before the beginning', () => {
    const json = JSON.parse(readFileSync(path, 'utf8'));
    expect(() => loadRulePack(`${path}.no`)).toThrow(expect.objectContaining({ code: 'CATALOGUE_INVALID' }));
    expect(() => rulePackOf('a', Buffer.from(JSON.stringify({ ...json, algorithms: ['SHA1'] })))).toThrow(/CATALOGUE_INVALID/);
    expect(() => rulePackOf('a', Buffer.from(JSON.stringify({ ...json, validTo: '2025-01-01' })))).toThrow(/CATALOGUE_INVALID/);
  });
});
