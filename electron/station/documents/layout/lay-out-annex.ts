// Annex pages (附页): texts and lists the face has no room for, on paper of the same size, as many pages as it takes.
// Must not hold anything the face does not refer to, nor a seal: the seal on the face covers the whole file.
import { StationError } from '../../../contract/station-error.ts';
import type { FaceInput } from '../face.ts';
import type { FontSet } from '../fonts/font-set.ts';
import type { Block, Mark, PageModel, TextMark } from '../model.ts';
import type { FaceTemplate } from '../template.ts';
import { colourOf } from './backdrop.ts';
import { type AnnexText, INK, refuseWithoutGlyph, trainingLine } from './lay-out-face.ts';
import { INK_TOP, setText, type TextStyle } from './set-text.ts';

const SIDE_MM = 26;
const TOP_MM = 54;
const FOOT_MM = 34;
const SIZE_MM = 4.4;
const LEAD = 1.7;
/** A licence is not a book: what needs more belongs in an attached file. */
const MOST_PAGES = 8;

interface Line {
  readonly field: string;
  readonly mark: TextMark;
  /** Air above, in millimetres. */
  readonly before: number;
}

/** Throws CHARACTER_WITHOUT_GLYPH, or TEXT_DOES_NOT_FIT beyond eight pages, with the item's key as `field`. */
export function layOutAnnex(
  fonts: FontSet,
  template: FaceTemplate,
  backdrop: readonly Mark[],
  face: FaceInput,
  texts: readonly AnnexText[],
): readonly PageModel[] {
  if (texts.length === 0) return [];
  const { width, height } = template.page;
  const room = { x: SIDE_MM, y: 0, width: width - 2 * SIDE_MM };
  const plain: TextStyle = {
    sizeMm: SIZE_MM,
    leastSizeMm: SIZE_MM,
    weight: 'regular',
    align: 'left',
    valign: 'top',
    colour: INK,
    lineHeight: LEAD,
    tracking: 0,
    constant: false,
  };
  const accent = colourOf(template.colours.accent);
  const linesOf = (text: string, field: string, before: number, style: TextStyle): readonly Line[] => {
    refuseWithoutGlyph(fonts, text, field, style.weight);
    const marks = setText(fonts, text, { ...room, height: Number.MAX_SAFE_INTEGER }, style) ?? [];
    return marks.map((mark, i) => ({ field, mark, before: i === 0 ? before : 0 }));
  };
  const lines = texts.flatMap(({ field, heading, text }) => [
    ...linesOf(heading, field, 4, { ...plain, weight: 'bold', colour: accent }),
    ...linesOf(text, field, 0.5, plain),
  ]);

  const pages: Line[][] = [[]];
  let y = TOP_MM;
  for (const line of lines) {
    if (y + line.before + SIZE_MM > height - FOOT_MM) {
      pages.push([]);
      y = TOP_MM;
    }
    if (pages.length > MOST_PAGES) throw new StationError('TEXT_DOES_NOT_FIT', { field: line.field });
    y += line.before + SIZE_MM * LEAD;
    pages.at(-1)?.push(line);
  }

  const centred = (text: string, top: number, sizeMm: number, weight: 'regular' | 'bold', role: 'title' | 'paragraph'): Block => {
    const style: TextStyle = {
      ...plain,
      sizeMm,
      leastSizeMm: sizeMm * 0.6,
      weight,
      align: 'centre',
      colour: role === 'title' ? accent : INK,
    };
    const marks = setText(fonts, text, { ...room, y: top, height: sizeMm * 1.2 }, style);
    if (!marks) throw new StationError('TEXT_DOES_NOT_FIT', { field: 'licenceNumber' });
    return { role, marks, text };
  };
  return pages.map((page, index) => {
    let at = TOP_MM;
    const body = page.map(({ mark, before }): Block => {
      at += before;
      const placed = { ...mark, y: at + SIZE_MM * INK_TOP };
      at += SIZE_MM * LEAD;
      return { role: 'paragraph', marks: [placed], text: mark.text };
    });
    const blocks: readonly Block[] = [
      ...(face.training ? [trainingLine(fonts, width)] : []),
      centred(`${face.type.name}附页`, 27, 7.5, 'bold', 'title'),
      centred(`${face.licenceNumber}　附页第${index + 1}页，共${pages.length}页`, 40, 4, 'regular', 'paragraph'),
      ...body,
      centred(`证照标识　${face.identifier}`, height - 27, 2.9, 'regular', 'paragraph'),
      centred('本附页是证照的组成部分，由证照照面上的电子印章一并签署。', height - 22.5, 2.8, 'regular', 'paragraph'),
    ];
    return { widthMm: width, heightMm: height, backdrop, blocks, seal: null };
  });
}
