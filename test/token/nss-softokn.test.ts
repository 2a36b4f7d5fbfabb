import { verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aGrant, codeOf, granted, pinBytes, type RunningHost, startHost } from './support/running-host.ts';
import { type MadeToken, nssHome, type TokenHome } from './support/token-makers.ts';

const toSign = Uint8Array.from(Buffer.from('the DER of signed attributes'));
const PIN = 'nss-pin-2718';

let home: TokenHome;
let host: RunningHost;
let rsa: MadeToken;
let ec: MadeToken;

beforeAll(async () => {
  const nss = nssHome(PIN);
  home = nss;
  rsa = nss.make('RSA-SHA256');
  ec = nss.make('ECDSA-P256-SHA256');
  host = await startHost({ training: false, drivers: [home.profile] });
});

afterAll(async () => {
  await host?.stop();
  home?.remove();
});

describe('NSS softokn, whose module needs parameters and whose tokens share one serial', () => {
  it('shows both slots, and both certificates of the one that has any', async () => {
    const { tokens, problems } = await host.token.list({});
    expect(problems).toEqual([]);
    expect(tokens.map(({ label }) => label)).toEqual(['NSS Generic Crypto Services', 'NSS Certificate DB']);
    expect(new Set(tokens.map(({ serial }) => serial)).size).toBe(1);
    const certificates = await host.token.certificates({ tokenSerial: rsa.serial });
    expect(certificates.map(({ certificateHash }) => certificateHash).toSorted()).toEqual(
      [rsa.certificateHash, ec.certificateHash].toSorted(),
    );
  });

  it('signs with the right one of two keys on the right one of two tokens', async () => {
    for (const key of [rsa, ec]) {
      const { grantId } = await granted(host, key);
      const { signature } = await host.token.sign({ grantId, toSign, algorithm: key.algorithm });
      expect(verify('sha256', toSign, key.certificate.publicKey, signature)).toBe(true);
      await host.token.release({ grantId });
      expect(await codeOf(host.token.sign({ grantId, toSign, algorithm: key.algorithm }))).toBe('GRANT_MISSING');
    }
  });

  it('finds no token for a certificate that none of them has', async () => {
    expect(await codeOf(host.token.grant(aGrant({ ...rsa, certificateHash: '0'.repeat(64) })))).toBe('TOKEN_NOT_FOUND');
  });

  it('says a wrong PIN is wrong and takes the right one after it', async () => {
    const grant = aGrant(rsa);
    await host.token.grant(grant);
    expect(await codeOf(host.token.login({ grantId: grant.grantId, pin: pinBytes('not-the-pin') }))).toBe('PIN_INCORRECT');
    expect(await codeOf(host.token.sign({ grantId: grant.grantId, toSign, algorithm: 'RSA-SHA256' }))).toBe('LOGIN_NEEDED');
    await host.token.login({ grantId: grant.grantId, pin: pinBytes(PIN) });
    await host.token.release({ grantId: grant.grantId });
  });

  it('does not load without its parameters, and says which call failed', async () => {
    const bare = await startHost({
      training: false,
      drivers: [{ kind: 'pkcs11', id: 'bare', name: 'bare', modulePath: modulePathOf(home), quirks: [] }],
    });
    try {
      expect(await bare.token.list({})).toMatchObject({
        drivers: [{ id: 'bare' }],
        tokens: [],
        problems: [{ driverId: 'bare', driverName: 'bare', code: 'TOKEN_DRIVER_FAULT', detail: 'C_Initialize 0x7' }],
      });
    } finally {
      await bare.stop();
    }
  });

  it('has printed no PIN', () => {
    for (const secret of [PIN, 'not-the-pin']) expect(host.printed()).not.toContain(secret);
  });
});

function modulePathOf({ profile }: TokenHome): string {
  if (profile.kind !== 'pkcs11') throw new Error('not a PKCS#11 profile');
  return profile.modulePath;
}
