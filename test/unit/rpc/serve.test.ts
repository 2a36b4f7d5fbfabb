import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONTRACT_VERSION, call, defineContract } from '../../../electron/contract/define.ts';
import { ReplyFrame } from '../../../electron/rpc/frames.ts';
import { serve } from '../../../electron/rpc/serve.ts';
import { settle } from '../processes/fake-clock.ts';
import { echoRig, errorOf } from './rig.ts';

const request = { v: CONTRACT_VERSION, id: 7, group: 'echo', name: 'say', arg: { text: 'a' }, from: 'host' };

async function repliesTo(frame: unknown): Promise<readonly unknown[]> {
  const rig = echoRig();
  const replies: unknown[] = [];
  rig.clientPort.onMessage((reply) => replies.push(reply));
  rig.clientPort.post(frame);
  await settle();
  return replies;
}

describe('serve', () => {
  it('answers a call with its value, bytes included', async () => {
    const { connection } = echoRig();
    const value = await connection.call('echo', 'say', { text: '你好', bytes: Uint8Array.of(0, 255, 7) }, 'host');
    expect(value).toEqual({ text: '你好', bytes: Uint8Array.of(0, 255, 7), life: 1 });
  });

  it('names the place of a bad argument', async () => {
    const { say, logged } = echoRig();
    await expect(say('say', { text: 5 })).rejects.toMatchObject({
      code: 'RPC_BAD_INPUT',
      details: { path: 'text' },
      incident: 'incident-1',
    });
    expect(logged).toMatchObject([
      { level: 'error', event: 'rpc.bug', fields: { call: 'echo.say', path: 'text', incident: 'incident-1' } },
    ]);
  });

  it.each(['nothing', '__proto__', 'constructor', 'toString'])('does not know the call echo.%s', async (name) => {
    expect(await repliesTo({ ...request, name })).toMatchObject([{ id: 7, ok: false, error: { code: 'RPC_UNKNOWN_CALL' } }]);
    expect(await repliesTo({ ...request, group: name })).toMatchObject([{ id: 7, ok: false, error: { code: 'RPC_UNKNOWN_CALL' } }]);
    expect(await repliesTo({ ...request, group: '__proto__', name })).toMatchObject([{ ok: false, error: { code: 'RPC_UNKNOWN_CALL' } }]);
  });

  it('does not send a value that breaks the contract', async () => {
    const { say } = echoRig();
    await expect(say('wrongOutput', {})).rejects.toMatchObject({ code: 'RPC_BAD_OUTPUT', details: { path: 'count' } });
  });

  it.each(['a function', 'a date', 'detached bytes'])('does not send %s', async (what) => {
    const { say } = echoRig();
    await expect(say('unsendable', { what })).rejects.toMatchObject({ code: 'RPC_BAD_OUTPUT' });
  });

  it('lets only listed details of an error out', async () => {
    const { say } = echoRig();
    const error = await errorOf(say('fail', { how: 'PIN_INCORRECT' }));
    expect(error).toMatchObject({ code: 'PIN_INCORRECT', details: { triesLeft: '2' } });
    expect(error).not.toHaveProperty('details.notListed');
    expect(error).not.toHaveProperty('cause');
  });

  it('turns a foreign error into an incident without its message', async () => {
    const { say, logged } = echoRig();
    await expect(say('fail', { how: 'foreign' })).rejects.toMatchObject({ code: 'INTERNAL', incident: 'incident-1' });
    expect(logged[0]).toMatchObject({ level: 'error', fields: { incident: 'incident-1', code: 'INTERNAL' } });
    expect(String(logged[0]?.fields.stack)).toContain('echo-handlers.ts');
    expect(JSON.stringify(logged)).not.toContain('张三');
  });

  it('survives a handler that throws undefined', async () => {
    const { say } = echoRig();
    await expect(say('fail', { how: 'nothing' })).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(say('say', { text: 'on' })).resolves.toMatchObject({ text: 'on' });
  });

  it('reports a code the call does not list', async () => {
    const { say, unexpected } = echoRig();
    await expect(say('fail', { how: 'LICENCE_NOT_FOUND' })).rejects.toMatchObject({ code: 'LICENCE_NOT_FOUND' });
    expect(unexpected).toEqual([{ call: 'echo.fail', code: 'LICENCE_NOT_FOUND' }]);
  });

  it.each(['PIN_INCORRECT', 'DISK_FULL', 'STATE_CONFLICT', 'TOKEN_DRIVER_FAULT', 'HASH_CHANGED'])(
    'expects %s without a report',
    async (how) => {
      const { say, unexpected } = echoRig();
      await expect(say('fail', { how })).rejects.toMatchObject({ code: how });
      expect(unexpected).toEqual([]);
    },
  );

  it('never logs a secret, nor any value', async () => {
    const { say, logged } = echoRig();
    await errorOf(say('unlock', { pin: Uint8Array.from([49, 50, 51, 52]), note: 'the holder is 张三' }));
    await errorOf(say('unlock', { pin: '1234', note: 5 }));
    await errorOf(say('unlock', '1234'));
    expect(logged.map(({ fields }) => fields.arg)).toEqual([
      '{pin: [secret], note: string(14)}'.replace('14', String('the holder is 张三'.length)),
      '{pin: [secret], note: number}',
      '[secret]',
    ]);
    expect(JSON.stringify(logged)).not.toMatch(/1234|张三|49,50/);
  });

  it('refuses by roles before it looks at the argument', async () => {
    const { connection, say } = echoRig();
    await expect(connection.call('echo', 'say', { wrong: true }, 'window')).rejects.toMatchObject({
      code: 'ROLE_NOT_ALLOWED',
      details: { needs: 'host' },
    });
    await expect(say('forClerks', {})).rejects.toMatchObject({ code: 'ROLE_NOT_ALLOWED', details: { needs: 'clerk reviewer' } });
    await expect(connection.call('echo', 'forAnyone', {}, 'window')).resolves.toEqual({});
  });

  it('gives a frame that does not say its origin the lesser rights', async () => {
    const { from, ...withoutOrigin } = request;
    expect(from).toBe('host');
    expect(await repliesTo(withoutOrigin)).toMatchObject([{ ok: false, error: { code: 'ROLE_NOT_ALLOWED' } }]);
  });

  it('refuses another contract version', async () => {
    expect(await repliesTo({ ...request, v: 99 })).toMatchObject([
      { id: 7, ok: false, error: { code: 'CONTRACT_MISMATCH', details: { expected: CONTRACT_VERSION, got: 99 } } },
    ]);
  });

  it('answers a broken request that has an id, and ignores the rest', async () => {
    expect(await repliesTo({ ...request, group: 5 })).toMatchObject([{ id: 7, ok: false, error: { code: 'RPC_BAD_INPUT' } }]);
    expect(await repliesTo({ ...request, extra: 1 })).toMatchObject([{ id: 7, ok: false, error: { code: 'RPC_BAD_INPUT' } }]);
    for (const frame of [null, 5, 'x', [], {}, { id: -1 }, { id: 1.5 }, { id: 'a' }, { id: 3, ok: true, value: 1 }]) {
      expect(await repliesTo(frame)).toEqual([]);
    }
  });

  it('logs a handler that took long', async () => {
    const slow = echoRig({ msPerLook: 150 });
    await slow.say('say', { text: 'a' });
    expect(slow.logged).toEqual([{ level: 'info', event: 'rpc.slow', fields: { call: 'echo.say', milliseconds: 150 } }]);
    const quick = echoRig({ msPerLook: 10 });
    await quick.say('say', { text: 'a' });
    expect(quick.logged).toEqual([]);
  });

  it('sends events, and not those that break the contract', async () => {
    const { connection, server, logged } = echoRig();
    const heard: unknown[] = [];
    connection.on('changed', (payload) => heard.push(payload));
    server.emit('changed', { revision: 3 });
    server.emit('changed', { revision: 0.5 });
    await settle();
    expect(heard).toEqual([{ revision: 3 }]);
    expect(logged).toMatchObject([{ level: 'error', event: 'rpc.badEvent' }]);
  });

  it('drops the result of a call under way when it is closed', async () => {
    const { clientPort, serverPort } = echoRig();
    let finish: (value: object) => void = () => undefined;
    const contract = defineContract({
      groups: { g: { wait: call({ input: z.unknown(), output: z.unknown(), roles: 'anyone' }) } },
      events: {},
    });
    const handlers = { g: { wait: () => new Promise((resolve) => (finish = resolve)) } };
    const options = { callerOf: () => null, authorise: () => undefined, log: () => undefined, newIncident: () => 'i', nowMs: () => 0 };
    const server = serve(contract, handlers, serverPort, options);
    const replies: unknown[] = [];
    clientPort.onMessage((frame) => replies.push(ReplyFrame.parse(frame).ok));
    clientPort.post({ ...request, id: 8, group: 'g', name: 'wait' });
    await settle();
    server.close();
    finish({});
    await settle();
    // The one reply is the echo server's, on the same port: it does not know the group.
    expect(replies).toEqual([false]);
  });

  it('lives through any frame, and answers each request that has an id', async () => {
    const rig = echoRig();
    const answered = new Set<number>();
    rig.clientPort.onMessage((frame) => {
      const reply = ReplyFrame.safeParse(frame);
      if (reply.success) answered.add(reply.data.id);
    });
    const junk = fc.anything({
      withTypedArray: true,
      withDate: true,
      withMap: true,
      withBigInt: true,
      withSparseArray: true,
      withNullPrototype: true,
    });
    const nearly = fc.record(
      {
        v: fc.oneof(fc.constant(CONTRACT_VERSION), junk),
        id: fc.oneof(fc.integer({ min: 1 }), junk),
        group: fc.oneof(fc.constantFrom('echo', '__proto__'), junk),
        name: fc.oneof(fc.constantFrom('say', 'fail', 'unlock', 'wrongOutput', 'unsendable', 'forClerks', 'constructor'), junk),
        arg: fc.oneof(fc.record({ text: fc.string() }), fc.record({ how: fc.constantFrom('foreign', 'nothing', 'PIN_LOCKED') }), junk),
        from: fc.oneof(fc.constantFrom('host', 'window'), junk),
      },
      { requiredKeys: [] },
    );
    let lastId = 1_000_000;
    await fc.assert(
      fc.asyncProperty(fc.oneof(junk, nearly), async (frame) => {
        rig.clientPort.post(frame);
        lastId += 1;
        rig.clientPort.post({ ...request, id: lastId });
        await settle();
        expect(answered.has(lastId)).toBe(true);
        if (hasUsableId(frame)) expect(answered.has(frame.id)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function hasUsableId(frame: unknown): frame is { readonly id: number } {
  return (
    typeof frame === 'object' &&
    frame !== null &&
    'id' in frame &&
    !('ok' in frame) &&
    Number.isSafeInteger(frame.id) &&
    Number(frame.id) > 0
  );
}
