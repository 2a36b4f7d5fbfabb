import { X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ReceiptReply } from '../../electron/contract/library.ts';
import { StationError } from '../../electron/contract/station-error.ts';
import { PersonId } from '../../electron/contract/values.ts';
import { type Fault, jsonReply, replyBytes } from '../../electron/library/faults.ts';
import { createHttpClient, REPLY_LIMIT_BYTES } from '../../electron/station/delivery/http-client.ts';
import { inTransaction } from '../../electron/station/store/database.ts';
import { claimNext, closeByPerson, retryByPerson } from '../../electron/station/store/queries/outbox.ts';
import {
  CERTIFICATE,
  type Delivery,
  type DeliveryTestOptions,
  openDelivery,
  openTestLibrary,
  type TestLibrary,
} from '../support/delivery.ts';
import { aCancellation, addIssued, addLicence, anIssuedItem, enqueueItem, fileOf, identifierOf, NOW, outboxId } from '../support/outbox.ts';
import { aSigner } from '../support/sealed-sample.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
async function aDelivery(options: DeliveryTestOptions = {}): Promise<Delivery> {
  const delivery = await openDelivery(options);
  open.push(delivery);
  return delivery;
}
async function aLibrary(): Promise<TestLibrary> {
  const library = await openTestLibrary();
  open.push(library);
  return library;
}
async function aServer(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('delivery over a bad line', () => {
  it.each<[string, Fault, string, string]>([
    ['nobody listens', { kind: 'down' }, 'SYNC_OFFLINE', 'offline'],
    ['the reply is lost after it was applied', { kind: 'dropReply' }, 'SYNC_OFFLINE', 'offline'],
    ['the reply is cut in its head', { kind: 'cutReply', afterBytes: 20 }, 'SYNC_OFFLINE', 'offline'],
    ['the reply is cut in its body', { kind: 'cutReply', afterBytes: 300 }, 'SYNC_OFFLINE', 'offline'],
    ['the library is busy', { kind: 'busy', retryAfterSeconds: null }, 'SYNC_BUSY', 'busy'],
    ['a captive portal answers 200', { kind: 'captivePortal' }, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary'],
    ['a redirect answers', { kind: 'redirect', to: 'http://127.0.0.1:9/' }, 'SYNC_NOT_THE_LIBRARY', 'notTheLibrary'],
    ['the receipt is signed by somebody else', { kind: 'wrongReceiptKey' }, 'SYNC_RECEIPT_INVALID', 'notTheLibrary'],
    ['the receipt names another hash', { kind: 'wrongReceiptHash' }, 'SYNC_RECEIPT_INVALID', 'notTheLibrary'],
  ])('when %s: keeps the item, and delivers it once when the library is back', async (_name, fault, problem, line) => {
    const delivery = await aDelivery();
    const items = [1, 2, 3].map((n) => addIssued(delivery.station, n));
    await delivery.library.setFault(fault);
    delivery.worker.start();
    await delivery.until(
      'three failures',
      () => items.reduce((sum, { itemId }) => sum + delivery.item(itemId).attempts, 0) >= 4 && delivery.count('sending') === 0,
    );
    expect(delivery.count('acknowledged')).toBe(0);
    expect(delivery.item(items[0]?.itemId ?? '').problem).toBe(problem);
    expect(delivery.worker.state()).toMatchObject({ line, sending: null, lastDeliveredAt: null });
    expect(delivery.worker.state().nextAttemptAt).not.toBeNull();

    await delivery.library.setFault(null);
    delivery.worker.kick('person');
    await delivery.until('all delivered', () => delivery.count('acknowledged') === 3);
    expect(items.map((item) => delivery.isDeliveredOnce(item))).toEqual([true, true, true]);
    expect(delivery.library.holdings()).toHaveLength(3);
    expect(delivery.worker.state().line).toBe('online');
    expect(delivery.faults).toEqual([]);
  });

  it('comes back by itself, with nobody clicking', async () => {
    const delivery = await aDelivery();
    const item = addIssued(delivery.station, 1);
    await delivery.library.setFault({ kind: 'dropReply' }, 4);
    delivery.worker.start();
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
    expect(delivery.item(item.itemId).attempts).toBe(5);
    expect(delivery.library.holdings()).toHaveLength(1);
  });

  it('calls a reply that does not come a time-out, and the repeat is harmless', async () => {
    const delivery = await aDelivery({ send: (url) => createHttpClient({ url, timeoutMs: () => 60 }) });
    const item = addIssued(delivery.station, 1);
    await delivery.library.setFault({ kind: 'delay', ms: 300 }, 1);
    delivery.worker.start();
    await delivery.until('a time-out', () => delivery.item(item.itemId).problem === 'SYNC_TIMEOUT');
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
    expect(delivery.library.postCount()).toBeGreaterThan(1);
    expect(delivery.item(item.itemId).problem).toBeNull();
  });

  it('waits as long as Retry-After asks, also when new items come, but not against a person', async () => {
    const delivery = await aDelivery();
    const item = addIssued(delivery.station, 1);
    await delivery.library.setFault({ kind: 'busy', retryAfterSeconds: 3_600 }, 1);
    delivery.worker.start();
    await delivery.until('busy', () => delivery.worker.state().line === 'busy' && delivery.worker.state().nextAttemptAt !== null);
    const waitMs = Date.parse(delivery.worker.state().nextAttemptAt ?? '') - delivery.clock.nowMs();
    expect(waitMs).toBeGreaterThan(3_500_000);
    addIssued(delivery.station, 2);
    delivery.worker.kick('newItem');
    expect(delivery.item(item.itemId).attempts).toBe(1);
    delivery.worker.kick('person');
    await delivery.until('both delivered', () => delivery.count('acknowledged') === 2);
  });

  it('follows no redirect, to no host', async () => {
    const other = await aLibrary();
    const delivery = await aDelivery();
    const item = addIssued(delivery.station, 1);
    await delivery.library.setFault({ kind: 'redirect', to: `${other.url}/v1/items` });
    delivery.worker.start();
    await delivery.until('three tries', () => delivery.item(item.itemId).attempts >= 3);
    expect(other.postCount()).toBe(0);
    expect(other.holdings()).toEqual([]);
  });

  it('does not believe a stranger who answers 201 with its own receipt', async () => {
    const stranger = await aLibrary();
    const delivery = await aDelivery({ send: () => createHttpClient({ url: stranger.url }) });
    const item = addIssued(delivery.station, 1);
    delivery.worker.start();
    await delivery.until('three tries', () => delivery.item(item.itemId).attempts >= 3);
    expect(delivery.item(item.itemId).problem).toBe('SYNC_RECEIPT_INVALID');
    expect(delivery.count('acknowledged')).toBe(0);
  });

  it('does not talk to a host whose TLS certificate nobody vouches for', async () => {
    const { root, rootKey } = aSigner();
    const cert = new X509Certificate(root).toString();
    const address = await aServer(
      createTlsServer({ key: rootKey.export({ type: 'pkcs8', format: 'pem' }), cert }, (_request, response) => response.end('{}')),
    );
    const url = address.replace('http:', 'https:');
    const answer = await createHttpClient({ url })({ itemId: outboxId(1), body: Buffer.from('{}') }, new AbortController().signal);
    expect(answer).toEqual({ kind: 'failed', failure: 'untrusted' });
  });

  it('reads no more of a reply than 64 KB', async () => {
    const url = await aServer(
      createServer((_request, response) =>
        response.writeHead(201, { 'content-type': 'application/json' }).end('x'.repeat(REPLY_LIMIT_BYTES + 1)),
      ),
    );
    const answer = await createHttpClient({ url })({ itemId: outboxId(1), body: Buffer.from('{}') }, new AbortController().signal);
    expect(answer).toEqual({ kind: 'failed', failure: 'tooLong' });
  });

  it.each(['', 'rubbish\r\n\r\n', 'HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{', 'HTTP/1.1 \r\n\r\n'])(
    'calls %j from a broken server a cut line',
    async (bytes) => {
      const url = await aServer(
        createTcpServer((socket) => socket.once('data', () => socket.end(bytes)).on('error', () => socket.destroy())),
      );
      const answer = await createHttpClient({ url })({ itemId: outboxId(1), body: Buffer.from('{}') }, new AbortController().signal);
      expect(answer).toEqual({ kind: 'failed', failure: 'cut' });
    },
  );

  it('tells an address that cannot be reached from a cut line', async () => {
    const answer = await createHttpClient({ url: 'http://library.invalid/' })(
      { itemId: outboxId(1), body: Buffer.from('{}') },
      new AbortController().signal,
    );
    expect(answer).toEqual({ kind: 'failed', failure: 'unreachable' });
  });
});

describe('delivery with the reply cut at every place', () => {
  it('ends with one copy and one valid receipt for each', { timeout: 120_000 }, async () => {
    const delivery = await aDelivery({ fraction: 0 });
    const sample = addIssued(delivery.station, 1);
    delivery.worker.start();
    await delivery.until('the sample', () => delivery.isDeliveredOnce(sample));
    const { receipt, receiptSignature } = delivery.item(sample.itemId);
    const bytes = Buffer.from(replyBytes(jsonReply(201, ReceiptReply.parse({ receipt, signature: receiptSignature }))));
    const headBytes = bytes.indexOf('\r\n\r\n') + 4;
    const places = [...Array(headBytes + 1).keys()];
    for (let at = headBytes + 1; at < bytes.length; at += 5) places.push(at);
    places.push(bytes.length - 1);
    expect(places.length).toBeGreaterThanOrEqual(200);

    for (const [index, afterBytes] of places.entries()) {
      const posts = delivery.library.postCount();
      await delivery.library.setFault({ kind: 'cutReply', afterBytes }, 1);
      const item = addIssued(delivery.station, index + 2);
      delivery.worker.kick('person');
      await delivery.until(`cut at ${afterBytes}`, () => delivery.item(item.itemId).state === 'acknowledged');
      expect(delivery.isDeliveredOnce(item), `cut at ${afterBytes}`).toBe(true);
      expect(delivery.library.postCount() - posts, `cut at ${afterBytes}`).toBe(2);
    }
    expect(delivery.library.holdings()).toHaveLength(places.length + 1);
    console.info(`delivery: reply of ${bytes.length} bytes cut at ${places.length} places`);
  });
});

describe('delivery.order', () => {
  it('delivers issue, cancellation and the version issued anew in this order, over a bad line', async () => {
    const delivery = await aDelivery();
    const { station } = delivery;
    const issued = anIssuedItem(1, fileOf(1));
    const cancelled = aCancellation(2, issued);
    const anew = anIssuedItem(3, fileOf(3), { sequence: 3, identifier: identifierOf(1, 2), replaces: identifierOf(1) });
    const licence = addLicence(station.db, 1);
    enqueueItem(station, licence, issued, { statutoryDay: '2026-11-30' });
    enqueueItem(station, licence, cancelled, { statutoryDay: '2026-11-29' });
    enqueueItem(station, addLicence(station.db, 3, { replaces: 1 }), anew, { statutoryDay: '2026-11-01' });
    await delivery.library.setFault({ kind: 'dropReply' }, 1);
    delivery.worker.start();
    await delivery.until('all three', () => delivery.count('acknowledged') === 3);
    expect(delivery.library.holdings().map(({ itemId }) => itemId)).toEqual([issued.itemId, cancelled.itemId, anew.itemId]);
    const answer = await fetch(`${delivery.library.url}/v1/licences/${issued.identifier}`);
    expect(await answer.json()).toEqual({ identifier: issued.identifier, status: 'cancelled', contentHash: issued.contentHash, items: 2 });
  });

  it('lets a refused item block its own licence only, until a person closes it or sends it again', async () => {
    let isBad = true;
    const bad = fileOf(1);
    const delivery = await aDelivery({
      judgeDocument: (file) =>
        isBad && Buffer.from(file).equals(bad)
          ? { valid: false, findings: ['CONTENT_ALTERED'] }
          : { valid: true, certificateHashes: [CERTIFICATE] },
    });
    const { station } = delivery;
    const refused = anIssuedItem(1, bad);
    const licence = addLicence(station.db, 1);
    enqueueItem(station, licence, refused);
    const cancelled = aCancellation(2, refused);
    enqueueItem(station, licence, cancelled);
    const others = [3, 4].map((n) => addIssued(station, n));
    delivery.worker.start();
    await delivery.until('the others', () => delivery.count('acknowledged') === 2);
    expect(others.map((item) => delivery.isDeliveredOnce(item))).toEqual([true, true]);
    expect(delivery.item(refused.itemId)).toMatchObject({ state: 'refused', problem: 'SYNC_REFUSED', attempts: 1 });
    expect(delivery.item(cancelled.itemId)).toMatchObject({ state: 'queued', attempts: 0 });
    expect(delivery.worker.state()).toMatchObject({ line: 'online', nextAttemptAt: null });

    isBad = false;
    inTransaction(station.db, (w) => retryByPerson(w, outboxId(1), NOW));
    delivery.worker.kick('person');
    await delivery.until('mended', () => delivery.count('acknowledged') === 4);
    expect(delivery.isDeliveredOnce(refused) && delivery.isDeliveredOnce(cancelled)).toBe(true);
  });

  it('calls other content under the same name a conflict, and never delivered', async () => {
    const delivery = await aDelivery();
    const item = addIssued(delivery.station, 1);
    const twin = anIssuedItem(2, fileOf(2), { identifier: item.identifier });
    enqueueItem(delivery.station, addLicence(delivery.station.db, 2), twin);
    delivery.worker.start();
    await delivery.until('a conflict', () => delivery.count('refused') === 1 && delivery.count('acknowledged') === 1);
    expect(delivery.item(twin.itemId).problem).toBe('SYNC_CONFLICT');
    expect(delivery.library.holdings().map(({ itemId }) => itemId)).toEqual([item.itemId]);
  });

  it('sets poison aside and lets the rest flow', async () => {
    const delivery = await aDelivery();
    const { station } = delivery;
    addIssued(station, 1, { payload: '{"kind":"licence.issued"' });
    const lost = addIssued(station, 2);
    station.documents.drop([lost.contentHash]);
    const good = addIssued(station, 3);
    delivery.worker.start();
    await delivery.until('the good one', () => delivery.isDeliveredOnce(good));
    expect(delivery.item(outboxId(1))).toMatchObject({ state: 'quarantined', problem: 'ITEM_UNREADABLE' });
    expect(delivery.item(outboxId(2))).toMatchObject({ state: 'quarantined', problem: 'ITEM_FILE_MISSING' });
    expect(delivery.library.postCount()).toBe(1);
    inTransaction(station.db, (w) => closeByPerson(w, outboxId(1), PersonId.parse('operator'), '已查明'));
    expect(delivery.count('closed')).toBe(1);
  });
});

describe('delivery.worker', () => {
  it('takes back what a killed worker left in sending, and the library has it once', async () => {
    const delivery = await aDelivery();
    const item = addIssued(delivery.station, 1);
    // As a process that was killed after the library applied the item: claimed, sent, never settled.
    inTransaction(delivery.station.db, (w) => claimNext(w, NOW, () => '2027-01-01T00:00:00.000Z'));
    const body = Buffer.from(JSON.stringify(item));
    await createHttpClient({ url: delivery.library.url })({ itemId: item.itemId, body }, new AbortController().signal);
    expect(delivery.item(item.itemId).state).toBe('sending');
    delivery.worker.start();
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
    expect(delivery.library.postCount()).toBe(2);
    expect(JSON.parse(delivery.item(item.itemId).receipt ?? '')).toMatchObject({ repeat: true, receiptId: 'R-20261130-000001' });
  });

  it('goes on after the store could not take a receipt: the lease runs out, the item goes again', async () => {
    let failures = 1;
    const delivery = await aDelivery({
      store: (store) => ({
        ...store,
        acknowledge(...all) {
          if (failures-- > 0) throw new StationError('DISK_FULL');
          store.acknowledge(...all);
        },
      }),
    });
    const item = addIssued(delivery.station, 1);
    delivery.worker.start();
    await delivery.until('the fault', () => delivery.faults.length === 1);
    expect(delivery.item(item.itemId).state).toBe('sending');
    delivery.clock.skip(3_600_000);
    delivery.worker.kick('person');
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
    expect(delivery.library.holdings()).toHaveLength(1);
  });

  it('never lets two workers claim one item', async () => {
    const delivery = await aDelivery();
    const items = Array.from({ length: 100 }, (_, n) => addIssued(delivery.station, n + 1));
    const second = delivery.anotherWorker();
    delivery.worker.start();
    second.start();
    await delivery.until('all', () => delivery.count('acknowledged') === items.length);
    expect(delivery.library.postCount()).toBe(items.length);
    expect(items.every((item) => delivery.item(item.itemId).attempts === 1 && delivery.isDeliveredOnce(item))).toBe(true);
    const claims = delivery.changes.filter((change) => change.what === 'item' && change.state === 'sending');
    expect(claims).toHaveLength(items.length);
    expect(delivery.faults).toEqual([]);
  });

  it('stops after the item in flight', async () => {
    const delivery = await aDelivery();
    const [first] = [1, 2].map((n) => addIssued(delivery.station, n));
    await delivery.library.setFault({ kind: 'delay', ms: 150 });
    delivery.worker.start();
    await delivery.until('in flight', () => delivery.count('sending') === 1);
    await delivery.worker.stop();
    expect(first && delivery.isDeliveredOnce(first)).toBe(true);
    expect(delivery.count('queued')).toBe(1);
    expect(delivery.count('sending')).toBe(0);
  });

  it('abandons the item in flight when told to: back in the queue, delivered once by the next run', async () => {
    const delivery = await aDelivery();
    const item = addIssued(delivery.station, 1);
    await delivery.library.setFault({ kind: 'delay', ms: 60_000 }, 1);
    delivery.worker.start();
    await delivery.until('applied', () => delivery.library.holdings().length === 1);
    await delivery.worker.stop(AbortSignal.abort());
    expect(delivery.item(item.itemId)).toMatchObject({ state: 'queued', problem: null });
    const next = delivery.anotherWorker();
    next.start();
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
  });

  it('stops at once while it waits, and before it was ever started', async () => {
    const delivery = await aDelivery();
    await delivery.anotherWorker().stop();
    delivery.worker.start();
    await delivery.worker.stop();
    addIssued(delivery.station, 1);
    delivery.worker.kick('person');
    expect(delivery.count('queued')).toBe(1);
  });

  it('begins nothing while paused', async () => {
    const delivery = await aDelivery();
    delivery.worker.pause(true);
    delivery.worker.start();
    const item = addIssued(delivery.station, 1);
    delivery.worker.kick('newItem');
    delivery.worker.kick('person');
    expect(delivery.worker.state()).toMatchObject({ paused: true, nextAttemptAt: null, line: 'unknown' });
    const paused = delivery.library.postCount();
    delivery.worker.pause(false);
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
    expect(paused).toBe(0);
    expect(delivery.worker.state().lastDeliveredAt).not.toBeNull();
  });

  it('goes on when the clock was set back by a year', async () => {
    const delivery = await aDelivery({ fraction: 0.9 });
    const item = addIssued(delivery.station, 1);
    await delivery.library.setFault({ kind: 'dropReply' }, 1);
    delivery.worker.start();
    await delivery.until('a failure', () => delivery.item(item.itemId).problem !== null);
    await delivery.worker.stop();
    delivery.clock.skip(-365 * 86_400_000);
    delivery.anotherWorker().start();
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
  });

  it('remembers over a restart when it last delivered', async () => {
    const delivery = await aDelivery();
    const item = addIssued(delivery.station, 1);
    delivery.worker.start();
    await delivery.until('delivered', () => delivery.isDeliveredOnce(item));
    const { lastDeliveredAt } = delivery.worker.state();
    const next = delivery.anotherWorker();
    next.start();
    expect(next.state().lastDeliveredAt).toBe(lastDeliveredAt);
  });

  it('drains 500 items', async () => {
    const delivery = await aDelivery();
    const items = Array.from({ length: 500 }, (_, n) => addIssued(delivery.station, n + 1, { sizeBytes: 100_000 }));
    const started = performance.now();
    delivery.worker.start();
    await delivery.until('all', () => delivery.count('acknowledged') === items.length);
    const seconds = (performance.now() - started) / 1_000;
    expect(items.every((item) => delivery.isDeliveredOnce(item))).toBe(true);
    expect(delivery.library.postCount()).toBe(500);
    console.info(
      `delivery: 500 items of 100 kB in ${seconds.toFixed(1)} s, ${(500 / seconds).toFixed(0)} items/s (station and library in one process)`,
    );
  });
});
