// One posted body → one answer: form, completeness, history, seal, then kept in one transaction and receipted (R14).
// Must not know HTTP beyond the status number.
import { type ReceiptReply, type RefusalReply, WireItem } from '../contract/library.ts';
import type { Instant } from '../contract/values.ts';
import { checkDocument, type IssuerRegister, type JudgeDocument } from './check-document.ts';
import { checkHistory, type HeldItem } from './check-history.ts';
import { checkItem } from './check-item.ts';
import type { Holdings } from './holdings.ts';
import { type LibraryKeys, signReceipt } from './library-keys.ts';
import { instantOf, type LibraryClock, localDay } from './local-day.ts';
import { type Refusal, refusal, writeRefusal } from './refusals.ts';

export interface Reception {
  readonly holdings: Holdings;
  readonly keys: LibraryKeys;
  readonly issuers: IssuerRegister;
  readonly judgeDocument: JudgeDocument;
  readonly clock: LibraryClock;
}

export interface ItemAnswer {
  readonly status: number;
  readonly body: ReceiptReply | RefusalReply;
}

/** Synchronous from first look to commit, so two posts of one item can never both be new. */
export function receiveItem(text: string, idempotencyKey: string | undefined, reception: Reception): ItemAnswer {
  const { holdings, keys, clock } = reception;
  const read = readItem(text);
  if ('refused' in read) return writeRefusal(read);
  const item = read;
  if (idempotencyKey !== undefined && idempotencyKey !== item.itemId) return writeRefusal(refusal('wrongKey'));
  const file = item.kind === 'licence.issued' ? Buffer.from(item.file, 'base64') : null;
  const fault = checkItem(item, file, keys.profile);
  if (fault !== null) return writeRefusal(fault);

  const history = checkHistory(item, holdings.historyOf(item));
  switch (history.is) {
    case 'refused':
      return writeRefusal(history.refusal);
    case 'repeat':
      return { status: 202, body: receipt(item, history.held, true, keys) };
    case 'new': {
      if (item.kind === 'licence.issued' && file !== null) {
        const bad = checkDocument(item, file, reception.issuers, reception.judgeDocument, judgedAt(item.recordedAt, reception));
        if (bad !== null) return writeRefusal(bad);
      }
      const held = holdings.keep(item, file, localDay(clock.nowMs()), instantOf(clock));
      return { status: 201, body: receipt(item, held, false, keys) };
    }
  }
}

function readItem(text: string): WireItem | Refusal {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return refusal('notJson');
    throw error;
  }
  const parsed = WireItem.safeParse(json);
  if (parsed.success) return parsed.data;
  return refusal(
    'wrongForm',
    parsed.error.issues
      .map(({ path, code }) => `${path.join('.')} ${code}`.trim())
      .slice(0, 5)
      .join(', '),
  );
}

/** Why not always our own clock: a training or acceptance workspace may live on a set day; production never may. */
function judgedAt(recordedAt: Instant, { keys, clock }: Reception): Instant {
  const now = instantOf(clock);
  return keys.profile === 'production' || now > recordedAt ? now : recordedAt;
}

/** The receipt names the item as it was posted now; id and time are those of the first time. */
const receipt = (item: WireItem, held: HeldItem, repeat: boolean, keys: LibraryKeys): ReceiptReply =>
  signReceipt(
    {
      receiptId: held.receiptId,
      library: keys.name,
      itemId: item.itemId,
      identifier: item.identifier,
      contentHash: held.contentHash,
      receivedAt: held.receivedAt,
      repeat,
    },
    keys.privateKey,
  );
