// A glyph's outline as path commands, for text that is drawn as shapes: seals and watermarks.
// Must not place or scale anything: coordinates are font units, y up.
import type { FontFile } from './font-file.ts';
import { componentsOf } from './glyph-components.ts';

export type OutlineCommand =
  | readonly ['M', number, number]
  | readonly ['L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z'];

interface Point {
  readonly x: number;
  readonly y: number;
  readonly on: boolean;
}

export function outlineOf(font: FontFile, glyph: number): readonly OutlineCommand[] {
  return contoursOf(font, glyph).flatMap(drawn);
}

function contoursOf(font: FontFile, glyph: number): readonly (readonly Point[])[] {
  const bytes = font.glyphBytes(glyph);
  if (bytes.length < 10) return [];
  const parts = componentsOf(bytes);
  if (parts.length === 0) return simpleContours(bytes);
  return parts.flatMap(({ glyph: part, transform: [a, b, c, d, dx, dy] }) =>
    contoursOf(font, part).map((contour) => contour.map(({ x, y, on }) => ({ x: a * x + c * y + dx, y: b * x + d * y + dy, on }))),
  );
}

/** Spec: OpenType glyf, simple glyph description: flags with repeats, then x deltas, then y deltas. */
function simpleContours(bytes: Uint8Array): readonly (readonly Point[])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const contours = view.getInt16(0);
  const ends = Array.from({ length: contours }, (_, i) => view.getUint16(10 + 2 * i));
  const count = (ends.at(-1) ?? -1) + 1;
  let at = 10 + 2 * contours;
  at += 2 + view.getUint16(at);
  const flags: number[] = [];
  while (flags.length < count) {
    const flag = view.getUint8(at++);
    const repeats = flag & 8 ? view.getUint8(at++) : 0;
    for (let i = 0; i <= repeats; i++) flags.push(flag);
  }
  const coordinates = (short: number, same: number) => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? view.getUint8(at++) : -view.getUint8(at++);
      else if (!(flag & same)) {
        value += view.getInt16(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = coordinates(2, 16);
  const ys = coordinates(4, 32);
  const points = flags.map((flag, i): Point => ({ x: xs[i] ?? 0, y: ys[i] ?? 0, on: (flag & 1) === 1 }));
  return ends.map((end, i) => points.slice(i === 0 ? 0 : (ends[i - 1] ?? 0) + 1, end + 1));
}

/** Quadratic curves with implied on-points between two off-points, turned into cubic ones. */
function drawn(contour: readonly Point[]): readonly OutlineCommand[] {
  const first = contour[0];
  const last = contour.at(-1);
  if (!first || !last || contour.length < 2) return [];
  const middle = (p: Point, q: Point): Point => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, on: true });
  const start = first.on ? first : last.on ? last : middle(first, last);
  const rest = first.on ? [...contour.slice(1), first] : [...contour, start];
  const commands: OutlineCommand[] = [['M', start.x, start.y]];
  let from = start;
  let control: Point | undefined;
  const curve = (c: Point, to: Point) => {
    commands.push([
      'C',
      from.x + (2 / 3) * (c.x - from.x),
      from.y + (2 / 3) * (c.y - from.y),
      to.x + (2 / 3) * (c.x - to.x),
      to.y + (2 / 3) * (c.y - to.y),
      to.x,
      to.y,
    ]);
    from = to;
  };
  for (const point of rest) {
    if (point.on && control) curve(control, point);
    else if (point.on) {
      commands.push(['L', point.x, point.y]);
      from = point;
    } else if (control) curve(control, middle(control, point));
    control = point.on ? undefined : point;
  }
  if (control) curve(control, start);
  commands.push(['Z']);
  return commands;
}
