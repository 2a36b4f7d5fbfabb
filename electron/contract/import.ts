// Views of one import (a register file on its way to drafts) and of one matter typed by hand.
import { z } from 'zod';
import { ColumnView, FieldKey, Normalisation, RowFault, TableFormat, TypeCandidate } from './intake.ts';
import { Late } from './licence.ts';
import { ImportId, Instant, LicenceId } from './values.ts';

export const ImportView = z.strictObject({
  id: ImportId,
  fileName: z.string(),
  format: TableFormat,
  typeId: z.string().nullable(),
  /** Types the headings could belong to, best first, while the file is open. */
  candidates: z.array(TypeCandidate),
  /** Required fields without a column. */
  missing: z.array(FieldKey),
  /** 1-based row of the headings in the file. */
  headerRow: z.number().int(),
  columns: z.array(ColumnView),
  /** True while the file itself is still at hand, so that mapping, type and encoding can be changed. */
  open: z.boolean(),
  /** A mended sheet of an earlier import: replaces just those rows. */
  mends: ImportId.nullable(),
  state: z.enum(['mapping', 'checking', 'checked', 'accepted', 'abandoned']),
  rows: z.number().int(),
  counts: z.strictObject({
    good: z.number().int(),
    normalised: z.number().int(),
    faulty: z.number().int(),
    duplicate: z.number().int(),
    accepted: z.number().int(),
  }),
  /** Rows without fault that were not concluded today: they need a reason (R01). */
  late: z.number().int(),
  by: z.string(),
  at: Instant,
});
export type ImportView = z.infer<typeof ImportView>;

export const ImportRowFilter = z.strictObject({
  importId: ImportId,
  which: z.enum(['all', 'good', 'normalised', 'faulty', 'duplicate', 'accepted']),
  text: z.string().max(80).default(''),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(500),
});

/** `row` is the 1-based data row of the file, the one under the headings being 1. */
export const ImportRow = z.strictObject({
  row: z.number().int(),
  /** Item key → value; `matterNumber` and `conclusionDay` beside the items. */
  values: z.record(z.string(), z.string()),
  changes: z.array(Normalisation),
  faults: z.array(RowFault),
  licenceId: LicenceId.nullable(),
});
export type ImportRow = z.infer<typeof ImportRow>;

export const ImportRowPage = z.strictObject({ rows: z.array(ImportRow), total: z.number().int() });

export const OneMatter = z.strictObject({
  typeId: z.string(),
  values: z.record(z.string(), z.string().max(600)),
  late: Late.nullable(),
});

export const OneMatterVerdict = z.strictObject({
  values: z.record(z.string(), z.string()),
  changes: z.array(Normalisation),
  faults: z.array(RowFault),
});
export type OneMatterVerdict = z.infer<typeof OneMatterVerdict>;
