import { describe, expect, it } from 'vitest';
import { StationError } from '../../../electron/contract/station-error.ts';
import { connect } from '../../../electron/rpc/connect.ts';
import { memoryPorts } from '../../../electron/rpc/ports/memory.ts';
import { windowPort } from '../../../electron/rpc/ports/window.ts';
import { splitPort } from '../../../electron/rpc/side-port.ts';
import { echoContract } from '../../process/rpc-children/echo.contract.ts';
import { FakeClock, settle } from '../processes/fake-clock.ts';
import { echoRig, errorOf } from './rig.ts';

/** A client whose other end is the test itself. */
function bare() {
  const clock = new FakeClock();
  const [clientPort, peer] = memoryPorts();
  const sent: unknown[] = [];
  peer.onMessage((frame) => sent.push(frame));
  return { clock, clientPort, peer, sent, connection: connect(echoContract, clientPort, { timers: clock }) };
}

describe('connect', () => {
  it('counts ids up from one', async () => {
    const { connection, sent, clock } = bare();
    const calls = [connection.client.echo.say({ text: 'a' }), connection.client.echo.forAnyone({})].map(errorOf);
    await settle();
    expect(sent).toMatchObject([
      { id: 1, group: 'echo', name: 'say', arg: { text: 'a' } },
      { id: 2, name: 'forAnyone' },
    ]);
    await clock.pass(60_000);
    await Promise.all(calls);
  });

  it('claims no more than a window by itself', async () => {
    const { connection, sent } = bare();
    void errorOf(connection.client.echo.say({ text: 'a' }));
    await settle();
    expect(sent).toMatchObject([{ from: 'window' }]);
  });

  it('ends each call at its own deadline', async () => {
    const { connection, clock } = bare();
    const ended: string[] = [];
    for (const name of ['hang', 'say'] as const) {
      void errorOf(connection.call('echo', name, {})).then((error) => ended.push(`${name} ${(error as StationError).code}`));
    }
    await clock.pass(399);
    expect(ended).toEqual([]);
    await clock.pass(1);
    expect(ended).toEqual(['hang CALL_TIMEOUT']);
    await clock.pass(1_600);
    expect(ended).toEqual(['hang CALL_TIMEOUT', 'say CALL_TIMEOUT']);
  });

  it('keeps no deadline where another keeps it', async () => {
    const rig = echoRig({ deadlines: 'none' });
    void rig.say('hang', { wrong: true }).catch(() => undefined);
    expect(rig.clock.waiting).toBe(0);
  });

  it('ignores a reply that comes after the deadline, and leaves no timer behind one in time', async () => {
    const { connection, clock, peer } = bare();
    const late = errorOf(connection.client.echo.hang({}));
    await clock.pass(400);
    expect(await late).toMatchObject({ code: 'CALL_TIMEOUT', details: { call: 'echo.hang' } });
    peer.post({ id: 1, ok: true, value: {} });
    const inTime = connection.client.echo.forAnyone({});
    peer.post({ id: 2, ok: true, value: {} });
    await expect(inTime).resolves.toEqual({});
    expect(clock.waiting).toBe(0);
  });

  it('ends all calls when the port closes, and every later one', async () => {
    const { connection, peer } = bare();
    const calls = [errorOf(connection.client.echo.say({ text: 'a' })), errorOf(connection.client.echo.forAnyone({}))];
    peer.close();
    await connection.closed;
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'PROCESS_GONE' });
    expect(await errorOf(connection.client.echo.forAnyone({}))).toMatchObject({ code: 'PROCESS_GONE' });
  });

  it('ends calls under way with a given error and lives on', async () => {
    const { connection, peer } = bare();
    const call = errorOf(connection.client.echo.forAnyone({}));
    connection.rejectAll(new StationError('CANCELLED'));
    expect(await call).toMatchObject({ code: 'CANCELLED' });
    const next = connection.client.echo.forAnyone({});
    peer.post({ id: 2, ok: true, value: {} });
    await expect(next).resolves.toEqual({});
  });

  it('refuses an argument that cannot be sent', async () => {
    const { connection, clock } = bare();
    expect(await errorOf(connection.call('echo', 'say', { text: () => 1 }))).toMatchObject({ code: 'RPC_BAD_INPUT' });
    expect(clock.waiting).toBe(0);
  });

  it('does not send a call the contract does not have', async () => {
    const { connection, sent } = bare();
    expect(await errorOf(connection.call('echo', 'constructor', {}))).toMatchObject({ code: 'RPC_UNKNOWN_CALL' });
    await settle();
    expect(sent).toEqual([]);
  });

  it('reads a code of another build as INTERNAL with its incident', async () => {
    const { connection, peer } = bare();
    const call = errorOf(connection.client.echo.forAnyone({}));
    peer.post({ id: 1, ok: false, error: { code: 'OF_NEXT_YEAR', incident: 'i1' } });
    expect(await call).toMatchObject({ code: 'INTERNAL', incident: 'i1' });
  });

  it.each([
    null,
    7,
    { id: 1 },
    { id: 1, ok: 'yes' },
    { id: 1, ok: false },
    { id: 1, ok: false, error: { code: 5 } },
    { event: 'changed' },
    { event: 'toString', payload: 1 },
  ])('ignores %j', async (frame) => {
    const { connection, peer } = bare();
    const heard: unknown[] = [];
    connection.onEvent((event) => heard.push(event.event));
    const call = connection.client.echo.forAnyone({});
    peer.post(frame);
    peer.post({ id: 1, ok: true, value: {} });
    await expect(call).resolves.toEqual({});
    expect(heard.filter((name) => name !== 'changed')).toEqual([]);
  });

  it('tells events to those who listen, until they stop', async () => {
    const { connection, peer } = bare();
    const heard: number[] = [];
    const stop = connection.on('changed', ({ revision }) => heard.push(revision));
    peer.post({ event: 'changed', payload: { revision: 1 } });
    await settle();
    stop();
    peer.post({ event: 'changed', payload: { revision: 2 } });
    await settle();
    expect(heard).toEqual([1]);
  });
});

describe('windowPort', () => {
  it('carries calls and frames over the two functions of the preload', async () => {
    const sent: unknown[] = [];
    let toWindow: (frame: unknown) => void = () => undefined;
    const port = windowPort({
      call: (frame) => sent.push(frame),
      onFrame: (listener) => {
        toWindow = listener;
      },
    });
    const { client } = connect(echoContract, port, { timers: new FakeClock() });
    const call = client.echo.forAnyone({});
    expect(sent).toMatchObject([{ id: 1, from: 'window' }]);
    toWindow({ id: 1, ok: true, value: {} });
    await expect(call).resolves.toEqual({});
  });
});

describe('splitPort', () => {
  it('keeps the two streams apart, and nests', async () => {
    const [left, right] = memoryPorts();
    const near = splitPort(left);
    const far = splitPort(right);
    const heard: string[] = [];
    far.main.onMessage((frame) => heard.push(`main ${JSON.stringify(frame)}`));
    far.side.onMessage((frame) => heard.push(`side ${JSON.stringify(frame)}`));
    near.main.post({ id: 1 });
    near.side.post({ id: 1 });
    splitPort(near.side).side.post(5);
    near.main.post({ relay: 1, more: 2 });
    await settle();
    expect(heard).toEqual(['main {"id":1}', 'side {"id":1}', 'side {"relay":5}', 'main {"relay":1,"more":2}']);
  });
});
