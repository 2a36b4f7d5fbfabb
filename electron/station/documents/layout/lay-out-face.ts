// Face template + face → page model. Where each word stands, what is refused because it does not fit or cannot be drawn.
// Must not know PDF nor keep state; everything follows from its arguments.
import encodeQR from 'qr';
import { StationError } from '../../../contract/station-error.ts';
import { attachmentLines, attachmentRefused } from '../attachments.ts';
import type { FaceInput } from '../face.ts';
import type { FontSet, Weight } from '../fonts/font-set.ts';
import type { Block, Colour, Mark, PageModel, PathCommand, PathMark, SealPlace, TextMark } from '../model.ts';
import type { FaceTemplate, IssueOfTemplate, TableOfTemplate, TemplateElement, TextOfTemplate } from '../template.ts';
import { colourOf, rectangle } from './backdrop.ts';
import { chineseDate, type Filled, interpolate } from './interpolate.ts';
import type { SealDrawing } from './seal-drawing.ts';
import { setText, type TextBox, type TextStyle } from './set-text.ts';

export const INK: Colour = [0.07, 0.07, 0.07];
const FAINT: Colour = [0.36, 0.36, 0.36];
const GRID_MM = 0.2;
const FRAME_MM = 0.45;
/** Air between a cell's rule and its text. */
const PADDING_MM = 2;

interface Prepared {
  readonly fonts: FontSet;
  readonly template: FaceTemplate;
  readonly face: FaceInput;
  readonly seal: SealDrawing;
  readonly accent: Colour;
  /** Filled while laying out. */
  readonly annex: AnnexText[];
}

/** A text that stands on an annex page because the face has no room for it. */
export interface AnnexText {
  /** Key of the item, for naming the field. */
  readonly field: string;
  readonly heading: string;
  readonly text: string;
}

export interface LaidOutFace {
  readonly model: PageModel;
  readonly annex: readonly AnnexText[];
}

/** Throws TEXT_DOES_NOT_FIT or CHARACTER_WITHOUT_GLYPH, both with the item's key (or the office word) as `field`. */
export function layOutFace(
  fonts: FontSet,
  template: FaceTemplate,
  backdrop: readonly Mark[],
  seal: SealDrawing,
  face: FaceInput,
): LaidOutFace {
  const annex: AnnexText[] = [];
  const prepared: Prepared = { fonts, template, face, seal, accent: colourOf(template.colours.accent), annex };
  const attachments = face.attachments ?? [];
  if (attachments.length > 0 && !template.elements.some((element) => element.kind === 'attachments'))
    throw attachmentRefused(attachments[0]?.name ?? '', 'NoPlace');
  const blocks: Block[] = [];
  let sealPlace: SealPlace | null = null;
  let row = 0;
  if (face.training) blocks.push(trainingLine(fonts, template.page.width));
  for (const element of template.elements) {
    switch (element.kind) {
      case 'text':
        blocks.push(textBlock(prepared, element));
        break;
      case 'table':
        blocks.push(...tableBlocks(prepared, element, row));
        row += element.rows.length;
        break;
      case 'issue':
        blocks.push(...issueBlocks(prepared, element));
        sealPlace = sealOver(prepared, element);
        break;
      case 'qr':
        blocks.push(qrBlock(prepared, element));
        break;
      case 'rule':
        blocks.push({
          role: 'decoration',
          marks: [line(element.x, element.y, element.x + element.width, element.y + element.height, element.weightMm, prepared.accent)],
        });
        break;
      case 'blank':
        blocks.push(...blankBlocks(prepared, element));
        break;
      case 'attachments':
        if (attachments.length > 0) blocks.push(attachmentsBlock(prepared, element, attachmentLines(attachments)));
        break;
    }
  }
  return { model: { widthMm: template.page.width, heightMm: template.page.height, backdrop, blocks, seal: sealPlace }, annex };
}

/** Refuses loudly: an empty box on a licence is a wrong name on a licence (R05). */
function set(prepared: Prepared, filled: Filled, box: TextBox, style: Omit<TextStyle, 'constant'>): readonly TextMark[] {
  const marks = setIfFits(prepared, filled, box, style);
  if (!marks) throw new StationError('TEXT_DOES_NOT_FIT', { field: filled.field });
  return marks;
}

function setIfFits({ fonts }: Prepared, filled: Filled, box: TextBox, style: Omit<TextStyle, 'constant'>): readonly TextMark[] | undefined {
  refuseWithoutGlyph(fonts, filled.text, filled.field, style.weight);
  return setText(fonts, filled.text, box, { ...style, constant: filled.constant });
}

/** Throws CHARACTER_WITHOUT_GLYPH. */
export function refuseWithoutGlyph(fonts: FontSet, text: string, field: string, weight: Weight): void {
  for (const character of text) {
    if (character !== '\n' && !fonts.glyphFor(character, weight)) throw new StationError('CHARACTER_WITHOUT_GLYPH', { field, character });
  }
}

const SEE_ANNEX = '见附页';

/** The list, or where it stands instead. */
function attachmentsBlock(prepared: Prepared, element: Extract<TemplateElement, { kind: 'attachments' }>, lines: readonly string[]): Block {
  const style = { ...element, weight: 'regular', align: 'left', valign: 'top', colour: INK, lineHeight: 1.4, tracking: 0 } as const;
  const list = { text: lines.join('\n'), field: 'attachments', constant: false };
  const marks = setIfFits(prepared, list, element, style);
  if (marks) return { role: 'paragraph', marks, text: list.text };
  prepared.annex.push({ field: 'attachments', heading: '附件', text: list.text });
  const instead = { text: `附件共${lines.length}件，${SEE_ANNEX}`, field: 'attachments', constant: false };
  return { role: 'paragraph', marks: set(prepared, instead, element, style), text: instead.text };
}

function textBlock(prepared: Prepared, element: TextOfTemplate): Block {
  const filled = interpolate(element.text, prepared.face);
  const colour = element.colour === 'accent' ? prepared.accent : element.colour === 'faint' ? FAINT : INK;
  const marks = set(prepared, filled, element, { ...element, leastSizeMm: element.leastSizeMm ?? element.sizeMm, colour });
  return { role: element.role, marks, text: filled.text.trim() };
}

function tableBlocks(prepared: Prepared, table: TableOfTemplate, firstRow: number): readonly Block[] {
  const blocks: Block[] = [];
  const grid: PathCommand[] = [];
  let y = table.y;
  const tops = table.rows.map((row) => {
    y += row.height;
    return y - row.height;
  });
  const bottom = y;
  table.rows.forEach((row, index) => {
    let x = table.x + row.indent;
    const top = tops[index] ?? table.y;
    for (const cell of row.cells) {
      const height = (tops[index + cell.rows] ?? bottom) - top;
      const filled = interpolate(cell.text, prepared.face);
      const isLabel = cell.role === 'label';
      if (table.style === 'grid')
        grid.push(['M', x, top], ['L', x + cell.width, top], ['L', x + cell.width, top + height], ['L', x, top + height], ['Z']);
      else if (!isLabel) grid.push(['M', x, top + height - 1], ['L', x + cell.width, top + height - 1]);
      const padding = table.style === 'grid' || !isLabel ? PADDING_MM : 0;
      const box = { x: x + padding, y: top + 0.8, width: cell.width - 2 * padding, height: height - (table.style === 'grid' ? 1.6 : 2.9) };
      const style = {
        sizeMm: isLabel ? (table.labelSizeMm ?? table.sizeMm) : table.sizeMm,
        leastSizeMm: table.leastSizeMm,
        weight: 'regular' as const,
        align: cell.align,
        valign: table.style === 'grid' ? ('middle' as const) : ('bottom' as const),
        colour: isLabel ? prepared.accent : INK,
        lineHeight: 1.4,
        // Two characters are set wide, as forms do.
        tracking: isLabel && cell.align === 'centre' && [...filled.text].length === 2 ? 1.6 : 0,
      };
      const whole = setIfFits(prepared, filled, box, style);
      const isAnnexed = !whole && cell.overflow === 'annex';
      if (isAnnexed) prepared.annex.push({ field: filled.field, heading: headingOf(prepared.face, filled.field), text: filled.text });
      const shown = isAnnexed ? { text: SEE_ANNEX, field: filled.field, constant: true } : filled;
      const marks = whole ?? set(prepared, shown, box, style);
      if (filled.text !== '') blocks.push({ role: cell.role, row: firstRow + index, rows: cell.rows, marks, text: shown.text });
      x += cell.width;
    }
  });
  const rules: PathMark = { kind: 'path', commands: grid, stroke: { colour: prepared.accent, widthMm: GRID_MM } };
  const frame: readonly PathMark[] =
    table.style === 'grid'
      ? [
          {
            kind: 'path',
            commands: [
              ['M', table.x, table.y],
              ['L', table.x + table.width, table.y],
              ['L', table.x + table.width, bottom],
              ['L', table.x, bottom],
              ['Z'],
            ],
            stroke: { colour: prepared.accent, widthMm: FRAME_MM },
          },
        ]
      : [];
  return [{ role: 'decoration', marks: [rules, ...frame] }, ...blocks];
}

const headingOf = (face: FaceInput, field: string): string => face.type.items.find((item) => item.key === field)?.name ?? field;

/** Issuer above the middle of the box, date below it, so that the seal lies over both. */
function issueBlocks(prepared: Prepared, element: IssueOfTemplate): readonly Block[] {
  const style = {
    sizeMm: element.sizeMm,
    leastSizeMm: element.leastSizeMm,
    weight: 'regular',
    align: 'centre',
    valign: 'middle',
    colour: INK,
    lineHeight: 1.3,
    tracking: 0,
  } as const;
  const middle = element.y + element.height / 2;
  const half = element.sizeMm * 2.7;
  const label = { text: element.label, field: 'issuer', constant: true };
  const issuer = interpolate('{issuer}', prepared.face);
  const date = { text: chineseDate(prepared.face.conclusionDay), field: 'conclusionDay', constant: false };
  const right = { x: element.x + element.labelWidth, width: element.width - element.labelWidth };
  const labelBox = { x: element.x, y: middle - half, width: element.labelWidth, height: half };
  const issuerBox = { ...right, y: middle - half, height: half };
  // A name is set smaller rather than broken, and broken rather than refused.
  const oneLine = { ...issuerBox, y: issuerBox.y + (half - element.sizeMm) / 2, height: element.sizeMm };
  const dateBox = { ...right, y: middle + element.sizeMm * 0.5, height: half * 0.75 };
  return [
    ...(element.label === ''
      ? []
      : [
          {
            role: 'paragraph' as const,
            marks: set(prepared, label, labelBox, { ...style, align: 'left', colour: prepared.accent }),
            text: label.text,
          },
        ]),
    { role: 'paragraph', marks: setIfFits(prepared, issuer, oneLine, style) ?? set(prepared, issuer, issuerBox, style), text: issuer.text },
    { role: 'paragraph', marks: set(prepared, date, dateBox, style), text: date.text },
  ];
}

/** Spec: GB/T 9704-2012 §7.3.5.1: issuer and date stand a little below the middle of the seal. */
const SEAL_ABOVE = 0.08;

function sealOver(prepared: Prepared, element: IssueOfTemplate): SealPlace {
  const { widthMm, heightMm, marks } = prepared.seal;
  return {
    name: prepared.face.seal.name,
    x: element.x + element.labelWidth + (element.width - element.labelWidth - widthMm) / 2,
    y: element.y + (element.height - heightMm) / 2 - heightMm * SEAL_ABOVE,
    widthMm,
    heightMm,
    marks,
  };
}

/** Spec: ISO/IEC 18004 §6.3.8: four modules of bare paper on every side. */
const QUIET_MODULES = 4;

/**
 * Identifier and number, each on a line: what a reader needs to ask the library. The file's hash cannot be in the file.
 * Quirk(zbar 0.23 and others): without a byte order mark short Chinese texts in UTF-8 are taken for Shift JIS.
 */
function qrBlock(prepared: Prepared, element: Extract<TemplateElement, { kind: 'qr' }>): Block {
  const { identifier, licenceNumber } = prepared.face;
  const bordered = encodeQR(`\uFEFF${identifier}\n${licenceNumber}`, 'raw', { ecc: 'medium', border: 1 });
  const modules = bordered.slice(1, -1).map((cells) => cells.slice(1, -1));
  const quiet = (QUIET_MODULES * element.size) / modules.length;
  const [left, top, side] = [element.x - quiet, element.y - quiet, element.size + 2 * quiet];
  const paper = colourOf(prepared.template.colours.paper);
  const marks: Mark[] = [
    { kind: 'path', commands: rectangle(left, top, side, side), fill: paper },
    { kind: 'qr', x: element.x, y: element.y, sizeMm: element.size, modules, colour: INK },
  ];
  if (element.caption !== '') {
    const box = { x: element.x - 10, y: element.y + element.size + quiet, width: element.size + 20, height: 4 };
    const style = {
      sizeMm: 2.8,
      leastSizeMm: 2.8,
      weight: 'regular',
      align: 'centre',
      valign: 'top',
      colour: FAINT,
      lineHeight: 1.2,
      tracking: 0,
    } as const;
    marks.push(...set(prepared, { text: element.caption, field: '', constant: true }, box, style));
  }
  return { role: 'figure', marks, alt: `二维码：${identifier} ${licenceNumber}`, text: element.caption };
}

function blankBlocks(prepared: Prepared, element: Extract<TemplateElement, { kind: 'blank' }>): readonly Block[] {
  const box = { x: element.x, y: element.y, width: element.width, height: element.sizeMm * 1.2 };
  const style = {
    sizeMm: element.sizeMm,
    leastSizeMm: element.sizeMm,
    weight: 'regular',
    align: 'left',
    valign: 'middle',
    colour: prepared.accent,
    lineHeight: 1.2,
    tracking: 0,
  } as const;
  const marks = set(prepared, { text: element.label, field: '', constant: true }, box, style);
  const from = element.x + element.sizeMm * ([...element.label].length + 0.3);
  const foot = element.y + element.sizeMm * 1.2;
  return [
    { role: 'paragraph', marks, text: element.label },
    { role: 'decoration', marks: [line(from, foot, element.x + element.width, foot, GRID_MM, prepared.accent)] },
  ];
}

/** In words as well as in the watermark, so that extracted text says it too (R34). */
export function trainingLine(fonts: FontSet, pageWidth: number): Block {
  const text = '演练 TRAINING · 本页为演练样张，不具有任何效力';
  const box = { x: 20, y: 3.2, width: pageWidth - 40, height: 4.4 };
  const style = {
    sizeMm: 3.6,
    leastSizeMm: 3,
    weight: 'bold',
    align: 'centre',
    valign: 'middle',
    colour: [0.8, 0.05, 0.05],
    lineHeight: 1.2,
    tracking: 0,
  } as const;
  return { role: 'paragraph', marks: setText(fonts, text, box, { ...style, constant: true }) ?? [], text };
}

const line = (x1: number, y1: number, x2: number, y2: number, widthMm: number, colour: Colour): PathMark => ({
  kind: 'path',
  commands: [
    ['M', x1, y1],
    ['L', x2, y2],
  ],
  stroke: { colour, widthMm },
});
