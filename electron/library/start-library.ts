// The reference library: a real HTTP server over its own database. What it accepts it keeps for ever and receipts.
// Must not know the station's code beyond the contract and the verifier of files.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type IssuerRegister, type JudgeDocument, judgeByVerifier } from './check-document.ts';
import { type HeldItem, statusOf } from './check-history.ts';
import { type Fault, falsified, jsonReply, type Reply, replyBytes, replyInstead } from './faults.ts';
import { openHoldings } from './holdings.ts';
import type { LibraryKeys } from './library-keys.ts';
import type { LibraryClock } from './local-day.ts';
import { receiveItem } from './receive-item.ts';
import { refusal, writeRefusal } from './refusals.ts';

/** A file of 50 MB as base64, and the rest of the item. */
const BODY_LIMIT_MB = 70;
const BODY_LIMIT_BYTES = BODY_LIMIT_MB * 1024 * 1024;

export interface LibraryOptions {
  readonly dir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly keys: LibraryKeys;
  readonly issuers: IssuerRegister;
  /** Certification authorities, DER. */
  readonly trustAnchors: readonly Uint8Array[];
  readonly clock: LibraryClock;
  /** For tests that have no sealed file; by default the verifier. */
  readonly judgeDocument?: JudgeDocument;
}

export interface RunningLibrary {
  readonly url: string;
  readonly keys: LibraryKeys;
  /** What it holds, in the order of arrival. */
  holdings(): readonly HeldItem[];
  file(hash: string): Uint8Array | null;
  /** How many posts of items have reached it, repeats and refused ones too. */
  postCount(): number;
  /** `times`: for so many requests; absent: until the next call. Null ends every fault. Resolves when it is in force. */
  setFault(fault: Fault | null, times?: number): Promise<void>;
  close(): Promise<void>;
}

export async function startLibrary(options: LibraryOptions): Promise<RunningLibrary> {
  const { keys, clock, issuers, host = '127.0.0.1' } = options;
  mkdirSync(options.dir, { recursive: true });
  const holdings = openHoldings(options.dir);
  const reception = { holdings, keys, issuers, clock, judgeDocument: options.judgeDocument ?? judgeByVerifier(options.trustAnchors) };
  let current: { fault: Fault; left: number } | null = null;
  let posts = 0;

  const takeFault = (): Fault | null => {
    if (current === null) return null;
    const { fault } = current;
    current.left -= 1;
    if (current.left <= 0) current = null;
    return fault;
  };

  const route = async (request: IncomingMessage): Promise<Reply> => {
    const address = new URL(request.url ?? '/', 'http://library');
    if (request.method === 'POST' && address.pathname === '/v1/items') {
      posts += 1;
      return await receive(request);
    }
    if (request.method === 'GET' && address.pathname === '/v1/health')
      return jsonReply(200, { ok: true, library: keys.name, profile: keys.profile });
    const identifier = request.method === 'GET' ? /^\/v1\/licences\/([^/]+)$/.exec(address.pathname)?.[1] : undefined;
    const licence = identifier === undefined ? [] : holdings.ofVersion(identifier);
    const status = statusOf(licence);
    if (status === null) return jsonReply(404, { error: 'not found' });
    return jsonReply(200, { identifier, status, contentHash: licence[0]?.contentHash, items: licence.length });
  };

  const receive = async (request: IncomingMessage): Promise<Reply> => {
    const refuse = (name: 'wrongContentType' | 'tooLarge', what = ''): Reply => {
      const { status, body } = writeRefusal(refusal(name, what));
      return { ...jsonReply(status, body), headers: { 'content-type': 'application/json; charset=utf-8', connection: 'close' } };
    };
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return refuse('wrongContentType');
    if (Number(request.headers['content-length'] ?? 0) > BODY_LIMIT_BYTES) return refuse('tooLarge', String(BODY_LIMIT_MB));
    const body = await readBody(request);
    if (body === null) return refuse('tooLarge', String(BODY_LIMIT_MB));
    // Altered on the way: no refusal of the item, the station simply sends it again (RFC 9530).
    if (!isDigestRight(request.headers['content-digest'], body)) return jsonReply(400, { error: 'content-digest' });
    const key = request.headers['idempotency-key'];
    const answer = receiveItem(body.toString('utf8'), typeof key === 'string' ? key : undefined, reception);
    return jsonReply(answer.status, answer.body);
  };

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = takeFault();
    const instead = replyInstead(fault);
    if (instead !== null) request.resume();
    const reply = instead ?? falsified(await route(request), fault, keys.privateKey);
    if (fault?.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    if (fault?.kind === 'dropReply') request.socket.destroy();
    else if (fault?.kind === 'cutReply') request.socket.end(Buffer.from(replyBytes(reply)).subarray(0, fault.afterBytes));
    else response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) }).end(reply.body);
  };

  const server = createServer({ headersTimeout: 30_000, requestTimeout: 600_000 }, (request, response) => {
    respond(request, response).catch((error: unknown) => {
      // A client that went away is its own affair; anything else is ours, and nothing was kept: say so, it may come again.
      if (request.socket.destroyed) return;
      process.stderr.write(`${JSON.stringify({ level: 'error', event: 'library.fault', message: String(error) })}\n`);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"fault"}');
    });
  });

  const listen = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve((server.address() as AddressInfo).port); // a TCP server's address
      });
    });
  const stopListening = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });

  const port = await listen(options.port ?? 0).catch((error: unknown) => {
    holdings.close();
    throw error;
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    keys,
    holdings: () => holdings.all(),
    file: (hash) => holdings.file(hash),
    postCount: () => posts,
    async setFault(fault, times = Number.POSITIVE_INFINITY) {
      current = fault === null || fault.kind === 'down' ? null : { fault, left: times };
      if (fault?.kind === 'down') await stopListening();
      else if (!server.listening) await listen(port);
    },
    async close() {
      await stopListening();
      holdings.close();
    },
  };
}

/** Null as soon as it is too long. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    const bytes = Buffer.from(part as Uint8Array); // no encoding is set, so parts are bytes
    size += bytes.length;
    if (size > BODY_LIMIT_BYTES) return null;
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function isDigestRight(header: string | string[] | undefined, body: Uint8Array): boolean {
  const claimed = /sha-256=:([A-Za-z0-9+/=]+):/.exec(String(header ?? ''))?.[1];
  return claimed === undefined || claimed === createHash('sha256').update(body).digest('base64');
}
