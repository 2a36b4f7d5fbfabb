// The wire views of intake: a recognised file, the mapping of its columns, the verdict on each row.
// Must not hold rules: what is a fault is decided in station/intake; words for codes are in resources/locales.
import { z } from 'zod';
import { type ErrorCode, isErrorCode } from './error-codes.ts';
import { Sha256 } from './values.ts';

/**
 * Fields every type has beside its data items: the matter's own columns, and the licence number where the business
 * system gives it. No data item may use one of these as its key.
 */
export const matterFields = ['matterNumber', 'conclusionDay', 'licenceNumber'] as const;
export type MatterField = (typeof matterFields)[number];

/** The key of a data item, or one of `matterFields`. */
export const FieldKey = z.string().regex(/^[a-z][A-Za-z0-9]{1,40}$/);
export type FieldKey = z.infer<typeof FieldKey>;

export const TableEncoding = z.enum(['utf-8', 'gb18030', 'utf-16le', 'utf-16be']);
export type TableEncoding = z.infer<typeof TableEncoding>;

export const TableFormat = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('csv'), encoding: TableEncoding, separator: z.string().length(1) }),
  z.strictObject({ kind: z.literal('xlsx') }),
]);
export type TableFormat = z.infer<typeof TableFormat>;

/** notAllowed: on the rule pack's list, its values are gone already (R06); counter: carries no data of the matter. */
export const ColumnVerdict = z.enum(['matched', 'unmatched', 'notAllowed', 'counter']);
export type ColumnVerdict = z.infer<typeof ColumnVerdict>;

export const ColumnView = z.strictObject({
  /** From 0. */
  index: z.number().int().min(0),
  heading: z.string(),
  verdict: ColumnVerdict,
  /** Set when the verdict is `matched`. */
  field: FieldKey.nullable(),
});
export type ColumnView = z.infer<typeof ColumnView>;

/** Which column, from 0, feeds which field; kept per office under the headings' hash, so that a mending is done once. */
export const ColumnMapping = z.strictObject({
  typeId: z.string(),
  headingsHash: Sha256,
  columns: z.record(FieldKey, z.number().int().min(0)),
});
export type ColumnMapping = z.infer<typeof ColumnMapping>;

export const TypeCandidate = z.strictObject({
  typeId: z.string(),
  name: z.string(),
  nameEn: z.string(),
  /** Fields of the type found among the headings, and how many the type requires. */
  matched: z.number().int(),
  required: z.number().int(),
  /** Share of the required fields found, 0..1. */
  score: z.number(),
});
export type TypeCandidate = z.infer<typeof TypeCandidate>;

/** What the first two steps of the Intake screen show: the file, and its columns. */
export const TableView = z.strictObject({
  fileName: z.string(),
  format: TableFormat,
  sheet: z.string(),
  sheets: z.array(z.string()),
  /** 1-based row of the sheet (record of the CSV) that holds the headings. */
  headerRow: z.number().int().min(1),
  rows: z.number().int(),
  headingsHash: Sha256,
  /** Best first. */
  candidates: z.array(TypeCandidate),
  /** null: the clerk must choose. */
  typeId: z.string().nullable(),
  columns: z.array(ColumnView),
  mapping: ColumnMapping.nullable(),
  /** Required fields without a column. */
  missing: z.array(FieldKey),
});
export type TableView = z.infer<typeof TableView>;

export const NormalisationKind = z.enum([
  'space',
  'invisible',
  'width',
  'case',
  'date',
  'number',
  'unit',
  'middleDot',
  'composition',
  'textMark',
  // A person changed it on screen or in the returned sheet.
  'mended',
]);
export type NormalisationKind = z.infer<typeof NormalisationKind>;

/** One changed value, as it came and as it is kept; shown, never silent. */
export const Normalisation = z.strictObject({
  field: FieldKey,
  from: z.string(),
  to: z.string(),
  kinds: z.array(NormalisationKind).min(1),
});
export type Normalisation = z.infer<typeof Normalisation>;

export const RowFault = z.strictObject({
  code: z.custom<ErrorCode>((value) => typeof value === 'string' && isErrorCode(value)),
  /** null: the fault is of the row as a whole. */
  field: FieldKey.nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The whole new value of the field, where there is one honest mend. */
  suggestion: z.string().optional(),
});
export type RowFault = z.infer<typeof RowFault>;

export const RowVerdict = z.enum(['good', 'normalised', 'faulty']);
export type RowVerdict = z.infer<typeof RowVerdict>;

export const RowView = z.strictObject({
  /** 1-based among the data rows (blank rows and repeated headings are not counted). */
  row: z.number().int().min(1),
  /** 1-based in the sheet or CSV, as the clerk's spreadsheet program counts. */
  fileRow: z.number().int().min(1),
  verdict: RowVerdict,
  values: z.record(FieldKey, z.string()),
  normalisations: z.array(Normalisation),
  faults: z.array(RowFault),
});
export type RowView = z.infer<typeof RowView>;

/** Chips over the rows table. `duplicates` are among the faulty, `normalised` among the accepted. */
export const RowCounts = z.strictObject({
  rows: z.number().int(),
  good: z.number().int(),
  normalised: z.number().int(),
  faulty: z.number().int(),
  duplicates: z.number().int(),
});
export type RowCounts = z.infer<typeof RowCounts>;

export const IntakeProgress = z.strictObject({ done: z.number().int(), total: z.number().int() });
export type IntakeProgress = z.infer<typeof IntakeProgress>;
