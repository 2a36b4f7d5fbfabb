import { describe, expect, it } from 'vitest';
import { CONTRACT_VERSION } from '../../../electron/contract/define.ts';
import { StationError } from '../../../electron/contract/station-error.ts';
import { tokenContract } from '../../../electron/contract/token.contract.ts';
import { forward } from '../../../electron/processes/forward.ts';
import { relay } from '../../../electron/processes/relay.ts';
import { listCalls } from '../../../electron/rpc/find-call.ts';
import { echoContract } from '../../process/rpc-children/echo.contract.ts';
import { settle } from './fake-clock.ts';
import { supervised } from './fake-host.ts';

async function relayed() {
  const station = supervised(echoContract);
  const tokenHost = supervised(tokenContract, { name: 'token host' });
  const stop = relay(station.supervisor, tokenHost.supervisor);
  for (const { supervisor, host } of [station, tokenHost]) {
    const started = supervisor.start();
    host.latest().hello();
    await started;
  }
  await settle();
  station.host.latest().received.length = 0;
  return { station, tokenHost, stop };
}

const request = (name: string, arg: unknown, id = 5, group = 'token') => ({
  relay: { v: CONTRACT_VERSION, id, group, name, arg, from: 'window' },
});

describe('relay', () => {
  it("carries a call to the token host as the host program, and the reply back under the station's own id", async () => {
    const { station, tokenHost } = await relayed();
    station.host.latest().say(request('certificates', { tokenSerial: 'a' }));
    await settle();
    expect(tokenHost.host.latest().requests()).toMatchObject([
      { id: 1, group: 'token', name: 'certificates', arg: { tokenSerial: 'a' }, from: 'host' },
    ]);
    tokenHost.host.latest().say({ id: 1, ok: true, value: [] });
    await settle();
    expect(station.host.latest().received).toEqual([{ relay: { id: 5, ok: true, value: [] } }]);
  });

  it('carries no call with a PIN, and nothing it was not told to carry', async () => {
    const { station, tokenHost } = await relayed();
    const refused = listCalls(tokenContract).filter(({ name, call }) => call.secret.length > 0 || name === 'close');
    expect(refused.map(({ name }) => name)).toContain('login');
    for (const { name } of refused) station.host.latest().say(request(name, {}));
    station.host.latest().say(request('say', {}, 6, 'echo'));
    station.host.latest().say(request('__proto__', {}, 7));
    station.host.latest().say(request('list', {}, 8, 'shell'));
    await settle();
    expect(tokenHost.host.latest().requests()).toEqual([]);
    expect(station.host.latest().received).toHaveLength(refused.length + 3);
    for (const frame of station.host.latest().received) {
      expect(frame).toMatchObject({ relay: { ok: false, error: { code: 'ROLE_NOT_ALLOWED', details: { needs: 'host' } } } });
    }
  });

  it('answers PROCESS_GONE when the token host dies of a call, and works again after its restart', async () => {
    const { station, tokenHost } = await relayed();
    station.host.latest().say(request('grant', {}));
    await settle();
    tokenHost.host.latest().exit(null, 'SIGSEGV');
    await settle();
    expect(station.host.latest().received).toContainEqual({
      relay: { id: 5, ok: false, error: { code: 'PROCESS_GONE', details: { process: 'token host', signal: 'SIGSEGV' } } },
    });
    await tokenHost.clock.pass(200);
    tokenHost.host.latest().hello();
    station.host.latest().say(request('grant', {}, 6));
    await settle();
    tokenHost.host.latest().say({ id: 1, ok: true, value: {} });
    await settle();
    expect(station.host.latest().received.at(-1)).toEqual({ relay: { id: 6, ok: true, value: {} } });
  });

  it('carries events, and hints at a change when the token host comes or goes', async () => {
    const { station, tokenHost, stop } = await relayed();
    tokenHost.host.latest().say({ event: 'grantChanged', payload: { grantId: 'g', loggedIn: true } });
    await settle();
    expect(station.host.latest().received).toEqual([{ relay: { event: 'grantChanged', payload: { grantId: 'g', loggedIn: true } } }]);
    tokenHost.host.latest().exit(1);
    await settle();
    expect(station.host.latest().received.at(-1)).toEqual({ relay: { event: 'tokensChanged', payload: {} } });
    stop();
    const before = station.host.latest().received.length;
    tokenHost.host.latest().exit(1);
    station.host.latest().say(request('list', {}));
    await settle();
    expect(station.host.latest().received).toHaveLength(before);
  });

  it('never gives a reply to a later station that counts its ids anew', async () => {
    const { station, tokenHost } = await relayed();
    station.host.latest().say(request('grant', {}));
    await settle();
    station.host.latest().exit(null, 'SIGKILL');
    await station.clock.pass(200);
    station.host.latest().hello();
    await settle();
    tokenHost.host.latest().say({ id: 1, ok: true, value: {} });
    await settle();
    expect(station.host.latest().received).toEqual([{ config: { life: 2 } }]);
  });

  it.each([null, 5, {}, { id: 5, ok: true, value: 1 }, { event: 'x', payload: 1 }])('ignores %j from the station', async (frame) => {
    const { station, tokenHost } = await relayed();
    station.host.latest().say({ relay: frame });
    await settle();
    expect(station.host.latest().received).toEqual([]);
    expect(tokenHost.host.latest().requests()).toEqual([]);
  });
});

describe('forward', () => {
  it('answers with the value or the code of the call made elsewhere', async () => {
    const frame = request('list', { a: 1 }).relay;
    await expect(forward(frame, (...names) => Promise.resolve(names))).resolves.toEqual({
      id: 5,
      ok: true,
      value: ['token', 'list', { a: 1 }],
    });
    await expect(forward(frame, () => Promise.reject(new StationError('PIN_INCORRECT', { triesLeft: '2', holder: 'x' })))).resolves.toEqual(
      {
        id: 5,
        ok: false,
        error: { code: 'PIN_INCORRECT', details: { triesLeft: '2' } },
      },
    );
    await expect(forward(frame, () => Promise.reject(new Error('the holder is 张三')))).resolves.toEqual({
      id: 5,
      ok: false,
      error: { code: 'INTERNAL' },
    });
  });

  it('refuses another contract version without making the call', async () => {
    let made = 0;
    const reply = await forward({ ...request('list', {}).relay, v: 2_000 }, async () => {
      made += 1;
    });
    expect(reply).toMatchObject({ ok: false, error: { code: 'CONTRACT_MISMATCH' } });
    expect(made).toBe(0);
  });
});
