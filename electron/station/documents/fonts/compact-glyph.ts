// Rewrites a glyph on a coarser grid: its points as the eye and a printer see them, in fewer bytes.
// Must not touch composites (their parts are glyphs of their own) nor move a point by more than half a grid step.
import { componentsOf } from './glyph-components.ts';

/** Units to the em: in text of 4.4 mm no point moves by more than 0.006 mm, an eighth of a dot of a 600 dpi printer. */
export const COMPACT_UNITS = 400;

const ON = 1;
const X_SHORT = 2;
const Y_SHORT = 4;
const REPEAT = 8;
const X_SAME = 16;
const Y_SAME = 32;

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly on: boolean;
}

/** `step`: units of the font for one of the compact glyph. Hinting programs are dropped: they speak of the old grid. */
export function compactGlyph(bytes: Uint8Array, step: number): Uint8Array {
  if (bytes.length < 10 || componentsOf(bytes).length > 0) return bytes;
  return written(contoursOf(bytes).map((contour) => withoutImplied(onGrid(contour, step))));
}

/** Spec: OpenType glyf, simple glyph description: flags with repeats, then x deltas, then y deltas. */
export function contoursOf(bytes: Uint8Array): readonly (readonly Point[])[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const contours = view.getInt16(0);
  const ends = Array.from({ length: contours }, (_, i) => view.getUint16(10 + 2 * i));
  const count = (ends.at(-1) ?? -1) + 1;
  let at = 10 + 2 * contours;
  at += 2 + view.getUint16(at);
  const flags: number[] = [];
  while (flags.length < count) {
    const flag = view.getUint8(at++);
    const repeats = flag & REPEAT ? view.getUint8(at++) : 0;
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
  const xs = coordinates(X_SHORT, X_SAME);
  const ys = coordinates(Y_SHORT, Y_SAME);
  const points = flags.map((flag, i): Point => ({ x: xs[i] ?? 0, y: ys[i] ?? 0, on: (flag & ON) === ON }));
  return ends.map((end, i) => points.slice(i === 0 ? 0 : (ends[i - 1] ?? 0) + 1, end + 1));
}

function onGrid(contour: readonly Point[], step: number): readonly Point[] {
  const kept: Point[] = [];
  for (const { x, y, on } of contour) {
    const point = { x: Math.round(x / step), y: Math.round(y / step), on };
    const last = kept.at(-1);
    if (last?.x !== point.x || last.y !== point.y || last.on !== on) kept.push(point);
  }
  return kept;
}

/** A point on the curve exactly halfway between two control points is implied by them. */
function withoutImplied(contour: readonly Point[]): readonly Point[] {
  const at = (index: number) => contour[(index + contour.length) % contour.length];
  return contour.filter((point, i) => {
    const [before, after] = [at(i - 1), at(i + 1)];
    if (!point.on || !before || !after || before.on || after.on) return true;
    return before.x + after.x !== 2 * point.x || before.y + after.y !== 2 * point.y;
  });
}

function written(contours: readonly (readonly Point[])[]): Uint8Array {
  const points = contours.flat();
  const flags: number[] = [];
  const xBytes: number[] = [];
  const yBytes: number[] = [];
  const step = (delta: number, short: number, same: number, into: number[]): number => {
    if (delta === 0) return same;
    if (Math.abs(delta) < 256) {
      into.push(Math.abs(delta));
      return delta > 0 ? short | same : short;
    }
    into.push((delta >> 8) & 255, delta & 255);
    return 0;
  };
  let [x, y] = [0, 0];
  for (const point of points) {
    flags.push((point.on ? ON : 0) | step(point.x - x, X_SHORT, X_SAME, xBytes) | step(point.y - y, Y_SHORT, Y_SAME, yBytes));
    [x, y] = [point.x, point.y];
  }
  const runs: number[] = [];
  for (let i = 0; i < flags.length; ) {
    const flag = flags[i] ?? 0;
    let more = 0;
    while (flags[i + more + 1] === flag && more < 255) more++;
    if (more > 1) runs.push(flag | REPEAT, more);
    else runs.push(...new Array<number>(more + 1).fill(flag));
    i += more + 1;
  }
  const head = new Uint8Array(10 + 2 * contours.length + 2);
  const view = new DataView(head.buffer);
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  [contours.length, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].forEach((value, i) => {
    view.setInt16(2 * i, value);
  });
  let end = -1;
  contours.forEach((contour, i) => {
    end += contour.length;
    view.setUint16(10 + 2 * i, end);
  });
  return Uint8Array.from([...head, ...runs, ...xBytes, ...yBytes]);
}
