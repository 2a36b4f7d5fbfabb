// The stamp of an annotated copy (R11): its words in one to four small lines in the free strip below the border, drawn as
// shapes by our own fonts, so that the drawing needs no resources and the verifier can ask for none.
import { StationError } from '../../../contract/station-error.ts';
import type { FontSet } from '../fonts/font-set.ts';
import { advanceOf, outlinedGlyph } from '../layout/outlined-text.ts';
import { setText } from '../layout/set-text.ts';
import type { Colour, Mark, PathCommand, RepeatMark } from '../model.ts';
import { createDrawer } from '../pdf/draw-marks.ts';
import { nums, POINTS_PER_MM } from '../pdf/pdf-syntax.ts';
import { STAMP_STRIP_MM } from './annotated-copy.ts';

const COLOUR: Colour = [0.62, 0.05, 0.05];
const SIDE_MM = 12;
const BOTTOM_MM = 0.8;
const HEIGHT_MM = STAMP_STRIP_MM - BOTTOM_MM;
const SIZE_MM = 3;
const LEAST_SIZE_MM = 1.7;

/** Grid lines of a seal's letters that make one of these, which are a third as large: half the bytes, no difference in print. */
const COARSER = 4;

function coarse(mark: RepeatMark): RepeatMark {
  const round = (value: number) => Math.round(value / COARSER);
  const drawing = mark.drawing.map((path) => ({
    ...path,
    commands: path.commands.map((command): PathCommand => {
      if (command[0] === 'Z') return command;
      if (command[0] !== 'C') return [command[0], round(command[1]), round(command[2])];
      const [, x1, y1, x2, y2, x, y] = command;
      return ['C', round(x1), round(y1), round(x2), round(y2), round(x), round(y)];
    }),
  }));
  return {
    ...mark,
    drawing,
    places: mark.places.map((place) => ({ ...place, scaleX: place.scaleX * COARSER, scaleY: place.scaleY * COARSER })),
  };
}

export interface StampDrawing {
  /** In points, from the lower left corner of the page. */
  readonly rect: string;
  readonly bbox: string;
  readonly operators: string;
}

/** Throws TEXT_DOES_NOT_FIT or CHARACTER_WITHOUT_GLYPH. */
export function drawStamp(fonts: FontSet, words: string, pageWidthPoints: number): StampDrawing {
  const width = pageWidthPoints / POINTS_PER_MM - 2 * SIDE_MM;
  const box = { x: 0, y: 0, width, height: HEIGHT_MM };
  const style = { sizeMm: SIZE_MM, leastSizeMm: LEAST_SIZE_MM, weight: 'bold', align: 'left', valign: 'middle', colour: COLOUR } as const;
  const texts = setText(fonts, words, box, { ...style, lineHeight: 1.25, tracking: 0, constant: false });
  if (texts === undefined) throw new StationError('TEXT_DOES_NOT_FIT', { field: 'purpose' });
  const marks = texts.flatMap((text): readonly Mark[] => {
    let x = text.x;
    return [...text.text].map((character) => {
      const mark = coarse(
        outlinedGlyph(fonts, character, 'purpose', COLOUR, {
          x,
          y: text.y,
          widthMm: text.sizeMm,
          heightMm: text.sizeMm,
          turn: 0,
        }),
      );
      x += advanceOf(fonts, character, 'bold') * text.sizeMm + text.spacingMm;
      return mark;
    });
  });
  const [left, bottom] = [SIDE_MM * POINTS_PER_MM, BOTTOM_MM * POINTS_PER_MM];
  const size = [width * POINTS_PER_MM, HEIGHT_MM * POINTS_PER_MM] as const;
  return {
    rect: nums(left, bottom, left + size[0], bottom + size[1]),
    bbox: nums(0, 0, ...size),
    operators: `${nums(POINTS_PER_MM)} 0 0 ${nums(POINTS_PER_MM)} 0 0 cm\n${createDrawer(HEIGHT_MM).draw(marks)}`,
  };
}
