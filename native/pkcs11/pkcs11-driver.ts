// A PKCS#11 module as the token host sees it: its sessions, and what to do when a token has gone.
// Must not log in by itself, and must not trust a handle or a slot longer than one call.
import { isStationError, StationError } from '../../electron/contract/station-error.ts';
import type { DriverProfile, PinState, SignatureAlgorithm, TokenCertificate, TokenView } from '../../electron/contract/token.contract.ts';
import { sameToken, type TokenDriver, type TokenId, type TokenProblem, tokenKey } from '../token-host/token-driver.ts';
import { CKR } from './ckr.ts';
import { CKF } from './constants.ts';
import { findCertificates } from './find-certificates.ts';
import { findToken, identityOf, listTokens, pinLimits, pinStateOf, type SeenToken, tokenTexts } from './list-tokens.ts';
import { logIn } from './log-in.ts';
import { attempt, type CallObserver, type Gateway, type Handle, isFault, openGateway } from './pkcs11.ts';
import { type LocatedKey, locateKey, signWith } from './sign.ts';

type Pkcs11Profile = Extract<DriverProfile, { kind: 'pkcs11' }>;

interface LoggedIn {
  readonly token: TokenId;
  readonly slot: Handle;
  readonly session: Handle;
  readonly mechanisms: readonly number[];
  readonly keys: Map<string, LocatedKey>;
}

export class Pkcs11Driver implements TokenDriver {
  readonly #profile: Pkcs11Profile;
  readonly #observe: CallObserver;
  #gateway: Gateway | undefined;
  #loadFailure: StationError | undefined;
  readonly #loggedIn = new Map<string, LoggedIn>();
  /** Tokens that went away while they were logged in: the module must be re-initialised before it shows them again. */
  readonly #missing = new Set<string>();

  constructor(profile: Pkcs11Profile, observe: CallObserver) {
    this.#profile = profile;
    this.#observe = observe;
  }

  list(retryLoading: boolean): { readonly tokens: readonly TokenView[]; readonly problems: readonly TokenProblem[] } {
    if (retryLoading) this.#loadFailure = undefined;
    try {
      const { seen, failures } = listTokens(this.#ready());
      this.#noteRemoved(seen);
      return { tokens: seen.map((one) => this.#view(one)), problems: failures.map((error) => this.#problem(error)) };
    } catch (error) {
      if (!isStationError(error)) throw error;
      return { tokens: [], problems: [this.#problem(error)] };
    }
  }

  certificates(token: TokenId): readonly TokenCertificate[] {
    const gateway = this.#ready();
    const open = this.#loggedIn.get(tokenKey(token));
    return this.#guard(token, () => {
      if (open !== undefined) return findCertificates(gateway, open.session, token, true);
      const session = gateway.openSession(this.#mustFind(gateway, token).slot);
      try {
        return findCertificates(gateway, session, token, false);
      } finally {
        attempt(() => gateway.closeSession(session));
      }
    });
  }

  logIn(token: TokenId, pin: Uint8Array | null): PinState {
    this.logOut(token);
    const gateway = this.#ready();
    return this.#guard(token, () => {
      const found = this.#mustFind(gateway, token);
      const mechanisms = gateway.mechanisms(found.slot);
      const { session, pin: pinState } = logIn(gateway, found, pin);
      this.#loggedIn.set(tokenKey(token), { token, slot: found.slot, session, mechanisms, keys: new Map() });
      return pinState;
    });
  }

  isLoggedIn(token: TokenId): boolean {
    return this.#loggedIn.has(tokenKey(token));
  }

  sign(token: TokenId, certificateHash: string, toSign: Uint8Array, algorithm: SignatureAlgorithm): Uint8Array<ArrayBuffer> {
    const open = this.#loggedIn.get(tokenKey(token));
    if (open === undefined) throw new StationError(this.#missing.has(tokenKey(token)) ? 'TOKEN_REMOVED' : 'LOGIN_NEEDED');
    const gateway = this.#ready();
    return this.#guard(token, () => {
      // Invariant: token, certificate and key are read again between any two signatures; a slot may hold another token by now.
      if (!sameToken(identityOf(gateway.tokenInfo(open.slot)), token)) throw new StationError('TOKEN_REMOVED');
      const key = open.keys.get(certificateHash) ?? locateKey(gateway, open.session, certificateHash);
      open.keys.set(certificateHash, key);
      const { session, mechanisms } = open;
      return signWith(gateway, key, { session, mechanisms, quirks: this.#profile.quirks, certificateHash, toSign, algorithm });
    });
  }

  logOut(token: TokenId): void {
    const open = this.#loggedIn.get(tokenKey(token));
    // Not #ready(): it may re-initialise, which would leave nothing to log out of.
    const gateway = this.#gateway;
    if (open === undefined || gateway === undefined) return;
    this.#loggedIn.delete(tokenKey(token));
    attempt(() => gateway.logout(open.session));
    attempt(() => gateway.closeSession(open.session));
  }

  close(): void {
    const gateway = this.#gateway;
    if (gateway === undefined) return;
    for (const { token } of [...this.#loggedIn.values()]) this.logOut(token);
    this.#gateway = undefined;
    attempt(() => gateway.finalize());
  }

  /** Loads the module at its first use, so that one bad driver costs nothing to the others. */
  #ready(): Gateway {
    const gateway = this.#gateway;
    if (gateway === undefined) return this.#load();
    if (this.#missing.size > 0 && this.#loggedIn.size === 0) {
      // Re-initialising ends all sessions of the module, hence only when none is in use.
      gateway.reinitialize();
      // A module that forgets slots for good (quirk) is asked again until the token is back.
      if (!this.#profile.quirks.includes('needsFinalizeOnRemoval')) this.#missing.clear();
    }
    return gateway;
  }

  #load(): Gateway {
    if (this.#loadFailure !== undefined) throw this.#loadFailure;
    const { modulePath, initParameters } = this.#profile;
    try {
      this.#gateway = openGateway({ path: modulePath, initParameters }, this.#observe);
      return this.#gateway;
    } catch (error) {
      if (isStationError(error)) this.#loadFailure = error;
      throw error;
    }
  }

  /** Runs calls that rely on the token; whatever their failure is named, a token that is not there any more is TOKEN_REMOVED. */
  #guard<T>(token: TokenId, run: () => T): T {
    try {
      return run();
    } catch (error) {
      // What a person typed wrong, or what is settled before the token is asked, says nothing about its presence.
      if (!isStationError(error) || !mayMeanRemoval.has(error.code)) throw error;
      const wasLoggedIn = this.isLoggedIn(token);
      if (error.code === 'TOKEN_REMOVED' || !this.#isPresent(token)) {
        this.#drop(token);
        throw error.code === 'TOKEN_NOT_FOUND' && !wasLoggedIn ? error : new StationError('TOKEN_REMOVED', {}, { cause: error });
      }
      // An operation left active makes the session useless for good.
      if (isFault(error, CKR.operationActive)) this.logOut(token);
      throw error;
    }
  }

  #isPresent(token: TokenId): boolean {
    let isPresent = false;
    attempt(() => {
      isPresent = this.#gateway !== undefined && findToken(this.#gateway, token) !== undefined;
    });
    return isPresent;
  }

  /** Ends the login of a token that went away; with the quirk, of all tokens of this module, because only C_Finalize heals it. */
  #drop(token: TokenId): void {
    this.#missing.add(tokenKey(token));
    const dropped = this.#profile.quirks.includes('needsFinalizeOnRemoval')
      ? [...this.#loggedIn.values()].map((one) => one.token)
      : [token];
    for (const one of dropped) this.logOut(one);
  }

  #noteRemoved(seen: readonly SeenToken[]): void {
    for (const one of seen) this.#missing.delete(tokenKey(one.token));
    for (const { token } of [...this.#loggedIn.values()]) if (!seen.some((one) => sameToken(one.token, token))) this.#drop(token);
  }

  #mustFind(gateway: Gateway, token: TokenId): SeenToken {
    const found = findToken(gateway, token);
    if (found === undefined) throw new StationError('TOKEN_NOT_FOUND', { serial: token.serial });
    return found;
  }

  #view({ token, info }: SeenToken): TokenView {
    return {
      driverId: this.#profile.id,
      driverName: this.#profile.name,
      software: false,
      ...token,
      ...tokenTexts(info),
      pin: pinStateOf(info.flags),
      pinPad: (info.flags & CKF.protectedAuthenticationPath) !== 0,
      ...pinLimits(info),
      loggedIn: this.isLoggedIn(token),
    };
  }

  #problem(error: StationError): TokenProblem {
    const detail = Object.values(error.details).join(' ');
    return { driverId: this.#profile.id, driverName: this.#profile.name, code: error.code, detail };
  }
}

const mayMeanRemoval: ReadonlySet<string> = new Set([
  'TOKEN_REMOVED',
  'TOKEN_NOT_FOUND',
  'TOKEN_DRIVER_FAULT',
  'KEY_NOT_FOUND',
  'LOGIN_NEEDED',
  'TOKEN_BUSY',
]);
