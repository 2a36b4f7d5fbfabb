// The calls of group `licences`: finding, seeing, and every step of a licence's life but review and sealing.
import { z } from 'zod';
import { call } from './define.ts';
import { OneMatterVerdict } from './import.ts';
import { AttachmentType, HandOver, ItemOutcome, Late, LicenceDetail, LicenceFile, LicenceFilter, LicencePage } from './licence.ts';
import { Bytes, LicenceId, Sha256 } from './values.ts';
import { FileOut, JobView } from './work.ts';

const nothing = z.strictObject({});
const ids = z.array(LicenceId).min(1).max(10_000);
const reason = z.string().trim().min(2).max(200);
const everyone = ['clerk', 'reviewer', 'custodian', 'operator', 'auditor'] as const;
const desk = ['clerk', 'reviewer', 'custodian', 'auditor'] as const;

export const licencesCalls = {
  find: call({ input: LicenceFilter, output: LicencePage, roles: everyone, idempotent: true, timeoutMs: 10_000 }),
  view: call({
    input: z.strictObject({ id: LicenceId }),
    output: LicenceDetail,
    errors: ['LICENCE_NOT_FOUND'],
    roles: desk,
    idempotent: true,
  }),
  file: call({
    input: z.strictObject({ id: LicenceId }),
    output: LicenceFile,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT'],
    roles: desk,
    idempotent: true,
    timeoutMs: 15_000,
  }),
  /** The page of a draft as it would be: rendered, never stored, with the number still open. */
  preview: call({
    input: z.strictObject({ id: LicenceId }),
    output: LicenceFile,
    errors: [
      'LICENCE_NOT_FOUND',
      'TEXT_DOES_NOT_FIT',
      'CHARACTER_WITHOUT_GLYPH',
      'NUMBERS_EXHAUSTED',
      'NUMBER_TAKEN',
      'INPUT_INVALID',
      'ATTACHMENT_REFUSED',
    ],
    roles: ['clerk'],
    timeoutMs: 15_000,
  }),
  mend: call({
    input: z.strictObject({ id: LicenceId, values: z.record(z.string(), z.string()), late: Late.nullable() }),
    output: OneMatterVerdict,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT', 'TYPE_NOT_IN_CATALOGUE', 'REASON_NEEDED', 'DUPLICATE_IN_STORE', 'INPUT_INVALID'],
    roles: ['clerk'],
  }),
  discard: call({
    input: z.strictObject({ id: LicenceId }),
    output: nothing,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT'],
    roles: ['clerk'],
  }),
  /** A site plan and the like, while the licence is a draft: listed on its face, embedded, covered by the seal. */
  attach: call({
    input: z.strictObject({ id: LicenceId, name: z.string().min(1).max(200), mediaType: AttachmentType, bytes: Bytes }),
    output: nothing,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT', 'ATTACHMENT_REFUSED'],
    roles: ['clerk'],
    timeoutMs: 15_000,
  }),
  detach: call({
    input: z.strictObject({ id: LicenceId, sha256: Sha256 }),
    output: nothing,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT', 'ATTACHMENT_GONE'],
    roles: ['clerk'],
  }),
  attachment: call({
    input: z.strictObject({ id: LicenceId, sha256: Sha256 }),
    output: FileOut,
    errors: ['LICENCE_NOT_FOUND', 'ATTACHMENT_GONE'],
    roles: desk,
    idempotent: true,
    timeoutMs: 15_000,
  }),
  /** Reserves number and identifier, renders, hashes: one transaction each, as a job. */
  submit: call({
    input: z.strictObject({ ids, late: Late.nullable() }),
    output: JobView,
    errors: ['LICENCE_NOT_FOUND', 'REASON_NEEDED'],
    roles: ['clerk'],
  }),
  /** Why these are issued after their conclusion day (R01): also where the day passed while they waited for the seal. */
  explainLate: call({
    input: z.strictObject({ ids, late: Late }),
    output: z.array(ItemOutcome),
    errors: ['REASON_NEEDED'],
    roles: ['clerk', 'reviewer'],
  }),
  void: call({
    input: z.strictObject({ id: LicenceId, reason }),
    output: nothing,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT'],
    roles: ['clerk', 'reviewer'],
  }),
  /** Issued in error: cancelled with its reason and begun anew as a draft of the next version (domain.md, "Two lives"). */
  cancelAndReissue: call({
    input: z.strictObject({ id: LicenceId, reason, basis: reason, reissue: z.boolean() }),
    output: z.strictObject({ newId: LicenceId.nullable() }),
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT', 'SAME_PERSON'],
    roles: ['reviewer'],
  }),
  handOver: call({
    input: z.strictObject({ id: LicenceId, handOver: HandOver }),
    output: nothing,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT', 'HAND_OVER_DONE', 'INPUT_INVALID'],
    roles: ['clerk'],
  }),
  slip: call({
    input: z.strictObject({ id: LicenceId }),
    output: FileOut,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT'],
    roles: ['clerk', 'auditor'],
    idempotent: true,
  }),
  /** The licence's page marked as a print of an electronic licence (R13). */
  printCopy: call({
    input: z.strictObject({ id: LicenceId, large: z.boolean() }),
    output: FileOut,
    errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT'],
    roles: ['clerk', 'reviewer', 'custodian'],
    timeoutMs: 20_000,
  }),
  /** Says that the file left the station, for the record (R21). */
  fileSaved: call({
    input: z.strictObject({ id: LicenceId, what: z.enum(['file', 'print', 'slip']) }),
    output: nothing,
    errors: ['LICENCE_NOT_FOUND'],
    roles: ['clerk', 'reviewer', 'custodian', 'auditor'],
  }),
} as const;
