import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LicenceType } from '../../../electron/contract/catalogue.ts';
import { errorCodes } from '../../../electron/contract/error-codes.ts';
import { typeOn } from '../../../electron/station/catalogue/catalogue.ts';
import { checkOne, checkRow } from '../../../electron/station/intake/check-row.ts';
import { aContext, catalogue } from './run.ts';

const zhaijidi = typeOn(catalogue, 'zhaijidi', '2026-11-30').type;
const caifa = typeOn(catalogue, 'caifa', '2026-11-30').type;

const aHomestead = (over: Record<string, string> = {}): Record<string, string> => ({
  matterNumber: 'NZ1',
  householderName: '张三',
  householderCode: '11010519491231002X',
  plotArea: '130.20',
  buildingArea: '83',
  landOwner: '村委会',
  landUse: '住宅',
  location: '马桥镇2组',
  east: '公路',
  south: '公路',
  west: '公路',
  north: '公路',
  validFrom: '2026-11-30',
  validTo: '2028-11-30',
  conclusionDay: '2026-11-30',
  ...over,
});
const faultsOf = (over: Record<string, string>, context = aContext(), type: LicenceType = zhaijidi) =>
  checkOne(type, aHomestead(over), context).faults.map((f) => [f.code, f.field, f.suggestion ?? null]);

describe('intake.checkOne', () => {
  it('finds nothing in a good matter and changes nothing', () => {
    const row = checkOne(zhaijidi, aHomestead(), aContext());
    expect(row).toMatchObject({ verdict: 'good', faults: [], normalisations: [], holderCodeType: '111', typeVersion: '2026.1' });
    expect(row.identity).toEqual({ typeId: 'zhaijidi', holderCode: '11010519491231002X', matterNumber: 'NZ1' });
    expect(row.values.remarks).toBe('');
  });

  it.each<[Record<string, string>, string, string, string | null]>([
    [{ householderName: ' \u3000' }, 'VALUE_MISSING', 'householderName', null],
    [{ landUse: '#N/A' }, 'VALUE_MISSING', 'landUse', null],
    [{ remarks: '#REF!' }, 'VALUE_MISSING', 'remarks', null],
    [{ matterNumber: '' }, 'VALUE_MISSING', 'matterNumber', null],
    [{ matterNumber: '9'.repeat(65) }, 'VALUE_TOO_LONG', 'matterNumber', null],
    [{ householderName: '𬭎'.repeat(51) }, 'VALUE_TOO_LONG', 'householderName', null],
    [{ plotArea: '一百' }, 'VALUE_NOT_NUMBER', 'plotArea', null],
    [{ plotArea: '-1' }, 'VALUE_OUT_OF_RANGE', 'plotArea', null],
    [{ plotArea: '10001' }, 'VALUE_OUT_OF_RANGE', 'plotArea', null],
    [{ plotArea: '1.234' }, 'VALUE_OUT_OF_RANGE', 'plotArea', null],
    [{ conclusionDay: '2026-02-30' }, 'DATE_IMPOSSIBLE', 'conclusionDay', null],
    [{ conclusionDay: '46356' }, 'DATE_UNREADABLE', 'conclusionDay', '2026-11-30'],
    [{ validTo: '长期' }, 'DATE_UNREADABLE', 'validTo', null],
    [{ validFrom: '2028-12-01' }, 'DATE_ORDER_WRONG', 'validTo', null],
    [{ conclusionDay: '2026-12-01' }, 'CONCLUDED_IN_FUTURE', 'conclusionDay', null],
    [{ conclusionDay: '2025-12-31' }, 'TYPE_NOT_IN_CATALOGUE', 'conclusionDay', null],
    [{ householderCode: '110105194912310021' }, 'CHECK_DIGIT_WRONG', 'householderCode', null],
    [{ householderCode: '110105491231002' }, 'ID_NUMBER_MALFORMED', 'householderCode', '11010519491231002X'],
    [{ householderCode: '4.20626195004126E+17' }, 'VALUE_TOO_LONG', 'householderCode', null],
    [{ householderCode: '91350100M000100Y43' }, 'ID_NUMBER_MALFORMED', 'householderCode', null],
    [{ householderName: '张\ue0a1' }, 'CHARACTER_PRIVATE_USE', 'householderName', null],
    [{ householderName: '张\u{F0000}' }, 'CHARACTER_PRIVATE_USE', 'householderName', null],
    [{ householderName: '张\ue81e' }, 'CHARACTER_PRIVATE_USE', 'householderName', '张\u9fb4'],
    [{ householderName: '张\u0007三' }, 'CHARACTER_CONTROL', 'householderName', '张三'],
    [{ householderName: '张\u202e三' }, 'CHARACTER_CONTROL', 'householderName', '张三'],
    [{ householderName: '张\ud800' }, 'CHARACTER_CONTROL', 'householderName', '张'],
    [{ householderName: '张?' }, 'CHARACTER_PLACEHOLDER', 'householderName', null],
    [{ householderName: '张*三' }, 'CHARACTER_PLACEHOLDER', 'householderName', null],
    [{ location: '马\ufffd镇' }, 'CHARACTER_PLACEHOLDER', 'location', null],
  ])('refuses %j with %s', (over, code, field, suggestion) => expect(faultsOf(over)).toEqual([[code, field, suggestion]]));

  it('offers mends that heal', () => {
    for (const over of [
      { conclusionDay: '46356' },
      { householderCode: '110105491231002' },
      { householderName: '张\ue81e' },
      { householderName: '张\u0007三' },
    ]) {
      const [key] = Object.keys(over);
      const [fault] = checkOne(zhaijidi, aHomestead(over), aContext()).faults;
      expect(faultsOf({ [key ?? '']: fault?.suggestion ?? '' })).toEqual([]);
    }
  });

  it('counts characters, not UTF-16 units', () => expect(faultsOf({ householderName: '𬭎'.repeat(50) })).toEqual([]));
  it('lets a question mark stand outside names', () => expect(faultsOf({ remarks: '是否（？）' })).toEqual([]));
  it('takes days that are equal at both ends', () => expect(faultsOf({ validFrom: '2028-11-30' })).toEqual([]));
  it('refuses a birth after today', () =>
    expect(faultsOf({ householderCode: '110105202612310029' })).toEqual([['ID_NUMBER_MALFORMED', 'householderCode', null]]));

  it('names the character the fonts cannot draw', () => {
    const row = checkOne(
      zhaijidi,
      aHomestead({ householderName: '张𰻝' }),
      aContext({ missingGlyphs: (t) => [...t].filter((c) => c === '𰻝') }),
    );
    expect(row.faults).toEqual([
      { code: 'CHARACTER_WITHOUT_GLYPH', field: 'householderName', details: { field: 'householderName', character: '𰻝 U+30EDD' } },
    ]);
  });

  it('asks the store for the same holder, type and matter after normalisation', () => {
    const asked: unknown[] = [];
    const context = aContext({
      stateInStore: (identity) => {
        asked.push(identity);
        return 'issued';
      },
    });
    expect(faultsOf({ householderCode: ' 11010519491231002x', matterNumber: 'ＮＺ１' }, context)).toEqual([
      ['DUPLICATE_IN_STORE', null, null],
    ]);
    expect(asked).toEqual([{ typeId: 'zhaijidi', holderCode: '11010519491231002X', matterNumber: 'NZ1' }]);
  });

  it('reports all faults of a row at once', () =>
    expect(faultsOf({ householderName: '', plotArea: 'x', conclusionDay: '2027-01-01' }).map(([code]) => code)).toEqual([
      'VALUE_MISSING',
      'VALUE_NOT_NUMBER',
      'CONCLUDED_IN_FUTURE',
    ]));

  it('does not even look at a value the standard does not name', () =>
    expect(() => checkOne(zhaijidi, aHomestead({ phone: '138' }), aContext())).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', details: { field: 'phone', problem: 'field-unknown' } }),
    ));

  it('judges by the version in force on the conclusion day', () => {
    const old: LicenceType = { ...zhaijidi, version: '2025.1', items: zhaijidi.items.filter((i) => i.key !== 'north') };
    const row = checkOne(
      zhaijidi,
      aHomestead({ conclusionDay: '2025-06-01', north: '公路' }),
      aContext({ typeOn: (d) => (d < '2026-01-01' ? old : zhaijidi) }),
    );
    expect(row).toMatchObject({ typeVersion: '2025.1', faults: [] });
    expect(row.values).not.toHaveProperty('north');
  });

  it('takes either kind of holder where the type does', () => {
    const context = aContext({ typeOn: () => caifa });
    for (const [code, holderCodeType] of [
      ['11010519491231002X', '111'],
      ['91350100M000100Y43', '001'],
    ])
      expect(checkOne(caifa, { fellerCode: code ?? '', conclusionDay: '2026-11-30' }, context)).toMatchObject({ holderCodeType });
    const reread = checkOne(caifa, { fellerCode: '9135O100M000100Y43', conclusionDay: '2026-11-30' }, context).faults.find(
      (f) => f.field === 'fellerCode',
    );
    expect(reread).toMatchObject({ code: 'ID_NUMBER_MALFORMED', suggestion: '91350100M000100Y43' });
  });
});

describe('intake.checkRow', () => {
  it('distrusts a row with more cells than headings', () => {
    const row = checkRow(zhaijidi, { row: 1, fileRow: 2, cells: aHomestead(), surplusCells: 2 }, aContext());
    expect(row.faults).toEqual([{ code: 'ROW_SHAPE_WRONG', field: null, details: { cells: 2 } }]);
  });

  it('takes any text without throwing, and gives each fault the details its code declares', () => {
    const keys = Object.keys(aHomestead());
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: fc.constantFrom(...'0123456789０１年月日-/. ,，xX%张·•\u3000\ue0a1\ud800'), maxLength: 24 }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), text), (over) => {
        const row = checkRow(zhaijidi, { row: 1, fileRow: 1, cells: aHomestead(over), surplusCells: 0 }, aContext());
        for (const fault of row.faults) errorCodes[fault.code].details.parse(fault.details);
        for (const n of row.normalisations) expect(n.kinds.length).toBeGreaterThan(0);
        expect(row.verdict === 'faulty').toBe(row.faults.length > 0);
        // What was accepted once is accepted, unchanged, for ever.
        if (row.faults.length === 0)
          expect(checkOne(zhaijidi, row.values, aContext())).toMatchObject({ verdict: 'good', values: row.values });
      }),
      { numRuns: 500 },
    );
  });
});
