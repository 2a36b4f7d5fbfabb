// Every call of the station process. Verbs are the operator's words; nothing with a state machine has an "update".
// Each call names the roles that may make it: the station refuses all others, whatever the window shows (R36).
import { z } from 'zod';
import { LicenceType } from './catalogue.ts';
import { call, defineContract, event } from './define.ts';
import { intakeCalls } from './intake-calls.ts';
import { ItemOutcome, LicencePage } from './licence.ts';
import { licencesCalls } from './licences-calls.ts';
import { RulePack } from './office.ts';
import { OfficePackageView, SessionView } from './people.ts';
import { BatchId, Bytes, Day, ImportId, Instant, JobId, LicenceId, OutboxId, PersonId, SealId, Sha256, Uuid } from './values.ts';
import {
  AboutView,
  AuditRow,
  BatchView,
  DeliveryView,
  JobView,
  KeysView,
  OutboxRow,
  ReceiptView,
  SealingItem,
  SealUseEntry,
  TodayView,
  VerifiedFile,
} from './work.ts';

const nothing = z.strictObject({});
const ids = z.array(LicenceId).min(1).max(10_000);
const reason = z.string().trim().min(2).max(200);
const everyone = ['clerk', 'reviewer', 'custodian', 'operator', 'auditor'] as const;

export const stationContract = defineContract({
  groups: {
    station: {
      /** Heartbeat of the supervisor. */
      beat: call({ input: nothing, output: z.strictObject({ at: Instant }), roles: 'host', idempotent: true }),
      /** Stops sync, lets the item in flight end, checkpoints, closes. */
      close: call({ input: nothing, output: nothing, roles: 'host', timeoutMs: 20_000 }),
      setUpOffice: call({
        input: z.strictObject({ file: Bytes, fingerprint: Sha256 }),
        output: SessionView,
        errors: ['PACKAGE_INVALID', 'PACKAGE_UNTRUSTED', 'PROFILE_FIXED', 'CATALOGUE_INVALID'],
        roles: 'host',
        timeoutMs: 30_000,
      }),
    },
    session: {
      current: call({ input: nothing, output: SessionView, roles: 'anyone', idempotent: true }),
      signIn: call({
        input: z.strictObject({ personId: PersonId, passphrase: z.string().min(1).max(200) }),
        output: SessionView,
        errors: ['SIGN_IN_WRONG', 'OFFICE_NOT_SET_UP'],
        roles: 'anyone',
        secret: ['passphrase'],
      }),
      signOut: call({ input: nothing, output: SessionView, roles: 'anyone', idempotent: true }),
      /** Reads a provisioning package and checks it with its own key; changes nothing. */
      inspectOffice: call({
        input: z.strictObject({ file: Bytes }),
        output: OfficePackageView,
        errors: ['PACKAGE_INVALID'],
        roles: 'anyone',
        idempotent: true,
      }),
      /**
       * Takes a package into force. Anyone may while no office is set up: the person has compared the fingerprint with the
       * authority's letter. Afterwards an operator only, of the same authority, with a higher sequence. Never in training.
       */
      takeOffice: call({
        input: z.strictObject({ file: Bytes, fingerprint: Sha256 }),
        output: SessionView,
        errors: ['PACKAGE_INVALID', 'PACKAGE_UNTRUSTED', 'PROFILE_FIXED', 'CATALOGUE_INVALID'],
        roles: 'anyone',
        timeoutMs: 30_000,
      }),
    },
    today: { overview: call({ input: nothing, output: TodayView, roles: everyone, idempotent: true, timeoutMs: 15_000 }) },
    catalogue: {
      types: call({ input: nothing, output: z.array(LicenceType), roles: 'signed-in', idempotent: true }),
      rules: call({ input: nothing, output: RulePack, roles: 'signed-in', idempotent: true, errors: ['OFFICE_NOT_SET_UP'] }),
    },
    intake: intakeCalls,
    licences: licencesCalls,
    review: {
      /** Submitted licences this person may decide on, oldest conclusion day first. */
      queue: call({
        input: z.strictObject({ typeId: z.string().nullable() }),
        output: LicencePage,
        roles: ['reviewer', 'auditor'],
        idempotent: true,
      }),
      /** Says that the page of this licence was shown to the person who asks. */
      shown: call({
        input: z.strictObject({ id: LicenceId, approvedHash: Sha256 }),
        output: nothing,
        errors: ['LICENCE_NOT_FOUND', 'HASH_CHANGED'],
        roles: ['reviewer'],
      }),
      /** How many pages of this choice must be shown before it may be approved together (R09), and one not shown yet. */
      sample: call({
        input: z.strictObject({ ids }),
        output: z.strictObject({ needed: z.number().int(), shown: z.number().int(), next: LicenceId.nullable() }),
        roles: ['reviewer'],
        idempotent: true,
      }),
      /** One batch per issuer and seal; each with the exact hash that was seen. `count` is what the person confirmed. */
      approve: call({
        input: z.strictObject({
          items: z
            .array(z.strictObject({ id: LicenceId, approvedHash: Sha256 }))
            .min(1)
            .max(10_000),
          count: z.number().int(),
        }),
        output: z.strictObject({ batches: z.array(BatchId), outcomes: z.array(ItemOutcome) }),
        errors: ['BATCH_NOT_REVIEWED', 'INPUT_INVALID'],
        roles: ['reviewer'],
        timeoutMs: 120_000,
      }),
      return: call({
        input: z.strictObject({ id: LicenceId, reason }),
        output: nothing,
        errors: ['LICENCE_NOT_FOUND', 'STATE_CONFLICT', 'SAME_PERSON'],
        roles: ['reviewer'],
      }),
    },
    sealing: {
      keys: call({ input: nothing, output: KeysView, roles: 'signed-in', timeoutMs: 30_000, idempotent: true }),
      batches: call({ input: nothing, output: z.array(BatchView), roles: ['custodian', 'reviewer', 'auditor'], idempotent: true }),
      items: call({
        input: z.strictObject({ batchId: BatchId, offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
        output: z.strictObject({ items: z.array(SealingItem), total: z.number().int() }),
        roles: ['custodian', 'reviewer', 'auditor'],
        idempotent: true,
      }),
      /** Makes the one-time grant for this batch and key; the PIN is then typed to the token host, never through here. */
      prepare: call({
        input: z.strictObject({ batchId: BatchId }),
        output: z.strictObject({
          grantId: Uuid,
          tokenSerial: z.string(),
          tokenLabel: z.string(),
          sealName: z.string(),
          count: z.number().int(),
          pinPad: z.boolean(),
        }),
        errors: [
          'LICENCE_NOT_FOUND',
          'STATE_CONFLICT',
          'TOKEN_NOT_FOUND',
          'TOKEN_BUSY',
          'DRIVER_NOT_FOUND',
          'SEAL_NOT_BOUND',
          'CERTIFICATE_EXPIRED',
          'CERTIFICATE_NOT_YET_VALID',
          'CERTIFICATE_WRONG_ISSUER',
          'ALGORITHM_NOT_ALLOWED',
          'PIN_LOCKED',
          'TOKEN_SOFTWARE_REFUSED',
          'TOKEN_REMOVED',
          'TOKEN_DRIVER_FAULT',
          'SAME_PERSON',
          'CLOCK_BEHIND',
          'PROCESS_GONE',
          'CALL_TIMEOUT',
        ],
        roles: ['custodian'],
        timeoutMs: 30_000,
      }),
      /** Seals the batch's remaining items under the grant, one by one, as a durable job. */
      start: call({
        input: z.strictObject({ grantId: Uuid }),
        output: JobView,
        errors: ['GRANT_MISSING', 'LOGIN_NEEDED'],
        roles: ['custodian'],
      }),
      pause: call({ input: z.strictObject({ jobId: JobId }), output: JobView, errors: ['STATE_CONFLICT'], roles: ['custodian'] }),
      resume: call({
        input: z.strictObject({ jobId: JobId }),
        output: JobView,
        errors: ['STATE_CONFLICT', 'GRANT_MISSING'],
        roles: ['custodian'],
      }),
      /** Gives the grant back and logs out of the key. */
      release: call({
        input: z.strictObject({ grantId: Uuid }),
        output: nothing,
        errors: ['GRANT_MISSING'],
        roles: ['custodian'],
        timeoutMs: 20_000,
      }),
    },
    seals: {
      uses: call({
        input: z.strictObject({ sealId: SealId, offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
        output: z.strictObject({ entries: z.array(SealUseEntry), total: z.number().int() }),
        roles: ['custodian', 'reviewer', 'auditor'],
        idempotent: true,
      }),
    },
    delivery: {
      state: call({ input: nothing, output: DeliveryView, roles: 'signed-in', idempotent: true }),
      items: call({
        input: z.strictObject({
          which: z.enum(['needsPerson', 'undelivered', 'delivered', 'all']),
          text: z.string().max(80).default(''),
          offset: z.number().int().min(0).default(0),
          limit: z.number().int().min(1).max(500).default(100),
        }),
        output: z.strictObject({ items: z.array(OutboxRow), total: z.number().int() }),
        roles: everyone,
        idempotent: true,
      }),
      sendNow: call({ input: nothing, output: DeliveryView, roles: ['operator', 'clerk', 'custodian'] }),
      pause: call({ input: z.strictObject({ paused: z.boolean() }), output: DeliveryView, roles: ['operator'] }),
      retry: call({
        input: z.strictObject({ id: OutboxId }),
        output: nothing,
        errors: ['STATE_CONFLICT'],
        roles: ['operator', 'reviewer'],
      }),
      close: call({
        input: z.strictObject({ id: OutboxId, reason }),
        output: nothing,
        errors: ['STATE_CONFLICT'],
        roles: ['operator', 'reviewer'],
      }),
      receipt: call({
        input: z.strictObject({ id: OutboxId }),
        output: ReceiptView,
        errors: ['NOT_DELIVERABLE_YET'],
        roles: everyone,
        idempotent: true,
      }),
    },
    verify: {
      file: call({
        input: z.strictObject({ fileName: z.string().max(260), bytes: Bytes }),
        output: VerifiedFile,
        errors: ['FILE_TOO_LARGE'],
        roles: 'signed-in',
        timeoutMs: 30_000,
        idempotent: true,
      }),
    },
    jobs: {
      list: call({ input: nothing, output: z.array(JobView), roles: 'signed-in', idempotent: true }),
      /** By the person who began it, or IT staff. */
      cancel: call({
        input: z.strictObject({ jobId: JobId }),
        output: JobView,
        errors: ['STATE_CONFLICT'],
        roles: ['clerk', 'reviewer', 'custodian', 'operator'],
      }),
    },
    system: {
      about: call({ input: nothing, output: AboutView, roles: 'signed-in', idempotent: true }),
      audit: call({
        input: z.strictObject({ offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
        output: z.strictObject({ rows: z.array(AuditRow), total: z.number().int() }),
        roles: ['auditor', 'operator', 'reviewer'],
        idempotent: true,
      }),
      verifyAudit: call({
        input: nothing,
        output: z.strictObject({ whole: z.boolean(), entries: z.number().int(), brokenAt: z.number().int().nullable() }),
        roles: ['auditor', 'operator', 'reviewer'],
        timeoutMs: 120_000,
        idempotent: true,
      }),
    },
  },
  events: {
    licencesChanged: event(z.strictObject({ ids: z.array(LicenceId).max(50) })),
    jobChanged: event(z.strictObject({ id: JobId })),
    importChanged: event(z.strictObject({ id: ImportId })),
    deliveryChanged: event(nothing),
    keysChanged: event(nothing),
    sessionChanged: event(nothing),
  },
});
export type StationContract = typeof stationContract;

export const StationConfig = z.strictObject({
  workspaceDir: z.string(),
  resourcesDir: z.string(),
  /** 32 bytes; made and kept by the host program, never by the station. */
  databaseKey: Bytes,
  profile: z.enum(['training', 'acceptance', 'production']),
  /** Only outside production: the station's clock starts at 15:00 local time of this day and runs on. */
  demoToday: Day.nullable(),
  softwareVersion: z.string(),
  sync: z.strictObject({ auto: z.boolean() }),
});
export type StationConfig = z.infer<typeof StationConfig>;
