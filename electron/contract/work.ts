// Views of work in progress: jobs, today, sealing, delivery, seals, system. Numbers are counts unless the name says otherwise.
import { z } from 'zod';
import { DeliveryState, LegalStatus, LicenceRow } from './licence.ts';
import { SealImage } from './office.ts';
import { DriverView, PinState, SignatureAlgorithm } from './token.contract.ts';
import { BatchId, Bytes, Day, Instant, IssuerId, JobId, LicenceId, OutboxId, SealId, Sha256 } from './values.ts';
import { VerificationView } from './verification.ts';

/** Long work: durable, survives a restart as `interrupted` (or goes on by itself where its list is in the store). */
export const JobView = z.strictObject({
  id: JobId,
  /** Key under `job.` in the locales. */
  kind: z.enum(['intake.check', 'intake.accept', 'licences.submit', 'review.approve', 'sealing', 'delivery']),
  state: z.enum(['running', 'paused', 'done', 'failed', 'cancelled', 'interrupted']),
  /** What it works on, for people: a file name, a batch's first number. */
  subject: z.string(),
  done: z.number().int(),
  failed: z.number().int(),
  total: z.number().int(),
  startedAt: Instant,
  endedAt: Instant.nullable(),
  /** Why it stopped, an error code. */
  problem: z.string().nullable(),
  cancellable: z.boolean(),
});
export type JobView = z.infer<typeof JobView>;

export const CheckLine = z.strictObject({
  id: z.enum(['profile', 'disk', 'clock', 'key', 'certificate', 'numbers', 'catalogue', 'backup', 'undelivered']),
  state: z.enum(['ok', 'warn', 'stop', 'info']),
  /** Key under `check.` in the locales, with `details` to fill in. */
  text: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type CheckLine = z.infer<typeof CheckLine>;

export const TodayView = z.strictObject({
  day: Day,
  /** Matters concluded today, by where they stand; `delivered` are those of today's issued that the library has acknowledged. */
  river: z.strictObject({
    concluded: z.number().int(),
    toReview: z.number().int(),
    toSeal: z.number().int(),
    issued: z.number().int(),
    delivered: z.number().int(),
  }),
  /** Everything not yet issued, oldest first, with what stops it (key under `stop.`). At most 200. */
  mustDo: z.array(z.strictObject({ row: LicenceRow, stop: z.enum(['toSubmit', 'toMend', 'toReview', 'toSeal', 'sealing', 'toHandOver']) })),
  mustDoTotal: z.number().int(),
  checks: z.array(CheckLine),
  /** The last 14 days, oldest first. */
  days: z.array(z.strictObject({ day: Day, concluded: z.number().int(), issuedSameDay: z.number().int(), issuedLate: z.number().int() })),
});
export type TodayView = z.infer<typeof TodayView>;

/** One approved batch (R33): its approval is the approval of that seal use. */
export const BatchView = z.strictObject({
  id: BatchId,
  issuerId: IssuerId,
  sealId: SealId,
  sealName: z.string(),
  approvedBy: z.string(),
  approvedAt: Instant,
  size: z.number().int(),
  toSeal: z.number().int(),
  sealed: z.number().int(),
  failed: z.number().int(),
  job: JobView.nullable(),
  /** The live grant, when the key waits for its PIN or is signing. */
  grant: z.strictObject({ grantId: z.uuid(), loggedIn: z.boolean(), expiresAt: Instant }).nullable(),
});
export type BatchView = z.infer<typeof BatchView>;

export const SealingItem = z.strictObject({
  licenceId: LicenceId,
  number: z.string(),
  holderName: z.string(),
  state: z.enum(['waiting', 'sealing', 'sealed', 'failed']),
  problem: z.string().nullable(),
  sealedAt: Instant.nullable(),
});
export type SealingItem = z.infer<typeof SealingItem>;

export const SealUse = z.enum(['ready', 'noKey', 'certificateNotListed', 'notYetValid', 'renewSoon', 'expired', 'driverProblem']);
export type SealUse = z.infer<typeof SealUse>;

export const SealView = z.strictObject({
  id: SealId,
  issuerId: IssuerId,
  issuerName: z.string(),
  name: z.string(),
  kind: z.enum(['statutory', 'organ', 'special', 'personal']),
  code: z.string(),
  image: SealImage,
  custodian: z.string(),
  validFrom: Day,
  validTo: Day,
  typeIds: z.array(z.string()),
  certificates: z.array(
    z.strictObject({
      hash: Sha256,
      subject: z.string(),
      issuer: z.string(),
      serialNumber: z.string(),
      notBefore: Instant,
      notAfter: Instant,
      algorithm: SignatureAlgorithm.nullable(),
    }),
  ),
  use: SealUse,
  /** The key that carries one of the certificates, if it is plugged in. */
  key: z
    .strictObject({
      serial: z.string(),
      label: z.string(),
      driver: z.string(),
      software: z.boolean(),
      pin: PinState,
      pinPad: z.boolean(),
      certificateHash: Sha256,
    })
    .nullable(),
  usedTotal: z.number().int(),
  lastUsedAt: Instant.nullable(),
});
export type SealView = z.infer<typeof SealView>;

export const KeysView = z.strictObject({
  seals: z.array(SealView),
  /** Keys plugged in that carry no certificate of a registered seal. */
  otherKeys: z.array(z.strictObject({ serial: z.string(), label: z.string(), driver: z.string(), software: z.boolean() })),
  problems: z.array(z.strictObject({ driver: z.string(), code: z.string(), detail: z.string() })),
});
export type KeysView = z.infer<typeof KeysView>;

export const SealUseEntry = z.strictObject({
  at: Instant,
  person: z.string(),
  batchId: BatchId.nullable(),
  licenceNumber: z.string(),
  result: z.string(),
});
export type SealUseEntry = z.infer<typeof SealUseEntry>;

export const LineState = z.enum(['unknown', 'online', 'offline', 'busy', 'notTheLibrary', 'refusedUs']);
export type LineState = z.infer<typeof LineState>;

export const DeliveryView = z.strictObject({
  line: LineState,
  since: Instant.nullable(),
  lastDeliveredAt: Instant.nullable(),
  nextAttemptAt: Instant.nullable(),
  paused: z.boolean(),
  library: z.strictObject({ name: z.string(), url: z.string() }).nullable(),
  counts: z.strictObject({
    queued: z.number().int(),
    sending: z.number().int(),
    acknowledged: z.number().int(),
    refused: z.number().int(),
    quarantined: z.number().int(),
    closed: z.number().int(),
  }),
  oldestUndeliveredAt: Instant.nullable(),
  undeliveredBytes: z.number().int(),
  /** Per local day, oldest first, 14 days. */
  days: z.array(z.strictObject({ day: Day, enqueued: z.number().int(), acknowledged: z.number().int() })),
});
export type DeliveryView = z.infer<typeof DeliveryView>;

export const OutboxRow = z.strictObject({
  id: OutboxId,
  licenceId: LicenceId,
  kind: z.string(),
  number: z.string(),
  holderName: z.string(),
  state: DeliveryState,
  attempts: z.number().int(),
  sizeBytes: z.number().int(),
  createdAt: Instant,
  nextAttemptAt: Instant.nullable(),
  acknowledgedAt: Instant.nullable(),
  /** Last trouble: an error code, and the library's own words where it refused. */
  problem: z.string().nullable(),
  refusal: z.string().nullable(),
  refusalZh: z.string().nullable(),
  receiptId: z.string().nullable(),
});
export type OutboxRow = z.infer<typeof OutboxRow>;

export const ReceiptView = z.strictObject({
  receiptId: z.string(),
  library: z.string(),
  identifier: z.string(),
  contentHash: Sha256,
  receivedAt: Instant,
  repeat: z.boolean(),
  text: z.string(),
  signature: z.string(),
});
export type ReceiptView = z.infer<typeof ReceiptView>;

export const AuditRow = z.strictObject({
  seq: z.number().int(),
  at: Instant,
  person: z.string().nullable(),
  kind: z.string(),
  subject: z.string(),
  hash: Sha256,
});
export type AuditRow = z.infer<typeof AuditRow>;

export const AboutView = z.strictObject({
  product: z.string(),
  contractVersion: z.number().int(),
  versions: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  fonts: z.array(z.strictObject({ name: z.string(), licence: z.string() })),
  catalogue: z.array(z.strictObject({ typeId: z.string(), version: z.string(), validFrom: Day, sha256: Sha256 })),
  rulePack: z
    .strictObject({ id: z.string(), version: z.string(), validFrom: Day, validTo: Day.nullable(), citation: z.string() })
    .nullable(),
  blocks: z.array(
    z.strictObject({ typeId: z.string(), year: z.number().int(), first: z.number().int(), last: z.number().int(), next: z.number().int() }),
  ),
  /** Empty while the token host does not answer. */
  drivers: z.array(DriverView),
  workspace: z.strictObject({
    dir: z.string(),
    databaseBytes: z.number().int(),
    documentsBytes: z.number().int(),
    licences: z.number().int(),
    encrypted: z.boolean(),
    sqlite: z.string(),
  }),
});
export type AboutView = z.infer<typeof AboutView>;

/** A file somebody asked about: what the bytes say, and what this station's own register says of that very file. */
export const VerifiedFile = z.strictObject({
  fileName: z.string(),
  verification: VerificationView,
  own: z.strictObject({ licenceId: LicenceId, number: z.string(), legalStatus: LegalStatus.nullable() }).nullable(),
  checkedAt: Instant,
});
export type VerifiedFile = z.infer<typeof VerifiedFile>;

export const FileOut = z.strictObject({ fileName: z.string(), bytes: Bytes });
export type FileOut = z.infer<typeof FileOut>;
