import { describe, expect, it } from 'vitest';
import { LicenceIssuedItem } from '../../../electron/contract/library.ts';
import type { ClaimedItem } from '../../../electron/station/delivery/outbox-store.ts';
import { buildWireBody, FILE_LIMIT_BYTES } from '../../../electron/station/delivery/wire.ts';
import { aCancellation, anIssuedItem, fileOf, hashOf, licenceId, outboxId } from '../../support/outbox.ts';

const file = fileOf(1);
const issued = anIssuedItem(1, file);
const { file: _, ...withoutFile } = issued;
const claimed = (changes: Partial<ClaimedItem> = {}): ClaimedItem => ({
  id: outboxId(1),
  attempts: 1,
  versionId: licenceId(1),
  sequence: 1,
  kind: 'licence.issued',
  payloadVersion: 1,
  payload: JSON.stringify(withoutFile),
  documentHash: issued.contentHash,
  contentHash: issued.contentHash,
  sizeBytes: 1_000,
  ...changes,
});
const text = (body: Uint8Array) => Buffer.from(body).toString('utf8');

describe('delivery.buildWireBody', () => {
  it('puts the file into the frozen payload and changes nothing else', () => {
    const wire = buildWireBody(claimed(), () => file);
    if (!wire.ok) throw new Error(wire.problem);
    expect(LicenceIssuedItem.parse(JSON.parse(text(wire.body)))).toEqual(issued);
    expect(text(wire.body).startsWith(claimed().payload.slice(0, -1))).toBe(true);
    expect(wire.sent).toEqual({ itemId: issued.itemId, identifier: issued.identifier, contentHash: issued.contentHash });
  });

  it('makes the same bytes every time', () => {
    const bodies = [1, 2].map(() => buildWireBody(claimed(), () => file));
    expect(bodies[0]).toEqual(bodies[1]);
  });

  it('sends a payload without file byte by byte', () => {
    const cancelled = aCancellation(2, issued);
    const payload = ` ${JSON.stringify(cancelled, null, 1)}\n`;
    const item = claimed({ id: outboxId(2), kind: 'licence.status', sequence: 2, payload, documentHash: null });
    const wire = buildWireBody(item, () => {
      throw new Error('no file is asked for');
    });
    expect(wire.ok && text(wire.body)).toBe(payload);
  });

  it.each([
    ['no JSON', '{'],
    ['empty', ''],
    ['another form', '{"kind":"licence.issued"}'],
    ['an unknown kind', JSON.stringify({ ...withoutFile, kind: 'licence.pledged' })],
    ['a file inside already', JSON.stringify(issued)],
    ['another item', JSON.stringify({ ...withoutFile, itemId: outboxId(9) })],
    ['another place in the order', JSON.stringify({ ...withoutFile, sequence: 2 })],
    ['another hash', JSON.stringify({ ...withoutFile, contentHash: '0'.repeat(64) })],
  ])('sets a payload aside that is %s', (_name, payload) => {
    expect(buildWireBody(claimed({ payload }), () => file)).toEqual({ ok: false, problem: 'ITEM_UNREADABLE' });
  });

  it('sets an item aside whose file is gone, is another, or is too large', () => {
    expect(buildWireBody(claimed(), () => null)).toEqual({ ok: false, problem: 'ITEM_FILE_MISSING' });
    expect(buildWireBody(claimed({ documentHash: null }), () => file)).toEqual({ ok: false, problem: 'ITEM_FILE_MISSING' });
    expect(buildWireBody(claimed(), () => fileOf(2))).toEqual({ ok: false, problem: 'ITEM_FILE_MISSING' });
    const large = new Uint8Array(FILE_LIMIT_BYTES + 1);
    expect(buildWireBody(claimed(), () => large)).toEqual({ ok: false, problem: 'ITEM_TOO_LARGE' });
  });

  it('sends a file of exactly 50 MB', () => {
    const large = new Uint8Array(FILE_LIMIT_BYTES);
    const contentHash = hashOf(large);
    const payload = JSON.stringify({ ...withoutFile, contentHash });
    const wire = buildWireBody(claimed({ payload, contentHash, documentHash: contentHash }), () => large);
    expect(wire.ok && wire.body.length).toBeGreaterThan(FILE_LIMIT_BYTES);
  });
});
