// Views of licences: rows, one licence whole, timelines, hand-over. State words are those of domain.md, "Two lives".
import { z } from 'zod';
import { Normalisation } from './intake.ts';
import { BatchId, Bytes, Day, ImportId, Instant, IssuerId, LicenceId, OutboxId, SealId, Sha256 } from './values.ts';

export const LicenceState = z.enum(['draft', 'submitted', 'approved', 'sealing', 'issued', 'voided']);
export type LicenceState = z.infer<typeof LicenceState>;

/** Legal status once issued; null before. Expired and not yet effective are computed, never stored. */
export const LegalStatus = z.enum(['notYetEffective', 'valid', 'expired', 'cancelled']);
export type LegalStatus = z.infer<typeof LegalStatus>;

export const DeliveryState = z.enum(['queued', 'sending', 'acknowledged', 'refused', 'quarantined', 'closed']);
export type DeliveryState = z.infer<typeof DeliveryState>;

export const Late = z.strictObject({ code: z.string(), note: z.string().max(200) });
export type Late = z.infer<typeof Late>;

export const LicenceRow = z.strictObject({
  id: LicenceId,
  typeId: z.string(),
  issuerId: IssuerId,
  state: LicenceState,
  /** A draft that a reviewer gave back. */
  returned: z.boolean(),
  legalStatus: LegalStatus.nullable(),
  number: z.string().nullable(),
  version: z.number().int(),
  matterNumber: z.string(),
  holderName: z.string(),
  /** Masked: only first 3 and last 4 characters are shown in lists (R36). */
  holderCode: z.string(),
  conclusionDay: Day,
  sealedAt: Instant.nullable(),
  /** The worst state of this licence's undelivered items, or acknowledged; null before issue. */
  delivery: DeliveryState.nullable(),
  handedOver: z.boolean(),
  late: Late.nullable(),
  /** What an approval of this row would approve; null for a draft. */
  approvedHash: Sha256.nullable(),
  revision: z.number().int(),
});
export type LicenceRow = z.infer<typeof LicenceRow>;

export const LicenceFilter = z.strictObject({
  /** Any part of name, number, matter or identity code; empty = all. */
  text: z.string().max(80).default(''),
  states: z.array(LicenceState).default([]),
  typeIds: z.array(z.string()).default([]),
  delivery: z.array(DeliveryState).default([]),
  /** Only licences issued but not yet handed over (R02). */
  notHandedOver: z.boolean().default(false),
  enteredByMe: z.boolean().default(false),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(500).default(100),
});

export const LicencePage = z.strictObject({
  rows: z.array(LicenceRow),
  /** Exact up to 10,000, of a text together with filters up to 1,000; `more` says that there are more. */
  total: z.number().int(),
  more: z.boolean(),
});

export const TimelineEntry = z.strictObject({
  at: Instant,
  person: z.string().nullable(),
  /** Key under `timeline.` in the locales. */
  what: z.string(),
  note: z.string(),
});

/** What the person who asks may do with this licence now, by state and role. */
export const LicenceAction = z.enum([
  'mend',
  'submit',
  'discard',
  'approve',
  'return',
  'void',
  'seal',
  'handOver',
  'cancelAndReissue',
  'saveFile',
  'print',
]);
export type LicenceAction = z.infer<typeof LicenceAction>;

export const HandOver = z.strictObject({
  collector: z.enum(['holder', 'proxy']),
  collectorName: z.string().min(1).max(50),
  /** How the collector was identified (R37). */
  identified: z.enum(['idCardSeen', 'idCardRead', 'passportSeen', 'businessLicenceSeen', 'proxyLetterAndIdCard']),
  /** Paper serial, or null for electronic only (R02). */
  paperSerial: z.string().min(1).max(40).nullable(),
  given: z.array(z.enum(['paper', 'print', 'fileOnStick', 'fileByMessage'])).min(1),
  note: z.string().max(200).default(''),
});
export type HandOver = z.infer<typeof HandOver>;

/** What may be attached to a licence; how a file begins and ends is checked by the station. */
export const AttachmentType = z.enum(['application/pdf', 'image/png', 'image/jpeg']);
export type AttachmentType = z.infer<typeof AttachmentType>;

/** All of a licence together: the file must still go over a bad line and onto a courier disk in thousands. */
export const MOST_ATTACHED_BYTES = 8 * 1024 * 1024;

/** A file that belongs to a licence, as it is listed: embedded in the sealed file and covered by the seal. */
export const Attachment = z.strictObject({
  name: z.string(),
  mediaType: AttachmentType,
  sha256: Sha256,
  sizeBytes: z.number().int(),
});
export type Attachment = z.infer<typeof Attachment>;

export const LicenceDetail = z.strictObject({
  row: LicenceRow,
  holderCode: z.string(),
  identifier: z.string().nullable(),
  typeVersion: z.string(),
  templateVersion: z.string().nullable(),
  rendererVersion: z.string().nullable(),
  values: z.record(z.string(), z.string()),
  attachments: z.array(Attachment),
  /** What intake normalised or a person mended, for the reviewer's eye. */
  changes: z.array(Normalisation),
  source: z.strictObject({ importId: ImportId, fileName: z.string(), row: z.number().int() }).nullable(),
  enteredBy: z.string(),
  approvedBy: z.string().nullable(),
  approvedHash: Sha256.nullable(),
  documentHash: Sha256.nullable(),
  batchId: BatchId.nullable(),
  sealId: SealId,
  sealName: z.string(),
  certificateHash: Sha256.nullable(),
  replaces: LicenceId.nullable(),
  replacedBy: LicenceId.nullable(),
  returnReason: z.string().nullable(),
  voidReason: z.string().nullable(),
  cancelReason: z.string().nullable(),
  timeConfirmed: z.boolean(),
  handOver: z.strictObject({ ...HandOver.shape, by: z.string(), at: Instant }).nullable(),
  legalLife: z.array(TimelineEntry),
  deliveryLife: z.array(TimelineEntry),
  outbox: z.array(
    z.strictObject({
      id: OutboxId,
      kind: z.string(),
      state: DeliveryState,
      attempts: z.number().int(),
      receiptId: z.string().nullable(),
      receivedAt: Instant.nullable(),
      problem: z.string().nullable(),
    }),
  ),
  actions: z.array(LicenceAction),
});
export type LicenceDetail = z.infer<typeof LicenceDetail>;

/** The page of a licence: the stored bytes themselves, unsigned before issue and sealed after. */
export const LicenceFile = z.strictObject({ fileName: z.string(), bytes: Bytes, sealed: z.boolean(), sha256: Sha256 });

export type LicenceFile = z.infer<typeof LicenceFile>;

/** Outcome of one item of a batch call: the rest goes on. */
export const ItemOutcome = z.strictObject({
  id: z.string(),
  ok: z.boolean(),
  code: z.string().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type ItemOutcome = z.infer<typeof ItemOutcome>;
