import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPACT_UNITS, contoursOf } from '../../../electron/station/documents/fonts/compact-glyph.ts';
import { bytesOf, parseFont } from '../../../electron/station/documents/fonts/font-file.ts';
import { openFonts } from '../../../electron/station/documents/fonts/font-set.ts';
import { outlineOf } from '../../../electron/station/documents/fonts/outline.ts';
import { subsetFont } from '../../../electron/station/documents/fonts/subset.ts';
import { RESOURCES } from './a-face.ts';

const fontsDir = path.join(RESOURCES, 'fonts');
const regular = parseFont('regular', bytesOf(readFileSync(path.join(fontsDir, 'NotoSerifSC-Regular.ttf'))));
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

  // GB 18030-2022: level 1 is the unified ideographs and Extension A; level 2 adds characters of the 通用规范汉字表, all in
  // Extensions B to E; level 3 adds the rest of B to F and 21 compatibility ideographs. G, H and I are in no level.
  it.each([
    ['Unified ideographs', 0x4e00, 0x9fff, 20_992],
    ['Extension A', 0x3400, 0x4dbf, 6_592],
    ['Extension B', 0x20000, 0x2a6d6, 42_711],
    ['Extension C', 0x2a700, 0x2b734, 4_149],
    ['Extension D', 0x2b740, 0x2b81d, 222],
    ['Extension E', 0x2b820, 0x2cea1, 5_762],
    ['Extension F', 0x2ceb0, 0x2ebe0, 7_473],
  ])('draws %s, in both weights, at least so many characters', (name, first, last, floor) => {
    for (const weight of ['regular', 'bold'] as const) {
      let drawn = 0;
      for (let code = first; code <= last; code++) if (fonts.glyphFor(String.fromCodePoint(code), weight)) drawn += 1;
      if (weight === 'regular') console.log(`${name}: ${drawn} of ${last - first + 1} characters drawn`);
      expect(drawn).toBeGreaterThanOrEqual(floor);
    }
  });

  it('reports characters of Extensions G, H, I and the late additions to B, which no font it may embed draws', () => {
    for (const character of ['𰻝', '\u{31350}', '\u{2EBF0}', '\u{2A6D7}']) expect(fonts.glyphFor(character, 'regular')).toBeUndefined();
  });

  it('draws the 21 compatibility ideographs of GB 18030', () => {
    const codes = [0xf92c, 0xf979, 0xf995, 0xf9e7, 0xf9f1, 0xfa0c, 0xfa0d, 0xfa0e, 0xfa0f, 0xfa11, 0xfa13, 0xfa14, 0xfa18, 0xfa1f, 0xfa20];
    const more = [0xfa21, 0xfa23, 0xfa24, 0xfa27, 0xfa28, 0xfa29];
    const missing = [...codes, ...more].filter((code) => !fonts.glyphFor(String.fromCodePoint(code), 'regular'));
    expect(missing.map((code) => code.toString(16))).toEqual([]);
  });

  it('keeps every glyph in a subset within half a step of the coarser grid, its width too, and leaves the font as it was', () => {
    const before = regular.glyphOf(0x6c38);
    // Ç is made of parts: drawn below.
    const wanted = [...'永农村宅基地·0XÇ'].map((character) => regular.glyphOf(character.codePointAt(0) ?? 0));
    const subset = subsetFont(regular, wanted);
    const cut = parseFontWithoutCharacters(subset);
    for (const [index, glyph] of wanted.slice(0, -1).entries()) {
      const now = index + 1;
      const box = (font: typeof regular, of: number) => {
        // Control points, where there are any: points on a curve may be left out where they are implied.
        const all = contoursOf(font.glyphBytes(of)).flat();
        const controls = all.filter((point) => !point.on);
        const points = controls.length > 0 ? controls : all;
        const [xs, ys] = [points.map((p) => p.x), points.map((p) => p.y)];
        return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].map((value) => value / font.unitsPerEm);
      };
      const [before, after] = [box(regular, glyph), box(cut, now)];
      const shifts = before.map((value, side) => Math.abs(value - (after[side] ?? 0)));
      expect(Math.max(...shifts)).toBeLessThanOrEqual(0.5 / COMPACT_UNITS + 1e-9);
      expect(contoursOf(cut.glyphBytes(now))).toHaveLength(contoursOf(regular.glyphBytes(glyph)).length);
      expect(cut.advanceOf(now)).toBe(Math.round((regular.advanceOf(glyph) * COMPACT_UNITS) / 1000));
    }
    const [whole, made] = [outlineOf(regular, wanted.at(-1) ?? 0), outlineOf(cut, wanted.length)];
    const reach = (outline: typeof whole, units: number) => {
      const ys = outline.map((command) => command.at(-1)).flatMap((y) => (typeof y === 'number' ? [y / units] : []));
      return [Math.min(...ys), Math.max(...ys)] as const;
    };
    // The cedilla hangs below and the letter stands above, each at most a step off: part and place are rounded apart.
    reach(whole, 1000).forEach((y, side) => {
      expect(Math.abs(y - (reach(made, COMPACT_UNITS)[side] ?? 0))).toBeLessThanOrEqual(1.01 / COMPACT_UNITS);
    });
    expect(cut.glyphBytes(0).length).toBe(0);
    expect(regular.glyphOf(0x6c38)).toBe(before);
    expect(regular.advanceOf(before)).toBe(1000);
    expect(subset.length).toBeLessThan(8_000);
  });

  it('refuses a font without TrueType outlines by naming the missing table', () => {
    expect(() => parseFont('broken', bytesOf(Uint8Array.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])))).toThrow(/head|cmap/);
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
  return parseFont('subset', bytesOf(out));
}
