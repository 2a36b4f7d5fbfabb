import { verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStationError } from '../../electron/contract/station-error.ts';
import { realTimers } from '../../electron/rpc/timers.ts';
import { sha256Hex } from '../../native/pkcs11/find-certificates.ts';
import { FAULT_FILE, type FaultScript } from '../../native/software-token/fault-script.ts';
import { makeSoftwareToken } from '../../native/software-token/token-file.ts';
import { aGrant, codeOf, granted, pinBytes, type RunningHost, startHost } from './support/running-host.ts';
import { selfSigned } from './support/self-signed.ts';
import type { MadeToken } from './support/token-makers.ts';

const toSign = Uint8Array.from(Buffer.from('the DER of signed attributes'));
const PIN = 'training-1618';

let dir: string;
let host: RunningHost;
let token: MadeToken;

const misbehave = (script: FaultScript) => writeFileSync(join(dir, FAULT_FILE), JSON.stringify(script));
const behave = () => rmSync(join(dir, FAULT_FILE), { force: true });
const sign = (grantId: string) => host.token.sign({ grantId, toSign, algorithm: 'ECDSA-P256-SHA256' });
const isVerified = (signature: Uint8Array) => verify('sha256', toSign, token.certificate.publicKey, signature);
const pinState = async () => (await host.token.list({})).tokens[0]?.pin;
const driver = (keyDir: string) => ({ kind: 'software' as const, id: 'training', name: 'Training', keyDir });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'banjie-software-'));
  const key = selfSigned();
  await makeSoftwareToken(dir, { serial: 'TRAIN-1', label: '演练令牌', pin: PIN, keys: [{ keyId: '01', ...key }] });
  token = {
    serial: 'TRAIN-1',
    label: '演练令牌',
    pin: PIN,
    algorithm: 'ECDSA-P256-SHA256',
    certificate: new X509Certificate(key.certificateDer),
    certificateHash: sha256Hex(key.certificateDer),
  };
  host = await startHost({ training: true, drivers: [driver(dir)] });
});

afterEach(async () => {
  await host.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('the software token', () => {
  it('signs like any other token', async () => {
    expect((await host.token.list({})).tokens).toMatchObject([{ serial: 'TRAIN-1', label: '演练令牌', software: true, pin: 'ok' }]);
    const { grantId } = await granted(host, token);
    expect(isVerified((await sign(grantId)).signature)).toBe(true);
  });

  it('is refused outside training, with the reason in the list', async () => {
    const strict = await startHost({ training: false, drivers: [driver(dir)] });
    try {
      expect(await strict.token.list({})).toMatchObject({
        tokens: [],
        problems: [{ driverId: 'training', code: 'TOKEN_SOFTWARE_REFUSED' }],
      });
      expect(await codeOf(strict.token.grant(aGrant(token)))).toBe('TOKEN_NOT_FOUND');
    } finally {
      await strict.stop();
    }
  });

  it('counts tries down as real tokens do, spends one for each wrong PIN only, and stays locked in the next process', async () => {
    const { grantId } = aGrant(token);
    await host.token.grant(aGrant(token, { grantId }));
    const login = (pin: string) => host.token.login({ grantId, pin: pinBytes(pin) });
    const states: string[] = [];
    for (let entry = 0; entry < 4; entry += 1) {
      const error = await login('wrong').catch((thrown: unknown) => thrown);
      states.push(isStationError(error, 'PIN_INCORRECT') ? String(error.details.triesLeft) : 'something else');
    }
    expect(states).toEqual(['low', 'low', 'low', 'finalTry']);
    expect(await codeOf(login('1'))).toBe('PIN_FORMAT');
    expect(await pinState()).toBe('finalTry');
    expect(await login(PIN)).toEqual({ pin: 'ok' });
    for (let entry = 0; entry < 4; entry += 1) await codeOf(login('wrong'));
    expect(await codeOf(login('wrong'))).toBe('PIN_LOCKED');
    expect(await codeOf(login(PIN))).toBe('PIN_LOCKED');
    await host.stop();
    host = await startHost({ training: true, drivers: [driver(dir)] });
    expect(await pinState()).toBe('locked');
  });

  it('leaves no key and no PIN in clear in its folder or in what the host printed', async () => {
    await granted(host, token);
    const files = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'utf8'));
    expect(files.join()).not.toMatch(/PRIVATE KEY/);
    expect(files.join() + host.printed()).not.toContain(PIN);
  });

  it('says that a damaged token file is a fault, and does not end', async () => {
    writeFileSync(join(dir, 'TRAIN-1.token.json'), '{"format":1');
    expect(await host.token.list({})).toMatchObject({ tokens: [], problems: [{ code: 'TOKEN_DRIVER_FAULT' }] });
  });
});

describe('the fault script', () => {
  it('takes the token away after so many signatures and gives it back', async () => {
    misbehave({ removeAfter: 2 });
    const { grantId } = await granted(host, token);
    await sign(grantId);
    await sign(grantId);
    expect(await codeOf(sign(grantId))).toBe('TOKEN_REMOVED');
    expect(await codeOf(sign(grantId))).toBe('LOGIN_NEEDED');
    behave();
    await host.token.login({ grantId, pin: pinBytes(PIN) });
    expect(isVerified((await sign(grantId)).signature)).toBe(true);
  });

  it('answers garbage that does not verify', async () => {
    misbehave({ garbageSignatureAfter: 1 });
    const { grantId } = await granted(host, token);
    expect(isVerified((await sign(grantId)).signature)).toBe(true);
    expect(isVerified((await sign(grantId)).signature)).toBe(false);
  });

  it('calls every PIN wrong, and it costs tries', async () => {
    misbehave({ wrongPin: true });
    const grant = aGrant(token);
    await host.token.grant(grant);
    expect(await codeOf(host.token.login({ grantId: grant.grantId, pin: pinBytes(PIN) }))).toBe('PIN_INCORRECT');
    expect(await pinState()).toBe('low');
  });

  it('is slow by the stated time', async () => {
    misbehave({ slowMs: 150 });
    const { grantId } = await granted(host, token);
    expect((await sign(grantId)).milliseconds).toBeGreaterThanOrEqual(150);
  });

  it('crashes the process; the next one knows no grant, no login and no spent try', async () => {
    misbehave({ crashAfter: 1 });
    const { grantId } = await granted(host, token);
    await sign(grantId);
    const isBack = new Promise<void>((resolve) => host.supervisor.onChanged(({ name }) => name === 'ready' && resolve()));
    expect(await codeOf(sign(grantId))).toBe('PROCESS_GONE');
    await isBack;
    expect(await codeOf(sign(grantId))).toBe('GRANT_MISSING');
    expect((await host.token.list({})).tokens).toMatchObject([{ pin: 'ok', loggedIn: false }]);
    behave();
    const again = await granted(host, token);
    expect(isVerified((await sign(again.grantId)).signature)).toBe(true);
  });

  it('hangs until the deadline of the call, is killed, and the next process signs', async () => {
    misbehave({ hangAfter: 0 });
    await host.stop();
    // The deadline of a signature is 30 s; nothing here needs more than 3.
    host = await startHost(
      { training: true, drivers: [driver(dir)] },
      {},
      { after: (ms, callback) => realTimers.after(Math.min(ms, 3_000), callback) },
    );
    const { grantId } = await granted(host, token);
    const isBack = new Promise<void>((resolve) => host.supervisor.onChanged(({ name }) => name === 'ready' && resolve()));
    expect(await codeOf(sign(grantId))).toBe('CALL_TIMEOUT');
    behave();
    await isBack;
    const again = await granted(host, token);
    expect(isVerified((await sign(again.grantId)).signature)).toBe(true);
  });
});
