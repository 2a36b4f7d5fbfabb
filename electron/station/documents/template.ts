// The face template: a data file (resources/templates/<id>.json) that says how a licence type looks, so that an office can
// add a type without code. In texts `{key}` stands for an item, `{key:unit}` for it with its unit; further words: licenceNumber,
// identifier, issuer, issuerCode, conclusionDay, typeName, basis. Must not hold office data.
import { z } from 'zod';

const Millimetres = z.number().min(0).max(420);
const FontSize = z.number().min(1.5).max(24);
const HexColour = z.string().regex(/^#[0-9a-f]{6}$/);
const Align = z.enum(['left', 'centre', 'right', 'justify']);

const Box = { x: Millimetres, y: Millimetres, width: Millimetres, height: Millimetres };

/** A text in a box: wraps, then shrinks to `leastSizeMm`, then is refused (R05). */
const TextElement = z.strictObject({
  kind: z.literal('text'),
  ...Box,
  role: z.enum(['title', 'paragraph']).default('paragraph'),
  text: z.string().min(1),
  sizeMm: FontSize,
  leastSizeMm: FontSize.optional(),
  weight: z.enum(['regular', 'bold']).default('regular'),
  align: Align.default('left'),
  valign: z.enum(['top', 'middle', 'bottom']).default('middle'),
  colour: z.enum(['ink', 'accent', 'faint']).default('ink'),
  /** Multiple of the size. */
  lineHeight: z.number().min(1).max(3).default(1.5),
  /** Between characters, multiple of the size. */
  tracking: z.number().min(0).max(2).default(0),
});

const Cell = z.strictObject({
  width: Millimetres,
  role: z.enum(['label', 'value']),
  text: z.string(),
  align: Align.default('left'),
  /** A cell as high as several rows; the rows below must leave out its column. */
  rows: z.number().int().min(1).max(20).default(1),
  /** A text too long for the cell: refused, or set on an annex page with `见附页` in the cell. */
  overflow: z.enum(['refuse', 'annex']).default('refuse'),
});

const TableElement = z.strictObject({
  kind: z.literal('table'),
  x: Millimetres,
  y: Millimetres,
  width: Millimetres,
  /** `grid`: rules around every cell; `lines`: a rule under each value, as on a certificate. */
  style: z.enum(['grid', 'lines']),
  sizeMm: FontSize,
  leastSizeMm: FontSize,
  labelSizeMm: FontSize.optional(),
  rows: z
    .array(z.strictObject({ height: Millimetres, indent: Millimetres.default(0), cells: z.array(Cell).min(1) }))
    .min(1)
    .max(40),
});

/** Issuer and date lines with the seal laid over them, both centred in the box beside the label. */
const IssueElement = z.strictObject({
  kind: z.literal('issue'),
  ...Box,
  label: z.string(),
  labelWidth: Millimetres,
  sizeMm: FontSize,
  leastSizeMm: FontSize,
});

const QrElement = z.strictObject({
  kind: z.literal('qr'),
  x: Millimetres,
  y: Millimetres,
  size: z.number().min(15).max(60),
  caption: z.string().default(''),
});

const RuleElement = z.strictObject({
  kind: z.literal('rule'),
  x: Millimetres,
  y: Millimetres,
  width: Millimetres,
  height: Millimetres,
  weightMm: z.number().min(0.05).max(2),
});

/** A line to be filled in by hand on a print, as the form shows it (领证人). */
const BlankElement = z.strictObject({
  kind: z.literal('blank'),
  x: Millimetres,
  y: Millimetres,
  label: z.string(),
  width: Millimetres,
  sizeMm: FontSize,
});

/** Where attached files are listed, a line each; empty on a licence without. Every face should have one. */
const AttachmentsElement = z.strictObject({ kind: z.literal('attachments'), ...Box, sizeMm: FontSize, leastSizeMm: FontSize });

export const TemplateElement = z.discriminatedUnion('kind', [
  TextElement,
  TableElement,
  IssueElement,
  QrElement,
  RuleElement,
  BlankElement,
  AttachmentsElement,
]);
export type TemplateElement = z.infer<typeof TemplateElement>;

export const FaceTemplate = z.strictObject({
  /** For editors: path of template.schema.json. */
  $schema: z.string().optional(),
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  version: z.string().regex(/^\d{1,3}$/),
  page: z.strictObject({ width: z.number().min(100).max(420), height: z.number().min(100).max(420) }),
  colours: z.strictObject({ accent: HexColour, tint: HexColour, paper: HexColour }),
  border: z.enum(['guilloche', 'double', 'none']),
  rosette: z.strictObject({ x: Millimetres, y: Millimetres, radius: Millimetres }).optional(),
  elements: z.array(TemplateElement).min(1).max(80),
});
export type FaceTemplate = z.infer<typeof FaceTemplate>;
export type TableOfTemplate = z.infer<typeof TableElement>;
export type TextOfTemplate = z.infer<typeof TextElement>;
export type IssueOfTemplate = z.infer<typeof IssueElement>;
