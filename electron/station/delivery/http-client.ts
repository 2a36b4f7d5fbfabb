// The only place of the station that knows HTTP: one POST of one item, and what came back, as a value. Follows no redirect,
// reads no more than 64 KB, waits no longer than the size allows. Must not judge what it read.
import { createHash } from 'node:crypto';
import type { Answer } from './judge-answer.ts';
import type { LineFailure } from './retry-table.ts';

export const REPLY_LIMIT_BYTES = 64 * 1024;
const BASE_TIMEOUT_MS = 15_000;
/** The slowest line that still counts as one: 2 kB/s, a bad 2G. */
const SLOWEST_BYTES_PER_MS = 2;

export interface WireRequest {
  /** Idempotency key: the same for every repeat. */
  readonly itemId: string;
  readonly body: Uint8Array;
}

/** Never throws for anything the line or the other side does; null when `signal` ended it. */
export type SendItem = (request: WireRequest, signal: AbortSignal) => Promise<Answer | null>;

/** Until the whole reply is there. */
export const sendTimeoutMs = (bodyBytes: number): number => BASE_TIMEOUT_MS + Math.ceil(bodyBytes / SLOWEST_BYTES_PER_MS);

export interface HttpClientOptions {
  /** Base address from the provisioning package; `/v1/items` is put behind it. */
  readonly url: string;
  readonly fetch?: typeof fetch;
  /** For tests of the time-out; milliseconds for a body of so many bytes. */
  readonly timeoutMs?: (bodyBytes: number) => number;
}

export function createHttpClient(options: HttpClientOptions): SendItem {
  const address = new URL('v1/items', options.url.endsWith('/') ? options.url : `${options.url}/`);
  const request = options.fetch ?? fetch;
  const timeoutMs = options.timeoutMs ?? sendTimeoutMs;
  return async ({ itemId, body }, signal) => {
    const deadline = AbortSignal.timeout(timeoutMs(body.length));
    try {
      const response = await request(address, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'idempotency-key': itemId,
          // RFC 9530: what a bad line or a proxy altered is told from what we got wrong, and is simply sent again.
          'content-digest': `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
        },
        body: new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.byteLength), // never shared memory: wire.ts made it
        signal: AbortSignal.any([signal, deadline]),
      });
      const read = await readBounded(response);
      if (read === null) return { kind: 'failed', failure: 'tooLong' };
      return {
        kind: 'reply',
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        retryAfter: response.headers.get('retry-after'),
        body: read,
      };
    } catch (error) {
      if (signal.aborted) return null;
      return { kind: 'failed', failure: deadline.aborted ? 'timeout' : failureOf(error) };
    }
  };
}

async function readBounded(response: Response): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > REPLY_LIMIT_BYTES) return null; // leaving the loop cancels the stream
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Before a connection stood, nothing can have been applied; after it, everything may have been. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const TIMED_OUT: ReadonlySet<string> = new Set(['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
/** OpenSSL's and Node's names for a peer that is not who the address says. */
const UNTRUSTED = /CERT|CRL|UNABLE_TO_|ERR_TLS|ERR_SSL|^INVALID_(CA|PURPOSE)$|^PATH_LENGTH|^HOSTNAME/;

function failureOf(error: unknown): LineFailure {
  for (const code of codesOf(error)) {
    if (UNREACHABLE.has(code)) return 'unreachable';
    if (TIMED_OUT.has(code)) return 'timeout';
    if (UNTRUSTED.test(code)) return 'untrusted';
  }
  return 'cut';
}

/** fetch wraps the reason: TypeError → cause → AggregateError (one per address tried) → errors. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const several = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...own, ...several, ...codesOf(error.cause)];
}
