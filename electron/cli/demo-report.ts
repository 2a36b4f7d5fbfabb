// What a demonstration leaves behind: report.json and the table at the end. Figures only as they were measured.
import { z } from 'zod';
import { Day, Instant, Sha256 } from '../contract/values.ts';

export const RefusedRow = z.strictObject({
  row: z.number().int(),
  code: z.string(),
  field: z.string().nullable(),
  message: z.string(),
  firstRow: z.number().int().optional(),
});

export const FileReport = z.strictObject({
  file: z.string(),
  /** Null where the file was refused as a whole; then `refusal` says why. */
  type: z.string().nullable(),
  typeName: z.string().nullable(),
  refusal: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  rows: z.number().int(),
  accepted: z.number().int(),
  normalised: z.number().int(),
  columnsNotAllowed: z.array(z.string()),
  refused: z.array(RefusedRow),
});
export type FileReport = z.infer<typeof FileReport>;

export const LicenceReport = z.strictObject({
  matterNumber: z.string(),
  licenceNumber: z.string(),
  identifier: z.string(),
  type: z.string(),
  conclusionDay: Day,
  sealedAt: Instant.nullable(),
  sameDay: z.boolean(),
  lateReason: z.string().nullable(),
  /** Relative to the report's folder. */
  file: z.string().nullable(),
  sha256: Sha256.nullable(),
  receiptId: z.string().nullable(),
  delivery: z.string().nullable(),
  handedOver: z.boolean(),
  problem: z.string().nullable(),
});
export type LicenceReport = z.infer<typeof LicenceReport>;

export const DemoReport = z.strictObject({
  product: z.string(),
  profile: z.string(),
  token: z.string(),
  today: Day,
  /** Real time of the run, by the machine's clock. */
  startedAt: Instant,
  files: z.array(FileReport),
  licences: z.array(LicenceReport),
  counts: z.strictObject({
    files: z.number().int(),
    filesRefused: z.number().int(),
    rows: z.number().int(),
    accepted: z.number().int(),
    normalised: z.number().int(),
    refused: z.number().int(),
    sealed: z.number().int(),
    sameDay: z.number().int(),
    late: z.number().int(),
    acknowledged: z.number().int(),
  }),
  /** Seconds a stage took, in order. */
  timings: z.array(z.strictObject({ stage: z.string(), seconds: z.number(), items: z.number().int() })),
  trustAnchor: z.string(),
});
export type DemoReport = z.infer<typeof DemoReport>;

/** Width in terminal columns: East Asian wide characters count two. */
const widthOf = (text: string): number =>
  [...text].reduce(
    (sum, c) =>
      sum +
      (/[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3ffff}]/u.test(c)
        ? 2
        : 1),
    0,
  );

/** Plain columns; the first left-aligned, the others right-aligned. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));
  const pad = (text: string, column: number): string => {
    const space = ' '.repeat((widths[column] ?? 0) - widthOf(text));
    return column === 0 ? text + space : space + text;
  };
  return rows.map((row) => `  ${row.map(pad).join('   ')}`).join('\n');
}
