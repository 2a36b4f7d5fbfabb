// The calls of group `intake`: a register on its way to drafts, and one matter typed by hand (R05, R06).
import { z } from 'zod';
import { call } from './define.ts';
import { ImportRowFilter, ImportRowPage, ImportView, OneMatter, OneMatterVerdict } from './import.ts';
import { FieldKey, TableEncoding } from './intake.ts';
import { Late } from './licence.ts';
import { Bytes, ImportId, LicenceId } from './values.ts';
import { FileOut, JobView } from './work.ts';

const nothing = z.strictObject({});

const readFile = [
  'FILE_EMPTY',
  'FILE_TOO_LARGE',
  'FILE_NOT_A_TABLE',
  'FILE_BROKEN',
  'FILE_UNREADABLE',
  'HEADER_NOT_FOUND',
  'TYPE_NOT_RECOGNISED',
  'TOO_MANY_ROWS',
] as const;

export const intakeCalls = {
  imports: call({ input: nothing, output: z.array(ImportView), roles: ['clerk', 'auditor'], idempotent: true }),
  open: call({
    input: z.strictObject({ fileName: z.string().min(1).max(260), bytes: Bytes }),
    output: ImportView,
    errors: [...readFile, 'TYPE_NOT_IN_CATALOGUE', 'COLUMN_MISSING', 'IMPORT_GONE'],
    roles: ['clerk'],
    timeoutMs: 60_000,
  }),
  view: call({
    input: z.strictObject({ importId: ImportId }),
    output: ImportView,
    errors: ['IMPORT_GONE'],
    roles: ['clerk', 'auditor'],
    idempotent: true,
  }),
  /** Mend what was recognised: another type, encoding, header row or column mapping (field → column, from 0). Only while the file is still open. */
  readAgain: call({
    input: z.strictObject({
      importId: ImportId,
      typeId: z.string().optional(),
      encoding: TableEncoding.optional(),
      headerRow: z.number().int().min(1).optional(),
      columns: z.record(FieldKey, z.number().int().min(0)).optional(),
      keepMapping: z.boolean().default(false),
    }),
    output: ImportView,
    errors: [...readFile, 'IMPORT_GONE', 'TYPE_NOT_IN_CATALOGUE', 'INPUT_INVALID'],
    roles: ['clerk'],
    timeoutMs: 60_000,
  }),
  /** Checks every row as a job; rows are there to read as it goes on. */
  check: call({
    input: z.strictObject({ importId: ImportId }),
    output: JobView,
    errors: ['IMPORT_GONE', 'COLUMN_MISSING', 'TYPE_NOT_RECOGNISED'],
    roles: ['clerk'],
  }),
  rows: call({ input: ImportRowFilter, output: ImportRowPage, errors: ['IMPORT_GONE'], roles: ['clerk', 'auditor'], idempotent: true }),
  mendRow: call({
    input: z.strictObject({ importId: ImportId, row: z.number().int().min(1), values: z.record(z.string(), z.string()) }),
    output: ImportRowPage.shape.rows.element,
    errors: ['IMPORT_GONE', 'INPUT_INVALID', 'TYPE_NOT_RECOGNISED', 'TYPE_NOT_IN_CATALOGUE'],
    roles: ['clerk'],
  }),
  /** All rows without fault become drafts, as a job; faulty rows stay for mending. `late` is the reason for those not concluded today (R01). */
  accept: call({
    input: z.strictObject({ importId: ImportId, late: Late.nullable(), submit: z.boolean() }),
    output: JobView,
    errors: ['IMPORT_GONE', 'REASON_NEEDED', 'TYPE_NOT_RECOGNISED', 'TYPE_NOT_IN_CATALOGUE'],
    roles: ['clerk'],
  }),
  abandon: call({ input: z.strictObject({ importId: ImportId }), output: nothing, errors: ['IMPORT_GONE'], roles: ['clerk'] }),
  exportFaulty: call({
    input: z.strictObject({ importId: ImportId, language: z.enum(['zh', 'en']) }),
    output: FileOut,
    errors: ['IMPORT_GONE', 'TYPE_NOT_RECOGNISED', 'TYPE_NOT_IN_CATALOGUE'],
    roles: ['clerk'],
    timeoutMs: 30_000,
  }),
  checkOne: call({
    input: OneMatter,
    output: OneMatterVerdict,
    errors: ['TYPE_NOT_IN_CATALOGUE', 'INPUT_INVALID'],
    roles: ['clerk'],
    idempotent: true,
  }),
  typeOne: call({
    input: OneMatter,
    output: z.strictObject({ licenceId: LicenceId }),
    errors: ['TYPE_NOT_IN_CATALOGUE', 'INPUT_INVALID', 'REASON_NEEDED'],
    roles: ['clerk'],
  }),
} as const;
