// The provisioning package: one signed file from which a station without network starts (issuers, people, seals, library,
// number blocks, catalogue and rule pack in force). May come on a disk. Must not hold any private key or PIN.
import { z } from 'zod';
import { CreditCode, Day, Instant, IssuerId, PersonId, Profile, Role, SealId, Sha256 } from './values.ts';

/** Base64 of bytes, as JSON has no bytes. */
export const Base64 = z.base64();

/**
 * The picture of a seal. `round` is a seal given by its rule (drawn as vectors, true size in mm); `png` is the picture
 * out of seal data. In production only what seal data carries is used (R24).
 */
export const SealImage = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('round'),
    diameterMm: z.number().min(20).max(60),
    /** Runs clockwise along the upper rim: the statutory name of the owner. */
    ringText: z.string().min(2).max(40),
    centre: z.enum(['star', 'none']),
    /** Straight line under the centre, e.g. 行政审批专用章; empty for a statutory-name seal. */
    lowerText: z.string().max(20),
  }),
  z.strictObject({
    format: z.literal('png'),
    data: Base64,
    widthMm: z.number().positive().max(80),
    heightMm: z.number().positive().max(80),
  }),
]);
export type SealImage = z.infer<typeof SealImage>;

export const Issuer = z.strictObject({
  id: IssuerId,
  name: z.string().min(2).max(80),
  nameEn: z.string().min(2).max(120),
  code: CreditCode,
  /** GB/T 2260. */
  regionCode: z.string().regex(/^\d{6}$/),
});
export type Issuer = z.infer<typeof Issuer>;

export const SealKind = z.enum(['statutory', 'organ', 'special', 'personal']);

/** One seal of one issuer, bound to certificates by their hash; wrong issuer's seal is impossible by this table. */
export const SealEntry = z.strictObject({
  id: SealId,
  issuerId: IssuerId,
  kind: SealKind,
  name: z.string().min(2).max(80),
  /** 14 digits as registered, or what the maker gave. */
  code: z.string().min(1).max(40),
  image: SealImage,
  /** DER certificates this seal may be used with (the certList of GB/T 38540). */
  certificates: z.array(Base64).min(1),
  custodianId: PersonId,
  validFrom: Day,
  validTo: Day,
});
export type SealEntry = z.infer<typeof SealEntry>;

/** scrypt, parameters in the string: `scrypt$N$r$p$salt(base64)$hash(base64)`. */
export const PassphraseHash = z.string().regex(/^scrypt\$\d+\$\d+\$\d+\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+$/);

export const PersonEntry = z.strictObject({
  id: PersonId,
  name: z.string().min(1).max(50),
  roles: z.array(Role).min(1),
  headOfOffice: z.boolean(),
  passphrase: PassphraseHash,
});

export type PersonEntry = z.infer<typeof PersonEntry>;

/** Serial numbers this station may use for one type: first..last, both inclusive, of one year. */
export const NumberBlock = z.strictObject({
  id: z.string().min(1).max(64),
  typeCode: z.string().length(21),
  year: z.number().int().min(2020).max(2100),
  first: z.number().int().min(1),
  last: z.number().int().min(1),
});
export type NumberBlock = z.infer<typeof NumberBlock>;

export const Binding = z.strictObject({ typeId: z.string(), issuerId: IssuerId, sealId: SealId });

export const LibraryEndpoint = z.strictObject({
  name: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  /** Ed25519 public key (SPKI DER) with which the library signs receipts. */
  receiptKey: Base64,
});

export const OfficeSetup = z.strictObject({
  kind: z.literal('banjie.office'),
  version: z.literal(1),
  profile: Profile,
  /** Grows with each package of this office; an older one is refused. */
  sequence: z.number().int().min(1),
  issuedAt: Instant,
  /** Station id: upper-case letters and digits, part of every licence identifier's serial. */
  stationId: z.string().regex(/^[0-9A-Z]{2,8}$/),
  unit: z.strictObject({
    name: z.string(),
    nameEn: z.string(),
    code: CreditCode,
    regionCode: z.string().regex(/^\d{6}$/),
    closesAt: z.string().regex(/^\d\d:\d\d$/),
  }),
  issuers: z.array(Issuer).min(1),
  people: z.array(PersonEntry).min(3),
  seals: z.array(SealEntry).min(1),
  bindings: z.array(Binding).min(1),
  /** Certification authorities trusted for seal certificates, DER. */
  trustAnchors: z.array(Base64).min(1),
  library: LibraryEndpoint,
  blocks: z.array(NumberBlock),
  /** The catalogue in force: id, version and SHA-256 of the exact bytes of the type's file. */
  catalogue: z.array(z.strictObject({ typeId: z.string(), version: z.string(), sha256: Sha256 })),
  rulePack: z.strictObject({ id: z.string(), version: z.string(), sha256: Sha256 }),
  /** Why this office issues offline at all (R01), a code of the rule pack. */
  offlineReason: z.string(),
});
export type OfficeSetup = z.infer<typeof OfficeSetup>;

/**
 * The file on the disk: payload is the exact UTF-8 JSON text that was signed (Ed25519), so that no canonical form is
 * needed to check it. `authority` is the SPKI of the provisioning authority; its SHA-256 fingerprint is pinned (training,
 * acceptance) or confirmed against a letter (production).
 */
export const ProvisioningFile = z.strictObject({
  kind: z.literal('banjie.provisioning'),
  version: z.literal(1),
  payload: z.string(),
  authority: Base64,
  signature: Base64,
});
export type ProvisioningFile = z.infer<typeof ProvisioningFile>;

export const RulePack = z.strictObject({
  id: z.string(),
  version: z.string(),
  validFrom: Day,
  validTo: Day.nullable(),
  citation: z.string(),
  /** Headings of columns that may never be collected here (R06). */
  neverCollect: z.array(z.string()),
  sameDay: z.strictObject({ required: z.boolean(), citation: z.string() }),
  /** From this batch size on, a sample may be looked at instead of every page: share of the batch, at least so many (R09). */
  sampleReview: z.strictObject({ batchFrom: z.number().int(), share: z.number().gt(0).lte(1), least: z.number().int().min(1) }),
  algorithms: z.array(z.enum(['RSA-SHA256', 'ECDSA-P256-SHA256'])).min(1),
  emergency: z.strictObject({ confirm: z.enum(['before', 'after']) }),
  lateReasons: z.array(z.strictObject({ code: z.string(), zh: z.string(), en: z.string() })).min(1),
  offlineReasons: z.array(z.strictObject({ code: z.string(), zh: z.string(), en: z.string() })).min(1),
});
export type RulePack = z.infer<typeof RulePack>;
