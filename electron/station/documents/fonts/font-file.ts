// Reads a TrueType (glyf) font: character map, advances, outlines. Parses only what drawing a face needs.
// Must not read any file itself, shape text or know PDF; fonts come from our own resources and are trusted.
import { COMPACT_UNITS, compactGlyph } from './compact-glyph.ts';

const KEPT_HINTING = ['cvt ', 'fpgm', 'prep'] as const;

export interface FontFile {
  readonly name: string;
  readonly unitsPerEm: number;
  /** In font units, y up. */
  readonly ascent: number;
  readonly descent: number;
  readonly bbox: readonly [number, number, number, number];
  /** Glyph id of a code point; 0 when the font has none. */
  glyphOf(codePoint: number): number;
  /** In font units. */
  advanceOf(glyph: number): number;
  /** The glyph's bytes of the glyf table; empty for a glyph without outline. */
  glyphBytes(glyph: number): Uint8Array;
  /** The same by compactGlyph; kept, as the values of an office are made of the same two thousand characters. */
  compactBytes(glyph: number): Uint8Array;
  /** The hinting programs, with the names of their tables. */
  hinting(): readonly { readonly tag: string; readonly bytes: Uint8Array }[];
  readonly head: Uint8Array;
  readonly hhea: Uint8Array;
  readonly maxp: Uint8Array;
}

type CharacterMap = (codePoint: number) => number;

export function parseFont(name: string, file: Uint8Array): FontFile {
  // Why: a Buffer's slice() shares its memory, a Uint8Array's copies; callers change copies of our tables.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, { readonly offset: number; readonly length: number }>();
  for (let i = 0, at = 12; i < view.getUint16(4); i++, at += 16) {
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
    tables.set(tag, { offset: view.getUint32(at + 8), length: view.getUint32(at + 12) });
  }
  const table = (tag: string) => {
    const found = tables.get(tag);
    if (!found) throw new Error(`font ${name} has no ${tag} table: only TrueType outlines are supported`);
    return found;
  };
  const slice = (tag: string) => bytes.subarray(table(tag).offset, table(tag).offset + table(tag).length);

  const head = table('head').offset;
  const hhea = table('hhea').offset;
  const hmtx = table('hmtx').offset;
  const loca = table('loca').offset;
  const glyf = table('glyf').offset;
  const longLoca = view.getInt16(head + 50) === 1;
  const metrics = view.getUint16(hhea + 34);
  const glyphStart = (glyph: number) => (longLoca ? view.getUint32(loca + 4 * glyph) : 2 * view.getUint16(loca + 2 * glyph));

  const glyphBytes = (glyph: number) => bytes.subarray(glyf + glyphStart(glyph), glyf + glyphStart(glyph + 1));
  const unitsPerEm = view.getUint16(head + 18);
  const compacted = new Map<number, Uint8Array>();

  return {
    name,
    unitsPerEm,
    ascent: view.getInt16(hhea + 4),
    descent: view.getInt16(hhea + 6),
    bbox: [view.getInt16(head + 36), view.getInt16(head + 38), view.getInt16(head + 40), view.getInt16(head + 42)],
    glyphOf: characterMap(view, table('cmap').offset),
    advanceOf: (glyph) => view.getUint16(hmtx + 4 * Math.min(glyph, metrics - 1)),
    glyphBytes,
    compactBytes: (glyph) => {
      const made = compacted.get(glyph) ?? compactGlyph(glyphBytes(glyph), unitsPerEm / COMPACT_UNITS);
      compacted.set(glyph, made);
      return made;
    },
    hinting: () => KEPT_HINTING.filter((tag) => tables.has(tag)).map((tag) => ({ tag, bytes: slice(tag) })),
    head: slice('head'),
    hhea: slice('hhea'),
    maxp: slice('maxp'),
  };
}

/** Spec: OpenType cmap formats 12 (preferred: astral characters) and 4. */
function characterMap(view: DataView, cmap: number): CharacterMap {
  let four = 0;
  let twelve = 0;
  for (let i = 0, at = cmap + 4; i < view.getUint16(cmap + 2); i++, at += 8) {
    const subtable = cmap + view.getUint32(at + 4);
    const format = view.getUint16(subtable);
    if (format === 12) twelve = subtable;
    if (format === 4) four = subtable;
  }
  if (twelve) return (codePoint) => lookUp12(view, twelve, codePoint);
  return (codePoint) => (four && codePoint <= 0xffff ? lookUp4(view, four, codePoint) : 0);
}

function lookUp12(view: DataView, subtable: number, codePoint: number): number {
  let low = 0;
  let high = view.getUint32(subtable + 12) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const group = subtable + 16 + 12 * middle;
    if (codePoint < view.getUint32(group)) high = middle - 1;
    else if (codePoint > view.getUint32(group + 4)) low = middle + 1;
    else return view.getUint32(group + 8) + codePoint - view.getUint32(group);
  }
  return 0;
}

function lookUp4(view: DataView, subtable: number, codePoint: number): number {
  const segments = view.getUint16(subtable + 6);
  const ends = subtable + 14;
  const starts = ends + segments + 2;
  for (let i = 0; i < segments; i += 2) {
    if (codePoint > view.getUint16(ends + i)) continue;
    const start = view.getUint16(starts + i);
    if (codePoint < start) return 0;
    const delta = view.getUint16(starts + segments + i);
    const rangeAt = starts + 2 * segments + i;
    const range = view.getUint16(rangeAt);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = view.getUint16(rangeAt + range + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
