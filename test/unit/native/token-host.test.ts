import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../../electron/contract/token.contract.ts';
import { sha256Hex } from '../../../native/pkcs11/find-certificates.ts';
import { FAULT_FILE } from '../../../native/software-token/fault-script.ts';
import { makeSoftwareToken, openKeys, readTokenFiles } from '../../../native/software-token/token-file.ts';
import { createTokenHost, type TokenHost } from '../../../native/token-host/token-host.ts';
import { aGrant, pinBytes } from '../../token/support/running-host.ts';
import { selfSigned } from '../../token/support/self-signed.ts';

const PIN = '271828';
const toSign = pinBytes('attributes');
const algorithm = 'ECDSA-P256-SHA256' as const;
const refusal = (code: string) => expect.objectContaining({ code });

let dir: string;
let certificateHash: string;
let nowMs: number;
let events: unknown[];
let host: TokenHost;
const clock = { nowMs: () => nowMs };
const driver = {
  kind: 'software' as const,
  id: 'training',
  name: 'Training',
  get keyDir() {
    return dir;
  },
};

/** The handlers of the token host answer at once; the contract's types allow promises. */
const call = () => {
  const { token } = host.handlers;
  return {
    grant: (grant: Grant) => token.grant(grant, undefined),
    login: (grantId: string, pin = pinBytes(PIN)) => token.login({ grantId, pin }, undefined),
    sign: (grantId: string) => token.sign({ grantId, toSign, algorithm }, undefined),
    release: (grantId: string) => token.release({ grantId }, undefined),
  };
};
const grantUntil = (milliseconds: number) => aGrant({ serial: 'T1', certificateHash }, { expiresAt: new Date(milliseconds).toISOString() });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'banjie-host-'));
  const key = selfSigned();
  certificateHash = sha256Hex(key.certificateDer);
  await makeSoftwareToken(dir, { serial: 'T1', label: 'training', pin: PIN, keys: [{ keyId: 'a1', ...key }] });
});
afterAll(() => rmSync(dir, { recursive: true }));

beforeEach(() => {
  nowMs = 1_000_000;
  events = [];
  host = createTokenHost({ training: true, drivers: [driver] }, { clock, emit: (event, payload) => events.push([event, payload]) });
});

describe('a grant', () => {
  it('lasts to its last millisecond; then the token is logged out and the station told', () => {
    const grant = grantUntil(nowMs + 1_000);
    call().grant(grant);
    call().login(grant.grantId);
    nowMs += 1_000;
    host.poll();
    expect(call().sign(grant.grantId)).toMatchObject({ signature: expect.any(Uint8Array) });
    nowMs += 1;
    host.poll();
    expect(events).toEqual([
      ['grantChanged', { grantId: grant.grantId, loggedIn: true }],
      ['grantChanged', { grantId: grant.grantId, loggedIn: false }],
    ]);
    expect(() => call().sign(grant.grantId)).toThrow(refusal('GRANT_MISSING'));
  });

  it('is over at its end even if nobody polled', () => {
    const grant = grantUntil(nowMs + 1_000);
    call().grant(grant);
    call().login(grant.grantId);
    nowMs += 1_001;
    expect(() => call().sign(grant.grantId)).toThrow(refusal('GRANT_MISSING'));
    expect(events.at(-1)).toEqual(['grantChanged', { grantId: grant.grantId, loggedIn: false }]);
  });

  it('can be released twice', () => {
    const grant = grantUntil(nowMs + 1_000);
    call().grant(grant);
    expect([call().release(grant.grantId), call().release(grant.grantId)]).toEqual([{}, {}]);
  });

  it('asks for a login again when it is registered again', () => {
    const grant = grantUntil(nowMs + 1_000);
    call().grant(grant);
    call().login(grant.grantId);
    call().grant(grant);
    expect(() => call().sign(grant.grantId)).toThrow(refusal('LOGIN_NEEDED'));
  });
});

describe('the PIN', () => {
  it('is zeroed after a right entry, a wrong one, and one without a grant', () => {
    const grant = grantUntil(nowMs + 1_000);
    call().grant(grant);
    const [right, wrong, useless] = [pinBytes(PIN), pinBytes('999999'), pinBytes(PIN)];
    expect(() => call().login(grant.grantId, wrong)).toThrow(refusal('PIN_INCORRECT'));
    call().login(grant.grantId, right);
    expect(() => call().login('no such grant', useless)).toThrow(refusal('GRANT_MISSING'));
    for (const pin of [right, wrong, useless]) expect([...pin].every((byte) => byte === 0)).toBe(true);
  });
});

describe('the poll', () => {
  it('tells of a token that goes and comes, once each', () => {
    host.poll();
    writeFileSync(join(dir, FAULT_FILE), '{"removeAfter":0}');
    host.poll();
    host.poll();
    rmSync(join(dir, FAULT_FILE));
    host.poll();
    expect(events).toEqual([
      ['tokensChanged', {}],
      ['tokensChanged', {}],
    ]);
  });
});

describe('close', () => {
  it('logs out, tells the station, and looks at nothing any more', () => {
    const grant = grantUntil(nowMs + 1_000);
    call().grant(grant);
    call().login(grant.grantId);
    host.poll();
    host.close();
    expect(events.at(-1)).toEqual(['grantChanged', { grantId: grant.grantId, loggedIn: false }]);
    const told = events.length;
    writeFileSync(join(dir, FAULT_FILE), '{"removeAfter":0}');
    host.poll();
    rmSync(join(dir, FAULT_FILE));
    expect(events.length).toBe(told);
  });
});

describe('a software token file', () => {
  it('does not open with another certificate or label put into it', () => {
    const [file] = readTokenFiles(dir);
    if (file === undefined) throw new Error('the token was made above');
    expect(openKeys(file, pinBytes(PIN))?.size).toBe(1);
    expect(openKeys({ ...file, label: 'another' }, pinBytes(PIN))).toBeUndefined();
    expect(openKeys({ ...file, keys: [{ keyId: 'a1', certificate: 'AAAA' }] }, pinBytes(PIN))).toBeUndefined();
    expect(readFileSync(join(dir, 'T1.token.json'), 'utf8')).not.toContain('PRIVATE');
  });

  it('refuses a serial that is not a plain file name', async () => {
    await expect(makeSoftwareToken(dir, { serial: '../x', label: 'x', pin: PIN, keys: [] })).rejects.toThrow();
  });
});
