import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDay } from '../../../electron/station/intake/dates.ts';
import { normaliseCode, normaliseDayText, normaliseNumber, normaliseText } from '../../../electron/station/intake/normalise.ts';

describe('normalise.text', () => {
  it.each<[string, string, readonly string[]]>([
    ['买买提•吐尔逊', '买买提·吐尔逊', ['middleDot']],
    ['买买提 ・ 吐尔逊', '买买提·吐尔逊', ['middleDot']],
    ['图雅‧巴特尔', '图雅·巴特尔', ['middleDot']],
    ['图雅･巴特尔', '图雅·巴特尔', ['middleDot']],
    ['图雅·巴特尔', '图雅·巴特尔', []],
    ['\u3000张\u3000三\u00a0', '张三', ['space']],
    ['Anna  Maria', 'Anna Maria', ['space']],
    ['周\u200b锦', '周锦', ['invisible']],
    ['２组９８号Ａ座', '2组98号A座', ['width']],
    ['保康县\r\n马桥镇', '保康县马桥镇', ['space']],
    ['Jose\u0301', 'José', ['composition']],
  ])('turns the name %j into %j', (from, to, kinds) => expect(normaliseText(from, true)).toEqual({ value: to, kinds }));

  it('keeps a space that may part a list', () =>
    expect(normaliseText('总平面图\u3000建筑设计方案', false).value).toBe('总平面图 建筑设计方案'));

  it('never turns a character of a name into another: extensions, compatibility forms, ligatures, brackets', () => {
    for (const name of [
      '㛃',
      '𬭎',
      '\u{30EDD}',
      '\uf900',
      '\uf900\u0301',
      '\ufa11',
      '﨑',
      '①',
      '㈱',
      '王（小）',
      '〇',
      '○',
      '葛\u{E0100}',
    ]) {
      expect(normaliseText(`周${name}`, true)).toEqual({ value: `周${name}`, kinds: [] });
    }
  });

  it('is done after one run, and says so exactly when something changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.boolean(), (text, isName) => {
        const once = normaliseText(text, isName);
        expect(normaliseText(once.value, isName).value).toBe(once.value);
        expect(once.value !== text).toBe(once.kinds.length > 0);
      }),
    );
  });
});

describe('normalise.number', () => {
  it.each([
    ['130.20', '130.20', undefined],
    ['１３３０', '1330', undefined],
    ['1,322', '1322', undefined],
    ['12,345,678.90', '12345678.90', undefined],
    ['100％', '100', '%'],
    ['27%', '27', '%'],
    ['2.84 公顷', '2.84', '公顷'],
    ['130㎡', '130', '平方米'],
    ['+5', '5', undefined],
    ['007', '7', undefined],
    ['.5', '0.5', undefined],
    ['-0.50', '-0.50', undefined],
    ['0', '0', undefined],
  ])('reads %j as %s', (from, to, unit) => expect(normaliseNumber(from, unit).value).toBe(to));

  it.each(['1,32', '1.2.3', '十', '1e3', '27%', '1 322 元'])('does not make a number of %j', (text) =>
    expect(normaliseNumber(text, undefined).value).not.toMatch(/^-?\d+(\.\d+)?$/),
  );
});

describe('normalise.code', () => {
  it('drops spaces, width and the apostrophe of spreadsheets, and says each', () =>
    expect(normaliseCode("'４２０６２６ 19690313239x\u3000", true)).toEqual({
      value: '42062619690313239X',
      kinds: ['space', 'width', 'textMark', 'case'],
    }));
  it('keeps the case of a matter number', () => expect(normaliseCode('Gh-2026-a', false).value).toBe('Gh-2026-a'));
});

describe('dates.readDay', () => {
  const read = (text: string) => {
    const day = readDay(normaliseDayText(text).value);
    return day.kind === 'day' ? day.day : day.kind;
  };
  it.each([
    '2026-11-30',
    '2026/11/30',
    '2026.11.30',
    '20261130',
    '2026年11月30日',
    '２０２６年１１月３０日',
    ' 2026-11-30 09:30:00',
    '2026-11-30T00:00:00Z',
    '2026/11/30 9:30',
    '2026年11月30号',
    '2026 年 11 月 30 日',
  ])('reads %j', (text) => expect(read(text)).toBe('2026-11-30'));
  it('pads one-digit months and days', () =>
    expect([read('2026-1-5'), read('2026年1月5日'), read('2026/1/5')]).toEqual(Array(3).fill('2026-01-05')));
  it.each(['2026-02-30', '2026.13.01', '20260431', '2026年2月29日', '2026-00-10', '1899-12-31', '9999-01-01'])(
    'calls %j impossible',
    (text) => expect(read(text)).toBe('impossible'),
  );
  it.each(['', '长期', '30/11/2026', '11-30', '2026-11', '26-11-30', '2026-11/30', '二〇二六年十一月三十日', '2026-11-30x'])(
    'cannot read %j',
    (text) => expect(read(text)).toBe('unreadable'),
  );
  it('offers the day of a bare spreadsheet serial', () => expect(readDay('46356')).toEqual({ kind: 'unreadable', guess: '2026-11-30' }));
});
