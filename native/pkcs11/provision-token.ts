// Makes a token or a key for the acceptance profile and for tests: initialise, set the PIN, generate the key inside, store its
// certificate. Must not be reachable from the station or the token host: official keys come from the maker (R25).
import { StationError } from '../../electron/contract/station-error.ts';
import type { SignatureAlgorithm } from '../../electron/contract/token.contract.ts';
import { CKA, CKC_X_509, CKF, CKM, CKO, CKU } from './constants.ts';
import { certificateNames } from './der.ts';
import { sha256Hex } from './find-certificates.ts';
import { identityOf, listTokens } from './list-tokens.ts';
import { type Gateway, type Handle, openGateway, type Template } from './pkcs11.ts';
import { readPublicKey } from './read-public-key.ts';

export interface KeySpec {
  /** Absolute path. Loaded into the calling process: do this in a process of its own. */
  readonly modulePath: string;
  readonly initParameters?: string | undefined;
  /** The token's label: at most 32 bytes of UTF-8. */
  readonly label: string;
  readonly pin: string;
  readonly algorithm: SignatureAlgorithm;
  readonly keyLabel: string;
  /** DER of a certificate for this public key. */
  readonly certificateFor: (publicKeySpkiDer: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

export interface TokenSpec extends KeySpec {
  readonly soPin: string;
}

export interface ProvisionedKey {
  readonly serial: string;
  readonly certificateDer: Uint8Array;
}

/** Initialises a free slot first. TOKEN_NOT_FOUND when the module has none. */
export async function provisionToken(spec: TokenSpec): Promise<ProvisionedKey> {
  return withModule(spec, async (gateway) => {
    const serialsBefore = new Set(listTokens(gateway).seen.map((one) => one.token.serial));
    const free = gateway.slots().find((slot) => (gateway.tokenInfo(slot).flags & CKF.tokenInitialized) === 0);
    if (free === undefined) throw new StationError('TOKEN_NOT_FOUND', { serial: '' });
    gateway.initToken(free, spec.soPin, spec.label);
    // SoftHSM gives the new token another slot: it is found by what it is.
    const slot = slotOf(gateway, spec.label, (serial) => !serialsBefore.has(serial));
    await inSession(gateway, slot, CKU.so, spec.soPin, (session) => gateway.initPin(session, spec.pin));
    return makeKey(gateway, slot, spec);
  });
}

/** On a token that is there and has its PIN. */
export async function provisionKey(spec: KeySpec): Promise<ProvisionedKey> {
  return withModule(spec, (gateway) =>
    makeKey(
      gateway,
      slotOf(gateway, spec.label, () => true),
      spec,
    ),
  );
}

async function withModule<T>(spec: KeySpec, run: (gateway: Gateway) => Promise<T>): Promise<T> {
  const gateway = openGateway({ path: spec.modulePath, initParameters: spec.initParameters });
  try {
    return await run(gateway);
  } finally {
    gateway.finalize();
  }
}

function slotOf(gateway: Gateway, label: string, isSerialFit: (serial: string) => boolean): Handle {
  const found = listTokens(gateway).seen.find(({ token }) => token.label === label && isSerialFit(token.serial));
  if (found === undefined) throw new StationError('TOKEN_NOT_FOUND', { serial: '' });
  return found.slot;
}

async function inSession<T>(
  gateway: Gateway,
  slot: Handle,
  user: number,
  pin: string,
  run: (session: Handle) => T | Promise<T>,
): Promise<T> {
  const session = gateway.openSession(slot, 'write');
  try {
    gateway.login(session, user, Buffer.from(pin));
    const result = await run(session);
    gateway.logout(session);
    return result;
  } finally {
    gateway.closeSession(session);
  }
}

function makeKey(gateway: Gateway, slot: Handle, spec: KeySpec): Promise<ProvisionedKey> {
  return inSession(gateway, slot, CKU.user, spec.pin, async (session) => {
    const { serial } = identityOf(gateway.tokenInfo(slot));
    const keyId = Buffer.from(sha256Hex(Buffer.from(`${serial}\n${spec.keyLabel}`)).slice(0, 40), 'hex');
    const { mechanism, parameters } = generation[spec.algorithm];
    const common: Template = [
      { type: CKA.token, value: true },
      { type: CKA.id, value: keyId },
      { type: CKA.label, value: spec.keyLabel },
    ];
    gateway.generateKeyPair(
      session,
      mechanism,
      [...common, { type: CKA.verify, value: true }, ...parameters],
      [
        ...common,
        { type: CKA.private, value: true },
        { type: CKA.sensitive, value: true },
        { type: CKA.extractable, value: false },
        { type: CKA.sign, value: true },
        // Quirk(SoftHSM, 2.6.1): allows both unless told otherwise. A seal key signs and does nothing else.
        { type: CKA.decrypt, value: false },
        { type: CKA.unwrap, value: false },
      ],
    );
    const certificateDer = await spec.certificateFor(readPublicKey(gateway, session, keyId));
    const names = certificateNames(certificateDer);
    gateway.createObject(session, [
      ...common,
      { type: CKA.class, value: CKO.certificate },
      { type: CKA.certificateType, value: CKC_X_509 },
      { type: CKA.private, value: false },
      { type: CKA.subject, value: Buffer.from(names.subject) },
      { type: CKA.issuer, value: Buffer.from(names.issuer) },
      { type: CKA.serialNumber, value: Buffer.from(names.serialNumber) },
      { type: CKA.value, value: Buffer.from(certificateDer) },
    ]);
    return { serial, certificateDer };
  });
}

const generation: Readonly<Record<SignatureAlgorithm, { readonly mechanism: number; readonly parameters: Template }>> = {
  'RSA-SHA256': {
    mechanism: CKM.rsaPkcsKeyPairGen,
    parameters: [
      { type: CKA.modulusBits, value: 2048 },
      { type: CKA.publicExponent, value: Buffer.from([1, 0, 1]) },
    ],
  },
  'ECDSA-P256-SHA256': {
    mechanism: CKM.ecKeyPairGen,
    parameters: [{ type: CKA.ecParams, value: Buffer.from('06082a8648ce3d030107', 'hex') }],
  },
};
