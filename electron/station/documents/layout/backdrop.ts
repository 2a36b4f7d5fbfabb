// What lies under the text of a face: border, rosette, training watermark. Drawn from small repeated tiles.
// Must depend on the template alone: the same object for every document, so that a writer may keep it.
import type { FontSet } from '../fonts/font-set.ts';
import type { Colour, Mark, PathCommand, PathMark } from '../model.ts';
import type { FaceTemplate } from '../template.ts';
import { outlinedGlyph } from './outlined-text.ts';
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
    ...(template.rosette ? [rosette(template.rosette.x, template.rosette.y, template.rosette.radius, tint)] : []),
    ...(template.border === 'none' ? [] : border(width, height, accent, tint, template.border === 'guilloche')),
    ...(training ? [watermark(fonts, width, height)] : []),
  ];
}

export const rectangle = (x: number, y: number, w: number, h: number): readonly PathCommand[] => [['M', x, y], ['L', x + w, y], ['L', x + w, y + h], ['L', x, y + h], ['Z']];

function border(width: number, height: number, accent: Colour, tint: Colour, guilloche: boolean): readonly Mark[] {
  const frame = (inset: number, widthMm: number): PathMark => ({
    kind: 'path',
    commands: rectangle(inset, inset, width - 2 * inset, height - 2 * inset),
    stroke: { colour: accent, widthMm },
  });
  const inner = MARGIN_MM + BAND_MM;
  if (!guilloche) return [frame(MARGIN_MM, 0.9), frame(MARGIN_MM + 1.6, 0.25)];
  return [
    { kind: 'path', commands: [...rectangle(MARGIN_MM, MARGIN_MM, width - 2 * MARGIN_MM, height - 2 * MARGIN_MM)], fill: tint },
    { kind: 'path', commands: rectangle(inner, inner, width - 2 * inner, height - 2 * inner), fill: [1, 1, 1] },
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
  const side = (length: number, place: (along: number) => { readonly x: number; readonly y: number; readonly turn: number }): Mark => {
    const room = length - 2 * start;
    const count = Math.round(room / 5.2);
    const period = room / count;
    return { kind: 'repeat', drawing: waveTile(period, amplitude, accent), places: Array.from({ length: count }, (_, i) => place(start + i * period)) };
  };
  return [
    side(width, (x) => ({ x, y: middle, turn: 0 })),
    side(width, (x) => ({ x: width - x, y: height - middle, turn: 180 })),
    side(height, (y) => ({ x: width - middle, y, turn: 90 })),
    side(height, (y) => ({ x: middle, y: height - y, turn: 270 })),
  ];
}

/** One period: three pairs of opposed waves of falling height and a bead where they cross. */
function waveTile(period: number, amplitude: number, colour: Colour): readonly PathMark[] {
  // A half sine wave over length l is a Bézier with handles at 0.3642·l and 1.3·amplitude/… of the peak.
  const wave = (height: number, shift: number): readonly PathCommand[] => {
    const h = period / 2;
    const bow = (x: number, s: number): PathCommand => ['C', x + h * 0.3642, s * height * 1.3333, x + h * 0.6358, s * height * 1.3333, x + h, 0];
    return shift === 0 ? [['M', 0, 0], bow(0, -1), bow(h, 1)] : [['M', 0, 0], bow(0, 1), bow(h, -1)];
  };
  const commands = [1, 0.66, 0.33].flatMap((share) => [...wave(amplitude * share, 0), ...wave(amplitude * share, 1)]);
  return [
    { kind: 'path', commands, stroke: { colour, widthMm: 0.16 } },
    { kind: 'path', commands: [...circle(0, 0, 0.34), ...circle(period / 2, 0, 0.34)], fill: colour },
  ];
}

function corners(width: number, height: number, accent: Colour): Mark {
  const half = BAND_MM / 2;
  const petal: readonly PathCommand[] = Array.from({ length: 8 }, (_, i): readonly PathCommand[] => {
    const at = (angle: number, r: number) => [Math.cos(angle) * r, Math.sin(angle) * r] as const;
    const middle = (i * Math.PI) / 4;
    const far = at(middle, half - 1.2);
    return [['M', 0, 0], ['C', ...at(middle - 0.75, half * 0.55), ...at(middle - 0.32, half - 1.25), ...far], ['C', ...at(middle + 0.32, half - 1.25), ...at(middle + 0.75, half * 0.55), 0, 0], ['Z']];
  }).flat();
  const drawing: readonly PathMark[] = [
    { kind: 'path', commands: rectangle(-half, -half, BAND_MM, BAND_MM), fill: [1, 1, 1], stroke: { colour: accent, widthMm: 0.45 } },
    { kind: 'path', commands: rectangle(-half + 0.6, -half + 0.6, BAND_MM - 1.2, BAND_MM - 1.2), stroke: { colour: accent, widthMm: 0.12 } },
    { kind: 'path', commands: petal, stroke: { colour: accent, widthMm: 0.2 } },
    { kind: 'path', commands: circle(0, 0, 0.5), fill: accent },
  ];
  const near = MARGIN_MM + half;
  return {
    kind: 'repeat',
    drawing,
    places: [
      { x: near, y: near, turn: 0 },
      { x: width - near, y: near, turn: 0 },
      { x: near, y: height - near, turn: 0 },
      { x: width - near, y: height - near, turn: 0 },
    ],
  };
}

/** A ring of fine loops in the palest tint, turned copies of one: the ground on which the text stands. */
function rosette(cx: number, cy: number, radius: number, tint: Colour): Mark {
  const loop = (inner: number, outer: number, bulge: number): readonly PathCommand[] => [
    ['M', 0, -inner],
    ['C', bulge, -inner - (outer - inner) * 0.25, bulge, -outer + (outer - inner) * 0.1, 0, -outer],
    ['C', -bulge, -outer + (outer - inner) * 0.1, -bulge, -inner - (outer - inner) * 0.25, 0, -inner],
    ['Z'],
  ];
  const drawing: readonly PathMark[] = [
    { kind: 'path', commands: [...loop(radius * 0.2, radius, radius * 0.42), ...loop(radius * 0.12, radius * 0.72, radius * 0.3)], stroke: { colour: tint, widthMm: 0.18 } },
  ];
  return { kind: 'repeat', drawing, places: Array.from({ length: 48 }, (_, i) => ({ x: cx, y: cy, turn: i * 7.5 })) };
}

/** R34: a training licence can never be taken for one. Under the text, so that nothing is hidden. */
function watermark(fonts: FontSet, width: number, height: number): Mark {
  const text = '演练 TRAINING';
  const size = 21;
  const angle = -0.52;
  const characters = [...text];
  const ems = characters.map((character) => fonts.glyphFor(character, 'bold')?.advance ?? 1);
  const length = ems.reduce((sum, em) => sum + em, 0) * size;
  const commands: PathCommand[] = [];
  for (const share of [0.2, 0.5, 0.8]) {
    let along = -length / 2;
    characters.forEach((character, index) => {
      const x = width / 2 + Math.cos(angle) * along - Math.sin(angle) * size * 0.35;
      const y = height * share + Math.sin(angle) * along + Math.cos(angle) * size * 0.35;
      commands.push(...outlinedGlyph(fonts, character, 'bold', 'watermark', { x, y, widthMm: size, heightMm: size, turn: angle }));
      along += (ems[index] ?? 1) * size;
    });
  }
  return { kind: 'path', commands, fill: WATERMARK };
}
