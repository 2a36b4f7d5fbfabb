// Text as shapes: for seals and watermarks, which are pictures and must not appear in extracted text.
// Must not be used for data: what is read must be extractable.
import { StationError } from '../../../contract/station-error.ts';
import type { FontSet, Weight } from '../fonts/font-set.ts';
import { outlineOf } from '../fonts/outline.ts';
import type { PathCommand } from '../model.ts';

/** Maps em coordinates (origin on the baseline, y up, as in a font) to the page (mm, y down). */
export interface GlyphPlacing {
  readonly x: number;
  readonly y: number;
  readonly widthMm: number;
  readonly heightMm: number;
  /** Clockwise, in radians, about (x, y). */
  readonly turn: number;
}

/** Throws CHARACTER_WITHOUT_GLYPH; `field` says whose text it is. */
export function outlinedGlyph(fonts: FontSet, character: string, weight: Weight, field: string, place: GlyphPlacing): readonly PathCommand[] {
  const placed = fonts.glyphFor(character, weight);
  if (!placed) throw new StationError('CHARACTER_WITHOUT_GLYPH', { field, character });
  const font = fonts.font(placed.font);
  const [cos, sin] = [Math.cos(place.turn), Math.sin(place.turn)];
  const point = (fx: number, fy: number): readonly [number, number] => {
    const dx = (fx / font.unitsPerEm) * place.widthMm;
    const dy = (-fy / font.unitsPerEm) * place.heightMm;
    return [place.x + dx * cos - dy * sin, place.y + dx * sin + dy * cos];
  };
  return outlineOf(font, placed.glyph).map((command): PathCommand => {
    switch (command[0]) {
      case 'M':
        return ['M', ...point(command[1], command[2])];
      case 'L':
        return ['L', ...point(command[1], command[2])];
      case 'C':
        return ['C', ...point(command[1], command[2]), ...point(command[3], command[4]), ...point(command[5], command[6])];
      case 'Z':
        return command;
    }
  });
}
