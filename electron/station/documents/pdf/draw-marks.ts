// Marks of the page model → PDF operators, in millimetres with y up. Repeated drawings and pictures become resources.
// Must not put objects: it returns what it needs under names local to the group.
import type { Mark, PathCommand, PathMark, PictureMark, Placing, QrMark, RepeatMark, TextMark } from '../model.ts';
import type { DocumentFonts } from './embed-font.ts';
import { num, nums } from './pdf-syntax.ts';

export interface Tile {
  readonly operators: string;
  /** Left, bottom, right, top. */
  readonly bbox: readonly [number, number, number, number];
}

export interface MarkDrawer {
  /** Operators of the marks; call repeatedly, resources add up: tiles as `T0, T1 …`, pictures as `P0, P1 …`. */
  draw(marks: readonly Mark[]): string;
  readonly tiles: readonly Tile[];
  readonly pictures: readonly PictureMark[];
}

/** `heightMm`: of the area drawn on, for turning y. `fonts` undefined: the marks hold no text. */
export function createDrawer(heightMm: number, fonts?: DocumentFonts): MarkDrawer {
  const tiles: Tile[] = [];
  const pictures: PictureMark[] = [];
  const drawMark = (mark: Mark): string => {
    switch (mark.kind) {
      case 'text':
        if (!fonts) throw new Error('text on a group without fonts');
        return drawText(mark, heightMm, fonts);
      case 'path':
        return drawPath(mark, heightMm);
      case 'qr':
        return drawQr(mark, heightMm);
      case 'repeat':
        return drawRepeat(mark, heightMm, tiles);
      case 'picture':
        pictures.push(mark);
        return `q ${nums(mark.widthMm, 0, 0, mark.heightMm, mark.x, heightMm - mark.y - mark.heightMm)} cm/P${pictures.length - 1} Do Q\n`;
    }
  };
  return { draw: (marks) => marks.map(drawMark).join(''), tiles, pictures };
}

/** A drawing used once stands in the content itself; one used often is a form. */
function drawRepeat(mark: RepeatMark, heightMm: number, tiles: Tile[]): string {
  const once = mark.places.length === 1;
  if (!once) tiles.push(tileOf(mark));
  const shown = once ? mark.drawing.map((path) => drawPath(path, 0)).join('') : `/T${tiles.length - 1} Do`;
  return mark.places.map((place) => `q ${matrixOf(place)} ${nums(place.x, heightMm - place.y)} cm ${shown} Q\n`).join('');
}

function matrixOf({ turn, scaleX, scaleY }: Placing): string {
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos * scaleX, -sin * scaleX, sin * scaleY, cos * scaleY].map((value) => String(Number(value.toFixed(6)))).join(' ');
}

function drawText(mark: TextMark, heightMm: number, fonts: DocumentFonts): string {
  const runs = fonts.encode(mark);
  // Tj leaves the pen after the last glyph, so runs in several fonts need no further placing.
  const shown = runs.map(({ resource, hex }) => `/${resource} ${num(mark.sizeMm)} Tf<${hex}>Tj`).join('\n');
  const spacing = mark.spacingMm === 0 ? '' : `${num(mark.spacingMm)} Tc `;
  const reset = mark.spacingMm === 0 ? '' : ' 0 Tc';
  return `${nums(...mark.colour)} rg BT ${spacing}1 0 0 1 ${nums(mark.x, heightMm - mark.y)} Tm ${shown}${reset} ET\n`;
}

function drawPath(mark: PathMark, heightMm: number): string {
  const fill = mark.fill ? `${nums(...mark.fill)} rg ` : '';
  const stroke = mark.stroke
    ? `${nums(...mark.stroke.colour)} RG ${num(mark.stroke.widthMm)} w ${mark.stroke.dashMm ? `[${nums(...mark.stroke.dashMm)}]0 d ` : ''}`
    : '';
  const paint = mark.fill && mark.stroke ? 'B' : mark.fill ? 'f' : 'S';
  return `${fill}${stroke}${drawCommands(mark.commands, heightMm)}${paint}\n`;
}

/** Upright rectangles, as tables are made of, have an operator of their own. */
function drawCommands(commands: readonly PathCommand[], h: number): string {
  let drawn = '';
  for (let i = 0; i < commands.length; i++) {
    const [a, b, c, d, e] = commands.slice(i, i + 5);
    const isRectangle =
      a?.[0] === 'M' &&
      b?.[0] === 'L' &&
      c?.[0] === 'L' &&
      d?.[0] === 'L' &&
      e?.[0] === 'Z' &&
      a[2] === b[2] &&
      b[1] === c[1] &&
      c[2] === d[2] &&
      d[1] === a[1];
    if (isRectangle) {
      drawn += `${nums(a[1], h - a[2], b[1] - a[1], a[2] - c[2])} re `;
      i += 4;
    } else if (a) drawn += drawCommand(a, h);
  }
  return drawn;
}

function drawCommand(command: PathCommand, h: number): string {
  switch (command[0]) {
    case 'M':
      return `${nums(command[1], h - command[2])} m `;
    case 'L':
      return `${nums(command[1], h - command[2])} l `;
    case 'C':
      return `${nums(command[1], h - command[2], command[3], h - command[4], command[5], h - command[6])} c `;
    case 'Z':
      return 'h ';
  }
}

/** One unit a module, dark modules joined to bars, all in one path: whole numbers and no seams, so crisp at any size. */
function drawQr(mark: QrMark, heightMm: number): string {
  const unit = mark.sizeMm / mark.modules.length;
  let bars = '';
  mark.modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      let end = x;
      while (row[end + 1]) end++;
      bars += `${x} ${y} ${end - x + 1} 1 re\n`;
      x = end;
    }
  });
  // The drawing has y down, as the modules are counted.
  return `q ${nums(...mark.colour)} rg ${unit.toFixed(6)} 0 0 ${(-unit).toFixed(6)} ${nums(mark.x, heightMm - mark.y)} cm ${bars}f Q\n`;
}

function tileOf(mark: RepeatMark): Tile {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const path of mark.drawing) {
    for (const command of path.commands) {
      for (let i = 1; i < command.length; i += 2) {
        xs.push(Number(command[i]));
        ys.push(-Number(command[i + 1]));
      }
    }
  }
  const operators = mark.drawing.map((path) => drawPath(path, 0)).join('');
  return { operators, bbox: [Math.min(...xs) - 1, Math.min(...ys) - 1, Math.max(...xs) + 1, Math.max(...ys) + 1] };
}
