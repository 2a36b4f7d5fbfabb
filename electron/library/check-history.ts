// Does this item fit what the library holds already: new, a repeat, out of order, or a conflict (R14, R18)? Pure.
// Must not touch the database.
import { readIdentifier } from '../contract/identifier.ts';
import type { WireItem } from '../contract/library.ts';
import type { Instant } from '../contract/values.ts';
import { type Refusal, refusal } from './refusals.ts';

export interface HeldItem {
  readonly itemId: string;
  readonly identifier: string;
  readonly sequence: number;
  readonly kind: WireItem['kind'];
  readonly contentHash: string;
  readonly receiptId: string;
  readonly receivedAt: Instant;
}

export interface History {
  /** The item already held under this item id, if any. */
  readonly sameId: HeldItem | null;
  /** Everything held of this licence, all versions, by sequence. */
  readonly life: readonly HeldItem[];
}

export type HistoryAnswer =
  | { readonly is: 'new' }
  | { readonly is: 'repeat'; readonly held: HeldItem }
  | { readonly is: 'refused'; readonly refusal: Refusal };

/** What all versions of one licence share: its identifier up to the serial. Null for what is no identifier. */
export function lifeOf(identifier: string): string | null {
  const parts = readIdentifier(identifier);
  return parts === null ? null : `${parts.typeCode}.${parts.issuerCode}.${parts.serial}`;
}

export function checkHistory(item: WireItem, { sameId, life }: History): HistoryAnswer {
  const refused = (name: 'conflict' | 'order', what: string): HistoryAnswer => ({ is: 'refused', refusal: refusal(name, what) });
  const held = life.find(({ sequence }) => sequence === item.sequence) ?? null;
  if (sameId !== null && sameId.receiptId !== held?.receiptId) return refused('conflict', `itemId ${item.itemId}`);
  if (held !== null) {
    // Invariant: a repeat counts only with the same content; "duplicate" alone is never enough.
    const isSame = held.contentHash === item.contentHash && held.kind === item.kind && held.identifier === item.identifier;
    return isSame ? { is: 'repeat', held } : refused('conflict', `${item.identifier} ${item.sequence}`);
  }
  if (item.sequence !== life.length + 1) return refused('order', `${item.identifier} ${life.length + 1}`);

  const version = life.filter(({ identifier }) => identifier === item.identifier);
  const status = statusOf(version);
  if (item.kind === 'licence.status') {
    const issued = version[0];
    if (issued?.kind !== 'licence.issued') return refused('order', `${item.identifier} licence.issued`);
    if (issued.contentHash !== item.contentHash) return refused('conflict', `${item.identifier} contentHash`);
    return status === 'cancelled' ? refused('conflict', `${item.identifier} cancelled`) : { is: 'new' };
  }
  if (status !== null) return refused('conflict', `${item.identifier} ${status}`);
  // A version comes only after the one before it has ended: never two valid ones.
  const before = life.at(-1)?.identifier ?? null;
  const statusBefore = before === null ? null : statusOf(life.filter(({ identifier }) => identifier === before));
  if (statusBefore === 'valid') return refused('order', `${before} cancelled`);
  if (item.kind === 'licence.issued' && item.replaces !== null && !life.some(({ identifier }) => identifier === item.replaces)) {
    return refused('order', item.replaces);
  }
  return { is: 'new' };
}

/** Of the items of one version; null where there are none. */
export function statusOf(version: readonly HeldItem[]): 'valid' | 'cancelled' | 'voided' | null {
  const [first] = version;
  if (first === undefined) return null;
  if (first.kind === 'licence.voided') return 'voided';
  return version.some(({ kind }) => kind === 'licence.status') ? 'cancelled' : 'valid';
}
