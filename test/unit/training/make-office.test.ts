import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OfficeSetup, ProvisioningFile } from '../../../electron/contract/office.ts';
import { TokenHostConfig } from '../../../electron/contract/token.contract.ts';
import { readProvisioning } from '../../../electron/station/office/read-provisioning.ts';
import { systemRandomness } from '../../../electron/station/platform/ids.ts';
import { type MadeOffice, makeOffice } from '../../../electron/training/make-office.ts';
import { officePaths, readManifest } from '../../../electron/training/office-folder.ts';
import { signProvisioning } from '../../../electron/training/sign-provisioning.ts';
import { openKeys, readTokenFiles } from '../../../native/software-token/token-file.ts';

const root = mkdtempSync(join(tmpdir(), 'banjie-office-'));
const resourcesDir = join(import.meta.dirname, '../../../resources');
const optionsFor = (name: string) => ({
  dir: join(root, name),
  now: '2026-11-22T02:00:00.000Z',
  randomness: systemRandomness,
  resourcesDir,
  libraryUrl: 'http://127.0.0.1:8787',
});
const training = () => makeOffice('training', optionsFor('training'));
const read = (office: MadeOffice, text = readFileSync(office.provisioningPath, 'utf8')) =>
  readProvisioning(Buffer.from(text), { trustedFingerprints: [office.authorityFingerprint] });

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('training.makeOffice', () => {
  let office: MadeOffice;
  beforeAll(async () => {
    office = await training();
  });

  it('makes a package the station accepts', () => {
    const setup = read(office);
    expect(setup).toEqual(office.setup);
    expect(setup).toMatchObject({ profile: 'training', sequence: 1, library: { url: 'http://127.0.0.1:8787' } });
    expect(setup.issuers).toHaveLength(4);
    expect(setup.bindings.map(({ typeId }) => typeId).sort()).toEqual(['caifa', 'guihua', 'xiaozuofang', 'zhaijidi']);
    for (const { typeId, sha256 } of setup.catalogue) {
      const file = readFileSync(join(resourcesDir, 'catalogue/types', `${typeId}.json`));
      expect(sha256).toBe(createHash('sha256').update(file).digest('hex'));
    }
  });

  it('names its root so that nobody can take it for a real one', () => {
    const certificate = new X509Certificate(office.caPem);
    expect(certificate.subject).toContain('TRAINING');
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.ca).toBe(true);
  });

  it('gives each issuer a certificate of its own that OpenSSL accepts, two of each algorithm', () => {
    const ca = new X509Certificate(office.caPem);
    const certificates = office.setup.seals.map(({ certificates: [first] }) => new X509Certificate(Buffer.from(first ?? '', 'base64')));
    for (const [index, certificate] of certificates.entries()) {
      expect(certificate.checkIssued(ca)).toBe(true);
      expect(certificate.verify(ca.publicKey)).toBe(true);
      expect(certificate.ca).toBe(false);
      expect(certificate.subject).toContain(`serialNumber=${office.setup.issuers[index]?.code}`);
    }
    expect(certificates.map(({ publicKey }) => publicKey.asymmetricKeyType).sort()).toEqual(['ec', 'ec', 'rsa', 'rsa']);
    expect(new Set(certificates.map(({ fingerprint256 }) => fingerprint256)).size).toBe(4);
  });

  it('puts each key on a software token that its PIN opens', () => {
    const [driver] = office.tokenHost.drivers;
    expect(TokenHostConfig.parse(JSON.parse(readFileSync(officePaths(office.dir).drivers, 'utf8')))).toEqual(office.tokenHost);
    expect(office.tokenHost.training).toBe(true);
    const files = readTokenFiles(driver?.kind === 'software' ? driver.keyDir : '');
    expect(files.map(({ serial }) => serial).sort()).toEqual(office.tokens.map(({ serial }) => serial).sort());
    for (const file of files) {
      const [key] = file.keys;
      const certificate = new X509Certificate(Buffer.from(key?.certificate ?? '', 'base64'));
      const pem = openKeys(file, Buffer.from(office.pin))?.get(key?.keyId ?? '');
      expect(certificate.checkPrivateKey(createPrivateKey(pem ?? ''))).toBe(true);
    }
  });

  it('puts no private key, PIN or passphrase into the package', () => {
    const text = readFileSync(office.provisioningPath, 'utf8');
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain(office.pin);
    expect(text).not.toContain(`"${office.passphrase}"`);
  });

  it('opens the same office again', async () => {
    const again = await training();
    expect(again.setup).toEqual(office.setup);
    expect(again.tokens).toEqual(office.tokens);
    expect(again.authorityFingerprint).toBe(office.authorityFingerprint);
  });

  it('makes the next package of the same office when the library moved or the catalogue changed', async () => {
    const dir = join(root, 'moved');
    const first = await makeOffice('training', { ...optionsFor('moved'), dir });
    const moved = await makeOffice('training', { ...optionsFor('moved'), dir, libraryUrl: 'http://127.0.0.1:9999' });
    expect(moved.setup.sequence).toBe(2);
    expect(read(first)).toMatchObject({ sequence: 2, library: { url: 'http://127.0.0.1:9999' } });
    const changedResources = join(root, 'resources');
    for (const part of ['catalogue', 'rules']) cpSync(join(resourcesDir, part), join(changedResources, part), { recursive: true });
    const path = join(changedResources, 'catalogue/types/caifa.json');
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
    const changed = await makeOffice('training', {
      ...optionsFor('moved'),
      dir,
      libraryUrl: 'http://127.0.0.1:9999',
      resourcesDir: changedResources,
    });
    expect(changed.setup.sequence).toBe(3);
    expect(changed.tokens).toEqual(first.tokens);
  });

  it('starts anew in the remains of an interrupted run', async () => {
    const options = optionsFor('interrupted');
    mkdirSync(join(options.dir, 'tokens'), { recursive: true });
    writeFileSync(join(options.dir, 'tokens', 'TRN00000000.token.json'), '{"half":');
    expect(readManifest(options.dir)).toBeNull();
    const made = await makeOffice('training', options);
    expect(existsSync(join(options.dir, 'tokens', 'TRN00000000.token.json'))).toBe(false);
    expect(read(made).sequence).toBe(1);
  });

  it('refuses the folder of the other profile', async () => {
    await expect(makeOffice('acceptance', optionsFor('training'))).rejects.toMatchObject({ code: 'PROFILE_FIXED' });
  });

  it('says which driver is missing where SoftHSM is not installed', async () => {
    const options = { ...optionsFor('no-softhsm'), softhsmModule: '/nonexistent/libsofthsm2.so' };
    await expect(makeOffice('acceptance', options)).rejects.toMatchObject({ code: 'DRIVER_NOT_FOUND' });
  });
});

describe('office.readProvisioning', () => {
  let office: MadeOffice;
  let authority: ReturnType<typeof createPrivateKey>;
  beforeAll(async () => {
    office = await training();
    authority = createPrivateKey(readManifest(office.dir)?.authorityKeyPem ?? '');
  });
  const problemOf = (change: (setup: OfficeSetup) => unknown): unknown => {
    const setup = structuredClone(office.setup);
    change(setup);
    try {
      read(office, signProvisioning(setup, authority));
      return null;
    } catch (error) {
      return error;
    }
  };
  const invalid = (problem: RegExp) =>
    expect.objectContaining({ code: 'PACKAGE_INVALID', details: { problem: expect.stringMatching(problem) } });
  const first = <T>(list: readonly T[]): T => {
    const [item] = list;
    if (item === undefined) throw new Error('empty list');
    return item;
  };

  it('refuses a foreign authority and says its fingerprint', () => {
    const bytes = readFileSync(office.provisioningPath);
    const untrusted = expect.objectContaining({ code: 'PACKAGE_UNTRUSTED', details: { fingerprint: office.authorityFingerprint } });
    expect(() => readProvisioning(bytes, { trustedFingerprints: ['0'.repeat(64)] })).toThrow(untrusted);
  });

  it('refuses a changed payload, signature or file', () => {
    const file = ProvisioningFile.parse(JSON.parse(readFileSync(office.provisioningPath, 'utf8')));
    const text = JSON.stringify({ ...file, payload: file.payload.replace('马桥镇', '马良镇') });
    expect(() => read(office, text)).toThrow(invalid(/^signature$/));
    expect(() => read(office, JSON.stringify({ ...file, signature: 'AAAA' }))).toThrow(invalid(/^signature$/));
    expect(() => read(office, 'PK\u0003\u0004')).toThrow(invalid(/JSON/));
    expect(() => read(office, '{}')).toThrow(invalid(/kind/));
    expect(() => readProvisioning(Uint8Array.of(0xff, 0xfe), { trustedFingerprints: [] })).toThrow(invalid(/JSON/));
    expect(problemOf((setup) => Reflect.set(setup, 'pin', '1'))).toEqual(invalid(/pin/i));
  });

  it.each<[string, (setup: OfficeSetup) => unknown, RegExp]>([
    ['a binding to no seal', (s) => Object.assign(first(s.bindings), { sealId: 'none' }), /seal none is unknown/],
    ['a binding to the seal of another issuer', (s) => Object.assign(first(s.bindings), { sealId: s.seals[1]?.id }), /belongs to/],
    ['a type that is not in the catalogue', (s) => Object.assign(first(s.bindings), { typeId: 'other' }), /not in the catalogue/],
    ['a seal of no issuer', (s) => Object.assign(first(s.seals), { issuerId: 'none' }), /issuer none is unknown/],
    ['a seal kept by a clerk', (s) => Object.assign(first(s.seals), { custodianId: 'wangfang' }), /no custodian/],
    [
      'a seal with the certificate of another unit',
      (s) => Object.assign(first(s.seals), { certificates: s.seals[1]?.certificates }),
      /another unit/,
    ],
    ['a seal with a broken certificate', (s) => Object.assign(first(s.seals), { certificates: ['AAAA'] }), /cannot be read/],
    [
      'a seal that outlives its certificate',
      (s) => Object.assign(first(s.seals), { validTo: '2028-01-01' }),
      /longer than its certificate/,
    ],
    ['a trust anchor that issued none of them', (s) => Object.assign(s, { trustAnchors: first(s.seals).certificates }), /trust anchor/],
    ['two blocks that overlap', (s) => s.blocks.push({ ...first(s.blocks), id: 'again' }), /overlap/],
    ['an empty block', (s) => Object.assign(first(s.blocks), { last: 1 }), /is empty/],
    ['a wrong credit code', (s) => Object.assign(first(s.issuers), { code: '114206260116000170' }), /credit code/],
    ['two people who are the same', (s) => s.people.push(first(s.people)), /twice/],
    ['no head of office', (s) => s.people.map((person) => Object.assign(person, { headOfOffice: false })), /no head/],
    ['a head who is no reviewer', (s) => Object.assign(first(s.people), { headOfOffice: true }), /no reviewer/],
    ['one person who enters and seals', (s) => Object.assign(s.people[2] ?? {}, { roles: ['operator'] }), /no custodian|no three people/],
    ['a training root in a package of production', (s) => Object.assign(s, { profile: 'production' }), /root of training/],
  ])('refuses %s', (_what, change, problem) => {
    expect(problemOf(change)).toEqual(invalid(problem));
  });

  it('refuses fewer than three people between them', () => {
    const problem = problemOf((setup) => {
      for (const person of setup.people) if (person.roles.includes('clerk')) person.roles = ['custodian'];
    });
    expect(problem).toEqual(invalid(/no three people/));
  });
});
