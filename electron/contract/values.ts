// Wire values shared by every contract: only strings, finite numbers, booleans, null, arrays, plain objects, Uint8Array.
// Must not hold anything with behaviour: both sides of every process edge read this file.
import { z } from 'zod';

/** SHA-256 as 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export type Sha256 = z.infer<typeof Sha256>;

/** A day on the office's calendar (UTC+8, R01), `YYYY-MM-DD`. Never an instant. */
export const Day = z.iso.date();
export type Day = z.infer<typeof Day>;

/** An instant, ISO 8601 in UTC with milliseconds and `Z`. */
export const Instant = z.iso.datetime({ precision: 3 });
export type Instant = z.infer<typeof Instant>;

/** UUIDv7, lower case: sorts by time of making. */
export const Uuid = z.uuid();

export const LicenceId = Uuid.brand<'LicenceId'>();
export type LicenceId = z.infer<typeof LicenceId>;
export const BatchId = Uuid.brand<'BatchId'>();
export type BatchId = z.infer<typeof BatchId>;
export const ImportId = Uuid.brand<'ImportId'>();
export type ImportId = z.infer<typeof ImportId>;
export const JobId = Uuid.brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;
export const OutboxId = Uuid.brand<'OutboxId'>();
export type OutboxId = z.infer<typeof OutboxId>;
export const PersonId = z.string().min(1).max(64).brand<'PersonId'>();
export type PersonId = z.infer<typeof PersonId>;
export const IssuerId = z.string().min(1).max(64).brand<'IssuerId'>();
export type IssuerId = z.infer<typeof IssuerId>;
export const SealId = z.string().min(1).max(64).brand<'SealId'>();
export type SealId = z.infer<typeof SealId>;

/** Unified social credit code, GB 32100-2015, 18 characters; the check digit is checked where it enters. */
export const CreditCode = z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/);

export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** The five roles of the domain. Head of office is a right of a reviewer, not a sixth role. */
export const Role = z.enum(['clerk', 'reviewer', 'custodian', 'operator', 'auditor']);
export type Role = z.infer<typeof Role>;

/**
 * training: software token, watermark, own root and number range (R34).
 * acceptance: a real PKCS#11 module and production rules on a workspace that can never become production.
 * production: the real thing.
 */
export const Profile = z.enum(['training', 'acceptance', 'production']);
export type Profile = z.infer<typeof Profile>;
