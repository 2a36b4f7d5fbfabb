// The training token behind the same seam as a PKCS#11 module, with a real token's manners: tries that count down and stay
// spent, a lock, keys that are not readable before login. Must not be made outside training: create-drivers.ts sees to that.
import { createPrivateKey, type KeyObject, randomBytes, sign as signBytes } from 'node:crypto';
import { isStationError, StationError } from '../../electron/contract/station-error.ts';
import type { DriverProfile, PinState, SignatureAlgorithm, TokenCertificate, TokenView } from '../../electron/contract/token.contract.ts';
import { algorithmOf, sha256Hex } from '../pkcs11/find-certificates.ts';
import { checkPin } from '../token-host/check-pin.ts';
import { sameToken, type TokenDriver, type TokenId, type TokenProblem, tokenKey } from '../token-host/token-driver.ts';
import { blockFor, crash, readFaultScript } from './fault-script.ts';
import { MAX_TRIES, openKeys, readTokenFiles, setTriesLeft, type TokenFile, triesLeft } from './token-file.ts';

type SoftwareProfile = Extract<DriverProfile, { kind: 'software' }>;

const pinRules = { pinPad: false, pinMin: 4, pinMax: 64 } as const;

export class SoftwareDriver implements TokenDriver {
  readonly #profile: SoftwareProfile;
  readonly #loggedIn = new Map<string, ReadonlyMap<string, KeyObject>>();
  #signatures = 0;

  constructor(profile: SoftwareProfile) {
    this.#profile = profile;
  }

  list(): { readonly tokens: readonly TokenView[]; readonly problems: readonly TokenProblem[] } {
    try {
      const files = this.#files();
      for (const key of [...this.#loggedIn.keys()]) if (!files.some((file) => tokenKey(file) === key)) this.#loggedIn.delete(key);
      return { tokens: files.map((file) => this.#view(file)), problems: [] };
    } catch (error) {
      if (!isStationError(error)) throw error;
      const { id, name } = this.#profile;
      return {
        tokens: [],
        problems: [{ driverId: id, driverName: name, code: error.code, detail: Object.values(error.details).join(' ') }],
      };
    }
  }

  certificates(token: TokenId): readonly TokenCertificate[] {
    return this.#file(token).keys.map(({ keyId, certificate }) => {
      const der = Uint8Array.from(Buffer.from(certificate, 'base64'));
      return {
        tokenSerial: token.serial,
        certificateHash: sha256Hex(der),
        der,
        keyId,
        label: token.label,
        algorithm: algorithmOf(der),
        hasPrivateKey: true,
      };
    });
  }

  logIn(token: TokenId, pin: Uint8Array | null): PinState {
    this.logOut(token);
    const file = this.#file(token);
    const left = triesLeft(this.#profile.keyDir, file.serial);
    if (left === 0) throw new StationError('PIN_LOCKED');
    checkPin(pin, pinRules);
    // Spent first, given back after: a process killed during the check has used up its try, as on a real token.
    setTriesLeft(this.#profile.keyDir, file.serial, left - 1);
    const keys = pin === null || readFaultScript(this.#profile.keyDir).wrongPin ? undefined : openKeys(file, pin);
    if (keys === undefined)
      throw left === 1 ? new StationError('PIN_LOCKED') : new StationError('PIN_INCORRECT', { triesLeft: pinStateOf(left - 1) });
    setTriesLeft(this.#profile.keyDir, file.serial, MAX_TRIES);
    this.#loggedIn.set(tokenKey(token), new Map([...keys].map(([keyId, pem]) => [keyId, createPrivateKey(pem)])));
    return 'ok';
  }

  isLoggedIn(token: TokenId): boolean {
    return this.#loggedIn.has(tokenKey(token));
  }

  sign(token: TokenId, certificateHash: string, toSign: Uint8Array, algorithm: SignatureAlgorithm): Uint8Array<ArrayBuffer> {
    const keys = this.#loggedIn.get(tokenKey(token));
    if (keys === undefined) throw new StationError('LOGIN_NEEDED');
    const faults = readFaultScript(this.#profile.keyDir);
    const isDue = (after: number | undefined): boolean => after !== undefined && this.#signatures >= after;
    if (!this.#files().some((file) => sameToken(file, token))) {
      this.logOut(token);
      throw new StationError('TOKEN_REMOVED');
    }
    const certificate = this.certificates(token).find((one) => one.certificateHash === certificateHash);
    const key = certificate && keys.get(certificate.keyId);
    if (key === undefined) throw new StationError('KEY_NOT_FOUND');
    if (certificate?.algorithm !== algorithm) throw new StationError('MECHANISM_MISSING', { mechanism: algorithm });
    if (faults.slowMs !== undefined) blockFor(faults.slowMs);
    if (isDue(faults.hangAfter)) blockFor(Number.POSITIVE_INFINITY);
    if (isDue(faults.crashAfter)) crash();
    const signature = isDue(faults.garbageSignatureAfter)
      ? randomBytes(algorithm === 'RSA-SHA256' ? 256 : 70)
      : signBytes('sha256', toSign, key);
    this.#signatures += 1;
    return Uint8Array.from(signature);
  }

  logOut(token: TokenId): void {
    this.#loggedIn.delete(tokenKey(token));
  }

  close(): void {
    this.#loggedIn.clear();
  }

  #files(): TokenFile[] {
    const { keyDir } = this.#profile;
    const { removeAfter } = readFaultScript(keyDir);
    if (removeAfter !== undefined && this.#signatures >= removeAfter) return [];
    try {
      return readTokenFiles(keyDir);
    } catch (error) {
      throw new StationError('TOKEN_DRIVER_FAULT', { method: 'readTokenFiles', ckr: 'none' }, { cause: error });
    }
  }

  #file(token: TokenId): TokenFile {
    const file = this.#files().find((one) => sameToken(one, token));
    if (file === undefined) throw new StationError('TOKEN_NOT_FOUND', { serial: token.serial });
    return file;
  }

  #view(file: TokenFile): TokenView {
    return {
      driverId: this.#profile.id,
      driverName: this.#profile.name,
      software: true,
      serial: file.serial,
      label: file.label,
      manufacturer: 'Banjie',
      model: 'training',
      pin: pinStateOf(triesLeft(this.#profile.keyDir, file.serial)),
      ...pinRules,
      loggedIn: this.isLoggedIn(file),
    };
  }
}

function pinStateOf(left: number): PinState {
  if (left === 0) return 'locked';
  if (left === 1) return 'finalTry';
  return left < MAX_TRIES ? 'low' : 'ok';
}
