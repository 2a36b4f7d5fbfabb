// The large-print sheet (R13, R41): what the face of a licence file says, set anew in letters of 18 point on A4, every sheet
// marked as a print. Must not show an item the face does not show, nor look like a licence: no border, no seal.
import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFRawStream, PDFString } from '@cantoo/pdf-lib';
import encodeQR from 'qr';
import type { LicenceType } from '../../contract/catalogue.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Day } from '../../contract/values.ts';
import { DATA_FILE_NAME } from './attachments.ts';
import { type LicenceData, readDataXml } from './data-xml.ts';
import { drawBackdrop } from './layout/backdrop.ts';
import { chineseDate } from './layout/interpolate.ts';
import { setText, type TextStyle } from './layout/set-text.ts';
import type { Block, Mark, PageModel } from './model.ts';
import { printMark } from './print-copy.ts';
import type { Renderer } from './renderer.ts';

const PAGE = { width: 210, height: 297 } as const;
/** 18 point. */
const SIZE_MM = 6.35;
const LEFT = 18;
const WIDTH = PAGE.width - 2 * LEFT;
const LABEL_WIDTH = 56;
const TOP = 24;
const FOOT = PAGE.height - 20;
const LINE = 1.4;
const QR_MM = 34;
const INK = [0, 0, 0] as const;
const RED = [0.78, 0.05, 0.05] as const;

const STYLE: TextStyle = {
  sizeMm: SIZE_MM,
  leastSizeMm: SIZE_MM,
  weight: 'regular',
  align: 'left',
  valign: 'top',
  colour: INK,
  lineHeight: LINE,
  tracking: 0,
  constant: false,
};

/** A block and how high it is; what does not fit a sheet goes whole to the next. */
interface Piece {
  readonly heightMm: number;
  place(y: number): readonly Block[];
}

/** `type`: the catalogue version the licence carries. Throws FILE_UNREADABLE for a file without the data of a licence. */
export async function printLarge(
  r: Renderer,
  licencePdf: Uint8Array,
  type: LicenceType,
  o: { readonly printedOn: Day; readonly training: boolean },
): Promise<Uint8Array> {
  const data = readDataXml(await attachedData(licencePdf), type);
  if (!data) throw new StationError('FILE_UNREADABLE');
  const shown = r.shownItems(type).flatMap((key) => type.items.filter((item) => item.key === key));
  const rows = [
    { label: '证照编号', value: data.licenceNumber },
    ...shown.map((item) => ({ label: item.name, value: asRead(item.kind, item.unit, data.values[item.key] ?? '') })),
    { label: '颁发机构', value: data.issuer },
    { label: '颁发日期', value: chineseDate(data.issuedOn) },
    { label: '证照标识', value: data.identifier },
  ].filter(({ value }) => value !== '');
  const pieces: readonly Piece[] = [
    textPiece(r, type.name, { ...STYLE, sizeMm: 10, leastSizeMm: 8, weight: 'bold', align: 'centre' }, 'title', 6),
    ...rows.map(({ label, value }, row) => rowPiece(r, label, value, row)),
    qrPiece(r, data),
  ];

  const sheets: Block[][] = [[]];
  let y = TOP;
  for (const piece of pieces) {
    if (y + piece.heightMm > FOOT && y > TOP) {
      sheets.push([]);
      y = TOP;
    }
    sheets.at(-1)?.push(...piece.place(y));
    y += piece.heightMm;
  }
  const backdrop = drawBackdrop(r.fonts, PLAIN_PAGE, o.training);
  const models = sheets.map((blocks, index): PageModel => {
    const place = sheets.length === 1 ? '' : `　第${index + 1}页，共${sheets.length}页`;
    const mark = boxed(r, `${printMark(o.printedOn)}${place}`, 8, {
      ...STYLE,
      sizeMm: 4.2,
      leastSizeMm: 3.6,
      weight: 'bold',
      align: 'centre',
      colour: RED,
    });
    return { widthMm: PAGE.width, heightMm: PAGE.height, backdrop, blocks: [mark, ...blocks], seal: null };
  });
  const [model, ...annexes] = models;
  if (!model) throw new StationError('FILE_UNREADABLE');
  const info = { title: '电子证照打印件', author: '', subject: '大字版', producer: r.version, date: o.printedOn };
  return r.writePage({ model, annexes, info, day: o.printedOn, signable: false });
}

const PLAIN_PAGE = {
  id: 'large',
  version: '1',
  page: PAGE,
  colours: { accent: '#000000', tint: '#ffffff', paper: '#ffffff' },
  border: 'none',
  elements: [],
} satisfies Parameters<typeof drawBackdrop>[1];

function asRead(kind: string, unit: string | undefined, value: string): string {
  if (kind === 'date') return chineseDate(value);
  return value === '' || !unit ? value : `${value}${unit === '%' ? '' : ' '}${unit}`;
}

function boxed(r: Renderer, text: string, y: number, style: TextStyle): Block {
  const marks = setText(r.fonts, text, { x: LEFT, y, width: WIDTH, height: style.sizeMm * 1.3 }, style);
  if (!marks) throw new StationError('TEXT_DOES_NOT_FIT', { field: 'print' });
  return { role: 'paragraph', marks, text };
}

function textPiece(r: Renderer, text: string, style: TextStyle, role: 'title' | 'paragraph', after: number): Piece {
  const { marks, height } = setAt(r, text, LEFT, WIDTH, style);
  return { heightMm: height + after, place: (y) => [{ role, marks: moved(marks, y), text }] };
}

function rowPiece(r: Renderer, label: string, value: string, row: number): Piece {
  const left = setAt(r, label, LEFT, LABEL_WIDTH - 4, { ...STYLE, weight: 'bold' });
  const right = setAt(r, value, LEFT + LABEL_WIDTH, WIDTH - LABEL_WIDTH, STYLE);
  const height = Math.max(left.height, right.height);
  return {
    heightMm: height + 4,
    place: (y) => [
      { role: 'label', row, marks: moved(left.marks, y), text: label },
      { role: 'value', row, marks: moved(right.marks, y), text: value },
      { role: 'decoration', marks: [rule(y + height + 1.6)] },
    ],
  };
}

const rule = (y: number): Mark => ({
  kind: 'path',
  commands: [
    ['M', LEFT, y],
    ['L', LEFT + WIDTH, y],
  ],
  stroke: { colour: [0.4, 0.4, 0.4], widthMm: 0.25 },
});

/** The code, and what the sheet is, beside it. */
function qrPiece(r: Renderer, { identifier, licenceNumber }: Pick<LicenceData, 'identifier' | 'licenceNumber'>): Piece {
  const modules = encodeQR(`\uFEFF${identifier}\n${licenceNumber}`, 'raw', { ecc: 'medium', border: 1 })
    .slice(1, -1)
    .map((row) => row.slice(1, -1));
  const beside = LEFT + QR_MM + 12;
  const note = setAt(r, NOTE, beside, LEFT + WIDTH - beside, { ...STYLE, sizeMm: 5, leastSizeMm: 5 });
  return {
    heightMm: QR_MM + 8,
    place: (y) => [
      { role: 'paragraph', marks: moved(note.marks, y + 5), text: NOTE },
      {
        role: 'figure',
        alt: `二维码：${identifier} ${licenceNumber}`,
        marks: [{ kind: 'qr', x: LEFT + 3, y: y + 5, sizeMm: QR_MM, modules, colour: INK }],
      },
    ],
  };
}

const NOTE = '本页以大字列出证照照面的内容。证照以加盖电子印章的电子文件为准，印章见该文件。';

type TextMarks = NonNullable<ReturnType<typeof setText>>;

/** As high as it needs, from y = 0. Every character was drawn on the face, so each has a glyph in its weight. */
function setAt(
  r: Renderer,
  text: string,
  x: number,
  width: number,
  style: TextStyle,
): { readonly marks: TextMarks; readonly height: number } {
  const marks = setText(r.fonts, text, { x, y: 0, width, height: Number.MAX_SAFE_INTEGER }, style);
  if (!marks) throw new StationError('TEXT_DOES_NOT_FIT', { field: 'print' });
  return { marks, height: style.sizeMm * (1 + (marks.length - 1) * style.lineHeight) };
}

const moved = (marks: TextMarks, y: number): readonly Mark[] => marks.map((mark) => ({ ...mark, y: mark.y + y }));

/** The data attached to a licence file of ours. */
async function attachedData(pdf: Uint8Array): Promise<string> {
  try {
    const document = await PDFDocument.load(pdf, { updateMetadata: false });
    const names = document.catalog
      .lookup(PDFName.of('Names'), PDFDict)
      .lookup(PDFName.of('EmbeddedFiles'), PDFDict)
      .lookup(PDFName.of('Names'), PDFArray);
    for (let i = 0; i + 1 < names.size(); i += 2) {
      const name = names.lookup(i);
      const isData = (name instanceof PDFString || name instanceof PDFHexString) && name.decodeText() === DATA_FILE_NAME;
      const stream =
        isData &&
        names
          .lookup(i + 1, PDFDict)
          .lookup(PDFName.of('EF'), PDFDict)
          .lookup(PDFName.of('F'));
      if (stream instanceof PDFRawStream) return Buffer.from(decodePDFRawStream(stream).decode()).toString('utf8');
    }
  } catch (cause) {
    throw new StationError('FILE_UNREADABLE', {}, { cause });
  }
  throw new StationError('FILE_UNREADABLE', {}, { cause: 'no attached data' });
}
