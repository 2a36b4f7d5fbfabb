import { execFileSync } from 'node:child_process';
import { verify } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isStationError } from '../../electron/contract/station-error.ts';
import type { CallLogWish } from './support/call-log-main.ts';
import { aGrant, codeOf, granted, pinBytes, type RunningHost, startHost } from './support/running-host.ts';
import { type MadeToken, type SoftHsmHome, softHsmHome } from './support/token-makers.ts';

const toSign = Uint8Array.from(Buffer.from('the DER of signed attributes'));
const RSA_PIN = 'rsa-pin-4711';
const EC_PIN = 'ec-pin-0815';

let home: SoftHsmHome;
let host: RunningHost;
let rsa: MadeToken;
let ec: MadeToken;

beforeAll(async () => {
  home = softHsmHome();
  [rsa, ec] = home.make([
    { label: '青山县自然资源局', pin: RSA_PIN, algorithm: 'RSA-SHA256' },
    { label: 'second issuer', pin: EC_PIN, algorithm: 'ECDSA-P256-SHA256' },
  ]) as [MadeToken, MadeToken]; // One answer for each wish.
  host = await startHost({ training: false, drivers: [home.profile] }, home.environment);
});

afterAll(async () => {
  await host?.stop();
  home?.remove();
});

const sign = (grantId: string, token: MadeToken) => host.token.sign({ grantId, toSign, algorithm: token.algorithm });

describe('token.list on SoftHSM', () => {
  it('shows each initialised token once, by serial and label', async () => {
    const { tokens, problems } = await host.token.list({});
    expect(problems).toEqual([]);
    expect(tokens.map(({ serial, label }) => ({ serial, label })).toSorted((a, b) => (a.label < b.label ? -1 : 1))).toEqual(
      [rsa, ec].map(({ serial, label }) => ({ serial, label })).toSorted((a, b) => (a.label < b.label ? -1 : 1)),
    );
    expect(tokens.every(({ pinPad, software, loggedIn }) => !pinPad && !software && !loggedIn)).toBe(true);
  });

  it('reads the certificate before any login and says that its key is unknown', async () => {
    expect(await host.token.certificates({ tokenSerial: rsa.serial })).toMatchObject([
      { certificateHash: rsa.certificateHash, algorithm: 'RSA-SHA256', hasPrivateKey: 'unknown', label: 'seal' },
    ]);
    expect(await codeOf(host.token.certificates({ tokenSerial: 'none' }))).toBe('TOKEN_NOT_FOUND');
  });

  it('goes on with the other drivers when one is not there', async () => {
    const missing = { ...home.profile, id: 'gone', name: 'Gone', modulePath: '/nowhere/libgone.so' };
    const relative = { ...home.profile, id: 'relative', name: 'Relative', modulePath: 'libsofthsm2.so' };
    const broken = { ...home.profile, id: 'text', name: 'Text', modulePath: import.meta.filename };
    const other = await startHost({ training: false, drivers: [missing, relative, broken, home.profile] }, home.environment);
    try {
      const { tokens, problems } = await other.token.list({});
      expect(tokens).toHaveLength(2);
      expect(problems.map(({ driverId, code }) => [driverId, code])).toEqual([
        ['gone', 'DRIVER_NOT_FOUND'],
        ['relative', 'DRIVER_NOT_FOUND'],
        ['text', 'TOKEN_DRIVER_FAULT'],
      ]);
    } finally {
      await other.stop();
    }
  });
});

describe('token.sign on SoftHSM', () => {
  it('makes RSA and ECDSA signatures that node:crypto accepts', async () => {
    for (const token of [rsa, ec]) {
      const { grantId } = await granted(host, token);
      const { signature } = await sign(grantId, token);
      expect(verify('sha256', toSign, token.certificate.publicKey, signature)).toBe(true);
      await host.token.release({ grantId });
    }
  });

  it('keeps two tokens apart that are logged in at once', async () => {
    const first = await granted(host, rsa);
    const second = await granted(host, ec);
    for (let round = 0; round < 3; round += 1) {
      expect(verify('sha256', toSign, rsa.certificate.publicKey, (await sign(first.grantId, rsa)).signature)).toBe(true);
      expect(verify('sha256', toSign, ec.certificate.publicKey, (await sign(second.grantId, ec)).signature)).toBe(true);
    }
    await host.token.release({ grantId: first.grantId });
    await host.token.release({ grantId: second.grantId });
  });

  it('does not sign with a grant for one token while only the other is logged in', async () => {
    const loggedIn = await granted(host, ec);
    const notLoggedIn = aGrant(rsa);
    await host.token.grant(notLoggedIn);
    expect(await codeOf(sign(notLoggedIn.grantId, rsa))).toBe('LOGIN_NEEDED');
    await host.token.release({ grantId: loggedIn.grantId });
  });

  it('refuses a certificate that is on another token, and an algorithm the key does not have', async () => {
    const wrongCertificate = await granted(host, rsa, { certificateHash: ec.certificateHash });
    expect(await codeOf(sign(wrongCertificate.grantId, rsa))).toBe('KEY_NOT_FOUND');
    const { grantId } = await granted(host, rsa);
    expect(await codeOf(host.token.sign({ grantId, toSign, algorithm: 'ECDSA-P256-SHA256' }))).toBe('MECHANISM_MISSING');
    await host.token.release({ grantId });
  });

  it('refuses without a grant, after release, beyond the count and after the end', async () => {
    expect(await codeOf(sign(aGrant(rsa).grantId, rsa))).toBe('GRANT_MISSING');
    const two = await granted(host, rsa, { signatures: 2 });
    await sign(two.grantId, rsa);
    await sign(two.grantId, rsa);
    expect(await codeOf(sign(two.grantId, rsa))).toBe('GRANT_MISSING');
    await host.token.release({ grantId: two.grantId });
    expect(await codeOf(sign(two.grantId, rsa))).toBe('GRANT_MISSING');
    const over = aGrant(rsa, { expiresAt: new Date(Date.now() - 1).toISOString() });
    await host.token.grant(over);
    expect(await codeOf(host.token.login({ grantId: over.grantId, pin: pinBytes(rsa.pin) }))).toBe('GRANT_MISSING');
  });

  it('ends the old grant and its login when the token gets a new one', async () => {
    const old = await granted(host, rsa);
    const fresh = aGrant(rsa);
    await host.token.grant(fresh);
    expect(await codeOf(sign(old.grantId, rsa))).toBe('GRANT_MISSING');
    expect(await codeOf(sign(fresh.grantId, rsa))).toBe('LOGIN_NEEDED');
    await host.token.release({ grantId: fresh.grantId });
  });
});

describe('token.login on SoftHSM', () => {
  it('says a wrong PIN is wrong, warns on the token, and checks the next one although it was logged in before', async () => {
    const { grantId } = await granted(host, ec);
    const wrong = await host.token.login({ grantId, pin: pinBytes('not-the-pin') }).catch((error: unknown) => error);
    expect(isStationError(wrong, 'PIN_INCORRECT') && wrong.details).toEqual({ triesLeft: 'low' });
    // SoftHSM shows the flag after one wrong try and takes it back after a right one.
    expect((await host.token.list({})).tokens.find(({ serial }) => serial === ec.serial)).toMatchObject({ pin: 'low', loggedIn: false });
    expect(await codeOf(sign(grantId, ec))).toBe('LOGIN_NEEDED');
    expect(await host.token.login({ grantId, pin: pinBytes(ec.pin) })).toEqual({ pin: 'ok' });
    await host.token.release({ grantId });
  });

  it('does not spend a try on a PIN that cannot be right', async () => {
    const grant = aGrant(ec);
    await host.token.grant(grant);
    const impossible = [new Uint8Array(), pinBytes('1'), pinBytes('１２３４５６'), pinBytes('x'.repeat(300))];
    for (const pin of [...impossible, null]) expect(await codeOf(host.token.login({ grantId: grant.grantId, pin }))).toBe('PIN_FORMAT');
    expect((await host.token.list({})).tokens.find(({ serial }) => serial === ec.serial)?.pin).toBe('ok');
    await host.token.release({ grantId: grant.grantId });
  });
});

describe('the C_ calls of a batch on SoftHSM', () => {
  const stepsOf = (steps: CallLogWish['steps']) => {
    const wish: CallLogWish = { profile: home.profile, serial: rsa.serial, certificateHash: rsa.certificateHash, steps };
    const output = execFileSync(process.execPath, [join(import.meta.dirname, 'support/call-log-main.ts')], {
      input: JSON.stringify(wish),
      env: { PATH: process.env.PATH ?? '', ...home.environment },
      encoding: 'utf8',
    });
    // Written by call-log-main.ts.
    return JSON.parse(output) as { readonly code: string; readonly calls: readonly string[] }[];
  };

  it('are one C_Login for each PIN typed, none for an impossible one, and none for signatures', () => {
    const steps = stepsOf([null, 'wrong-pin', '1', RSA_PIN, null, null]);
    expect(steps.map(({ code }) => code)).toEqual(['LOGIN_NEEDED', 'PIN_INCORRECT', 'PIN_FORMAT', 'ok', 'ok', 'ok']);
    expect(steps.map(({ calls }) => calls.filter((name) => name === 'C_Login').length)).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it('read token, certificate and key again before every C_SignInit', () => {
    for (const { calls } of stepsOf([RSA_PIN, null, null, null]).slice(2)) {
      expect(calls).toEqual(['C_GetTokenInfo', 'C_GetAttributeValue', 'C_GetAttributeValue', 'C_SignInit', 'C_Sign']);
    }
  });
});

describe('a SoftHSM token pulled out in a batch', () => {
  it('is TOKEN_REMOVED, tells the station, and signs again after it is back and the PIN was typed again', async () => {
    const { grantId } = await granted(host, rsa);
    await sign(grantId, rsa);
    const told = new Promise((resolve) => host.supervisor.on('grantChanged', resolve));
    const putBack = home.pullOut();
    expect(await codeOf(sign(grantId, rsa))).toBe('TOKEN_REMOVED');
    expect(await told).toEqual({ grantId, loggedIn: false });
    expect(await codeOf(sign(grantId, rsa))).toBe('TOKEN_REMOVED');
    expect(await codeOf(host.token.grant(aGrant(rsa)))).toBe('TOKEN_NOT_FOUND');
    putBack();
    const again = await granted(host, rsa);
    expect(verify('sha256', toSign, rsa.certificate.publicKey, (await sign(again.grantId, rsa)).signature)).toBe(true);
    await host.token.release({ grantId: again.grantId });
  });

  it('is noticed between calls', async () => {
    await granted(host, rsa);
    const left = new Promise((resolve) => host.supervisor.on('tokensChanged', resolve));
    const putBack = home.pullOut();
    await left;
    expect((await host.token.list({})).tokens).toEqual([]);
    const returned = new Promise((resolve) => host.supervisor.on('tokensChanged', resolve));
    putBack();
    await returned;
    expect((await host.token.list({})).tokens).toHaveLength(2);
  });
});

describe('the token host process', () => {
  it('has printed no PIN, right or wrong', () => {
    for (const secret of [RSA_PIN, EC_PIN, 'not-the-pin', 'so-pin-12345']) expect(host.printed()).not.toContain(secret);
  });
});
