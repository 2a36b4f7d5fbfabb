import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFonts } from '../../../electron/station/documents/fonts/font-set.ts';
import { setText, type TextStyle, widthOf } from '../../../electron/station/documents/layout/set-text.ts';
import { RESOURCES } from './a-face.ts';

const fonts = openFonts(path.join(RESOURCES, 'fonts'));
const style: TextStyle = {
  sizeMm: 5,
  leastSizeMm: 3,
  weight: 'regular',
  align: 'left',
  valign: 'top',
  colour: [0, 0, 0],
  lineHeight: 1.5,
  tracking: 0,
  constant: false,
};
const lines = (text: string, width: number, change: Partial<TextStyle> = {}, height = 200) =>
  setText(fonts, text, { x: 0, y: 0, width, height }, { ...style, ...change })?.map((mark) => mark.text);

describe('documents.setText', () => {
  it('wraps Chinese at any character but never begins a line with a closing mark', () => {
    expect(lines('一二三四五，六七', 25)).toEqual(['一二三四', '五，六七']);
    expect(lines('一二三四《五六》', 25)).toEqual(['一二三四', '《五六》']);
  });

  it('keeps runs of letters and digits whole where they fit a line, and cuts those that do not', () => {
    expect(lines('编号420626', 20)).toEqual(['编号', '420626']);
    const cut = lines('1.2.156.3005.2.11100000MB0QL00177001', 30) ?? [];
    expect(cut.join('')).toBe('1.2.156.3005.2.11100000MB0QL00177001');
    for (const line of cut) expect(widthOf(fonts, line, 'regular', 5, 0)).toBeLessThanOrEqual(30);
  });

  it('keeps the indent of a paragraph and drops spaces at a break', () => {
    expect(lines('　　一二三四五六', 25)).toEqual(['　　一二三', '四五六']);
    expect(lines('一二三四五 六', 25)).toEqual(['一二三四五', '六']);
  });

  it('shrinks before it gives up, and gives up below the least size', () => {
    const text = '一二三四五六七八九十';
    const shrunk = setText(fonts, text, { x: 0, y: 0, width: 40, height: 6 }, style);
    expect(shrunk?.map((mark) => mark.text)).toEqual([text]);
    expect(shrunk?.[0]?.sizeMm).toBeLessThan(5);
    expect(setText(fonts, text.repeat(3), { x: 0, y: 0, width: 40, height: 6 }, style)).toBeUndefined();
  });

  it('justifies full lines to both edges and leaves the last one alone', () => {
    const marks = setText(fonts, '一二三四五六七八九十甲乙', { x: 0, y: 0, width: 52, height: 50 }, { ...style, align: 'justify' }) ?? [];
    expect(marks).toHaveLength(2);
    const [first, last] = marks;
    expect(widthOf(fonts, first?.text ?? '', 'regular', 5, first?.spacingMm ?? 0)).toBeCloseTo(52, 5);
    expect(last?.spacingMm).toBe(0);
  });
});
