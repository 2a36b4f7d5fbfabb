// Text as shapes: for seals and watermarks, which are pictures and must not appear in extracted text.
// Must not be used for data: what is read must be extractable.
import { StationError } from '../../../contract/station-error.ts';
import type { FontSet, Weight } from '../fonts/font-set.ts';
import { outlineOf } from '../fonts/outline.ts';
import type { Colour, PathCommand, RepeatMark } from '../model.ts';

export interface GlyphPlacing {
  /** Left end of the baseline. */
  readonly x: number;
  readonly y: number;
  /** Of one em. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** Clockwise, in radians, about (x, y). */
  readonly turn: number;
}

/** Grid lines to the em: in a seal's letters of 6 mm a step is 0.02 mm, finer than a printer's dot. */
const GRID = 300;

/** Drawn on a grid of whole numbers: they make a small file. Throws CHARACTER_WITHOUT_GLYPH; `field` says whose text it is. */
export function outlinedGlyph(fonts: FontSet, character: string, field: string, colour: Colour, place: GlyphPlacing): RepeatMark {
  const placed = fonts.glyphFor(character, 'bold');
  if (!placed) throw new StationError('CHARACTER_WITHOUT_GLYPH', { field, character });
  const font = fonts.font(placed.font);
  return {
    kind: 'repeat',
    drawing: [{ kind: 'path', commands: onGrid(outlineOf(font, placed.glyph), GRID / font.unitsPerEm), fill: colour }],
    places: [{ x: place.x, y: place.y, turn: (place.turn * 180) / Math.PI, scaleX: place.widthMm / GRID, scaleY: place.heightMm / GRID }],
  };
}

export const advanceOf = (fonts: FontSet, character: string, weight: Weight): number => fonts.glyphFor(character, weight)?.advance ?? 1;

/** Fonts have y up, the page has y down. Curves flatter than a grid step become lines, points that fall together one. */
function onGrid(commands: readonly PathCommand[], scale: number): readonly PathCommand[] {
  const at = (value: number) => Math.round(value * scale);
  let [x, y] = [0, 0];
  return commands.flatMap((command): readonly PathCommand[] => {
    if (command[0] === 'Z') return [command];
    const end = command[0] === 'C' ? ([command[5], command[6]] as const) : ([command[1], command[2]] as const);
    const [toX, toY] = [at(end[0]), -at(end[1])];
    const [fromX, fromY] = [x, y];
    [x, y] = [toX, toY];
    if (command[0] === 'M') return [['M', toX, toY]];
    if (fromX === toX && fromY === toY) return [];
    if (command[0] === 'C') {
      const [x1, y1, x2, y2] = [at(command[1]), -at(command[2]), at(command[3]), -at(command[4])];
      const length = Math.hypot(toX - fromX, toY - fromY);
      const off = (px: number, py: number) => Math.abs((toX - fromX) * (fromY - py) - (fromX - px) * (toY - fromY)) / length;
      if (Math.max(off(x1, y1), off(x2, y2)) > 0.7) return [['C', x1, y1, x2, y2, toX, toY]];
    }
    return [['L', toX, toY]];
  });
}
