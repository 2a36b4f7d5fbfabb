// The licence catalogue (R04): what a licence type is, as versioned, dated data. One file per type in resources/catalogue/types.
// Must not know how a face is drawn (resources/templates) nor who the issuer is (the provisioning package binds that).
import { z } from 'zod';
import { CreditCode, Day } from './values.ts';

export const ItemKind = z.enum(['text', 'integer', 'decimal', 'date', 'holderCode', 'citizenId', 'creditCode', 'choice']);
export type ItemKind = z.infer<typeof ItemKind>;

/** 共享属性: SX-L 26; where sharing is refused the legal reason stands in `sharingBasis` (R07). */
export const SharingClass = z.enum(['unconditional', 'conditional', 'refused']);

export const DataItem = z.strictObject({
  /** Stable name in code and store, lowerCamelCase. */
  key: z.string().regex(/^[a-z][A-Za-z0-9]{1,40}$/),
  name: z.string().min(1).max(40),
  nameEn: z.string().min(1).max(60),
  /** GB/T 36903 short name inside the file; extensions carry KZ_. */
  shortName: z.string().regex(/^(KZ_)?[A-Z]{2,20}$/),
  kind: ItemKind,
  /** In characters (code points), not UTF-16 units. */
  maxLength: z.number().int().min(1).max(512),
  required: z.boolean(),
  sharing: SharingClass,
  sharingBasis: z.string().max(200).optional(),
  /** Personal information (PIPL): masked wherever a full view is not needed, never logged. */
  personal: z.boolean().default(false),
  /** Column headings seen in exports, compared after NFKC, without spaces, brackets made half-width. */
  aliases: z.array(z.string().min(1)).default([]),
  unit: z.string().max(20).optional(),
  /** decimals: greatest number of digits after the point. */
  decimals: z.number().int().min(0).max(6).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  choices: z.array(z.string().min(1)).optional(),
});
export type DataItem = z.infer<typeof DataItem>;

/** What the register says of the matter itself; kept, but not on the face unless the template asks. */
export const MatterColumn = z.strictObject({ name: z.string(), nameEn: z.string(), aliases: z.array(z.string().min(1)) });

export const CodingRule = z.strictObject({
  /** station: from the leased number block; business: the business system's own number, taken from the column aliases. */
  source: z.enum(['station', 'business']),
  /**
   * Licence number 证照编号: literal text with {region} (6 digits, GB/T 2260), {year} (of conclusion), {serial:N} (N digits).
   * In training the station puts 演练 before it, so that no two ranges can meet.
   */
  format: z.string().min(1).max(80),
  aliases: z.array(z.string()).default([]),
});

export const ValidityRule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('items'), from: z.string().nullable(), to: z.string() }),
  z.strictObject({ kind: z.literal('longTerm') }),
]);

export const LicenceType = z.strictObject({
  /** Short name for files and code, e.g. `zhaijidi`. */
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  /** 证照类型代码: 18-character credit code of the defining authority + 3 digits (GB/T 36904). */
  code: z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}\d{3}$/),
  version: z.string().regex(/^\d{4}\.\d{1,2}$/),
  validFrom: Day,
  validTo: Day.nullable(),
  name: z.string().min(1).max(60),
  nameEn: z.string().min(1).max(90),
  definingAuthority: z.strictObject({ name: z.string(), code: CreditCode }),
  issuerLevel: z.enum(['township', 'county', 'city', 'province', 'nation']),
  /** Legal basis named on the face, cited in reports. */
  basis: z.string(),
  holderKinds: z.array(z.enum(['person', 'organisation'])).min(1),
  /** Keys of the items that say who holds the licence. */
  holder: z.strictObject({ name: z.string(), code: z.string() }),
  items: z.array(DataItem).min(1).max(60),
  matter: z.strictObject({ number: MatterColumn, conclusionDay: MatterColumn }),
  /** Headings that carry no data of the matter (a row counter); dropped without remark. */
  counters: z.array(z.string()).default([]),
  coding: CodingRule,
  validity: ValidityRule,
  faceTemplate: z.strictObject({ id: z.string(), version: z.string() }),
  citation: z.string(),
});
export type LicenceType = z.infer<typeof LicenceType>;
