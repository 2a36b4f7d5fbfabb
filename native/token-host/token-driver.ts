// The seam between the token host and a kind of token (PKCS#11 module, software token).
// Every method is synchronous on purpose: a call runs to its end before the next message is read, so the event loop is the
// one serial queue of all drivers, and nothing can slip between a check of identity and the C_ call that relies on it.

import type { z } from 'zod';
import type { DriverProblem, PinState, SignatureAlgorithm, TokenCertificate, TokenView } from '../../electron/contract/token.contract.ts';

/** What a token is known by; never a slot number. Serials alone are not unique: NSS gives all its tokens the same. */
export interface TokenId {
  readonly serial: string;
  readonly label: string;
}

export type TokenProblem = z.infer<typeof DriverProblem>;

export interface TokenDriver {
  /**
   * Never throws a StationError: what does not answer becomes a problem. A module that did not load is tried again only when
   * a person asked (`retryLoading`), not once a second.
   */
  list(retryLoading: boolean): { readonly tokens: readonly TokenView[]; readonly problems: readonly TokenProblem[] };
  certificates(token: TokenId): readonly TokenCertificate[];
  /** One try at most, and none for a PIN that cannot be right by its form or on a locked token. Does not keep `pin`. */
  logIn(token: TokenId, pin: Uint8Array | null): PinState;
  isLoggedIn(token: TokenId): boolean;
  /** Reads token and certificate again before it asks the key. LOGIN_NEEDED, KEY_NOT_FOUND or TOKEN_REMOVED when they are not what they were. */
  sign(token: TokenId, certificateHash: string, toSign: Uint8Array, algorithm: SignatureAlgorithm): Uint8Array<ArrayBuffer>;
  /** No error when the token is gone. */
  logOut(token: TokenId): void;
  close(): void;
}

export const sameToken = (a: TokenId, b: TokenId): boolean => a.serial === b.serial && a.label === b.label;
export const tokenKey = (token: TokenId): string => `${token.serial}\n${token.label}`;
