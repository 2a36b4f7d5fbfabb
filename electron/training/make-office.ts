// Makes, or opens again, an office for training or acceptance: root, seals on tokens, people, library, number blocks, all in
// one signed provisioning package. Must never make a production office: official seals come from their maker (R25, R34).
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { makeSoftwareToken } from '../../native/software-token/token-file.ts';
import { type OfficeSetup, ProvisioningFile, OfficeSetup as Setup } from '../contract/office.ts';
import { StationError } from '../contract/station-error.ts';
import type { SignatureAlgorithm, TokenHostConfig } from '../contract/token.contract.ts';
import type { Instant } from '../contract/values.ts';
import { localDayOf } from '../station/platform/clock.ts';
import type { Randomness } from '../station/platform/ids.ts';
import { keyIdentifier, makeCertificate, type SubjectName } from './make-certificate.ts';
import { makeSofthsmTokens, SOFTHSM_MODULE, softhsmConfigPath, writeSofthsmConfig } from './make-softhsm-tokens.ts';
import { LibraryKeys, type MadeToken, type OfficeManifest, officePaths, readManifest, writeWhole } from './office-folder.ts';
import { officeSetup } from './office-setup.ts';
import { passphraseHash } from './passphrase-hash.ts';
import { type OfficeResources, readResources } from './read-resources.ts';
import { authorityFingerprint, signProvisioning } from './sign-provisioning.ts';
import { ACCEPTANCE_SO_PIN, type IssuerPlan, issuerPlans, type MadeProfile, personPlans, profilePlans } from './training-office.ts';

export interface MakeOfficeOptions {
  readonly dir: string;
  readonly now: Instant;
  readonly randomness: Randomness;
  /** The product's resources folder. */
  readonly resourcesDir: string;
  readonly libraryUrl: string;
  /** Acceptance only; Debian's place when left out. */
  readonly softhsmModule?: string;
}

export interface MadeOffice {
  readonly profile: MadeProfile;
  readonly dir: string;
  readonly provisioningPath: string;
  readonly setup: OfficeSetup;
  /** To be pinned by the workspace that is set up from this office. */
  readonly authorityFingerprint: string;
  readonly caPem: string;
  readonly caPath: string;
  readonly library: LibraryKeys;
  readonly tokens: readonly MadeToken[];
  readonly pin: string;
  readonly passphrase: string;
  readonly tokenHost: TokenHostConfig;
  /** Environment the token host must have besides its allow-list. */
  readonly tokenHostEnvironment: Readonly<Record<string, string>>;
}

/**
 * Opens the office in `dir` when there is one, and gives it a package with the next sequence if library, catalogue, rules or
 * year have changed since. PROFILE_FIXED when the folder belongs to the other profile.
 */
export async function makeOffice(profile: MadeProfile, options: MakeOfficeOptions): Promise<MadeOffice> {
  const dir = resolve(options.dir);
  const existing = readManifest(dir);
  if (existing !== null && existing.profile !== profile) throw new StationError('PROFILE_FIXED', { profile: existing.profile });
  const manifest = existing ?? (await makeNew(profile, dir, options));
  return openMade(dir, manifest, options);
}

async function makeNew(profile: MadeProfile, dir: string, options: MakeOfficeOptions): Promise<OfficeManifest> {
  const paths = officePaths(dir);
  const plan = profilePlans[profile];
  // Without a manifest the folder is the remains of an interrupted run: its tokens belong to nobody.
  rmSync(paths.tokensDir, { recursive: true, force: true });
  mkdirSync(paths.tokensDir, { recursive: true, mode: 0o700 });

  const rootName: SubjectName = { organization: plan.rootOrganization, commonName: plan.rootName, code: null };
  const rootKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const root = makeCertificate(
    {
      subject: rootName,
      publicKeyInfo: publicKeyInfo(rootKey),
      validFrom: '2025-12-31T16:00:00.000Z',
      validTo: '2036-12-31T15:59:59.000Z',
      serial: options.randomness.bytes(16),
      kind: 'root',
    },
    { name: rootName, privateKey: rootKey },
  );
  const tokens = await makeTokens(profile, dir, options, { name: rootName, privateKey: rootKey });
  const library: LibraryKeys = {
    kind: 'banjie.library-keys',
    version: 1,
    name: plan.libraryName,
    url: options.libraryUrl,
    receiptKeyPem: pemOf(generateKeyPairSync('ed25519').privateKey),
  };
  writeWhole(paths.library, json(library));
  writeWhole(paths.caPem, new X509Certificate(root).toString());
  writeWhole(paths.readme, readme(profile));
  const manifest: OfficeManifest = {
    kind: 'banjie.made-office',
    version: 1,
    profile,
    madeAt: options.now,
    sequence: 1,
    authorityKeyPem: pemOf(generateKeyPairSync('ed25519').privateKey),
    root: Buffer.from(root).toString('base64'),
    tokens,
    passphrase: plan.passphrase,
    passphraseHashes: Object.fromEntries(personPlans.map(({ id }) => [id, passphraseHash(plan.passphrase, options.randomness.bytes(16))])),
  };
  writePackage(dir, manifest, setupOf(manifest, library, readResources(options.resourcesDir), options.now));
  writeWhole(paths.manifest, json(manifest));
  return manifest;
}

function openMade(dir: string, found: OfficeManifest, options: MakeOfficeOptions): MadeOffice {
  const paths = officePaths(dir);
  const library = { ...LibraryKeys.parse(readJson(paths.library)), url: options.libraryUrl };
  const { manifest, setup } = refresh(dir, found, library, options);
  const training = manifest.profile === 'training';
  const tokenHost: TokenHostConfig = {
    training,
    drivers: [
      training
        ? { kind: 'software', id: 'software-training', name: '演练软件密钥 Training software key', keyDir: paths.tokensDir }
        : { kind: 'pkcs11', id: 'softhsm2', name: 'SoftHSM 2', modulePath: options.softhsmModule ?? SOFTHSM_MODULE, quirks: [] },
    ],
  };
  if (!training) writeSofthsmConfig(dir);
  writeWhole(paths.drivers, json(tokenHost));
  return {
    profile: manifest.profile,
    dir,
    provisioningPath: paths.provisioning,
    setup,
    authorityFingerprint: authorityFingerprint(createPrivateKey(manifest.authorityKeyPem)),
    caPem: readFileSync(paths.caPem, 'utf8'),
    caPath: paths.caPem,
    library,
    tokens: manifest.tokens,
    pin: profilePlans[manifest.profile].pin,
    passphrase: manifest.passphrase,
    tokenHost,
    tokenHostEnvironment: training ? {} : { SOFTHSM2_CONF: softhsmConfigPath(dir) },
  };
}

/** The package in the folder, or the next one if it no longer says what is the case. */
function refresh(
  dir: string,
  manifest: OfficeManifest,
  library: LibraryKeys,
  options: MakeOfficeOptions,
): { readonly manifest: OfficeManifest; readonly setup: OfficeSetup } {
  const paths = officePaths(dir);
  const current = Setup.parse(JSON.parse(ProvisioningFile.parse(readJson(paths.provisioning)).payload));
  const resources = readResources(options.resourcesDir);
  const wanted = setupOf({ ...manifest, sequence: current.sequence }, library, resources, options.now);
  const isSame = JSON.stringify({ ...wanted, issuedAt: '' }) === JSON.stringify({ ...current, issuedAt: '' });
  if (isSame) return { manifest, setup: current };
  const next = { ...manifest, sequence: current.sequence + 1 };
  const setup = setupOf(next, library, resources, options.now);
  writePackage(dir, next, setup);
  writeWhole(paths.library, json(library));
  writeWhole(paths.manifest, json(next));
  return { manifest: next, setup };
}

function setupOf(manifest: OfficeManifest, library: LibraryKeys, resources: OfficeResources, now: Instant): OfficeSetup {
  return officeSetup({
    profile: manifest.profile,
    sequence: manifest.sequence,
    issuedAt: now,
    rootDer: Buffer.from(manifest.root, 'base64'),
    certificates: new Map(manifest.tokens.map(({ issuerId, certificate }) => [issuerId, Buffer.from(certificate, 'base64')])),
    passphraseHashes: new Map(Object.entries(manifest.passphraseHashes)),
    library: { url: library.url, receiptKeyDer: publicKeyInfo(createPrivateKey(library.receiptKeyPem)) },
    resources,
  });
}

const writePackage = (dir: string, manifest: OfficeManifest, setup: OfficeSetup): void =>
  writeWhole(officePaths(dir).provisioning, signProvisioning(setup, createPrivateKey(manifest.authorityKeyPem)));

async function makeTokens(
  profile: MadeProfile,
  dir: string,
  options: MakeOfficeOptions,
  authority: { readonly name: SubjectName; readonly privateKey: KeyObject },
): Promise<MadeToken[]> {
  const plan = profilePlans[profile];
  const orders = issuerPlans.map((issuer) => ({
    issuer,
    label: `${plan.tokenLabel} ${issuer.id}`,
    subject: { organization: issuer.name, commonName: issuer.name, code: issuer.code },
    certificateSerial: Uint8Array.from(options.randomness.bytes(16)),
    ...certificateYears(options.now),
  }));
  const made = (issuer: IssuerPlan, label: string, serial: string, certificate: Uint8Array): MadeToken => ({
    issuerId: issuer.id,
    serial,
    label,
    pin: plan.pin,
    certificate: Buffer.from(certificate).toString('base64'),
  });

  if (profile === 'acceptance') {
    const tokens = await makeSofthsmTokens(dir, {
      modulePath: options.softhsmModule ?? SOFTHSM_MODULE,
      authority: { name: authority.name, privateKeyPem: pemOf(authority.privateKey) },
      tokens: orders.map(({ issuer, ...order }) => ({ ...order, algorithm: issuer.algorithm, soPin: ACCEPTANCE_SO_PIN, pin: plan.pin })),
    });
    return orders.map(({ issuer, label }, index) => {
      const token = tokens[index];
      if (token === undefined) throw new Error(`no token for ${issuer.id}`);
      return made(issuer, label, token.serial, token.certificateDer);
    });
  }

  const tokens: MadeToken[] = [];
  for (const { issuer, label, subject, certificateSerial, validFrom, validTo } of orders) {
    const key = makeKey(issuer.algorithm);
    const spki = publicKeyInfo(key);
    const certificate = makeCertificate(
      { subject, publicKeyInfo: spki, validFrom, validTo, serial: certificateSerial, kind: 'seal' },
      authority,
    );
    const serial = `TRN${Buffer.from(options.randomness.bytes(4)).toString('hex').toUpperCase()}`;
    const keyId = Buffer.from(keyIdentifier(spki)).toString('hex');
    const keys = [{ keyId, privateKeyPem: pemOf(key), certificateDer: certificate }];
    await makeSoftwareToken(officePaths(dir).tokensDir, { serial, label, pin: plan.pin, keys });
    tokens.push(made(issuer, label, serial, certificate));
  }
  return tokens;
}

/** Two calendar years by the local day, from 1 January of this one, so that a demonstration clock set back still finds it valid. */
function certificateYears(now: Instant): { readonly validFrom: Instant; readonly validTo: Instant } {
  const year = Number(localDayOf(now).slice(0, 4));
  return { validFrom: `${year - 1}-12-31T16:00:00.000Z`, validTo: `${year + 1}-12-31T15:59:59.000Z` };
}

const makeKey = (algorithm: SignatureAlgorithm): KeyObject =>
  algorithm === 'RSA-SHA256'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const publicKeyInfo = (key: KeyObject): Uint8Array => createPublicKey(key).export({ format: 'der', type: 'spki' });
const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString();
const json = (value: unknown): string => JSON.stringify(value, null, 2);
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const readme = (profile: MadeProfile): string =>
  `${profile === 'training' ? '演练 TRAINING' : '验收 ACCEPTANCE'}: an invented office. All keys, PINs and passphrases in this folder are public; never use them for a real licence.\n`;
