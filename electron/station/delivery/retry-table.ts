// THE table of what an answer means: HTTP status, or the way the line failed → where the item goes. One test per row.
// Must not read bodies: the rows that depend on one say so, judge-answer reads it.
import type { LineState } from '../../contract/work.ts';

export type QueueCode =
  | 'SYNC_OFFLINE'
  | 'SYNC_TIMEOUT'
  | 'SYNC_BUSY'
  | 'SYNC_NOT_THE_LIBRARY'
  | 'SYNC_RECEIPT_INVALID'
  | 'SYNC_UNAUTHORISED';

/** How a request can fail without a whole answer. */
export type LineFailure = 'unreachable' | 'untrusted' | 'timeout' | 'cut' | 'tooLong';

/**
 * Back to the queue, with the same id. `blame` says what has to wait: `line`, the item cannot be at fault and is due as
 * soon as the line is tried again; `item`, it may be this item that the other side chokes on, so others go first.
 */
export interface QueueRule {
  readonly to: 'queued';
  readonly code: QueueCode;
  readonly line: LineState;
  readonly blame: 'line' | 'item';
}

export type Rule =
  /** Delivered only if the body is a receipt that verifies and names this item; else a row of `body`. */
  | { readonly to: 'receipt' }
  /** Refused only if the body is a refusal in the library's form; else it was a proxy, `body.notOurs`. */
  | { readonly to: 'refusal'; readonly code: 'SYNC_REFUSED' | 'SYNC_CONFLICT' }
  | QueueRule;

const back = (code: QueueCode, line: LineState, blame: 'line' | 'item'): QueueRule => ({ to: 'queued', code, line, blame });

export const retryTable = {
  status: {
    201: { to: 'receipt' },
    202: { to: 'receipt' },
    401: back('SYNC_UNAUTHORISED', 'refusedUs', 'line'),
    403: back('SYNC_UNAUTHORISED', 'refusedUs', 'line'),
    407: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'), // a proxy asks for a name
    408: back('SYNC_TIMEOUT', 'busy', 'item'),
    409: { to: 'refusal', code: 'SYNC_CONFLICT' },
    425: back('SYNC_BUSY', 'busy', 'item'),
    429: back('SYNC_BUSY', 'busy', 'line'),
    503: back('SYNC_BUSY', 'busy', 'line'),
    511: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'), // a captive portal that keeps to RFC 6585
  },
  /** By the first digit, where `status` has no row. */
  statusClass: {
    2: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'), // a captive portal's 200 above all
    3: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'), // no redirect is followed, to anywhere
    4: { to: 'refusal', code: 'SYNC_REFUSED' },
    5: back('SYNC_BUSY', 'busy', 'item'),
  },
  /** Any other number is no HTTP of a library. */
  statusOther: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'),
  body: {
    /** Not JSON of the expected form: HTML, a proxy's words, half a body. */
    notOurs: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'item'),
    /** A receipt in form, but not signed by the pinned key or not for exactly this item. */
    receiptInvalid: back('SYNC_RECEIPT_INVALID', 'notTheLibrary', 'item'),
  },
  failure: {
    unreachable: back('SYNC_OFFLINE', 'offline', 'line'),
    untrusted: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'), // TLS certificate of somebody else
    timeout: back('SYNC_TIMEOUT', 'offline', 'item'), // perhaps applied: the same id makes the repeat harmless
    cut: back('SYNC_OFFLINE', 'offline', 'item'), // perhaps applied, as above
    tooLong: back('SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'item'),
  },
} as const satisfies {
  status: Readonly<Record<number, Rule>>;
  statusClass: Readonly<Record<2 | 3 | 4 | 5, Rule>>;
  statusOther: QueueRule;
  body: Readonly<Record<string, QueueRule>>;
  failure: Readonly<Record<LineFailure, QueueRule>>;
};

export function ruleForStatus(status: number): Rule {
  const exact: Readonly<Record<number, Rule>> = retryTable.status;
  const byClass: Readonly<Record<number, Rule>> = retryTable.statusClass;
  return exact[status] ?? byClass[Math.floor(status / 100)] ?? retryTable.statusOther;
}
