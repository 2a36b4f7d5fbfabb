// Embedded fonts: which glyphs a document draws, their subset font, widths and the way back to text (ToUnicode).
// Must not decide which font draws a character: fonts/font-set does.
import { createHash } from 'node:crypto';
import { COMPACT_UNITS } from '../fonts/compact-glyph.ts';
import type { FontId, FontSet } from '../fonts/font-set.ts';
import { compactAdvance, subsetFont } from '../fonts/subset.ts';
import type { TextMark } from '../model.ts';
import { compressed, type PdfBody, type ReadyStream } from './pdf-body.ts';
import { hex4, nums, ref, utf16Hex } from './pdf-syntax.ts';

/** Everything of one embedded font that does not depend on object numbers. */
export interface FontPart {
  readonly id: FontId;
  readonly codes: ReadonlyMap<string, number>;
  readonly file: ReadyStream;
  readonly toUnicode: ReadyStream;
  /** Descriptor and widths, less the reference to the file. */
  readonly descriptor: string;
  readonly widths: string;
  readonly baseFont: string;
}

export interface DocumentFonts {
  /** Pieces of a text by font: resource name and hex codes. */
  encode(mark: TextMark): readonly { readonly resource: string; readonly hex: string }[];
  readonly parts: ReadonlyMap<string, FontPart>;
}

const FONT_IDS = ['regular', 'bold', 'fallback'] as const satisfies readonly FontId[];
/** Characters nearly every document has among its values: kept in the constant font, so that they are subset once. */
const ALWAYS = '0123456789.年月日';
const KEPT_PARTS = 64;

export type FontCache = Map<string, FontPart>;

/**
 * Text that is the same on every document gets fonts of its own (R0, B0 …), which stay in the cache; the values' other
 * characters get small fonts made for this document (R1, B1 …).
 */
export function planFonts(fonts: FontSet, marks: readonly TextMark[], cache: FontCache): DocumentFonts {
  const constant = collect(
    fonts,
    marks.filter((mark) => mark.constant),
  );
  const regular = constant.get('regular');
  if (regular) for (const character of ALWAYS) addCharacter(fonts, regular, character);
  const value = new Map<FontId, Map<string, number>>();
  for (const [id, characters] of collect(
    fonts,
    marks.filter((mark) => !mark.constant),
  )) {
    const own = new Map([...characters].filter(([character]) => !constant.get(id)?.has(character)));
    if (own.size > 0) value.set(id, own);
  }
  const parts = new Map<string, FontPart>();
  for (const id of FONT_IDS) {
    const steady = constant.get(id);
    if (steady) parts.set(resourceName(id, 0), cachedPart(fonts, id, steady, cache));
    const own = value.get(id);
    if (own) parts.set(resourceName(id, 1), makePart(fonts, id, own));
  }
  return { parts, encode: (mark) => encode(fonts, parts, mark) };
}

const resourceName = (id: FontId, kind: 0 | 1) => `${id === 'regular' ? 'R' : id === 'bold' ? 'B' : 'X'}${kind}`;

function addCharacter(fonts: FontSet, into: Map<string, number>, character: string): void {
  const placed = fonts.glyphFor(character, 'regular');
  if (placed?.font === 'regular') into.set(character, placed.glyph);
}

function collect(fonts: FontSet, marks: readonly TextMark[]): Map<FontId, Map<string, number>> {
  const found = new Map<FontId, Map<string, number>>();
  for (const mark of marks) {
    for (const character of mark.text) {
      const placed = fonts.glyphFor(character, mark.weight);
      if (!placed) continue;
      const characters = found.get(placed.font) ?? new Map<string, number>();
      characters.set(character, placed.glyph);
      found.set(placed.font, characters);
    }
  }
  return found;
}

function encode(
  fonts: FontSet,
  parts: ReadonlyMap<string, FontPart>,
  mark: TextMark,
): readonly { readonly resource: string; readonly hex: string }[] {
  const runs: { resource: string; hex: string }[] = [];
  for (const character of mark.text) {
    const placed = fonts.glyphFor(character, mark.weight);
    if (!placed) throw new Error('a character without glyph passed the layout');
    const steady = resourceName(placed.font, 0);
    const resource = parts.get(steady)?.codes.has(character) ? steady : resourceName(placed.font, 1);
    const code = parts.get(resource)?.codes.get(character) ?? 0;
    const run = runs.at(-1);
    if (run?.resource === resource) run.hex += hex4(code);
    else runs.push({ resource, hex: hex4(code) });
  }
  return runs;
}

function cachedPart(fonts: FontSet, id: FontId, characters: ReadonlyMap<string, number>, cache: FontCache): FontPart {
  const key = `${id}:${[...characters.keys()].sort().join('')}`;
  const known = cache.get(key);
  if (known) return known;
  const made = makePart(fonts, id, characters);
  // Bounded: an office has a few templates, but issuers and types come and go.
  if (cache.size >= KEPT_PARTS) cache.delete(cache.keys().next().value ?? '');
  cache.set(key, made);
  return made;
}

function makePart(fonts: FontSet, id: FontId, characters: ReadonlyMap<string, number>): FontPart {
  const font = fonts.font(id);
  // Sorted, so that the font depends on what is drawn and not on the order it is drawn in.
  const sorted = [...characters].sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = subsetFont(
    font,
    sorted.map(([, glyph]) => glyph),
  );
  const codes = new Map(sorted.map(([character], index) => [character, index + 1]));
  const perMille = (units: number) => Math.round((units * 1000) / font.unitsPerEm);
  const tag = [...createHash('sha256').update(bytes).digest().subarray(0, 6)].map((byte) => String.fromCharCode(65 + (byte % 26))).join('');
  const widths = sorted.flatMap(([, glyph], index) => {
    // As the subset's own metrics say, which PDF/A compares.
    const width = Math.round((compactAdvance(font, glyph) * 1000) / COMPACT_UNITS);
    return width === 1000 ? [] : [`${index + 1}[${width}]`];
  });
  const baseFont = `${tag}+${font.name}`;
  return {
    id,
    codes,
    file: compressed(bytes),
    toUnicode: compressed(toUnicodeMap(codes)),
    descriptor: `/Type/FontDescriptor/FontName/${baseFont}/Flags 4/FontBBox[${nums(...font.bbox.map(perMille))}]/ItalicAngle 0/Ascent ${perMille(font.ascent)}/Descent ${perMille(font.descent)}/CapHeight 733/StemV ${id === 'bold' ? 140 : 70}`,
    widths: widths.length === 0 ? '' : `/W[${widths.join('')}]`,
    baseFont,
  };
}

/**
 * Spec: ISO 32000-1 §9.10.3. Codes are counted from 1 in the order of `codes`, so each range of one high byte is a list; a
 * range may not cross a high byte.
 */
function toUnicodeMap(codes: ReadonlyMap<string, number>): string {
  const texts = [...codes.keys()].map((character) => `<${utf16Hex(character)}>`);
  const ranges: string[] = [];
  for (let first = 1; first <= texts.length; ) {
    const last = Math.min(texts.length, first | 0xff);
    ranges.push(`<${hex4(first)}><${hex4(last)}>[${texts.slice(first - 1, last).join('')}]\n`);
    first = last + 1;
  }
  const blocks: string[] = [];
  for (let i = 0; i < ranges.length; i += 100) {
    const block = ranges.slice(i, i + 100);
    blocks.push(`${block.length} beginbfrange\n${block.join('')}endbfrange\n`);
  }
  return `/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n${blocks.join('')}endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n`;
}

/** The font dictionary's object number. */
export function putFont(body: PdfBody, part: FontPart): number {
  const file = body.putStream(part.file, `/Length1 ${part.file.rawLength}`);
  const descriptor = body.put(`<<${part.descriptor}/FontFile2 ${ref(file)}>>`);
  const cidFont = body.put(
    `<</Type/Font/Subtype/CIDFontType2/BaseFont/${part.baseFont}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${ref(descriptor)}/DW 1000${part.widths}/CIDToGIDMap/Identity>>`,
  );
  const toUnicode = body.putStream(part.toUnicode, '');
  return body.put(
    `<</Type/Font/Subtype/Type0/BaseFont/${part.baseFont}/Encoding/Identity-H/DescendantFonts[${ref(cidFont)}]/ToUnicode ${ref(toUnicode)}>>`,
  );
}
