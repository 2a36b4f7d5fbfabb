import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Receipt, ReceiptReply, RefusalReply, type WireItem } from '../../electron/contract/library.ts';
import { makeLibraryKeys } from '../../electron/library/library-keys.ts';
import { startLibrary } from '../../electron/library/start-library.ts';
import { checkReceipt, readReceiptKey } from '../../electron/station/delivery/check-receipt.ts';
import { CERTIFICATE, openTestLibrary, type sealedByAll, type TestLibrary, testClock } from '../support/delivery.ts';
import { aCancellation, anIssuedItem, DAY, fileOf, hashOf, ISSUER_CODE, identifierOf, outboxId } from '../support/outbox.ts';
import { aSigner, sealSample, unsignedSample } from '../support/sealed-sample.ts';

let library: TestLibrary;
beforeEach(async () => {
  library = await openTestLibrary();
});
afterEach(() => library.close());

async function post(item: unknown, headers: Record<string, string> = {}, to = library): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${to.url}/v1/items`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof item === 'string' ? item : JSON.stringify(item),
  });
  return { status: response.status, body: await response.json() };
}
const get = async (where: string, method = 'GET') => {
  const response = await fetch(`${library.url}${where}`, { method });
  return { status: response.status, body: (await response.json()) as unknown };
};
const receiptOf = (body: unknown) => Receipt.parse(JSON.parse(ReceiptReply.parse(body).receipt));
const issued = anIssuedItem(1, fileOf(1));
const voided: WireItem = {
  itemId: outboxId(9),
  payloadVersion: 1,
  stationId: 'ST01',
  profile: 'training',
  sequence: 1,
  identifier: identifierOf(9),
  typeCode: issued.typeCode,
  licenceNumber: '鄂林采字〔2026〕9号',
  recordedAt: issued.recordedAt,
  kind: 'licence.voided',
  reason: '当事人撤回申请',
  contentHash: hashOf(Buffer.from('voided')),
};

describe('library.items', () => {
  it('keeps a new item and answers 201 with a receipt that verifies', async () => {
    const { status, body } = await post(issued, { 'idempotency-key': issued.itemId });
    expect(status).toBe(201);
    expect(checkReceipt(ReceiptReply.parse(body), issued, readReceiptKey(library.keys.receiptKey))).toMatchObject({ ok: true });
    expect(receiptOf(body)).toMatchObject({ receiptId: 'R-20261130-000001', library: 'Test library', repeat: false });
    expect(hashOf(library.file(issued.contentHash) ?? new Uint8Array())).toBe(issued.contentHash);
    expect(receiptOf((await post(voided)).body).receiptId).toBe('R-20261130-000002');
  });

  it('answers a repeat with 202 and the same receipt id and time, and keeps nothing more', async () => {
    const first = receiptOf((await post(issued)).body);
    for (const repeat of [issued, { ...issued, itemId: outboxId(77) }]) {
      const { status, body } = await post(repeat);
      expect(status).toBe(202);
      expect(receiptOf(body)).toEqual({ ...first, itemId: repeat.itemId, repeat: true });
    }
    expect(library.holdings()).toHaveLength(1);
  });

  it('lets one of ten posts at once be the new one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(issued)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(9).fill(202)]);
    expect(new Set(answers.map(({ body }) => receiptOf(body).receiptId)).size).toBe(1);
  });

  const other = anIssuedItem(2, fileOf(2));
  it.each<[string, WireItem]>([
    ['the same identifier and place with another hash', anIssuedItem(2, fileOf(2), { identifier: issued.identifier })],
    ['the same item id with another hash', { ...other, itemId: issued.itemId }],
    ['the same item id in another place', { ...issued, identifier: identifierOf(5) }],
    ['the same version issued again', anIssuedItem(3, fileOf(3), { identifier: issued.identifier, sequence: 2 })],
    ['a void of what was issued', { ...voided, identifier: issued.identifier, sequence: 2 }],
    ['a cancellation that speaks of another file', aCancellation(3, issued, { contentHash: other.contentHash })],
  ])('answers %s with 409', async (_name, item) => {
    await post(issued);
    const { status, body } = await post(item);
    expect({ status, code: RefusalReply.parse(body).code }).toEqual({ status: 409, code: 'CONFLICT' });
    expect(library.holdings()).toHaveLength(1);
  });

  it.each<[string, string, number, WireItem]>([
    ['another profile', 'PROFILE', 422, { ...issued, profile: 'production' }],
    ['a wrong check character', 'IDENTIFIER', 422, { ...issued, identifier: `${issued.identifier.slice(0, -1)}!` }],
    ['a digit wrong in the identifier', 'IDENTIFIER', 422, { ...issued, identifier: issued.identifier.replace('0000001', '0000002') }],
    ['another type than the identifier says', 'IDENTIFIER', 422, { ...issued, typeCode: '11100000MB0QL0033W002' }],
    ['another issuer than the identifier says', 'IDENTIFIER', 422, { ...issued, issuerCode: '11220000013544541J' }],
    ['a second version that replaces nothing', 'IDENTIFIER', 422, { ...issued, identifier: identifierOf(1, 2) }],
    ['a version that replaces a stranger', 'IDENTIFIER', 422, { ...issued, identifier: identifierOf(1, 2), replaces: identifierOf(2) }],
    ['no data', 'INCOMPLETE', 422, { ...issued, data: {} }],
    ['a blank data item', 'INCOMPLETE', 422, { ...issued, data: { CZZT: '　 ' } }],
    ['no holder', 'INCOMPLETE', 422, { ...issued, holder: { ...issued.holder, name: ' ' } }],
    ['no matter', 'INCOMPLETE', 422, { ...issued, matterNumber: '' }],
    ['no licence number', 'INCOMPLETE', 422, { ...issued, licenceNumber: '' }],
    ['sealed before it was concluded', 'INCOMPLETE', 422, { ...issued, conclusionDay: '2026-12-01' }],
    ['sealed late without a reason', 'INCOMPLETE', 422, { ...issued, conclusionDay: '2026-11-29' }],
    ['sealed after it was recorded', 'INCOMPLETE', 422, { ...issued, sealedAt: '2026-11-30T07:00:00.001Z' }],
    ['a hash that is not the file’s', 'MALFORMED', 400, { ...issued, contentHash: '0'.repeat(64) }],
    ['a second item before the first', 'ORDER', 422, aCancellation(3, issued)],
    ['a gap in the order', 'ORDER', 422, { ...issued, sequence: 3 }],
    ['a decision of tomorrow', 'INCOMPLETE', 422, aCancellation(3, issued, { decidedOn: '2026-12-01' })],
    ['a blank reason', 'INCOMPLETE', 422, { ...voided, reason: '  ' }],
  ])('refuses %s in words, and keeps nothing', async (_name, code, status, item) => {
    const answer = await post(item);
    const refusal = RefusalReply.parse(answer.body);
    expect({ status: answer.status, code: refusal.code }).toEqual({ status, code });
    expect(refusal.reason).not.toMatch(/[{}]/);
    expect(refusal.reasonZh).toMatch(/[一-鿿]/);
    expect(library.holdings()).toEqual([]);
  });

  it('takes a late one with its reason, and midnight of the office as its day', async () => {
    const late = { ...issued, conclusionDay: '2026-11-29', late: { code: 'outage', note: '' } };
    expect((await post(late)).status).toBe(201);
    const atNight = anIssuedItem(2, fileOf(2), { sealedAt: '2026-11-29T16:00:00.000Z' });
    expect((await post(atNight)).status).toBe(201);
  });

  it('takes a version only after the one before it has ended', async () => {
    const anew = anIssuedItem(3, fileOf(3), { identifier: identifierOf(1, 2), replaces: identifierOf(1) });
    await post(issued);
    expect(RefusalReply.parse((await post({ ...anew, sequence: 2 })).body).code).toBe('ORDER');
    expect((await post(aCancellation(2, issued))).status).toBe(201);
    expect(RefusalReply.parse((await post(aCancellation(4, issued, { sequence: 3 }))).body).code).toBe('CONFLICT');
    expect((await post({ ...anew, sequence: 3 })).status).toBe(201);
    expect(await get(`/v1/licences/${anew.identifier}`)).toEqual({
      status: 200,
      body: { identifier: anew.identifier, status: 'valid', contentHash: anew.contentHash, items: 1 },
    });
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['no JSON', 'hello', {}, 400],
    ['half an item', JSON.stringify(issued).slice(0, -9), {}, 400],
    ['nothing', '', {}, 400],
    ['a list', '[]', {}, 400],
    ['a field too many', JSON.stringify({ ...issued, more: 1 }), {}, 400],
    ['another idempotency key', JSON.stringify(issued), { 'idempotency-key': outboxId(5) }, 400],
    ['another content type', JSON.stringify(issued), { 'content-type': 'text/plain' }, 415],
  ])('refuses %s as malformed', async (_name, text, headers, status) => {
    const answer = await post(text, headers);
    expect({ status: answer.status, code: RefusalReply.parse(answer.body).code }).toEqual({ status, code: 'MALFORMED' });
    expect(library.holdings()).toEqual([]);
  });

  it('does not refuse, only sends back, what was altered on the way', async () => {
    const { status, body } = await post(issued, { 'content-digest': 'sha-256=:AAAA:' });
    expect(status).toBe(400);
    expect(RefusalReply.safeParse(body).success).toBe(false);
    expect(library.holdings()).toEqual([]);
  });

  it('refuses a body announced as larger than 70 MB without reading it', async () => {
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(`${library.url}/v1/items`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': String(80 * 1024 * 1024) },
      });
      request.on('response', (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(status).toBe(413);
  });

  it('answers any rubbish with 4xx and lives on', async () => {
    const text = JSON.stringify(issued);
    for (let at = 0; at < text.length - 1; at += 13) {
      const { status } = await post(`${text.slice(0, at)}${text.slice(at + 1)}`);
      expect([400, 409, 422, 201, 202], `without byte ${at}`).toContain(status);
    }
    expect((await get('/v1/health')).status).toBe(200);
  });
});

describe('library.seal', () => {
  const withJudge = async (judgeDocument: typeof sealedByAll, run: (to: TestLibrary) => Promise<void>) => {
    const judged = await openTestLibrary({ judgeDocument });
    await run(judged).finally(() => judged.close());
  };

  it('refuses a file whose seal is not valid, with the findings', () =>
    withJudge(
      () => ({ valid: false, findings: ['CONTENT_ALTERED'] }),
      async (to) => {
        const { status, body } = await post(issued, {}, to);
        expect(status).toBe(422);
        expect(RefusalReply.parse(body)).toMatchObject({ code: 'SIGNATURE', reason: expect.stringContaining('CONTENT_ALTERED') });
      },
    ));

  it('refuses a certificate that is not one of this issuer', () =>
    withJudge(
      () => ({ valid: true, certificateHashes: ['d'.repeat(64)] }),
      async (to) =>
        expect(RefusalReply.parse((await post(issued, {}, to)).body)).toMatchObject({
          code: 'SIGNATURE',
          reason: expect.stringContaining(ISSUER_CODE),
        }),
    ));

  it('refuses when one of several seals is a stranger’s', () =>
    withJudge(
      () => ({ valid: true, certificateHashes: [CERTIFICATE, 'd'.repeat(64)] }),
      async (to) => expect(RefusalReply.parse((await post(issued, {}, to)).body).code).toBe('SIGNATURE'),
    ));

  it('refuses an issuer it does not know', async () => {
    const stranger = '11220000013544541J';
    const { buildIdentifier } = await import('../../electron/contract/identifier.ts');
    const identifier = buildIdentifier({ typeCode: issued.typeCode, issuerCode: stranger, serial: '1', version: 1 });
    expect(RefusalReply.parse((await post({ ...issued, issuerCode: stranger, identifier })).body)).toMatchObject({
      code: 'SIGNATURE',
      reason: expect.stringContaining(stranger),
    });
  });
});

describe('library.seal, by the real verifier', () => {
  const signer = aSigner();
  const unsigned = unsignedSample();
  const sealed = sealSample(signer, unsigned, hashOf(unsigned));
  const itemOf = (file: Uint8Array) => anIssuedItem(1, file, { sealedAt: '2026-11-30T06:59:00.000Z' });
  const run = async (file: Uint8Array, change: Partial<Parameters<typeof startLibrary>[0]> = {}) => {
    const dir = mkdtempSync(path.join(tmpdir(), 'library-'));
    const real = await startLibrary({
      dir,
      keys: makeLibraryKeys('Real', 'training'),
      issuers: { [ISSUER_CODE]: [hashOf(signer.certificate)] },
      trustAnchors: [signer.root],
      clock: testClock(),
      ...change,
    });
    try {
      const { status, body } = await post(itemOf(file), {}, { ...real, dir });
      return { status, reason: status === 201 ? '' : RefusalReply.parse(body).reason, kept: real.holdings().length };
    } finally {
      await real.close();
      rmSync(dir, { recursive: true });
    }
  };

  it('takes a file that is sealed with a certificate of its issuer', async () => {
    expect(await run(sealed)).toEqual({ status: 201, reason: '', kept: 1 });
  });

  it('refuses the file with any one byte changed, or cut, or grown', async () => {
    const places = [9, 100, Math.floor(sealed.length / 2), sealed.length - 30];
    for (const at of places) {
      const altered = Buffer.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(await run(altered), `byte ${at}`).toMatchObject({ status: 422, kept: 0 });
    }
    expect(await run(sealed.subarray(0, -1))).toMatchObject({ status: 422, kept: 0 });
    expect(await run(Buffer.concat([sealed, Buffer.from('%%EOF\n')]))).toMatchObject({ status: 422, kept: 0 });
    expect(await run(unsigned)).toMatchObject({ status: 422, kept: 0 });
  });

  it('refuses another issuer’s certificate, a stranger’s root, and a certificate that was not yet valid', async () => {
    expect(await run(sealed, { issuers: { [ISSUER_CODE]: [CERTIFICATE] } })).toMatchObject({
      status: 422,
      reason: expect.stringContaining('not one of issuer'),
    });
    expect(await run(sealed, { trustAnchors: [aSigner().root] })).toMatchObject({
      status: 422,
      reason: expect.stringContaining('CHAIN_UNTRUSTED'),
    });
    const early = sealSample(signer, unsigned, hashOf(unsigned), '2025-11-30T07:00:00.000Z');
    expect(await run(early)).toMatchObject({ status: 422, reason: expect.stringContaining('CERTIFICATE_NOT_VALID_THEN') });
  });
});

describe('library.queries', () => {
  it('says who it is', async () => {
    expect(await get('/v1/health')).toEqual({ status: 200, body: { ok: true, library: 'Test library', profile: 'training' } });
  });

  it('says what became of a licence', async () => {
    await post(issued);
    await post(voided);
    expect((await get(`/v1/licences/${issued.identifier}`)).body).toMatchObject({ status: 'valid', contentHash: issued.contentHash });
    expect((await get(`/v1/licences/${voided.identifier}`)).body).toMatchObject({ status: 'voided' });
    await post(aCancellation(2, issued));
    expect((await get(`/v1/licences/${issued.identifier}`)).body).toMatchObject({ status: 'cancelled', items: 2 });
  });

  it.each([
    ['GET', '/'],
    ['GET', '/v1/items'],
    ['PUT', '/v1/items'],
    ['POST', '/v1/health'],
    ['GET', `/v1/licences/${identifierOf(4)}`],
    ['GET', '/v1/licences/..%2f..%2fetc'],
    ['GET', '/v1/faults'],
  ])('answers %s %s with 404 in JSON', async (method, where) => {
    expect(await get(where, method)).toEqual({ status: 404, body: { error: 'not found' } });
  });
});

describe('library.holdings', () => {
  it('are never changed or deleted, and outlive a restart with their receipts', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'library-'));
    const keys = makeLibraryKeys('Kept', 'training');
    const before = await openTestLibrary({ dir, keys });
    const first = receiptOf((await post(issued, {}, before)).body);
    await before.close();
    const db = new Sqlite(path.join(dir, 'library.db'));
    for (const statement of [
      'DELETE FROM item',
      "UPDATE item SET content_hash = 'x'",
      'DELETE FROM file',
      "UPDATE file SET bytes = x'00'",
    ]) {
      expect(() => db.exec(statement), statement).toThrow(/never/);
    }
    db.close();
    const after = await openTestLibrary({ dir, keys });
    expect(receiptOf((await post(issued, {}, after)).body)).toEqual({ ...first, repeat: true });
    expect(receiptOf((await post(voided, {}, after)).body).receiptId).toBe('R-20261130-000002');
    await after.close();
    rmSync(dir, { recursive: true });
  });
});

describe('npm run library', () => {
  const entry = path.resolve(import.meta.dirname, '../../electron/library/main.ts');
  const Hello = z.strictObject({ url: z.url(), name: z.string(), receiptKey: z.base64() });
  let dir: string;
  const children: ChildProcess[] = [];
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'library-'));
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    rmSync(dir, { recursive: true });
  });
  function start(...more: string[]) {
    const child = fork(entry, ['--dir', dir, ...more], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    children.push(child);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (part) => {
      stdout += part;
    });
    child.stderr?.on('data', (part) => {
      stderr += part;
    });
    return { child, exited: once(child, 'close'), out: () => stdout, err: () => stderr };
  }
  async function started(...more: string[]) {
    const run = start(...more);
    const [message] = await once(run.child, 'message');
    return { ...run, hello: Hello.parse(message) };
  }

  it('says where it is, answers, and closes cleanly on SIGTERM, keeping its key', async () => {
    const first = await started();
    expect(await (await fetch(`${first.hello.url}/v1/health`)).json()).toMatchObject({ ok: true, profile: 'training' });
    first.child.kill('SIGTERM');
    expect(await first.exited).toEqual([0, null]);
    expect(first.out()).toBe(`${first.hello.url}\n`);
    expect(statSync(path.join(dir, 'library.json')).mode & 0o077).toBe(0);
    expect(existsSync(path.join(dir, 'library.db-wal'))).toBe(false);

    const second = await started();
    expect(second.hello.receiptKey).toBe(first.hello.receiptKey);
    // Quirk (Node 24): a parent that disconnects is told of the exit, never of the close.
    const exited = once(second.child, 'exit');
    second.child.disconnect();
    expect(await exited).toEqual([0, null]);
  });

  it('refuses licences of issuers that issuers.json does not name, and takes the file', async () => {
    writeFileSync(path.join(dir, 'issuers.json'), JSON.stringify({ trustAnchors: [], issuers: { [ISSUER_CODE]: [CERTIFICATE] } }));
    const run = await started();
    const response = await fetch(`${run.hello.url}/v1/items`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(issued),
    });
    // The real verifier: these bytes are no sealed file.
    expect(RefusalReply.parse(await response.json())).toMatchObject({ code: 'SIGNATURE', reason: expect.stringContaining('NO_SIGNATURE') });
    expect(run.err()).toBe('');
  });

  it.each<[string, readonly string[]]>([
    ['a port that is none', ['--port', '70000']],
    ['an unknown switch', ['--fault', 'down']],
    ['an unknown profile', ['--profile', 'playing']],
  ])('ends with one clear message for %s', async (_name, more) => {
    const run = start(...more);
    expect((await run.exited)[0]).toBe(1);
    expect(run.err()).toMatch(/^The library did not start: /);
    expect(run.err()).not.toMatch(/\n\s+at /);
  });

  it('ends with one clear message when its library.json is broken, and does not replace it', async () => {
    writeFileSync(path.join(dir, 'library.json'), '{"name":1}');
    const run = start();
    expect((await run.exited)[0]).toBe(1);
    expect(run.err()).toContain('library.json');
    expect(readFileSync(path.join(dir, 'library.json'), 'utf8')).toBe('{"name":1}');
  });

  it('says when the port is taken', async () => {
    const first = await started();
    const run = start('--port', new URL(first.hello.url).port);
    expect((await run.exited)[0]).toBe(1);
    expect(run.err()).toContain('EADDRINUSE');
  });

  it('is not hurt by SIGKILL between two posts', async () => {
    const keysOf = async () => {
      const run = await started();
      return { ...run, library: { ...library, url: run.hello.url } };
    };
    const first = await keysOf();
    const receipt = receiptOf((await post(voided, {}, first.library)).body);
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await keysOf();
    const { status, body } = await post(voided, {}, second.library);
    expect(status).toBe(202);
    expect(receiptOf(body)).toEqual({ ...receipt, repeat: true });
    expect(receipt.receivedAt.slice(0, 10)).not.toBe(DAY);
  });
});
