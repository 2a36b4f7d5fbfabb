import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientOf } from '../../electron/contract/define.ts';
import type { OfficeSetup } from '../../electron/contract/office.ts';
import { type StationContract, stationContract } from '../../electron/contract/station.contract.ts';
import { isStationError } from '../../electron/contract/station-error.ts';
import { PersonId, type Profile } from '../../electron/contract/values.ts';
import { authorise } from '../../electron/rpc/authorise.ts';
import { connect } from '../../electron/rpc/connect.ts';
import { memoryPorts } from '../../electron/rpc/ports/memory.ts';
import { serve } from '../../electron/rpc/serve.ts';
import { realTimers } from '../../electron/rpc/timers.ts';
import { createHandlers } from '../../electron/station/handlers.ts';
import { systemRandomness } from '../../electron/station/platform/ids.ts';
import { openStation, type Station } from '../../electron/station/station.ts';
import { makeCertificate } from '../../electron/training/make-certificate.ts';
import { type MadeOffice, makeOffice } from '../../electron/training/make-office.ts';
import { authorityFingerprint, signProvisioning } from '../../electron/training/sign-provisioning.ts';
import { root } from '../support/source-files.ts';

const resourcesDir = path.join(root, 'resources');
const NOW = '2026-11-30T07:00:00.000Z';
const OPERATOR = 'zhangmin';
const CLERK = 'wangfang';

const dir = mkdtempSync(path.join(tmpdir(), 'banjie-package-'));
const authority = generateKeyPairSync('ed25519').privateKey;
const fingerprint = authorityFingerprint(authority);
let acceptance: MadeOffice;
let training: MadeOffice;
const made = (profile: 'training' | 'acceptance') =>
  makeOffice(profile, {
    dir: path.join(dir, profile),
    now: NOW,
    randomness: systemRandomness,
    resourcesDir,
    libraryUrl: 'http://127.0.0.1:9',
  });

beforeAll(async () => {
  [acceptance, training] = [await made('acceptance'), await made('training')];
});

interface Fresh {
  readonly station: Station;
  readonly client: ClientOf<StationContract>;
  /** Kinds of the audit trail about the office, oldest first, with who did it. */
  officeEvents(): readonly unknown[];
}
const open: Station[] = [];
let workspaces = 0;

/** A workspace nobody has set up, over the contract as the window sees it. */
async function fresh(profile: Profile = 'acceptance'): Promise<Fresh> {
  workspaces += 1;
  const unasked = () => Promise.reject(new Error('no key is asked'));
  const station = await openStation(
    {
      workspaceDir: path.join(dir, `workspace-${workspaces}`),
      resourcesDir,
      databaseKey: new Uint8Array(32).fill(7),
      profile,
      demoToday: null,
      softwareVersion: '0.0.0',
      sync: { auto: false },
    },
    {
      tokens: { list: unasked, certificates: unasked, grant: unasked, sign: unasked, release: unasked },
      onChange: () => undefined,
      write: () => undefined,
    },
  );
  open.push(station);
  const [here, there] = memoryPorts();
  serve(stationContract, createHandlers(station), there, {
    callerOf: () => ({ from: 'window', roles: station.session.person?.roles ?? null }),
    authorise,
    log: () => undefined,
    newIncident: () => 'incident',
    nowMs: () => performance.now(),
    onUnexpectedCode: (call, code) => {
      throw new Error(`${call} may not answer ${code}`);
    },
  });
  return {
    station,
    client: connect(stationContract, here, { timers: realTimers }).client,
    officeEvents: () =>
      station.ctx.db.prepare("SELECT kind, person_id AS person FROM audit_event WHERE kind LIKE 'office.%' ORDER BY seq").all(),
  };
}

/** A workspace with the first package in force, and the operator at the desk. */
async function inForce(change?: (setup: OfficeSetup) => OfficeSetup): Promise<Fresh> {
  const it = await fresh();
  await it.client.session.takeOffice({ file: packageOf(change), fingerprint });
  await signIn(it, OPERATOR);
  return it;
}
const signIn = ({ client }: Fresh, id: string) =>
  client.session.signIn({ personId: PersonId.parse(id), passphrase: acceptance.passphrase });

const packageOf = (change: (setup: OfficeSetup) => OfficeSetup = (same) => same, key: KeyObject = authority) =>
  new Uint8Array(Buffer.from(signProvisioning(change(acceptance.setup), key)));
const newer = (sequence: number) => packageOf((setup) => ({ ...setup, sequence }));
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

async function refusal(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => 'was not refused',
    (thrown: unknown) => thrown,
  );
  return isStationError(error) ? { code: error.code, ...error.details } : error;
}

afterEach(async () => {
  for (const station of open.splice(0)) await station.close();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('session.inspectOffice', () => {
  it('says what the package holds and changes nothing', async () => {
    const it = await fresh();
    const says = await it.client.session.inspectOffice({ file: packageOf() });
    expect(says).toMatchObject({
      fingerprint,
      profile: 'acceptance',
      sequence: 1,
      stationId: 'YS01',
      unit: { name: '马桥镇人民政府' },
      library: { url: 'http://127.0.0.1:9' },
      rulePack: { fits: true },
      inForce: null,
    });
    expect([says.issuers.length, says.seals.length, says.people.length, says.types.length]).toEqual([4, 4, 4, 4]);
    expect(says.types.every(({ fits }) => fits)).toBe(true);
    expect(says.seals[0]).toEqual({ name: '马桥镇人民政府印章', custodian: '张敏', validTo: '2027-12-31' });
    expect(JSON.stringify(says)).not.toContain('scrypt');
    expect(await it.client.session.current({})).toMatchObject({ office: null, people: [] });
    expect(it.officeEvents()).toEqual([]);
  });

  it.each<[string, () => Uint8Array, unknown]>([
    ['nothing', () => new Uint8Array(), 'notJSON'],
    ['a picture', () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'notJSON'],
    ['half a package', () => packageOf().slice(0, 900), 'notJSON'],
    ['another JSON', () => bytesOf('{"kind":"something"}'), expect.stringMatching(/^kind/)],
    ['a signature of nobody', () => bytesOf(Buffer.from(packageOf()).toString().replace('马桥镇人民政府', '横溪镇人民政府')), 'signature'],
    ['a key that is none', () => withField('authority', Buffer.from('no key').toString('base64')), 'signature'],
    ['a signature of another key', () => withField('signature', foreignSignature()), 'signature'],
    [
      'a library of another scheme',
      () => packageOf((s) => ({ ...s, library: { ...s.library, url: 'file:///etc/passwd' } })),
      expect.stringMatching(/^library.url/),
    ],
    [
      'a seal bound to another issuer',
      () => packageOf((s) => ({ ...s, bindings: s.bindings.map((b, i) => (i === 0 ? { ...b, sealId: s.seals[1]?.id ?? b.sealId } : b)) })),
      expect.stringMatching(/belongs to/),
    ],
    ['a file beyond any office', () => new Uint8Array(17 * 1_048_576), 'tooLarge'],
  ])('refuses %s', async (_name, file, problem) => {
    const it = await fresh();
    expect(await refusal(it.client.session.inspectOffice({ file: file() }))).toEqual({ code: 'PACKAGE_INVALID', problem });
    expect(await refusal(it.client.session.takeOffice({ file: file(), fingerprint }))).toMatchObject({
      code: expect.stringMatching(/^PACKAGE_/),
    });
    expect((await it.client.session.current({})).office).toBeNull();
  });
});

const withField = (field: string, value: string): Uint8Array =>
  bytesOf(JSON.stringify({ ...(JSON.parse(Buffer.from(packageOf()).toString()) as object), [field]: value })); // our own package
const foreignSignature = (): string => {
  const other = packageOf(undefined, generateKeyPairSync('ed25519').privateKey);
  return (JSON.parse(Buffer.from(other).toString()) as { signature: string }).signature; // our own package
};

describe('session.takeOffice in a fresh workspace', () => {
  it('takes the package whose fingerprint was confirmed, and records it', async () => {
    const it = await fresh();
    const session = await it.client.session.takeOffice({ file: packageOf(), fingerprint });
    expect(session).toMatchObject({ profile: 'acceptance', office: { stationId: 'YS01' }, person: null, trainingHint: null });
    expect(session.people).toHaveLength(4);
    expect(it.officeEvents()).toEqual([{ kind: 'office.setUp', person: null }]);
    expect((await signIn(it, CLERK)).person).toMatchObject({ id: CLERK });
  });

  it('takes none of an authority that was not confirmed', async () => {
    const it = await fresh();
    expect(await refusal(it.client.session.takeOffice({ file: packageOf(), fingerprint: '0'.repeat(64) }))).toEqual({
      code: 'PACKAGE_UNTRUSTED',
      fingerprint,
    });
    expect((await it.client.session.current({})).office).toBeNull();
  });

  it('takes none of another profile, though its own signature is right', async () => {
    const it = await fresh();
    const file = new Uint8Array(readFileSync(training.provisioningPath));
    expect(await it.client.session.inspectOffice({ file })).toMatchObject({ profile: 'training' });
    expect(await refusal(it.client.session.takeOffice({ file, fingerprint: training.authorityFingerprint }))).toEqual({
      code: 'PROFILE_FIXED',
      profile: 'acceptance',
    });
    expect((await it.client.session.current({})).office).toBeNull();
  });

  it.each<[string, (setup: OfficeSetup) => OfficeSetup, object, object]>([
    [
      'licence type',
      (s) => ({ ...s, catalogue: s.catalogue.map((entry, i) => (i === 2 ? { ...entry, sha256: '0'.repeat(64) } : entry)) }),
      { rulePack: { fits: true } },
      { file: expect.stringMatching(/^[a-z]+$/), problem: 'differs' },
    ],
    [
      'rule pack',
      (s) => ({ ...s, rulePack: { ...s.rulePack, sha256: '0'.repeat(64) } }),
      { rulePack: { fits: false } },
      { file: 'hubei-township', problem: 'differs' },
    ],
  ])('says that a %s differs from ours, and does not take it', async (what, change, seen, details) => {
    const it = await fresh();
    const file = packageOf(change);
    const says = await it.client.session.inspectOffice({ file });
    expect(says).toMatchObject(seen);
    expect(says.types.filter(({ fits }) => !fits)).toHaveLength(what === 'licence type' ? 1 : 0);
    expect(await refusal(it.client.session.takeOffice({ file, fingerprint }))).toEqual({ code: 'CATALOGUE_INVALID', ...details });
    expect((await it.client.session.current({})).office).toBeNull();
  });

  it('lets only the first of two offices in, however close together they come', async () => {
    const it = await fresh();
    const other = generateKeyPairSync('ed25519').privateKey;
    const [first, second] = await Promise.all([
      refusal(it.client.session.takeOffice({ file: packageOf(), fingerprint })),
      refusal(it.client.session.takeOffice({ file: packageOf(undefined, other), fingerprint: authorityFingerprint(other) })),
    ]);
    expect([first, second]).toEqual(['was not refused', { code: 'SIGN_IN_NEEDED' }]);
  });

  it('is the program’s own affair in training', async () => {
    const it = await fresh('training');
    const file = new Uint8Array(readFileSync(training.provisioningPath));
    expect(await refusal(it.client.session.takeOffice({ file, fingerprint: training.authorityFingerprint }))).toEqual({
      code: 'PROFILE_FIXED',
      profile: 'training',
    });
  });
});

describe('session.takeOffice in a production workspace', () => {
  it('takes a package whose seals come from seal data, under a root made for no training', async () => {
    const it = await fresh('production');
    const setup = productionSetup();
    const session = await it.client.session.takeOffice({ file: bytesOf(signProvisioning(setup, authority)), fingerprint });
    expect(session).toMatchObject({ profile: 'production', office: { stationId: 'YS01' }, trainingHint: null, demoClock: false });
  });

  it('takes no drawn seal, no acceptance root, and no acceptance package', async () => {
    const it = await fresh('production');
    const real = productionSetup();
    const [round] = acceptance.setup.seals;
    const drawn = { ...real, seals: real.seals.map((seal) => ({ ...seal, image: round?.image ?? seal.image })) };
    const disguised: OfficeSetup = { ...acceptance.setup, profile: 'production' };
    const take = (setup: OfficeSetup) =>
      refusal(it.client.session.takeOffice({ file: bytesOf(signProvisioning(setup, authority)), fingerprint }));
    expect(await take(drawn)).toEqual({ code: 'PACKAGE_INVALID', problem: expect.stringMatching(/picture does not come from seal data/) });
    expect(await take(disguised)).toEqual({ code: 'PACKAGE_INVALID', problem: expect.stringMatching(/root of acceptance/) });
    expect(await take(acceptance.setup)).toEqual({ code: 'PROFILE_FIXED', profile: 'production' });
    expect((await it.client.session.current({})).office).toBeNull();
  });
});

/** The acceptance office as a real authority would deliver it: another root, and pictures out of seal data. */
function productionSetup(): OfficeSetup {
  const key = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = (publicKey: KeyObject) => new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  const rootName = { organization: 'Test Authority', commonName: 'Test Authority Root', code: null };
  const rootKey = key();
  const years = { validFrom: '2025-12-31T16:00:00.000Z', validTo: '2027-12-31T15:59:59.000Z' };
  const signer = { name: rootName, privateKey: rootKey.privateKey };
  const certificate = (
    kind: 'root' | 'seal',
    subject: typeof rootName | { organization: string; commonName: string; code: string },
    publicKey: KeyObject,
  ) =>
    Buffer.from(
      makeCertificate({ subject, publicKeyInfo: spki(publicKey), ...years, serial: systemRandomness.bytes(16), kind }, signer),
    ).toString('base64');
  const issuerOf = (id: string) => acceptance.setup.issuers.find((issuer) => issuer.id === id);
  return {
    ...acceptance.setup,
    profile: 'production',
    trustAnchors: [certificate('root', rootName, rootKey.publicKey)],
    seals: acceptance.setup.seals.map((seal) => {
      const issuer = issuerOf(seal.issuerId);
      const subject = { organization: issuer?.name ?? '', commonName: issuer?.name ?? '', code: issuer?.code ?? '' };
      return {
        ...seal,
        certificates: [certificate('seal', subject, key().publicKey)],
        image: { format: 'png', data: 'iVBORw0KGgo=', widthMm: 42, heightMm: 42 },
      };
    }),
  };
}

describe('session.takeOffice where an office is in force', () => {
  it('takes a newer package of the same authority from an operator, and records who', async () => {
    const it = await inForce();
    expect(await it.client.session.inspectOffice({ file: newer(2) })).toMatchObject({ inForce: { sequence: 1, sameAuthority: true } });
    const file = packageOf((s) => ({ ...s, sequence: 2, unit: { ...s.unit, closesAt: '18:00' } }));
    expect(await it.client.session.takeOffice({ file, fingerprint })).toMatchObject({
      office: { closesAt: '18:00' },
      person: { id: OPERATOR },
    });
    expect(it.officeEvents()).toEqual([
      { kind: 'office.setUp', person: null },
      { kind: 'office.renewed', person: OPERATOR },
    ]);
  });

  it('takes none from anybody else', async () => {
    const it = await inForce();
    await it.client.session.signOut({});
    expect(await refusal(it.client.session.takeOffice({ file: newer(2), fingerprint }))).toEqual({ code: 'SIGN_IN_NEEDED' });
    await signIn(it, CLERK);
    expect(await refusal(it.client.session.takeOffice({ file: newer(2), fingerprint }))).toEqual({
      code: 'ROLE_NOT_ALLOWED',
      needs: 'operator',
    });
    expect(it.officeEvents()).toHaveLength(1);
  });

  it('takes none of another authority, whatever fingerprint comes with it', async () => {
    const it = await inForce();
    const other = generateKeyPairSync('ed25519').privateKey;
    const foreign = authorityFingerprint(other);
    const file = packageOf((s) => ({ ...s, sequence: 9 }), other);
    expect(await it.client.session.inspectOffice({ file })).toMatchObject({ inForce: { sameAuthority: false } });
    for (const claimed of [foreign, fingerprint])
      expect(await refusal(it.client.session.takeOffice({ file, fingerprint: claimed }))).toEqual({
        code: 'PACKAGE_UNTRUSTED',
        fingerprint: foreign,
      });
    expect(it.officeEvents()).toHaveLength(1);
  });

  it('takes neither an older one nor the same again', async () => {
    const it = await inForce((s) => ({ ...s, sequence: 5 }));
    for (const sequence of [4, 5])
      expect(await refusal(it.client.session.takeOffice({ file: newer(sequence), fingerprint }))).toEqual({
        code: 'PACKAGE_INVALID',
        problem: 'sequence',
      });
    expect(it.officeEvents()).toHaveLength(1);
  });

  it('takes none that moves a number block already in use', async () => {
    const it = await inForce();
    const file = packageOf((s) => ({ ...s, sequence: 2, blocks: s.blocks.map((b, i) => (i === 0 ? { ...b, last: b.last - 1 } : b)) }));
    expect(await refusal(it.client.session.takeOffice({ file, fingerprint }))).toEqual({
      code: 'PACKAGE_INVALID',
      problem: expect.stringMatching(/^number block/),
    });
  });

  it('counts the rights of the new package from then on', async () => {
    const it = await inForce();
    const withoutOperator = packageOf((s) => ({
      ...s,
      sequence: 2,
      people: s.people.map((p) => (p.id === OPERATOR ? { ...p, roles: ['custodian'] } : p)),
    }));
    expect((await it.client.session.takeOffice({ file: withoutOperator, fingerprint })).person?.roles).toEqual(['custodian']);
    expect(await refusal(it.client.session.takeOffice({ file: newer(3), fingerprint }))).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
  });

  it('signs out who is no longer in it', async () => {
    const it = await inForce((s) => ({
      ...s,
      people: [
        ...s.people,
        ...s.people.filter(({ id }) => id === OPERATOR).map((p) => ({ ...p, id: PersonId.parse('second'), roles: ['operator' as const] })),
      ],
    }));
    await signIn(it, 'second');
    expect(await it.client.session.takeOffice({ file: newer(2), fingerprint })).toMatchObject({ person: null });
    expect(await refusal(it.client.licences.find({}))).toEqual({ code: 'SIGN_IN_NEEDED' });
  });

  it('is still in force after the station was closed and opened', async () => {
    const it = await inForce();
    await it.client.session.takeOffice({ file: newer(2), fingerprint });
    const { config } = it.station;
    await it.station.close();
    const unasked = () => Promise.reject(new Error('no key is asked'));
    const again = await openStation(config, {
      tokens: { list: unasked, certificates: unasked, grant: unasked, sign: unasked, release: unasked },
      onChange: () => undefined,
      write: () => undefined,
    });
    open.push(again);
    expect(again.ctx.office().setup.sequence).toBe(2);
  });
});
