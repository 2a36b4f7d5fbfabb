// Who sits at the station, and what the station is: views of people, session and office. Never holds a passphrase or its hash.
import { z } from 'zod';
import { Day, Instant, PersonId, Profile, Role } from './values.ts';

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
