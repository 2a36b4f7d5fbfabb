import { describe, expect, it } from 'vitest';
import { StationError } from '../../../electron/contract/station-error.ts';
import { Supervisor } from '../../../electron/processes/supervisor.ts';
import { echoContract } from '../../process/rpc-children/echo.contract.ts';
import { errorOf } from '../rpc/rig.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { fakeHost, supervised } from './fake-host.ts';

type Rig = ReturnType<typeof supervised<typeof echoContract>>;

async function ready(rig: Rig): Promise<Rig> {
  const started = rig.supervisor.start();
  rig.host.latest().hello();
  await started;
  return rig;
}

describe('Supervisor', () => {
  it('sends the config first, and no call before the greeting', async () => {
    const rig = supervised(echoContract);
    const started = rig.supervisor.start();
    const call = rig.supervisor.client.echo.forAnyone({});
    await settle();
    expect(rig.host.latest().received).toEqual([{ config: { life: 1 } }]);
    rig.host.latest().hello();
    await started;
    await settle();
    expect(rig.host.latest().requests()).toMatchObject([{ name: 'forAnyone', from: 'host' }]);
    rig.host.latest().say({ id: 1, ok: true, value: {} });
    await expect(call).resolves.toEqual({});
    expect(rig.supervisor.life).toMatchObject({ name: 'ready', pid: 1_000 });
  });

  it('carries whom a call comes from', async () => {
    const rig = await ready(supervised(echoContract));
    void errorOf(rig.supervisor.call('echo', 'forAnyone', {}, 'window'));
    await settle();
    expect(rig.host.latest().requests()).toMatchObject([{ from: 'window' }]);
  });

  it('ends calls under way with how the process ended, and starts it again', async () => {
    const rig = await ready(supervised(echoContract));
    const call = errorOf(rig.supervisor.client.echo.segfault({}));
    await settle();
    rig.host.latest().exit(null, 'SIGSEGV');
    expect(await call).toMatchObject({ code: 'PROCESS_GONE', details: { process: 'child', signal: 'SIGSEGV' } });
    await rig.clock.pass(199);
    expect(rig.host.children).toHaveLength(1);
    await rig.clock.pass(1);
    expect(rig.host.latest().received).toEqual([{ config: { life: 2 } }]);
    rig.host.latest().hello();
    await settle();
    expect(rig.lives).toEqual(['starting', 'ready', 'backoff', 'starting', 'ready']);
  });

  it('repeats an idempotent call once when the process is back, and no other', async () => {
    const rig = await ready(supervised(echoContract));
    const repeated = rig.supervisor.client.echo.say({ text: 'a' });
    const lost = errorOf(rig.supervisor.client.echo.unlock({ pin: Uint8Array.of(1), note: '' }));
    await settle();
    rig.host.latest().exit(null, 'SIGSEGV');
    expect(await lost).toMatchObject({ code: 'PROCESS_GONE' });
    await rig.clock.pass(200);
    rig.host.latest().hello();
    await settle();
    expect(rig.host.latest().requests()).toMatchObject([{ id: 1, name: 'say', arg: { text: 'a' } }]);
    rig.host.latest().say({ id: 1, ok: true, value: { text: 'a', life: 2 } });
    await expect(repeated).resolves.toMatchObject({ life: 2 });
  });

  it('does not repeat a second time', async () => {
    const rig = await ready(supervised(echoContract));
    const call = errorOf(rig.supervisor.client.echo.say({ text: 'a' }));
    await settle();
    rig.host.latest().exit(null, 'SIGSEGV');
    await rig.clock.pass(200);
    rig.host.latest().hello();
    await settle();
    rig.host.latest().exit(9);
    expect(await call).toMatchObject({ code: 'PROCESS_GONE', details: { code: 9 } });
  });

  it('lets an idempotent call wait between lives, at most its own deadline, and refuses others at once', async () => {
    const rig = await ready(supervised(echoContract));
    rig.host.latest().exit(1);
    expect(await errorOf(rig.supervisor.client.echo.forAnyone({}))).toMatchObject({ code: 'PROCESS_GONE', details: { code: 1 } });
    const waits = rig.supervisor.client.echo.frail({});
    const waitsTooLong = errorOf(rig.supervisor.client.echo.say({ text: 'a' }));
    await rig.clock.pass(2_000);
    expect(await waitsTooLong).toMatchObject({ code: 'PROCESS_GONE' });
    rig.host.latest().hello();
    await settle();
    expect(rig.host.latest().requests()).toMatchObject([{ name: 'frail' }]);
    rig.host.latest().say({ id: 1, ok: true, value: { life: 2 } });
    await expect(waits).resolves.toEqual({ life: 2 });
  });

  it('gives up at the fifth exit, says so to every call, and starts anew by hand', async () => {
    const rig = supervised(echoContract);
    const started = errorOf(rig.supervisor.start());
    const waiting = errorOf(rig.supervisor.client.echo.say({ text: 'a' }));
    for (const delayMs of [200, 1_000, 5_000, 15_000, 0]) {
      rig.host.latest().exit(3);
      await rig.clock.pass(delayMs);
    }
    expect(rig.supervisor.life).toMatchObject({ name: 'given-up' });
    expect(rig.host.children).toHaveLength(5);
    expect(await started).toMatchObject({ code: 'PROCESS_GIVEN_UP', details: { process: 'child' } });
    // Its own deadline (2 s) came before the giving up.
    expect(await waiting).toMatchObject({ code: 'PROCESS_GONE' });
    expect(await errorOf(rig.supervisor.client.echo.say({ text: 'a' }))).toMatchObject({ code: 'PROCESS_GIVEN_UP' });
    await rig.clock.pass(3_600_000);
    expect(rig.host.children).toHaveLength(5);
    await ready(rig);
    expect(rig.supervisor.life).toMatchObject({ name: 'ready', failures: { exitsMs: [] } });
  });

  it('stops for a greeting of another contract version', async () => {
    const rig = supervised(echoContract);
    const started = errorOf(rig.supervisor.start());
    rig.host.latest().hello(999);
    expect(await started).toMatchObject({ code: 'CONTRACT_MISMATCH', details: { got: 999 } });
    expect(rig.host.latest().kills).toEqual(['SIGTERM']);
    await rig.clock.pass(3_600_000);
    expect(rig.host.children).toHaveLength(1);
  });

  it('hands on why a child cannot start, and does not try again', async () => {
    const rig = supervised(echoContract);
    const started = errorOf(rig.supervisor.start());
    rig.host.latest().say({ failed: { code: 'STORE_FROM_FUTURE', details: { found: 90, known: 80 } } });
    expect(await started).toMatchObject({ code: 'STORE_FROM_FUTURE', details: { found: 90 } });
    expect(await errorOf(rig.supervisor.client.echo.say({ text: 'a' }))).toMatchObject({ code: 'STORE_FROM_FUTURE' });
  });

  it('kills and restarts a child that does not greet in time', async () => {
    const rig = supervised(echoContract, { startTimeoutMs: 1_000, host: fakeHost({ obeys: ['SIGKILL'] }) });
    void errorOf(rig.supervisor.start());
    await rig.clock.pass(1_000);
    expect(rig.host.latest().kills).toEqual(['SIGTERM']);
    await rig.clock.pass(2_000);
    expect(rig.host.latest().kills).toEqual(['SIGTERM', 'SIGKILL']);
    await rig.clock.pass(200);
    expect(rig.host.children).toHaveLength(2);
  });

  it('counts a host that cannot start anything as a crash', async () => {
    const clock = new FakeClock();
    const supervisor = new Supervisor({
      name: 'child',
      contract: echoContract,
      host: {
        start() {
          throw new Error('no memory');
        },
      },
      config: () => ({}),
      timers: clock,
      nowMs: () => clock.nowMs,
      log: () => undefined,
    });
    const started = errorOf(supervisor.start());
    await clock.pass(60_000);
    expect(await started).toMatchObject({ code: 'PROCESS_GIVEN_UP' });
  });

  it('kills a child whose call missed its deadline only where it is told to', async () => {
    const patient = await ready(supervised(echoContract));
    const call = errorOf(patient.supervisor.client.echo.hang({}));
    await patient.clock.pass(400);
    expect(await call).toMatchObject({ code: 'CALL_TIMEOUT' });
    expect(patient.supervisor.life.name).toBe('ready');

    const strict = await ready(supervised(echoContract, { killOnTimeout: true, host: fakeHost({ obeys: ['SIGKILL'] }) }));
    const hung = errorOf(strict.supervisor.client.echo.hang({}));
    const beside = errorOf(strict.supervisor.client.echo.unlock({ pin: Uint8Array.of(1), note: '' }));
    await strict.clock.pass(400);
    expect(await hung).toMatchObject({ code: 'CALL_TIMEOUT' });
    expect(strict.supervisor.life.name).toBe('killing');
    expect(await errorOf(strict.supervisor.client.echo.forAnyone({}))).toMatchObject({ code: 'PROCESS_GONE' });
    await strict.clock.pass(2_000);
    expect(await beside).toMatchObject({ code: 'PROCESS_GONE', details: { signal: 'SIGKILL' } });
    await strict.clock.pass(200);
    expect(strict.supervisor.life.name).toBe('starting');
  });

  it('does not kill a child for an answer that is an error', async () => {
    const rig = await ready(supervised(echoContract, { killOnTimeout: true }));
    const call = errorOf(rig.supervisor.client.echo.fail({ how: '' }));
    await settle();
    rig.host.latest().say({ id: 1, ok: false, error: { code: 'PIN_INCORRECT' } });
    expect(await call).toMatchObject({ code: 'PIN_INCORRECT' });
    expect(rig.lives).toEqual(['starting', 'ready']);
  });

  it('makes one call at a time, so that waiting costs no deadline', async () => {
    const rig = await ready(supervised(echoContract, { oneAtATime: true, killOnTimeout: true }));
    const first = rig.supervisor.client.echo.frail({});
    const second = rig.supervisor.client.echo.hang({});
    await rig.clock.pass(4_000);
    expect(rig.host.latest().requests()).toMatchObject([{ name: 'frail' }]);
    rig.host.latest().say({ id: 1, ok: true, value: { life: 1 } });
    await first;
    await settle();
    expect(rig.host.latest().requests()).toMatchObject([{ name: 'frail' }, { name: 'hang' }]);
    await rig.clock.pass(399);
    rig.host.latest().say({ id: 2, ok: true, value: {} });
    await expect(second).resolves.toEqual({});
    expect(rig.supervisor.life.name).toBe('ready');
  });

  it('does not send what was waiting its turn when the process went, unless it may be repeated', async () => {
    const rig = await ready(supervised(echoContract, { oneAtATime: true }));
    const first = errorOf(rig.supervisor.client.echo.segfault({}));
    const waiting = errorOf(rig.supervisor.client.echo.unlock({ pin: Uint8Array.of(1), note: '' }));
    await settle();
    rig.host.latest().exit(null, 'SIGSEGV');
    for (const error of await Promise.all([first, waiting])) expect(error).toMatchObject({ code: 'PROCESS_GONE' });
    await rig.clock.pass(200);
    rig.host.latest().hello();
    await settle();
    expect(rig.host.latest().requests()).toEqual([]);
  });

  it('stops on purpose: gently, then hard, and for good', async () => {
    const rig = await ready(supervised(echoContract, { host: fakeHost({ obeys: ['SIGKILL'] }) }));
    const stopped = rig.supervisor.stop();
    const call = errorOf(rig.supervisor.client.echo.say({ text: 'a' }));
    expect(await call).toMatchObject({ code: 'PROCESS_GONE' });
    await rig.clock.pass(2_000);
    await stopped;
    expect(rig.host.latest().kills).toEqual(['SIGTERM', 'SIGKILL']);
    await rig.clock.pass(3_600_000);
    expect(rig.host.children).toHaveLength(1);
    expect(rig.supervisor.life).toEqual({ name: 'stopped' });
    await expect(rig.supervisor.stop()).resolves.toBeUndefined();
  });

  it('stops while it waits to start again', async () => {
    const rig = await ready(supervised(echoContract));
    rig.host.latest().exit(1);
    const waiting = errorOf(rig.supervisor.client.echo.say({ text: 'a' }));
    await rig.supervisor.stop();
    expect(await waiting).toMatchObject({ code: 'PROCESS_GONE' });
    await rig.clock.pass(3_600_000);
    expect(rig.host.children).toHaveLength(1);
    expect(rig.clock.waiting).toBe(0);
  });

  it('tells events over restarts', async () => {
    const rig = await ready(supervised(echoContract));
    const heard: number[] = [];
    const stop = rig.supervisor.on('changed', ({ revision }) => heard.push(revision));
    rig.host.latest().say({ event: 'changed', payload: { revision: 1 } });
    await settle();
    rig.host.latest().exit(1);
    await rig.clock.pass(200);
    rig.host.latest().hello();
    rig.host.latest().say({ event: 'changed', payload: { revision: 2 } });
    await settle();
    stop();
    rig.host.latest().say({ event: 'changed', payload: { revision: 3 } });
    await settle();
    expect(heard).toEqual([1, 2]);
  });

  it('does not hear the last words of a dead process', async () => {
    const rig = supervised(echoContract);
    void errorOf(rig.supervisor.start());
    const first = rig.host.latest();
    first.exit(1);
    await rig.clock.pass(200);
    first.hello();
    await settle();
    expect(rig.supervisor.life.name).toBe('starting');
  });

  it('gives up with the reason when its host cannot say the config, and asks for it again when it is started again', async () => {
    let isThere = false;
    const config = async () => {
      if (!isThere) throw new StationError('STORE_KEY_UNAVAILABLE');
      return { key: 1 };
    };
    const rig = supervised(echoContract, { config });
    expect(await errorOf(rig.supervisor.start())).toMatchObject({ code: 'STORE_KEY_UNAVAILABLE' });
    expect(rig.lives).toEqual(['starting', 'stopping', 'given-up']);
    expect(rig.host.latest().received).toEqual([]);
    expect(await errorOf(rig.supervisor.client.echo.forAnyone({}))).toMatchObject({ code: 'STORE_KEY_UNAVAILABLE' });
    isThere = true;
    const again = rig.supervisor.start();
    await settle();
    expect(rig.host.latest().received).toEqual([{ config: { key: 1 } }]);
    rig.host.latest().hello();
    await again;
  });

  it('does not tell a later process the config an earlier one was waiting for', async () => {
    const answers: ((given: unknown) => void)[] = [];
    const rig = supervised(echoContract, { config: () => new Promise((resolve) => answers.push(resolve)) });
    void rig.supervisor.start();
    await settle();
    rig.host.latest().exit(1);
    await rig.clock.pass(200);
    answers[0]?.({ life: 'first' });
    await settle();
    expect(rig.host.children.map(({ received }) => received)).toEqual([[], []]);
    answers[1]?.({ life: 'second' });
    await settle();
    expect(rig.host.latest().received).toEqual([{ config: { life: 'second' } }]);
  });

  it('refuses a call the contract does not have', async () => {
    const rig = await ready(supervised(echoContract));
    expect(await errorOf(rig.supervisor.call('echo', '__proto__', {}, 'host'))).toBeInstanceOf(StationError);
  });

  describe('with a heartbeat', () => {
    const beating = () =>
      supervised(echoContract, {
        heartbeat: (client) => ({ beat: () => client.echo.slow({ ms: 0 }), everyMs: 5_000, limitMs: 30_000 }),
      });
    const answerAll = (rig: Rig, from: number) => {
      for (const { id } of rig.host.latest().requests().slice(from)) rig.host.latest().say({ id, ok: true, value: {} });
    };

    it('kills and restarts a child that has been silent for 30 s', async () => {
      const rig = await ready(beating());
      await rig.clock.pass(34_999);
      expect(rig.supervisor.life.name).toBe('ready');
      await rig.clock.pass(1);
      expect(rig.lives).toEqual(['starting', 'ready', 'killing', 'backoff']);
      await rig.clock.pass(200);
      expect(rig.host.children).toHaveLength(2);
    });

    it('leaves a child alone that answers, be it with an error', async () => {
      const rig = await ready(beating());
      for (let beats = 0; beats < 20; beats += 1) {
        await rig.clock.pass(5_000);
        const last = rig.host.latest().requests().at(-1);
        if (last) rig.host.latest().say({ id: last.id, ok: false, error: { code: 'STORE_LOCKED' } });
      }
      await settle();
      expect(rig.lives).toEqual(['starting', 'ready']);
    });

    it('forgives a silence that ends in time, and a machine that slept', async () => {
      const rig = await ready(beating());
      await rig.clock.pass(29_000);
      const before = rig.host.latest().requests().length;
      await rig.clock.pass(1_000);
      answerAll(rig, before);
      await settle();
      rig.clock.nowMs += 8 * 3_600_000;
      const slept = rig.host.latest().requests().length;
      await rig.clock.pass(1);
      answerAll(rig, slept);
      await rig.clock.pass(5_000);
      expect(rig.lives).toEqual(['starting', 'ready']);
    });
  });
});
