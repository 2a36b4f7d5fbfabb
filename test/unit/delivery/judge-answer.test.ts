import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../../electron/contract/library.ts';
import { checkReceipt, readReceiptKey } from '../../../electron/station/delivery/check-receipt.ts';
import { type Answer, judgeAnswer } from '../../../electron/station/delivery/judge-answer.ts';
import { type LineFailure, retryTable, ruleForStatus } from '../../../electron/station/delivery/retry-table.ts';
import { hashOf, identifierOf, NOW, outboxId } from '../../support/outbox.ts';

const library = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const nowMs = Date.parse(NOW);
const sent = { itemId: outboxId(1), identifier: identifierOf(1), contentHash: hashOf(Buffer.from('file')) };
const receipt: Receipt = { ...sent, receiptId: 'R-20261130-000001', library: 'Test', receivedAt: NOW, repeat: false };
const signed = (value: unknown, key = library.privateKey) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { receipt: text, signature: sign(null, Buffer.from(text), key).toString('base64') };
};
const reply = (status: number, body: unknown, more: { contentType?: string; retryAfter?: string } = {}): Answer => ({
  kind: 'reply',
  status,
  contentType: more.contentType ?? 'application/json; charset=utf-8',
  retryAfter: more.retryAfter ?? null,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const judge = (answer: Answer) => judgeAnswer(answer, sent, library.publicKey, nowMs);
const refusal = { code: 'SIGNATURE', reason: 'bad seal', reasonZh: '印章无效' };
const portal = '<!doctype html><title>Log in</title>';

describe('delivery.retryTable, replies', () => {
  it.each([201, 202])('%i with a receipt that verifies is delivered', (status) => {
    const body = signed(receipt);
    expect(judge(reply(status, body))).toEqual({
      to: 'acknowledged',
      receipt: { receiptId: receipt.receiptId, text: body.receipt, signature: body.signature },
    });
  });

  // One line per row of the table whose outcome needs no body; a good receipt in the body must not help.
  it.each([
    [401, 'SYNC_UNAUTHORISED', 'refusedUs', 'line'],
    [403, 'SYNC_UNAUTHORISED', 'refusedUs', 'line'],
    [407, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [408, 'SYNC_TIMEOUT', 'busy', 'item'],
    [425, 'SYNC_BUSY', 'busy', 'item'],
    [429, 'SYNC_BUSY', 'busy', 'line'],
    [503, 'SYNC_BUSY', 'busy', 'line'],
    [511, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [200, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [203, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [204, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [301, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [302, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [307, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [308, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [500, 'SYNC_BUSY', 'busy', 'item'],
    [502, 'SYNC_BUSY', 'busy', 'item'],
    [504, 'SYNC_BUSY', 'busy', 'item'],
    [599, 'SYNC_BUSY', 'busy', 'item'],
    [101, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    [999, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
  ])('%i goes back to the queue as %s', (status, code, line, blame) => {
    for (const body of [signed(receipt), refusal, portal, '']) {
      expect(judge(reply(status, body))).toEqual({ to: 'queued', code, line, blame, retryAfterMs: null });
    }
  });

  it('has a row tested for every exact status it names', () => {
    expect(Object.keys(retryTable.status).map(Number)).toEqual([201, 202, 401, 403, 407, 408, 409, 425, 429, 503, 511]);
  });

  it.each([429, 503, 500, 408])('%i honours Retry-After', (status) => {
    expect(judge(reply(status, '', { retryAfter: '90' }))).toMatchObject({ to: 'queued', retryAfterMs: 90_000 });
  });

  it('409 with the words of the library is a conflict for a person', () => {
    const conflict = { ...refusal, code: 'CONFLICT' };
    expect(judge(reply(409, conflict))).toEqual({ to: 'refused', code: 'SYNC_CONFLICT', refusal: conflict });
  });

  it.each([400, 404, 410, 413, 415, 422, 451])('%i with the words of the library is a refusal for a person', (status) => {
    expect(judge(reply(status, refusal))).toEqual({ to: 'refused', code: 'SYNC_REFUSED', refusal });
  });

  it.each([400, 404, 409, 413, 422])('%i without the words of the library is a proxy: back to the queue', (status) => {
    const back = { to: 'queued', code: 'SYNC_NOT_THE_LIBRARY', line: 'notTheLibrary', blame: 'item', retryAfterMs: null };
    for (const body of [
      portal,
      '',
      '{}',
      { error: 'not found' },
      { ...refusal, code: 'OTHER' },
      { ...refusal, extra: 1 },
      JSON.stringify(refusal).slice(0, -1),
    ]) {
      expect(judge(reply(status, body))).toEqual(back);
    }
    expect(judge(reply(status, refusal, { contentType: 'text/html' }))).toEqual(back);
    expect(judge(reply(status, refusal, { contentType: '' }))).toEqual(back);
  });

  it('knows every status between 100 and 599, and calls only two of them a receipt', () => {
    const receipts = Array.from({ length: 500 }, (_, n) => n + 100).filter((status) => ruleForStatus(status).to === 'receipt');
    expect(receipts).toEqual([201, 202]);
  });
});

describe('delivery.retryTable, bodies of success', () => {
  it.each([
    ['HTML', reply(201, portal)],
    ['HTML that says it is JSON', reply(202, portal, { contentType: 'application/json' })],
    ['JSON that says it is HTML', reply(201, signed(receipt), { contentType: 'text/html' })],
    ['JSON of another kind by its name', reply(201, signed(receipt), { contentType: 'application/jsonp' })],
    ['nothing', reply(201, '')],
    ['half a reply', reply(201, JSON.stringify(signed(receipt)).slice(0, 300))],
    ['a bare receipt', reply(201, receipt)],
    ['a receipt with something else beside it', reply(201, { ...signed(receipt), more: true })],
    ['a signature that is no base64', reply(201, { ...signed(receipt), signature: '***' })],
  ])('%s is not the library', (_, answer) => {
    expect(judge(answer)).toMatchObject({ to: 'queued', code: 'SYNC_NOT_THE_LIBRARY' });
  });

  it.each([
    ['by a stranger', signed(receipt, stranger.privateKey)],
    ['over other bytes', { ...signed(receipt), receipt: JSON.stringify({ ...receipt, repeat: true }) }],
    ['with no signature at all', { ...signed(receipt), signature: '' }],
    ['that is too short', { ...signed(receipt), signature: 'AAAA' }],
    ['for another item', signed({ ...receipt, itemId: outboxId(2) })],
    ['for another identifier', signed({ ...receipt, identifier: identifierOf(2) })],
    ['for another hash', signed({ ...receipt, contentHash: '0'.repeat(64) })],
    ['over no receipt', signed('"delivered"')],
    ['over text that is no JSON', signed('delivered')],
    ['over a receipt with a field more', signed({ ...receipt, more: 1 })],
  ])('a receipt signed %s never delivers', (_, body) => {
    expect(judge(reply(201, body))).toEqual({
      to: 'queued',
      code: 'SYNC_RECEIPT_INVALID',
      line: 'notTheLibrary',
      blame: 'item',
      retryAfterMs: null,
    });
  });

  it('says which part of a receipt is wrong', () => {
    const check = (value: Receipt) => checkReceipt(signed(value), sent, library.publicKey);
    expect(check({ ...receipt, itemId: outboxId(2) })).toEqual({ ok: false, problem: 'itemId' });
    expect(check({ ...receipt, contentHash: 'a'.repeat(64) })).toEqual({ ok: false, problem: 'contentHash' });
    expect(check(receipt)).toEqual({ ok: true, receipt });
  });
});

describe('delivery.retryTable, the line', () => {
  it.each([
    ['unreachable', 'SYNC_OFFLINE', 'offline', 'line'],
    ['untrusted', 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'line'],
    ['timeout', 'SYNC_TIMEOUT', 'offline', 'item'],
    ['cut', 'SYNC_OFFLINE', 'offline', 'item'],
    ['tooLong', 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary', 'item'],
  ] as const satisfies readonly (readonly [LineFailure, string, string, string])[])(
    '%s goes back to the queue as %s',
    (failure, code, line, blame) => {
      expect(judge({ kind: 'failed', failure })).toEqual({ to: 'queued', code, line, blame, retryAfterMs: null });
    },
  );
});

describe('delivery.readReceiptKey', () => {
  it('takes only an Ed25519 key', () => {
    expect(readReceiptKey(library.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')).asymmetricKeyType).toBe('ed25519');
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    for (const bad of ['', 'AAAA', rsa]) expect(() => readReceiptKey(bad)).toThrow('PACKAGE_INVALID');
  });
});
