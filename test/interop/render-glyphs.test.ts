// Every glyph the registers can need, drawn by our writer, rasterised, and compared with the outline in the original font.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutlineCommand } from '../../electron/station/documents/fonts/outline.ts';
import { outlineOf } from '../../electron/station/documents/fonts/outline.ts';
import type { TextMark } from '../../electron/station/documents/model.ts';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { aFace, FONTS, RESOURCES, TYPE_IDS } from '../unit/documents/a-face.ts';
import { type Picture, rasterise } from './rasterise.ts';

const renderer = createRenderer(FONTS);
const CELL_MM = 12;
/** 80 pixels at 254 dpi: fields of whole pixels, so that no ink is counted to a neighbour. */
const SIZE_MM = 8;
const COLUMNS = 24;
const INK_TOP = 0.875;
const GRID = 8;
const DPI = 254;
/** Samples a field and axis. */
const FINE = 10;

function charactersToProve(): readonly string[] {
  const folder = path.join(RESOURCES, 'samples/applications');
  const registers = [
    new TextDecoder('gb18030').decode(readFileSync(path.join(folder, 'nongcun-zhaijidi.gb18030.csv'))),
    readFileSync(path.join(folder, 'linmu-caifa.utf8.csv'), 'utf8'),
    ...TYPE_IDS.flatMap((id) => [
      readFileSync(path.join(RESOURCES, 'templates', `${id}.json`), 'utf8'),
      Object.values(aFace(id).values).join(''),
    ]),
    '㛃䲜䶮𠮷𪚥𫠠𬭎𬺰·•（）《》％℃0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ];
  return [...new Set([...registers.join(''), ...everyBlock()])]
    .filter((character) => /\S/u.test(character) && renderer.missingGlyphs(character).length === 0)
    .sort();
}

/** One character in 149 of each block of Chinese characters we draw: some six hundred, from all fonts. */
function everyBlock(): readonly string[] {
  const blocks = [
    [0x3400, 0x4dbf],
    [0x4e00, 0x9fff],
    [0x20000, 0x2a6d6],
    [0x2a700, 0x2b734],
    [0x2b740, 0x2b81d],
    [0x2b820, 0x2cea1],
    [0x2ceb0, 0x2ebe0],
  ] as const;
  return blocks.flatMap(([first, last]) =>
    Array.from({ length: Math.ceil((last - first + 1) / 149) }, (_, i) => String.fromCodePoint(first + 149 * i)),
  );
}

/** Share of ink in each of GRID × GRID fields of the em box (its top is INK_TOP above the baseline). */
function expectedInk(character: string): readonly number[] {
  const placed = renderer.fonts.glyphFor(character, 'regular');
  if (!placed) throw new Error(`no glyph for ${character}`);
  const font = renderer.fonts.font(placed.font);
  const edges = edgesOf(outlineOf(font, placed.glyph));
  const samples = GRID * FINE;
  const fields = new Array<number>(GRID * GRID).fill(0);
  for (let row = 0; row < samples; row++) {
    const y = (INK_TOP - (row + 0.5) / samples) * font.unitsPerEm;
    const crossings = edges
      .filter(([, y1, , y2]) => (y1 <= y && y < y2) || (y2 <= y && y < y1))
      .map(([x1, y1, x2, y2]) => ({ x: x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), up: y2 > y1 }))
      .sort((a, b) => a.x - b.x);
    for (let column = 0; column < samples; column++) {
      const x = ((column + 0.5) / samples) * font.unitsPerEm;
      const winding = crossings.filter((crossing) => crossing.x > x).reduce((sum, crossing) => sum + (crossing.up ? 1 : -1), 0);
      const field = Math.floor(row / FINE) * GRID + Math.floor(column / FINE);
      if (winding !== 0) fields[field] = (fields[field] ?? 0) + 1 / FINE ** 2;
    }
  }
  return fields;
}

function edgesOf(commands: readonly OutlineCommand[]): readonly (readonly [number, number, number, number])[] {
  const edges: [number, number, number, number][] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const line = (toX: number, toY: number) => {
    edges.push([x, y, toX, toY]);
    [x, y] = [toX, toY];
  };
  for (const command of commands) {
    if (command[0] === 'M') [x, y, startX, startY] = [command[1], command[2], command[1], command[2]];
    else if (command[0] === 'L') line(command[1], command[2]);
    else if (command[0] === 'Z') line(startX, startY);
    else {
      const [fromX, fromY] = [x, y];
      const [, x1, y1, x2, y2, x3, y3] = command;
      for (let i = 1; i <= 6; i++) {
        const [t, u] = [i / 6, 1 - i / 6];
        line(
          u * u * u * fromX + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t * t * t * x3,
          u * u * u * fromY + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t * t * t * y3,
        );
      }
    }
  }
  return edges;
}

describe('interop.render.glyphs', () => {
  it('draws each character with the ink of its outline, half of them through the cached font', () => {
    const characters = charactersToProve();
    expect(characters.length).toBeGreaterThan(900);
    const rows = Math.ceil(characters.length / COLUMNS);
    const page = { widthMm: COLUMNS * CELL_MM, heightMm: rows * CELL_MM };
    const marks = characters.map((text, i): TextMark => {
      const x = (i % COLUMNS) * CELL_MM + 1;
      const y = Math.floor(i / COLUMNS) * CELL_MM + 1 + SIZE_MM * INK_TOP;
      return { kind: 'text', x, y, sizeMm: SIZE_MM, weight: 'regular', text, colour: [0, 0, 0], spacingMm: 0, constant: i % 2 === 0 };
    });
    const info = { title: 'glyphs', author: '', subject: '', producer: renderer.version, date: '2026-01-01' };
    const model = { ...page, backdrop: [], blocks: [{ role: 'paragraph' as const, marks }], seal: null };
    const place = path.join(mkdtempSync(path.join(tmpdir(), 'glyphs-')), 'glyphs.pdf');
    writeFileSync(place, renderer.writePage({ model, info, day: '2026-01-01', signable: false }));

    const picture = rasterise(place, DPI, 'grey');
    const measured = characters.map((_, i) => inkAt(picture, (i % COLUMNS) * CELL_MM + 1, Math.floor(i / COLUMNS) * CELL_MM + 1));
    const expected = characters.map(expectedInk);
    const sum = (ink: readonly number[] = []) => ink.reduce((total, value) => total + value, 0);
    const faint = characters.filter((_, i) => Math.abs(sum(measured[i]) - sum(expected[i])) > 0.25 * sum(expected[i]) + 0.15);
    expect(faint).toEqual([]);
    expect(Math.min(...expected.map(sum))).toBeGreaterThan(0.3);
    // Each is told from all the others by where its ink lies; the wide and the narrow form of a mark may be drawn alike.
    const likeness = (character = '') => character.normalize('NFKC');
    const mistaken = characters.filter(
      (character, i) => likeness(characters[nearest(measured[i] ?? [], expected)]) !== likeness(character),
    );
    expect(mistaken).toEqual([]);
  });
});

function inkAt(picture: Picture, leftMm: number, topMm: number): readonly number[] {
  const scale = DPI / 25.4;
  const field = (SIZE_MM / GRID) * scale;
  return Array.from({ length: GRID * GRID }, (_, index) => {
    const [row, column] = [Math.floor(index / GRID), index % GRID];
    const [top, bottom] = [Math.round(topMm * scale + row * field), Math.round(topMm * scale + (row + 1) * field)];
    const [left, right] = [Math.round(leftMm * scale + column * field), Math.round(leftMm * scale + (column + 1) * field)];
    let ink = 0;
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) ink += 1 - (picture.pixels[y * picture.width + x] ?? 255) / 255;
    return ink / ((bottom - top) * (right - left));
  });
}

/** The outline whose ink lies most like this; poppler may set a glyph half a pixel off, so no exact match is asked for. */
function nearest(measured: readonly number[], expected: readonly (readonly number[])[]): number {
  const off = (ink: readonly number[]) => ink.reduce((sum, value, index) => sum + Math.abs(value - (measured[index] ?? 0)), 0);
  const all = expected.map(off);
  return all.indexOf(Math.min(...all));
}
