// A glyph's outline as path commands, for text that is drawn as shapes: seals and watermarks.
// Must not place or scale anything: coordinates are font units, y up.
import { type Point, contoursOf as simpleContours } from './compact-glyph.ts';
import type { FontFile } from './font-file.ts';
import { componentsOf } from './glyph-components.ts';

export type OutlineCommand =
  | readonly ['M', number, number]
  | readonly ['L', number, number]
  | readonly ['C', number, number, number, number, number, number]
  | readonly ['Z'];

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

/**
 * Quadratic curves with implied on-points between two off-points, turned into cubic ones. Two quadratic curves in a row are
 * what fonts drawn in cubic curves were made into: they become the one cubic curve through the same middle point again.
 */
function drawn(contour: readonly Point[]): readonly OutlineCommand[] {
  const first = contour[0];
  const last = contour.at(-1);
  if (!first || !last || contour.length < 2) return [];
  const start = first.on ? first : last.on ? last : between(first, last);
  const rest = first.on ? [...contour.slice(1), first] : [...contour, start];
  const commands: OutlineCommand[] = [['M', start.x, start.y]];
  let from = start;
  let controls: Point[] = [];
  for (const point of rest) {
    if (!point.on) {
      controls.push(point);
      continue;
    }
    commands.push(...curves(from, controls, point));
    controls = [];
    from = point;
  }
  if (controls.length > 0) commands.push(...curves(from, controls, start));
  commands.push(['Z']);
  return commands;
}

const between = (p: Point, q: Point): Point => ({ x: (p.x + q.x) / 2, y: (p.y + q.y) / 2, on: true });

function curves(from: Point, controls: readonly Point[], to: Point): readonly OutlineCommand[] {
  const cubic = (start: Point, c1: Point, c2: Point, end: Point, reach: number): OutlineCommand => [
    'C',
    start.x + reach * (c1.x - start.x),
    start.y + reach * (c1.y - start.y),
    end.x + reach * (c2.x - end.x),
    end.y + reach * (c2.y - end.y),
    end.x,
    end.y,
  ];
  const [first, second] = controls;
  if (!first) return [['L', to.x, to.y]];
  if (controls.length === 2 && second) return [cubic(from, first, second, to, 4 / 3)];
  let start = from;
  return controls.map((control, i) => {
    const next = controls[i + 1];
    const end = next ? between(control, next) : to;
    const command = cubic(start, control, control, end, 2 / 3);
    start = end;
    return command;
  });
}
