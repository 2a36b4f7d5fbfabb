// Who sits at the station, and what the station is: views of people, session and office. Never holds a passphrase or its hash.
import { z } from 'zod';
import { Day, Instant, PersonId, Profile, Role, Sha256 } from './values.ts';

export const PersonView = z.strictObject({ id: PersonId, name: z.string(), roles: z.array(Role), headOfOffice: z.boolean() });
export type PersonView = z.infer<typeof PersonView>;

export const OfficeView = z.strictObject({
  stationId: z.string(),
  name: z.string(),
  nameEn: z.string(),
  /** Local time at which the counter closes, HH:MM. */
  closesAt: z.string(),
  issuers: z.array(z.strictObject({ id: z.string(), name: z.string(), nameEn: z.string() })),
});
export type OfficeView = z.infer<typeof OfficeView>;

export const SessionView = z.strictObject({
  profile: Profile,
  office: OfficeView.nullable(),
  /** Null until somebody signs in. */
  person: PersonView.nullable(),
  people: z.array(PersonView),
  /** Local day and instant by the station's clock; `demoClock` says that it was set for a demonstration. */
  today: Day,
  now: Instant,
  demoClock: z.boolean(),
  /** Shown on the sign-in screen in training only. */
  trainingHint: z.strictObject({ passphrase: z.string(), pin: z.string() }).nullable(),
});
export type SessionView = z.infer<typeof SessionView>;

/** What a provisioning package says before anybody takes it: its signature is right, its authority still to be confirmed. */
export const OfficePackageView = z.strictObject({
  /** SHA-256 of the authority's public key: what the authority's letter names. */
  fingerprint: Sha256,
  profile: Profile,
  sequence: z.number().int(),
  issuedAt: Instant,
  stationId: z.string(),
  unit: z.strictObject({ name: z.string(), nameEn: z.string() }),
  issuers: z.array(z.strictObject({ name: z.string(), nameEn: z.string() })),
  seals: z.array(z.strictObject({ name: z.string(), custodian: z.string(), validTo: Day })),
  people: z.array(PersonView),
  library: z.strictObject({ name: z.string(), url: z.string() }),
  /** `fits`: this program has the very same text of it. */
  types: z.array(z.strictObject({ name: z.string(), nameEn: z.string(), version: z.string(), fits: z.boolean() })),
  rulePack: z.strictObject({ id: z.string(), version: z.string(), fits: z.boolean() }),
  /** The package this office works with now; null before the first. */
  inForce: z.strictObject({ sequence: z.number().int(), sameAuthority: z.boolean() }).nullable(),
});
export type OfficePackageView = z.infer<typeof OfficePackageView>;
