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
  hasOutline(glyph: number): boolean;
  /** The glyph's bytes of the glyf table, read from the file each time; empty for a glyph without outline. */
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

/** Bytes of the font file; fewer when it ends before. Kept apart, so that outlines (nine tenths of a file) are read as needed. */
export type ReadBytes = (start: number, length: number) => Uint8Array;

export const bytesOf =
  (file: Uint8Array): ReadBytes =>
  (start, length) =>
    new Uint8Array(file.buffer, file.byteOffset, file.byteLength).slice(start, start + length);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function parseFont(name: string, read: ReadBytes): FontFile {
  const tables = new Map<string, { readonly offset: number; readonly length: number }>();
  const count = viewOf(read(0, 12)).getUint16(4);
  const directory = viewOf(read(12, 16 * count));
  for (let i = 0, at = 0; i < count; i++, at += 16) {
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => directory.getUint8(at + byte)));
    tables.set(tag, { offset: directory.getUint32(at + 8), length: directory.getUint32(at + 12) });
  }
  const table = (tag: string) => {
    const found = tables.get(tag);
    if (!found) throw new Error(`font ${name} has no ${tag} table: only TrueType outlines are supported`);
    return found;
  };
  const whole = (tag: string) => read(table(tag).offset, table(tag).length);

  const [head, hhea, maxp] = [whole('head'), whole('hhea'), whole('maxp')];
  const [headView, hheaView, hmtx, loca] = [viewOf(head), viewOf(hhea), viewOf(whole('hmtx')), viewOf(whole('loca'))];
  const glyf = table('glyf').offset;
  const longLoca = headView.getInt16(50) === 1;
  const metrics = hheaView.getUint16(34);
  const unitsPerEm = headView.getUint16(18);
  const glyphStart = (glyph: number) => (longLoca ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph));
  const lengthOf = (glyph: number) => glyphStart(glyph + 1) - glyphStart(glyph);
  const glyphBytes = (glyph: number) => (lengthOf(glyph) === 0 ? new Uint8Array() : read(glyf + glyphStart(glyph), lengthOf(glyph)));
  const compacted = new Map<number, Uint8Array>();

  return {
    name,
    unitsPerEm,
    ascent: hheaView.getInt16(4),
    descent: hheaView.getInt16(6),
    bbox: [headView.getInt16(36), headView.getInt16(38), headView.getInt16(40), headView.getInt16(42)],
    glyphOf: characterMap(viewOf(whole('cmap'))),
    advanceOf: (glyph) => hmtx.getUint16(4 * Math.min(glyph, metrics - 1)),
    hasOutline: (glyph) => lengthOf(glyph) > 0,
    glyphBytes,
    compactBytes: (glyph) => {
      const made = compacted.get(glyph) ?? compactGlyph(glyphBytes(glyph), unitsPerEm / COMPACT_UNITS);
      compacted.set(glyph, made);
      return made;
    },
    hinting: () => KEPT_HINTING.filter((tag) => tables.has(tag)).map((tag) => ({ tag, bytes: whole(tag) })),
    head,
    hhea,
    maxp,
  };
}

/** Spec: OpenType cmap formats 12 (preferred: astral characters) and 4. */
function characterMap(view: DataView): CharacterMap {
  let four = 0;
  let twelve = 0;
  for (let i = 0, at = 4; i < view.getUint16(2); i++, at += 8) {
    const subtable = view.getUint32(at + 4);
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
