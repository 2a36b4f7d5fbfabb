// One answer, one verdict: reads the body where the retry table says that it matters. Pure.
// Must not wait, store or send.
import type { KeyObject } from 'node:crypto';
import { ReceiptReply, RefusalReply } from '../../contract/library.ts';
import type { LineState } from '../../contract/work.ts';
import { readRetryAfterMs } from './back-off.ts';
import { checkReceipt, parseJson, type SentItem } from './check-receipt.ts';
import type { KeptReceipt } from './outbox-store.ts';
import { type LineFailure, type QueueCode, type QueueRule, retryTable, ruleForStatus } from './retry-table.ts';

export type Answer =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly contentType: string;
      readonly retryAfter: string | null;
      readonly body: Uint8Array;
    }
  | { readonly kind: 'failed'; readonly failure: LineFailure };

export type Verdict =
  | { readonly to: 'acknowledged'; readonly receipt: KeptReceipt }
  | { readonly to: 'refused'; readonly code: 'SYNC_REFUSED' | 'SYNC_CONFLICT'; readonly refusal: RefusalReply }
  | {
      readonly to: 'queued';
      readonly code: QueueCode;
      readonly line: LineState;
      readonly blame: 'line' | 'item';
      /** What the server asked for; wins over our own back-off. */
      readonly retryAfterMs: number | null;
    };

export function judgeAnswer(answer: Answer, sent: SentItem, receiptKey: KeyObject, nowMs: number): Verdict {
  if (answer.kind === 'failed') return queued(retryTable.failure[answer.failure], null);
  const retryAfterMs = readRetryAfterMs(answer.retryAfter, nowMs);
  const rule = ruleForStatus(answer.status);
  switch (rule.to) {
    case 'queued':
      return queued(rule, retryAfterMs);
    case 'receipt': {
      const reply = ReceiptReply.safeParse(readJsonBody(answer));
      if (!reply.success) return queued(retryTable.body.notOurs, null);
      const check = checkReceipt(reply.data, sent, receiptKey);
      if (!check.ok) return queued(retryTable.body.receiptInvalid, null);
      return {
        to: 'acknowledged',
        receipt: { receiptId: check.receipt.receiptId, text: reply.data.receipt, signature: reply.data.signature },
      };
    }
    case 'refusal': {
      const refusal = RefusalReply.safeParse(readJsonBody(answer));
      if (!refusal.success) return queued(retryTable.body.notOurs, null);
      return { to: 'refused', code: rule.code, refusal: refusal.data };
    }
  }
}

const queued = ({ code, line, blame }: QueueRule, retryAfterMs: number | null): Verdict => ({
  to: 'queued',
  code,
  line,
  blame,
  retryAfterMs,
});

function readJsonBody(answer: { readonly contentType: string; readonly body: Uint8Array }): unknown {
  if (!/^application\/json\s*(;|$)/i.test(answer.contentType)) return undefined;
  return parseJson(new TextDecoder().decode(answer.body));
}
