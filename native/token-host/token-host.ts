// Answers the token contract: finds tokens, holds the grants, and signs for nothing else (R33).
// Must not log in by itself, keep a PIN, or decide what is signed; and must not import a driver binding.
import type { EventName, EventPayload, HandlersOf } from '../../electron/contract/define.ts';
import type { ErrorCode } from '../../electron/contract/error-codes.ts';
import { isStationError, StationError } from '../../electron/contract/station-error.ts';
import { type Grant, type TokenContract, type TokenHostConfig, tokenContract } from '../../electron/contract/token.contract.ts';
import type { CallObserver } from '../pkcs11/pkcs11.ts';
import { createDrivers } from './create-drivers.ts';
import { sameToken, type TokenDriver, type TokenId } from './token-driver.ts';

export interface TokenHostSeams {
  readonly clock: { nowMs(): number };
  readonly emit: <E extends EventName<TokenContract>>(event: E, payload: EventPayload<TokenContract, E>) => void;
  /** Told of every PKCS#11 call, by name and time only. */
  readonly observe?: CallObserver;
}

export interface TokenHost {
  readonly handlers: HandlersOf<TokenContract, unknown>;
  /** Looks for tokens that came or went, and ends grants that ran out. To be called about once a second. */
  poll(): void;
  /** Logs out of everything and finalises the modules. */
  close(): void;
}

interface LiveGrant {
  readonly grant: Grant;
  readonly driver: TokenDriver;
  readonly token: TokenId;
  signaturesLeft: number;
  /** What was last told by `grantChanged`. */
  loggedIn: boolean;
}

interface Place {
  readonly driver: TokenDriver;
  readonly token: TokenId;
}

export function createTokenHost(config: TokenHostConfig, { clock, emit, observe = () => undefined }: TokenHostSeams): TokenHost {
  const drivers = createDrivers(config, observe);
  const grants = new Map<string, LiveGrant>();
  let lastSeen: string | undefined;
  let isClosed = false;

  const listAll = (retryLoading: boolean) => {
    const lists = drivers.map((driver) => ({ driver, ...driver.list(retryLoading) }));
    return {
      places: lists.flatMap(({ driver, tokens }) =>
        tokens.map((token): Place => ({ driver, token: { serial: token.serial, label: token.label } })),
      ),
      tokens: lists.flatMap(({ tokens }) => tokens),
      problems: lists.flatMap(({ problems }) => problems),
    };
  };

  function placesOf(serial: string): readonly Place[] {
    const places = listAll(true).places.filter(({ token }) => token.serial === serial);
    if (places.length === 0) throw new StationError('TOKEN_NOT_FOUND', { serial });
    return places;
  }

  /** Quirk(NSS): all its tokens have one serial, so the certificate tells which of them is meant. */
  function placeOf(serial: string, certificateHash: string): Place {
    const places = placesOf(serial);
    const holds = ({ driver, token }: Place) => driver.certificates(token).some((one) => one.certificateHash === certificateHash);
    const place = places.length === 1 ? places[0] : places.find(holds);
    if (place === undefined) throw new StationError('TOKEN_NOT_FOUND', { serial });
    return place;
  }

  function liveGrant(grantId: string): LiveGrant {
    const live = grants.get(grantId);
    if (live !== undefined && clock.nowMs() <= Date.parse(live.grant.expiresAt)) return live;
    if (live !== undefined) end(live);
    throw new StationError('GRANT_MISSING');
  }

  function end(live: LiveGrant): void {
    grants.delete(live.grant.grantId);
    live.driver.logOut(live.token);
    tellLogin(live);
  }

  function tellLogin(live: LiveGrant): void {
    const loggedIn = live.driver.isLoggedIn(live.token);
    if (loggedIn === live.loggedIn) return;
    live.loggedIn = loggedIn;
    emit('grantChanged', { grantId: live.grant.grantId, loggedIn });
  }

  /** One call may end several logins: a module that must be re-initialised forgets them all. */
  const tellLogins = (): void => {
    for (const live of grants.values()) tellLogin(live);
  };

  function poll(): void {
    // A look would load the modules again.
    if (isClosed) return;
    for (const live of [...grants.values()]) if (clock.nowMs() > Date.parse(live.grant.expiresAt)) end(live);
    const { tokens, problems } = listAll(false);
    tellLogins();
    const seen = JSON.stringify([
      tokens.map(({ driverId, serial, label, pin }) => [driverId, serial, label, pin]),
      problems.map(({ driverId, code }) => [driverId, code]),
    ]);
    if (lastSeen !== undefined && seen !== lastSeen) emit('tokensChanged', {});
    lastSeen = seen;
  }

  function close(): void {
    isClosed = true;
    for (const live of [...grants.values()]) end(live);
    for (const driver of drivers) driver.close();
  }

  const handlers: HandlersOf<TokenContract, unknown> = {
    token: {
      list() {
        const { tokens, problems } = listAll(true);
        tellLogins();
        const named = config.drivers.map((d) => ({ id: d.id, name: d.name, path: d.kind === 'pkcs11' ? d.modulePath : d.keyDir }));
        return { drivers: named, tokens: [...tokens], problems: [...problems] };
      },
      certificates: ({ tokenSerial }) =>
        within('certificates', () => placesOf(tokenSerial).flatMap(({ driver, token }) => [...driver.certificates(token)])),
      grant: (grant) =>
        within('grant', () => {
          const { driver, token } = placeOf(grant.tokenSerial, grant.certificateHash);
          for (const live of [...grants.values()]) if (live.grant.grantId === grant.grantId || sameToken(live.token, token)) end(live);
          grants.set(grant.grantId, { grant, driver, token, signaturesLeft: grant.signatures, loggedIn: false });
          return {};
        }),
      login: ({ grantId, pin }) =>
        within('login', () => {
          try {
            const live = liveGrant(grantId);
            return { pin: live.driver.logIn(live.token, pin) };
          } finally {
            pin?.fill(0);
            tellLogins();
          }
        }),
      sign: ({ grantId, toSign, algorithm }) =>
        within('sign', () => {
          const live = liveGrant(grantId);
          if (live.signaturesLeft === 0) throw new StationError('GRANT_MISSING');
          const startedMs = performance.now();
          try {
            const signature = live.driver.sign(live.token, live.grant.certificateHash, toSign, algorithm);
            // A signature that failed leaves nothing behind; one that leaves this process counts, whatever becomes of it.
            live.signaturesLeft -= 1;
            return { signature, milliseconds: performance.now() - startedMs };
          } finally {
            tellLogins();
          }
        }),
      release({ grantId }) {
        const live = grants.get(grantId);
        if (live !== undefined) end(live);
        return {};
      },
      close() {
        close();
        return {};
      },
    },
  };
  return { handlers, poll, close };
}

/** A code the call does not list came from a driver that answered out of turn: that is a fault of the driver. */
function within<T>(name: keyof TokenContract['groups']['token'], run: () => T): T {
  const expected: readonly ErrorCode[] = tokenContract.groups.token[name].errors;
  try {
    return run();
  } catch (error) {
    if (!isStationError(error) || expected.includes(error.code)) throw error;
    throw new StationError('TOKEN_DRIVER_FAULT', { method: `token.${name}`, ckr: error.code }, { cause: error });
  }
}
