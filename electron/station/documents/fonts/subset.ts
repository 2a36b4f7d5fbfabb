// Cuts a TrueType font down to the glyphs a document draws, renumbered from 1 in the order given, on a coarser grid.
// Must not keep tables a PDF reader does not use for a CID font (cmap, names, layout): bytes count on a bad line.
import { COMPACT_UNITS } from './compact-glyph.ts';
import type { FontFile } from './font-file.ts';
import { componentsOf } from './glyph-components.ts';

/**
 * The new font has .notdef (empty: nothing undrawable is ever drawn), then glyph i of `wanted` as i + 1, then the parts of
 * composites. A glyph wanted twice is there twice: two characters that look the same stay two when text is extracted.
 */
export function subsetFont(font: FontFile, wanted: readonly number[]): Uint8Array {
  const kept = [...wanted];
  const places = new Map<number, number>();
  for (let i = 0; i < kept.length; i++) {
    const glyph = kept[i] ?? 0;
    if (!places.has(glyph)) places.set(glyph, i + 1);
    for (const part of componentsOf(font.compactBytes(glyph))) if (!kept.includes(part.glyph)) kept.push(part.glyph);
  }

  const step = stepOf(font);
  const outlines = kept.map((glyph) => renumbered(font.compactBytes(glyph), places, step));
  const count = kept.length + 1;
  const total = outlines.reduce((sum, outline) => sum + even(outline.length), 0);
  const longLoca = total > 0x1fffe;
  const glyf = new Uint8Array(total);
  const loca = new Uint8Array((count + 1) * (longLoca ? 4 : 2));
  const hmtx = new Uint8Array(count * 4);
  const locaView = new DataView(loca.buffer);
  const hmtxView = new DataView(hmtx.buffer);
  let at = 0;
  const mark = (index: number) => (longLoca ? locaView.setUint32(4 * index, at) : locaView.setUint16(2 * index, at / 2));
  hmtxView.setUint16(0, COMPACT_UNITS);
  mark(0);
  kept.forEach((glyph, index) => {
    const outline = outlines[index] ?? new Uint8Array();
    mark(index + 1);
    glyf.set(outline, at);
    at += even(outline.length);
    hmtxView.setUint16(4 * (index + 1), compactAdvance(font, glyph));
    // Left side bearing = xMin, as the outlines themselves say.
    if (outline.length >= 10) hmtxView.setInt16(4 * (index + 1) + 2, new DataView(outline.buffer, outline.byteOffset).getInt16(2));
  });
  mark(count);

  const head = font.head.slice();
  const hhea = font.hhea.slice();
  const maxp = font.maxp.slice();
  const headView = new DataView(head.buffer);
  headView.setUint32(8, 0);
  headView.setUint16(18, COMPACT_UNITS);
  rescale(headView, [36, 38, 40, 42], step);
  rescale(new DataView(hhea.buffer), [4, 6, 8, 10, 12, 14, 16], step);
  headView.setInt16(50, longLoca ? 1 : 0);
  new DataView(hhea.buffer).setUint16(34, count);
  new DataView(maxp.buffer).setUint16(4, count);
  return assemble([
    ...font.hinting(),
    { tag: 'glyf', bytes: glyf },
    { tag: 'head', bytes: head },
    { tag: 'hhea', bytes: hhea },
    { tag: 'hmtx', bytes: hmtx },
    { tag: 'loca', bytes: loca },
    { tag: 'maxp', bytes: maxp },
  ]);
}

const stepOf = (font: FontFile): number => font.unitsPerEm / COMPACT_UNITS;

/** In units of the subset. */
export const compactAdvance = (font: FontFile, glyph: number): number => Math.round(font.advanceOf(glyph) / stepOf(font));

function rescale(view: DataView, offsets: readonly number[], step: number): void {
  for (const at of offsets) view.setInt16(at, Math.round(view.getInt16(at) / step));
}

const even = (length: number) => (length + 1) & ~1;

function renumbered(outline: Uint8Array, glyphs: ReadonlyMap<number, number>, step: number): Uint8Array {
  const parts = componentsOf(outline);
  if (parts.length === 0) return outline;
  const copy = outline.slice();
  const view = new DataView(copy.buffer);
  for (const part of parts) {
    view.setUint16(part.idAt, glyphs.get(part.glyph) ?? 0);
    const isWords = (view.getUint16(part.idAt - 2) & 1) === 1;
    for (const axis of [0, 1]) {
      if (isWords) view.setInt16(part.idAt + 2 + 2 * axis, Math.round(view.getInt16(part.idAt + 2 + 2 * axis) / step));
      else view.setInt8(part.idAt + 2 + axis, Math.round(view.getInt8(part.idAt + 2 + axis) / step));
    }
  }
  rescale(view, [2, 4, 6, 8], step);
  return copy;
}

/** Spec: OpenType table directory; tables sorted by tag and 4-byte aligned, head.checkSumAdjustment set. */
function assemble(tables: readonly { readonly tag: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const sorted = [...tables].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const directory = 12 + 16 * sorted.length;
  const bytes = new Uint8Array(sorted.reduce((sum, t) => sum + ((t.bytes.length + 3) & ~3), directory));
  const view = new DataView(bytes.buffer);
  const power = 2 ** Math.floor(Math.log2(sorted.length));
  view.setUint32(0, 0x00010000);
  view.setUint16(4, sorted.length);
  view.setUint16(6, power * 16);
  view.setUint16(8, Math.log2(power));
  view.setUint16(10, (sorted.length - power) * 16);
  let at = directory;
  let headAt = 0;
  sorted.forEach((table, index) => {
    const entry = 12 + 16 * index;
    const length = (table.bytes.length + 3) & ~3;
    for (let i = 0; i < 4; i++) view.setUint8(entry + i, table.tag.charCodeAt(i));
    bytes.set(table.bytes, at);
    if (table.tag === 'head') headAt = at;
    view.setUint32(entry + 4, checksum(view, at, length));
    view.setUint32(entry + 8, at);
    view.setUint32(entry + 12, table.bytes.length);
    at += length;
  });
  view.setUint32(headAt + 8, (0xb1b0afba - checksum(view, 0, bytes.length)) >>> 0);
  return bytes;
}

function checksum(view: DataView, start: number, length: number): number {
  let sum = 0;
  for (let at = start; at < start + length; at += 4) sum = (sum + view.getUint32(at)) | 0;
  return sum >>> 0;
}
