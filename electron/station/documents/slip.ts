// One plain page of labelled lines: hand-over receipt slips (R02, R37), notices (R08). By the fonts and writer of licences.
// Must not look like a licence: no border, no seal, no signature field.
import { StationError } from '../../contract/station-error.ts';
import type { Weight } from './fonts/font-set.ts';
import { drawBackdrop } from './layout/backdrop.ts';
import { setText, type TextBox } from './layout/set-text.ts';
import type { Block, Colour, Mark, PageModel } from './model.ts';
import type { Renderer } from './renderer.ts';

export interface Slip {
  readonly title: string;
  readonly subtitle: string;
  readonly lines: readonly { readonly label: string; readonly value: string }[];
  readonly notes: readonly string[];
  readonly signatureLines: readonly string[];
  readonly training: boolean;
}

const PAGE = { width: 210, height: 297 } as const;
const LEFT = 26;
const WIDTH = PAGE.width - 2 * LEFT;
const LABEL_WIDTH = 44;
const SIZE = 4.4;
const INK: Colour = [0.07, 0.07, 0.07];
const RULE: Colour = [0.55, 0.55, 0.55];
const FOOT = 274;
/** The slip shows no date of its own making: a fixed one stands in the file, the lines say when. */
const FILE_DAY = '2026-01-01';

interface Style {
  readonly sizeMm: number;
  readonly weight?: Weight;
  readonly align?: 'left' | 'centre';
}

/** Throws TEXT_DOES_NOT_FIT or CHARACTER_WITHOUT_GLYPH with the line's label as `field`. */
export function renderSlip(r: Renderer, slip: Slip): Uint8Array {
  const blocks: Block[] = [];
  let y = 28;

  /** Sets a text as high as it needs, from `y` on. */
  const set = (text: string, field: string, x: number, width: number, { sizeMm, weight = 'regular', align = 'left' }: Style) => {
    const missing = [...text].find((character) => character !== '\n' && !r.fonts.glyphFor(character, weight));
    if (missing) throw new StationError('CHARACTER_WITHOUT_GLYPH', { field, character: missing });
    const box: TextBox = { x, y, width, height: Math.max(0, FOOT - y) };
    const style = {
      sizeMm,
      leastSizeMm: sizeMm,
      weight,
      align,
      valign: 'top',
      colour: INK,
      lineHeight: 1.5,
      tracking: 0,
      constant: false,
    } as const;
    const marks = setText(r.fonts, text, box, style);
    if (!marks) throw new StationError('TEXT_DOES_NOT_FIT', { field });
    return { marks, height: marks.length * sizeMm * 1.5 };
  };
  const paragraph = (text: string, field: string, style: Style, after: number, role: 'title' | 'paragraph' = 'paragraph') => {
    const { marks, height } = set(text, field, LEFT, WIDTH, style);
    blocks.push({ role, marks, text });
    y += height + after;
  };
  const rule = (from: number, to: number, at: number): Mark => ({
    kind: 'path',
    commands: [
      ['M', from, at],
      ['L', to, at],
    ],
    stroke: { colour: RULE, widthMm: 0.2 },
  });

  if (slip.training) paragraph('演练 TRAINING', 'title', { sizeMm: 4, weight: 'bold', align: 'centre' }, 2);
  paragraph(slip.title, 'title', { sizeMm: 8, weight: 'bold', align: 'centre' }, 2, 'title');
  if (slip.subtitle !== '') paragraph(slip.subtitle, 'subtitle', { sizeMm: 4.2, align: 'centre' }, 8);
  blocks.push({ role: 'decoration', marks: [rule(LEFT, LEFT + WIDTH, y - 2)] });
  slip.lines.forEach(({ label, value }, row) => {
    y += 1.4;
    const left = set(label, label, LEFT + 2, LABEL_WIDTH - 4, { sizeMm: SIZE });
    const right = set(value, label, LEFT + LABEL_WIDTH, WIDTH - LABEL_WIDTH - 2, { sizeMm: SIZE });
    blocks.push({ role: 'label', row, marks: left.marks, text: label });
    if (value !== '') blocks.push({ role: 'value', row, marks: right.marks, text: value });
    y += Math.max(left.height, right.height) + 1.2;
    blocks.push({ role: 'decoration', marks: [rule(LEFT, LEFT + WIDTH, y)] });
  });
  y += 7;
  for (const note of slip.notes) paragraph(note, 'notes', { sizeMm: 3.8 }, 1.6);
  y += 8;
  for (const label of slip.signatureLines) {
    const { marks, height } = set(label, label, LEFT, WIDTH / 2, { sizeMm: SIZE });
    const first = marks[0];
    const start = LEFT + (first ? [...label].length * SIZE : 0) + 2;
    blocks.push(
      { role: 'paragraph', marks, text: label },
      { role: 'decoration', marks: [rule(start, LEFT + WIDTH * 0.72, y + SIZE * 1.15)] },
    );
    y += height + 7;
  }
  if (y > FOOT) throw new StationError('TEXT_DOES_NOT_FIT', { field: slip.signatureLines.length > 0 ? 'signatureLines' : 'notes' });

  const template = {
    id: 'slip',
    version: '1',
    page: PAGE,
    colours: { accent: '#333333', tint: '#eeeeee', paper: '#ffffff' },
    border: 'none',
    elements: [],
  } as const;
  const model: PageModel = {
    widthMm: PAGE.width,
    heightMm: PAGE.height,
    backdrop: drawBackdrop(r.fonts, { ...template, elements: [] }, slip.training),
    blocks,
    seal: null,
  };
  return r.writePage({
    model,
    info: { title: slip.title, author: '', subject: slip.subtitle, producer: r.version, date: FILE_DAY },
    day: FILE_DAY,
    signable: false,
  });
}
