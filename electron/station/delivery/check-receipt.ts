// Is this reply the library's receipt for exactly this item? Only then may the station say "delivered" (R14).
// Must not store anything.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Receipt, type ReceiptReply } from '../../contract/library.ts';
import { StationError } from '../../contract/station-error.ts';
import type { OutboxId, Sha256 } from '../../contract/values.ts';

/** What was sent, as the receipt must name it. */
export interface SentItem {
  readonly itemId: OutboxId;
  readonly identifier: string;
  readonly contentHash: Sha256;
}

export type ReceiptCheck =
  | { readonly ok: true; readonly receipt: Receipt }
  | { readonly ok: false; readonly problem: 'signature' | 'form' | 'itemId' | 'identifier' | 'contentHash' };

/** The library's pinned Ed25519 key from the provisioning package; throws PACKAGE_INVALID when it is none. */
export function readReceiptKey(spkiBase64: string): KeyObject {
  try {
    const key = createPublicKey({ key: Buffer.from(spkiBase64, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (cause) {
    throw new StationError('PACKAGE_INVALID', { problem: 'library.receiptKey' }, { cause });
  }
  throw new StationError('PACKAGE_INVALID', { problem: 'library.receiptKey' });
}

/** The signature is over the exact bytes of the receipt text, so it is checked before the text is read. */
export function checkReceipt(reply: ReceiptReply, sent: SentItem, key: KeyObject): ReceiptCheck {
  if (!verify(null, Buffer.from(reply.receipt, 'utf8'), key, Buffer.from(reply.signature, 'base64')))
    return { ok: false, problem: 'signature' };
  const parsed = Receipt.safeParse(parseJson(reply.receipt));
  if (!parsed.success) return { ok: false, problem: 'form' };
  const receipt = parsed.data;
  for (const name of ['itemId', 'identifier', 'contentHash'] as const) {
    if (receipt[name] !== sent[name]) return { ok: false, problem: name };
  }
  return { ok: true, receipt };
}

/** Undefined for anything that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
