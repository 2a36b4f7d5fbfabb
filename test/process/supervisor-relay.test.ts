import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Contract } from '../../electron/contract/define.ts';
import { tokenContract } from '../../electron/contract/token.contract.ts';
import { childProcessHost } from '../../electron/processes/child-process-host.ts';
import { relay } from '../../electron/processes/relay.ts';
import { Supervisor } from '../../electron/processes/supervisor.ts';
import { realTimers } from '../../electron/rpc/timers.ts';
import { relayingContract } from './rpc-children/relaying.contract.ts';

// Real processes on a busy machine: seconds to start and to kill.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const grantId = '0193e3a0-7b11-7cc3-98c4-dc0c0c07398f';

function supervise<C extends Contract>(name: string, contract: C, entry: string, config: unknown): Supervisor<C> {
  const log = () => undefined;
  return new Supervisor({
    name,
    contract,
    host: childProcessHost({
      name,
      entryPath: path.join(import.meta.dirname, 'rpc-children', entry),
      nodePath: process.execPath,
      environment: process.env,
      log,
    }),
    config: () => config,
    timers: realTimers,
    nowMs: () => performance.now(),
    log,
    killOnTimeout: name === 'token host',
    oneAtATime: name === 'token host',
  });
}

describe('the relay between two real processes', () => {
  const station = supervise('station', relayingContract, 'relaying-child.ts', {});
  const tokenHost = supervise('token host', tokenContract, 'token-child.ts', { training: true, drivers: [] });
  let stopRelay: () => void = () => undefined;

  beforeEach(async () => {
    stopRelay = relay(station, tokenHost);
    await Promise.all([station.start(), tokenHost.start()]);
  });
  afterEach(async () => {
    stopRelay();
    await Promise.all([station.stop(), tokenHost.stop()]);
  });

  const ask = (name: string, arg: unknown) => station.client.ask.token({ name, arg });
  const sign = (...toSign: number[]) => ask('sign', { grantId, toSign: Uint8Array.from(toSign), algorithm: 'RSA-SHA256' });

  it('carries calls with bytes and events', async () => {
    await expect(sign(1, 2, 3)).resolves.toEqual({ value: { signature: Uint8Array.of(3, 2, 1), milliseconds: 1 } });
    await station.client.ask.events({});
    const grant = {
      grantId,
      batchId: grantId,
      custodianId: 'c1',
      tokenSerial: 's1',
      certificateHash: 'a'.repeat(64),
      signatures: 1,
      expiresAt: '2026-11-30T09:00:00.000Z',
    };
    await expect(ask('grant', grant)).resolves.toEqual({ value: {} });
    await expect(station.client.ask.events({})).resolves.toEqual(['grantChanged']);
  });

  it('lets the station see a crash of the token host as PROCESS_GONE, and reach it again after its restart', async () => {
    const ready = new Promise<void>((resolve) => tokenHost.onChanged((life) => life.name === 'ready' && resolve()));
    await expect(sign(0xde, 0xad)).resolves.toEqual({ code: 'PROCESS_GONE' });
    await ready;
    await expect(sign(7, 8)).resolves.toMatchObject({ value: { signature: Uint8Array.of(8, 7) } });
    await expect(station.client.ask.events({})).resolves.toContain('tokensChanged');
    expect(station.life.name).toBe('ready');
  });

  it('refuses the station a login, which the host program can make', async () => {
    await expect(ask('login', { grantId, pin: null })).resolves.toEqual({ code: 'ROLE_NOT_ALLOWED' });
    await expect(ask('close', {})).resolves.toEqual({ code: 'ROLE_NOT_ALLOWED' });
    await expect(tokenHost.client.token.login({ grantId, pin: Uint8Array.of(49) })).resolves.toEqual({ pin: 'ok' });
  });

  it('answers PROCESS_GONE at once while no token host is there', async () => {
    await tokenHost.stop();
    await expect(ask('list', {})).resolves.toEqual({ code: 'PROCESS_GONE' });
    await expect(sign(1)).resolves.toEqual({ code: 'PROCESS_GONE' });
  });
});
