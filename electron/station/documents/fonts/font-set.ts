// The faces a licence is set in: regular and bold for text, a fallback for CJK Extensions B-F. Which font draws a character.
// Must not guess: a character that no font draws with ink is reported (R05), never replaced.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import type { Sha256 } from '../../../contract/values.ts';
import { type FontFile, parseFont, type ReadBytes } from './font-file.ts';

export type Weight = 'regular' | 'bold';

const FILES = { regular: 'NotoSerifSC-Regular.ttf', bold: 'NotoSerifSC-Bold.ttf', fallback: 'HanaMinB.ttf' } as const;
const NAMES = { regular: 'NotoSerifSC-Regular', bold: 'NotoSerifSC-Bold', fallback: 'HanaMinB' } as const;

export type FontId = keyof typeof FILES;

export interface PlacedGlyph {
  readonly font: FontId;
  readonly glyph: number;
  /** In ems. */
  readonly advance: number;
}

export interface FontSet {
  font(id: FontId): FontFile;
  /** Undefined when no font draws the character with ink. */
  glyphFor(character: string, weight: Weight): PlacedGlyph | undefined;
  readonly hash: Sha256;
}

/** Spaces are the only characters that may be drawn without ink. */
const isSpace = (character: string) => character === ' ' || character === '\u3000' || character === '\u00a0';

/** Opened for each read: a glyph is read once, and an open file could not be replaced by an update. */
const readerOf =
  (file: string): ReadBytes =>
  (start, length) => {
    const bytes = new Uint8Array(length);
    const open = openSync(file, 'r');
    try {
      return bytes.subarray(0, readSync(open, bytes, 0, length, start));
    } finally {
      closeSync(open);
    }
  };

export function openFonts(fontsDir: string): FontSet {
  // Why: most documents never need the fallback, so it is opened when the first rare character comes.
  const opened = new Map<FontId, FontFile>();
  const font = (id: FontId): FontFile => {
    const known = opened.get(id);
    if (known) return known;
    const read = parseFont(NAMES[id], readerOf(path.join(fontsDir, FILES[id])));
    opened.set(id, read);
    return read;
  };
  font('regular');
  font('bold');

  const found: Readonly<Record<Weight, Map<string, PlacedGlyph | undefined>>> = { regular: new Map(), bold: new Map() };
  const find = (character: string, weight: Weight): PlacedGlyph | undefined => {
    const codePoint = character.codePointAt(0) ?? 0;
    for (const id of [weight, 'fallback'] as const) {
      const candidate = font(id);
      const glyph = candidate.glyphOf(codePoint);
      if (glyph === 0 || (!candidate.hasOutline(glyph) && !isSpace(character))) continue;
      return { font: id, glyph, advance: candidate.advanceOf(glyph) / candidate.unitsPerEm };
    }
    return undefined;
  };

  let hash: Sha256 | undefined;
  return {
    font,
    glyphFor: (character, weight) => {
      const known = found[weight];
      if (!known.has(character)) known.set(character, find(character, weight));
      return known.get(character);
    },
    get hash() {
      hash ??= Object.values(FILES)
        .reduce((sum, file) => sum.update(readFileSync(path.join(fontsDir, file))), createHash('sha256'))
        .digest('hex');
      return hash;
    },
  };
}
