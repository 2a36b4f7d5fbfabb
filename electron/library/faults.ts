// What can go wrong between a station and its library, switchable for tests and the demo from inside the process only.
// Must never be reachable over HTTP.

import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { Receipt, ReceiptReply } from '../contract/library.ts';
import { signReceipt } from './library-keys.ts';

export type Fault =
  /** Nobody listens. */
  | { readonly kind: 'down' }
  /** Applied at once, answered after so long. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Applied, but the connection ends without a byte of reply. */
  | { readonly kind: 'dropReply' }
  /** Applied, but the connection ends after so many bytes of reply. */
  | { readonly kind: 'cutReply'; readonly afterBytes: number }
  | { readonly kind: 'busy'; readonly retryAfterSeconds: number | null }
  /** 200 and a log-in page, nothing applied. */
  | { readonly kind: 'captivePortal' }
  | { readonly kind: 'redirect'; readonly to: string }
  /** Applied; the receipt is signed by another key. */
  | { readonly kind: 'wrongReceiptKey' }
  /** Applied; the receipt, properly signed, names another hash. */
  | { readonly kind: 'wrongReceiptHash' };

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const jsonReply = (status: number, body: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(body),
});

/** What is answered instead of doing the work; null when the work is done. */
export function replyInstead(fault: Fault | null): Reply | null {
  switch (fault?.kind) {
    case 'busy': {
      const headers = fault.retryAfterSeconds === null ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      return { status: 503, headers: { 'content-type': 'text/plain', ...headers }, body: 'busy' };
    }
    case 'captivePortal':
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<!doctype html><title>Log in</title><form method="post"></form>',
      };
    case 'redirect':
      return { status: 307, headers: { location: fault.to, 'content-type': 'text/plain' }, body: '' };
    default:
      return null;
  }
}

/** The reply of work that was done, falsified if the fault says so. */
export function falsified(reply: Reply, fault: Fault | null, privateKey: KeyObject): Reply {
  if (fault?.kind !== 'wrongReceiptKey' && fault?.kind !== 'wrongReceiptHash') return reply;
  const signed = ReceiptReply.safeParse(JSON.parse(reply.body));
  if (!signed.success) return reply;
  const receipt = Receipt.parse(JSON.parse(signed.data.receipt));
  return jsonReply(
    reply.status,
    fault.kind === 'wrongReceiptKey'
      ? signReceipt(receipt, generateKeyPairSync('ed25519').privateKey)
      : signReceipt({ ...receipt, contentHash: 'f'.repeat(64) }, privateKey),
  );
}

/** The reply as it travels, for cutting it at any byte. */
export function replyBytes({ status, headers, body }: Reply): Uint8Array {
  const bytes = Buffer.from(body, 'utf8');
  const lines = Object.entries({ ...headers, 'content-length': String(bytes.length), connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}
