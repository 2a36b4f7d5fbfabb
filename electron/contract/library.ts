// What goes over the wire to the licence library and back (R14). Station and reference library both validate with these.
// Must not know HTTP: delivery and library carry it.
import { z } from 'zod';
import { Base64 } from './office.ts';
import { Day, Instant, OutboxId, Sha256 } from './values.ts';

export const ItemKindOnWire = z.enum(['licence.issued', 'licence.status', 'licence.voided']);
export type ItemKindOnWire = z.infer<typeof ItemKindOnWire>;

const base = {
  itemId: OutboxId,
  payloadVersion: z.literal(1),
  stationId: z.string(),
  profile: z.enum(['training', 'acceptance', 'production']),
  /** Position in the life of this licence, from 1 without gaps: the library takes 2 only after 1. */
  sequence: z.number().int().min(1),
  identifier: z.string(),
  typeCode: z.string().length(21),
  licenceNumber: z.string(),
  recordedAt: Instant,
};

/** A licence was issued; the file travels whole. `contentHash` is the SHA-256 of the file. */
export const LicenceIssuedItem = z.strictObject({
  ...base,
  kind: z.literal('licence.issued'),
  typeVersion: z.string(),
  rendererVersion: z.string(),
  conclusionDay: Day,
  sealedAt: Instant,
  late: z.strictObject({ code: z.string(), note: z.string() }).nullable(),
  offlineReason: z.string(),
  matterNumber: z.string(),
  issuerCode: z.string(),
  holder: z.strictObject({ name: z.string(), code: z.string(), codeType: z.string() }),
  /** Data items by GB/T 36903 short name. */
  data: z.record(z.string(), z.string()),
  replaces: z.string().nullable(),
  contentHash: Sha256,
  file: Base64,
});
export type LicenceIssuedItem = z.infer<typeof LicenceIssuedItem>;

/** A status event after issue (R18); `contentHash` is of the licence file it speaks of. */
export const LicenceStatusItem = z.strictObject({
  ...base,
  kind: z.literal('licence.status'),
  status: z.enum(['cancelled']),
  reason: z.string().min(1),
  basis: z.string(),
  decidedOn: Day,
  contentHash: Sha256,
});

/** A number was used up without a licence ever being issued. `contentHash` is of this item's canonical text. */
export const LicenceVoidedItem = z.strictObject({
  ...base,
  kind: z.literal('licence.voided'),
  reason: z.string().min(1),
  contentHash: Sha256,
});

export const WireItem = z.discriminatedUnion('kind', [LicenceIssuedItem, LicenceStatusItem, LicenceVoidedItem]);
export type WireItem = z.infer<typeof WireItem>;

/** What the library signs: it has exactly these bytes. The text signed is the JSON string `receipt` of the reply. */
export const Receipt = z.strictObject({
  receiptId: z.string().min(1).max(80),
  library: z.string(),
  itemId: OutboxId,
  identifier: z.string(),
  contentHash: Sha256,
  receivedAt: Instant,
  /** True where the library had the same item with an equal hash already. */
  repeat: z.boolean(),
});
export type Receipt = z.infer<typeof Receipt>;

/** Reply of 201 (new) and 202 (repeat with equal hash): anything else is not success, a captive portal's 200 least of all. */
export const ReceiptReply = z.strictObject({ receipt: z.string(), signature: Base64 });
export type ReceiptReply = z.infer<typeof ReceiptReply>;

/** Reply of 4xx: the library understood and refuses; `reason` is for people. */
export const RefusalReply = z.strictObject({
  code: z.enum(['CONFLICT', 'SIGNATURE', 'IDENTIFIER', 'INCOMPLETE', 'ORDER', 'UNKNOWN_STATION', 'PROFILE', 'MALFORMED']),
  reason: z.string(),
  reasonZh: z.string(),
});
export type RefusalReply = z.infer<typeof RefusalReply>;
