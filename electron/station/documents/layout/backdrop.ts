// What lies under the text of a face: border, rosette, training watermark. Drawn from small repeated tiles.
// Must depend on the template alone: the same object for every document, so that a writer may keep it.
import type { FontSet } from '../fonts/font-set.ts';
import type { Colour, Mark, PathCommand, PathMark, Placing } from '../model.ts';
import type { FaceTemplate } from '../template.ts';
import { advanceOf, outlinedGlyph } from './outlined-text.ts';
import { circle } from './seal-drawing.ts';

/** Distance of the border's outer edge from the paper's edge, and the breadth of its band. */
const MARGIN_MM = 9;
const BAND_MM = 6.4;
const WATERMARK: Colour = [0.97, 0.8, 0.78];

export function colourOf(hex: string): Colour {
  const part = (at: number) => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}

export function drawBackdrop(fonts: FontSet, template: FaceTemplate, training: boolean): readonly Mark[] {
  const { width, height } = template.page;
  const accent = colourOf(template.colours.accent);
  const tint = colourOf(template.colours.tint);
  return [
    { kind: 'path', commands: rectangle(0, 0, width, height), fill: colourOf(template.colours.paper) },
    ...(template.border === 'none' ? [] : border(template, accent, tint)),
    ...(template.rosette ? [rosette(template.rosette.x, template.rosette.y, template.rosette.radius, tint)] : []),
    ...(training ? watermark(fonts, width, height) : []),
  ];
}

export const rectangle = (x: number, y: number, w: number, h: number): readonly PathCommand[] => [
  ['M', x, y],
  ['L', x + w, y],
  ['L', x + w, y + h],
  ['L', x, y + h],
  ['Z'],
];

const placed = (x: number, y: number, turn: number): Placing => ({ x, y, turn, scaleX: 1, scaleY: 1 });

function border(template: FaceTemplate, accent: Colour, tint: Colour): readonly Mark[] {
  const { width, height } = template.page;
  const frame = (inset: number, widthMm: number): PathMark => ({
    kind: 'path',
    commands: rectangle(inset, inset, width - 2 * inset, height - 2 * inset),
    stroke: { colour: accent, widthMm },
  });
  const inner = MARGIN_MM + BAND_MM;
  if (template.border !== 'guilloche') return [frame(MARGIN_MM, 0.9), frame(MARGIN_MM + 1.6, 0.25)];
  return [
    { kind: 'path', commands: rectangle(MARGIN_MM, MARGIN_MM, width - 2 * MARGIN_MM, height - 2 * MARGIN_MM), fill: tint },
    { kind: 'path', commands: rectangle(inner, inner, width - 2 * inner, height - 2 * inner), fill: colourOf(template.colours.paper) },
    frame(MARGIN_MM, 0.7),
    frame(MARGIN_MM + 1.05, 0.15),
    frame(inner - 1.05, 0.15),
    frame(inner, 0.45),
    ...strands(width, height, accent),
    corners(width, height, accent),
  ];
}

/** Waves interlaced along each side; the period is fitted so that whole waves meet the corners. */
function strands(width: number, height: number, accent: Colour): readonly Mark[] {
  const start = MARGIN_MM + BAND_MM;
  const middle = MARGIN_MM + BAND_MM / 2;
  const amplitude = BAND_MM / 2 - 1.35;
  const side = (length: number, place: (along: number) => Placing): Mark => {
    const room = length - 2 * start;
    const count = Math.round(room / 5.2);
    const period = room / count;
    return {
      kind: 'repeat',
      drawing: waveTile(period, amplitude, accent),
      places: Array.from({ length: count }, (_, i) => place(start + i * period)),
    };
  };
  return [
    side(width, (x) => placed(x, middle, 0)),
    side(width, (x) => placed(width - x, height - middle, 180)),
    side(height, (y) => placed(width - middle, y, 90)),
    side(height, (y) => placed(middle, height - y, 270)),
  ];
}

/** One period: pairs of opposed waves of falling height, the same half a wave on, and a bead where they cross. */
function waveTile(period: number, amplitude: number, colour: Colour): readonly PathMark[] {
  const half = period / 2;
  // Half a sine wave as one Bézier: handles at 0.3642 of its length, 4/3 of its peak.
  const bow = (x: number, peak: number): PathCommand => [
    'C',
    x + half * 0.3642,
    peak * 1.3333,
    x + half * 0.6358,
    peak * 1.3333,
    x + half,
    0,
  ];
  const pair = (from: number, height: number): readonly PathCommand[] =>
    [-height, height].flatMap((peak): readonly PathCommand[] => [['M', from, 0], bow(from, peak), bow(from + half, -peak)]);
  const commands = [...pair(0, amplitude), ...pair(0, amplitude * 0.62), ...pair(half / 2, amplitude), ...pair(half / 2, amplitude * 0.62)];
  return [
    { kind: 'path', commands, stroke: { colour, widthMm: 0.13 } },
    { kind: 'path', commands: [...circle(0, 0, 0.3), ...circle(half, 0, 0.3)], fill: colour },
  ];
}

function corners(width: number, height: number, accent: Colour): Mark {
  const half = BAND_MM / 2;
  const petal: readonly PathCommand[] = Array.from({ length: 8 }, (_, i): readonly PathCommand[] => {
    const at = (angle: number, r: number) => [Math.cos(angle) * r, Math.sin(angle) * r] as const;
    const middle = (i * Math.PI) / 4;
    const far = at(middle, half - 1.2);
    return [
      ['M', 0, 0],
      ['C', ...at(middle - 0.75, half * 0.55), ...at(middle - 0.32, half - 1.25), ...far],
      ['C', ...at(middle + 0.32, half - 1.25), ...at(middle + 0.75, half * 0.55), 0, 0],
      ['Z'],
    ];
  }).flat();
  const drawing: readonly PathMark[] = [
    { kind: 'path', commands: rectangle(-half, -half, BAND_MM, BAND_MM), fill: [1, 1, 1], stroke: { colour: accent, widthMm: 0.45 } },
    {
      kind: 'path',
      commands: rectangle(-half + 0.6, -half + 0.6, BAND_MM - 1.2, BAND_MM - 1.2),
      stroke: { colour: accent, widthMm: 0.12 },
    },
    { kind: 'path', commands: petal, stroke: { colour: accent, widthMm: 0.2 } },
    { kind: 'path', commands: circle(0, 0, 0.5), fill: accent },
  ];
  const near = MARGIN_MM + half;
  return {
    kind: 'repeat',
    drawing,
    places: [placed(near, near, 0), placed(width - near, near, 0), placed(near, height - near, 0), placed(width - near, height - near, 0)],
  };
}

/** A ring of fine loops in the palest tint, turned copies of one: the ground on which the text stands. */
function rosette(cx: number, cy: number, radius: number, tint: Colour): Mark {
  const loop = (inner: number, outer: number, bulge: number): readonly PathCommand[] => [
    ['M', 0, -inner],
    ['C', bulge, -inner - (outer - inner) * 0.25, bulge * 0.9, -outer, 0, -outer],
    ['C', -bulge * 0.9, -outer, -bulge, -inner - (outer - inner) * 0.25, 0, -inner],
    ['Z'],
  ];
  const drawing: readonly PathMark[] = [
    {
      kind: 'path',
      commands: [...loop(radius * 0.2, radius, radius * 0.42), ...loop(radius * 0.12, radius * 0.72, radius * 0.3)],
      stroke: { colour: tint, widthMm: 0.18 },
    },
  ];
  return { kind: 'repeat', drawing, places: Array.from({ length: 48 }, (_, i) => placed(cx, cy, i * 7.5)) };
}

/** R34: a training licence can never be taken for one. Under the text, so that nothing is hidden. */
function watermark(fonts: FontSet, width: number, height: number): readonly Mark[] {
  const characters = [...'演练 TRAINING'];
  const size = 19.5;
  const angle = -28;
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const rows = height > width ? [0.19, 0.5, 0.81] : [0.27, 0.73];
  let along = (-characters.reduce((sum, character) => sum + advanceOf(fonts, character, 'bold'), 0) * size) / 2;
  return characters.flatMap((character) => {
    const [dx, dy] = [along, size * 0.35];
    along += advanceOf(fonts, character, 'bold') * size;
    if (character === ' ') return [];
    const glyph = outlinedGlyph(fonts, character, 'watermark', WATERMARK, { x: 0, y: 0, widthMm: size, heightMm: size, turn: 0 });
    const places = rows.flatMap((share) =>
      glyph.places.map((place) => ({ ...place, turn: angle, x: width / 2 + dx * cos - dy * sin, y: height * share + dx * sin + dy * cos })),
    );
    return [{ ...glyph, places }];
  });
}
