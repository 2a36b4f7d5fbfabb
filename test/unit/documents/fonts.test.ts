import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFont } from '../../../electron/station/documents/fonts/font-file.ts';
import { openFonts } from '../../../electron/station/documents/fonts/font-set.ts';
import { outlineOf } from '../../../electron/station/documents/fonts/outline.ts';
import { subsetFont } from '../../../electron/station/documents/fonts/subset.ts';
import { RESOURCES } from './a-face.ts';

const fontsDir = path.join(RESOURCES, 'fonts');
const regular = parseFont('regular', readFileSync(path.join(fontsDir, 'NotoSerifSC-Regular.ttf')));
const fonts = openFonts(fontsDir);

describe('documents.fonts', () => {
  it('draws the rare characters of the samples, each from the font that has it', () => {
    const expected = {
      㛃: 'regular',
      䲜: 'regular',
      䶮: 'regular',
      𠮷: 'fallback',
      𬭎: 'regular',
      𫠠: 'fallback',
      𬺰: 'fallback',
      '·': 'regular',
      中: 'regular',
    };
    for (const [character, font] of Object.entries(expected)) {
      const placed = fonts.glyphFor(character, 'regular');
      expect({ character, font: placed?.font }).toEqual({ character, font });
      expect(outlineOf(fonts.font(placed?.font ?? 'regular'), placed?.glyph ?? 0).length).toBeGreaterThan(4);
    }
  });

  it('has no glyph for private-use, control and invisible characters, and never draws .notdef for them', () => {
    for (const character of ['\uE000', '\u{F0000}', '\u0007', '\u200B', '\uFEFF', '\u{2FFFF}']) {
      expect(fonts.glyphFor(character, 'regular')).toBeUndefined();
    }
  });

  it('covers the unified ideographs and Extension A whole', () => {
    const missing: string[] = [];
    for (const [first, last] of [
      [0x4e00, 0x9fef],
      [0x3400, 0x4db5],
    ] as const) {
      for (let code = first; code <= last; code++)
        if (!fonts.glyphFor(String.fromCodePoint(code), 'regular')) missing.push(code.toString(16));
    }
    expect(missing).toEqual([]);
  });

  it('keeps outline and width of every glyph in a subset, and leaves the font as it was', () => {
    const before = regular.glyphOf(0x6c38);
    const wanted = [...'永农村宅基地Ç·0X'].map((character) => regular.glyphOf(character.codePointAt(0) ?? 0));
    const subset = subsetFont(regular, wanted);
    const cut = parseFontWithoutCharacters(subset);
    for (const [index, glyph] of wanted.entries()) {
      const now = index + 1;
      expect(outlineOf(cut, now)).toEqual(outlineOf(regular, glyph));
      expect(cut.advanceOf(now)).toBe(regular.advanceOf(glyph));
    }
    expect(cut.glyphBytes(0).length).toBe(0);
    expect(regular.glyphOf(0x6c38)).toBe(before);
    expect(regular.advanceOf(before)).toBe(1000);
    expect(subset.length).toBeLessThan(8_000);
  });

  it('refuses a font without TrueType outlines by naming the missing table', () => {
    expect(() => parseFont('broken', Uint8Array.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).toThrow(/head|cmap/);
  });
});

/** A subset has no cmap (a PDF needs none): an empty one is put in, to read it back by the same parser. */
function parseFontWithoutCharacters(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint16(4);
  const directory = 12 + 16 * count;
  const out = new Uint8Array(bytes.length + 20);
  out.set(bytes.subarray(0, directory));
  out.set(bytes.subarray(directory), directory + 16);
  const made = new DataView(out.buffer);
  made.setUint16(4, count + 1);
  for (let i = 0; i < count; i++) made.setUint32(12 + 16 * i + 8, view.getUint32(12 + 16 * i + 8) + 16);
  out.set(
    [...'cmap'].map((c) => c.charCodeAt(0)),
    directory,
  );
  made.setUint32(directory + 8, out.length - 4);
  made.setUint32(directory + 12, 4);
  return parseFont('subset', out);
}
