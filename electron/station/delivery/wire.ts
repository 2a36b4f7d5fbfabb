// Builds the exact bytes that travel: the frozen payload with the file put in. Never serialises anew, so a repeat is the same.
// Must not send.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LicenceIssuedItem, LicenceStatusItem, LicenceVoidedItem } from '../../contract/library.ts';
import { parseJson, type SentItem } from './check-receipt.ts';
import type { ClaimedItem } from './outbox-store.ts';

export const FILE_LIMIT_BYTES = 50 * 1024 * 1024;

/** The wire item as it lies in the outbox. */
export const OutboxPayload = z.discriminatedUnion('kind', [LicenceIssuedItem.omit({ file: true }), LicenceStatusItem, LicenceVoidedItem]);
export type OutboxPayload = z.infer<typeof OutboxPayload>;

/** What no retry can mend: the item is set aside and the others flow on. */
export type Unsendable = 'ITEM_UNREADABLE' | 'ITEM_FILE_MISSING' | 'ITEM_TOO_LARGE';

export type WireBody =
  | { readonly ok: true; readonly body: Uint8Array; readonly sent: SentItem }
  | { readonly ok: false; readonly problem: Unsendable };

/** `readFile` answers null when the stored bytes are missing or damaged. */
export function buildWireBody(item: ClaimedItem, readFile: (hash: string) => Uint8Array | null): WireBody {
  const parsed = OutboxPayload.safeParse(parseJson(item.payload));
  if (!parsed.success) return { ok: false, problem: 'ITEM_UNREADABLE' };
  const payload = parsed.data;
  const isSame =
    payload.itemId === item.id &&
    payload.kind === item.kind &&
    payload.sequence === item.sequence &&
    payload.contentHash === item.contentHash;
  if (!isSame) return { ok: false, problem: 'ITEM_UNREADABLE' };
  const sent: SentItem = { itemId: payload.itemId, identifier: payload.identifier, contentHash: payload.contentHash };
  if (payload.kind !== 'licence.issued') return { ok: true, body: Buffer.from(item.payload, 'utf8'), sent };

  const file = item.documentHash === null ? null : readFile(item.documentHash);
  if (file === null) return { ok: false, problem: 'ITEM_FILE_MISSING' };
  if (file.length > FILE_LIMIT_BYTES) return { ok: false, problem: 'ITEM_TOO_LARGE' };
  if (createHash('sha256').update(file).digest('hex') !== payload.contentHash) return { ok: false, problem: 'ITEM_FILE_MISSING' };
  const head = item.payload.slice(0, item.payload.lastIndexOf('}'));
  const base64 = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('base64');
  return { ok: true, body: Buffer.from(`${head},"file":"${base64}"}`, 'utf8'), sent };
}
