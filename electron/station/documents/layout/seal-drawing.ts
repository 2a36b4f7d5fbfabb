// The picture of a seal from the rule that describes it (国发〔1999〕25号: round, name running left to right around the
// rim, star, line below), in true millimetres; or the supplied PNG. Must not invent what the rule does not say (R24).
import type { SealImage } from '../../../contract/office.ts';
import type { FontSet } from '../fonts/font-set.ts';
import type { Colour, Mark, PathCommand } from '../model.ts';
import { advanceOf, outlinedGlyph } from './outlined-text.ts';

const SEAL_RED: Colour = [0.86, 0.08, 0.1];
const RIM_MM = 1.2;
/** Bézier handle length for a quarter circle of radius 1. */
const KAPPA = 0.5522847498;

export interface SealDrawing {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly marks: readonly Mark[];
}

export function drawSeal(fonts: FontSet, image: SealImage): SealDrawing {
  if (image.format === 'png') {
    const png = Uint8Array.from(Buffer.from(image.data, 'base64'));
    return {
      widthMm: image.widthMm,
      heightMm: image.heightMm,
      marks: [{ kind: 'picture', png, x: 0, y: 0, widthMm: image.widthMm, heightMm: image.heightMm }],
    };
  }
  const radius = image.diameterMm / 2;
  return {
    widthMm: image.diameterMm,
    heightMm: image.diameterMm,
    marks: [
      { kind: 'path', commands: circle(radius, radius, radius - RIM_MM / 2), stroke: { colour: SEAL_RED, widthMm: RIM_MM } },
      ...(image.centre === 'star'
        ? [
            {
              kind: 'path',
              commands: star(radius, image.lowerText === '' ? radius : radius * 0.94, radius * 0.32),
              fill: SEAL_RED,
            } as const,
          ]
        : []),
      ...ringText(fonts, image.ringText, radius, image.lowerText !== ''),
      ...lowerText(fonts, image.lowerText, radius),
    ],
  };
}

export function circle(cx: number, cy: number, r: number): readonly PathCommand[] {
  const k = KAPPA * r;
  return [
    ['M', cx + r, cy],
    ['C', cx + r, cy + k, cx + k, cy + r, cx, cy + r],
    ['C', cx - k, cy + r, cx - r, cy + k, cx - r, cy],
    ['C', cx - r, cy - k, cx - k, cy - r, cx, cy - r],
    ['C', cx + k, cy - r, cx + r, cy - k, cx + r, cy],
    ['Z'],
  ];
}

/** The name takes three quarters of the rim at most, less above a lower line; characters get narrower as it gets longer. */
function ringText(fonts: FontSet, text: string, radius: number, aboveLine: boolean): readonly Mark[] {
  const characters = [...text];
  const height = radius * 0.3;
  const baseline = radius - RIM_MM - radius * 0.075 - height * 0.88;
  const middle = baseline + height * 0.4;
  const sweep = Math.min(aboveLine ? Math.PI * 1.22 : Math.PI * 1.5, ((characters.length - 1) * height * 1.35) / middle);
  const step = characters.length > 1 ? sweep / (characters.length - 1) : 0;
  const width = Math.min(height * 0.78, step === 0 ? height : step * middle * 0.9);
  return characters.map((character, index) => {
    const turn = -sweep / 2 + index * step;
    const em = advanceOf(fonts, character, 'bold');
    // The glyph's middle stands on the ray at `turn` from 12 o'clock, its left end half a width back along the tangent.
    const half = (width * em) / 2;
    const x = radius + Math.sin(turn) * baseline - Math.cos(turn) * half;
    const y = radius - Math.cos(turn) * baseline - Math.sin(turn) * half;
    return outlinedGlyph(fonts, character, 'seal', SEAL_RED, { x, y, widthMm: width, heightMm: height, turn });
  });
}

function lowerText(fonts: FontSet, text: string, radius: number): readonly Mark[] {
  const characters = [...text];
  if (characters.length === 0) return [];
  const height = radius * 0.2;
  const y = radius * 1.6;
  // The chord of the inner circle at the line's foot, less a margin.
  const room = 2 * Math.sqrt((radius * 0.88) ** 2 - (y - radius) ** 2) * 0.88;
  const pitch = Math.min(height * 0.98, room / characters.length);
  const left = radius - (pitch * characters.length) / 2;
  return characters.map((character, index) =>
    outlinedGlyph(fonts, character, 'seal', SEAL_RED, { x: left + index * pitch, y, widthMm: pitch * 0.96, heightMm: height, turn: 0 }),
  );
}

function star(cx: number, cy: number, r: number): readonly PathCommand[] {
  const inner = r * 0.381966;
  const points = Array.from({ length: 10 }, (_, i) => {
    const angle = (i * Math.PI) / 5;
    const length = i % 2 === 0 ? r : inner;
    return [cx + Math.sin(angle) * length, cy - Math.cos(angle) * length] as const;
  });
  return [...points.map(([x, y], i): PathCommand => [i === 0 ? 'M' : 'L', x, y]), ['Z']];
}
