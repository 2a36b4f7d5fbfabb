import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CONTRACT_VERSION } from '../../electron/contract/define.ts';
import { ReplyFrame } from '../../electron/rpc/frames.ts';
import { childProcessPort } from '../../electron/rpc/ports/child-process.ts';
import { realChild } from './rpc-children/real-child.ts';

// Real processes on a busy machine: seconds to start and to kill.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const supervisor of running.splice(0)) await supervisor.stop();
});

async function echo() {
  const child = realChild();
  running.push(child.supervisor);
  await child.supervisor.start();
  return child;
}

describe('calls to a real child', () => {
  it('carry text and bytes both ways unharmed', async () => {
    const { client } = await echo();
    const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 256);
    const text = '𠮷 证照\u0000\ud83d\ude00';
    const answer = await client.echo.say({ text, bytes });
    expect(answer.text).toBe(text);
    expect(answer.bytes).toBeInstanceOf(Uint8Array);
    expect(Buffer.compare(Buffer.from(answer.bytes ?? []), Buffer.from(bytes))).toBe(0);
  });

  it('carry a view of a larger buffer without the rest of it', async () => {
    const { client } = await echo();
    const { bytes } = await client.echo.say({ text: '', bytes: new Uint8Array(64).fill(0xee).subarray(10, 13) });
    expect(bytes).toEqual(Uint8Array.of(0xee, 0xee, 0xee));
    // What arrives is itself a view, of the whole message.
    const message = new Uint8Array(bytes?.buffer ?? new ArrayBuffer(0));
    expect(message.filter((byte) => byte === 0xee)).toHaveLength(3);
  });

  it('keep many apart', async () => {
    const { client } = await echo();
    const texts = Array.from({ length: 500 }, (_, at) => `call ${at}`);
    const answers = await Promise.all(texts.map((text) => client.echo.say({ text })));
    expect(answers.map(({ text }) => text)).toEqual(texts);
  });

  it('end with the code of the child, and its log has neither PIN nor person', async () => {
    const { client, logged } = await echo();
    await expect(client.echo.fail({ how: 'PIN_INCORRECT' })).rejects.toMatchObject({ code: 'PIN_INCORRECT', details: { triesLeft: '2' } });
    await expect(client.echo.fail({ how: 'foreign' })).rejects.toMatchObject({ code: 'INTERNAL', incident: 'incident-of-the-child' });
    await expect(client.echo.unlock({ pin: Buffer.from('13572468'), note: '张三' })).rejects.toMatchObject({ code: 'INTERNAL' });
    // Output is read beside the calls: the last line may come after the last reply.
    await expect.poll(() => logged.filter((line) => line.includes('rpc.bug'))).toHaveLength(2);
    expect(logged.join('\n')).toContain('[secret]');
    expect(logged.join('\n')).not.toMatch(/13572468|张三/);
  });

  it('get events back', async () => {
    const { client, supervisor } = await echo();
    const heard = new Promise((resolve) => supervisor.on('changed', resolve));
    await client.echo.notify({ revision: 4 });
    await expect(heard).resolves.toEqual({ revision: 4 });
  });

  it('run with no more of the environment than the list allows', async () => {
    const { client } = await echo();
    const { names } = await client.echo.environment({});
    expect(names).toContain('PATH');
    for (const name of ['NODE_OPTIONS', 'LD_PRELOAD', 'VITEST', 'NODE_ENV']) expect(names).not.toContain(name);
  });
});

describe('a real child that is sent anything', () => {
  let child: ChildProcess;
  afterEach(() => {
    child.kill('SIGKILL');
  });
  const started = (config: unknown) => {
    child = fork(path.join(import.meta.dirname, 'rpc-children/echo-child.ts'), [], {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const port = childProcessPort(child);
    const frames: unknown[] = [];
    const waiting = new Map<number, () => void>();
    port.onMessage((frame) => {
      frames.push(frame);
      const reply = ReplyFrame.safeParse(frame);
      if (reply.success) waiting.get(reply.data.id)?.();
    });
    port.post({ config });
    const answer = (id: number) => new Promise<void>((resolve) => waiting.set(id, resolve));
    return { port, frames, answer };
  };

  it('lives and goes on answering', async () => {
    const { port, answer } = started({ life: 1 });
    await once(child, 'message');
    let id = 1_000_000;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.anything({ withTypedArray: true, withDate: true, withMap: true, withBigInt: true }), { maxLength: 20 }),
        async (frames) => {
          for (const frame of frames) if (typeof frame === 'object' && frame !== null) port.post(frame);
          id += 1;
          const answered = answer(id);
          port.post({ v: CONTRACT_VERSION, id, group: 'echo', name: 'say', arg: { text: 'a' }, from: 'host' });
          await answered;
        },
      ),
      { numRuns: 60 },
    );
    expect(child.exitCode).toBeNull();
  });

  it('says which part of a bad config it does not take, instead of the greeting', async () => {
    const { frames } = started({ life: 'first' });
    await once(child, 'message');
    expect(frames).toEqual([{ failed: { code: 'RPC_BAD_INPUT', details: { path: 'config.life' } } }]);
  });

  it('ends when its host is gone', async () => {
    const { port } = started({ life: 1 });
    await once(child, 'message');
    const exited = once(child, 'exit');
    port.close();
    expect(await exited).toEqual([0, null]);
  });

  it('leaves Ctrl-C to its host', async () => {
    const { port, answer } = started({ life: 1 });
    await once(child, 'message');
    child.kill('SIGINT');
    const answered = answer(5);
    port.post({ v: CONTRACT_VERSION, id: 5, group: 'echo', name: 'say', arg: { text: 'a' }, from: 'host' });
    await answered;
    expect(child.exitCode).toBeNull();
  });

  it('does not disturb a host that posts to it after its death', async () => {
    const { port } = started({ life: 1 });
    await once(child, 'message');
    const closed = new Promise<void>((resolve) => port.onClose(resolve));
    child.kill('SIGKILL');
    port.post({ a: 'moment too late' });
    await closed;
    port.post({ a: 'while later' });
    port.close();
  });
});
