// One login, and everything that must be known before a try is spent. Must not repeat a C_Login or keep the PIN.
import { isStationError, StationError } from '../../electron/contract/station-error.ts';
import type { PinState } from '../../electron/contract/token.contract.ts';
import { checkPin } from '../token-host/check-pin.ts';
import { CKF, CKS_USER, CKU } from './constants.ts';
import { pinLimits, pinStateOf, type SeenToken } from './list-tokens.ts';
import { attempt, type Gateway, type Handle } from './pkcs11.ts';

/**
 * Opens a session and logs in on it; the caller closes it. At most one C_Login, none when the token says it is locked or the
 * PIN cannot be right by its length. After a wrong PIN the flags are read again: it may be locked by now.
 */
export function logIn(gateway: Gateway, found: SeenToken, pin: Uint8Array | null): { readonly session: Handle; readonly pin: PinState } {
  const { slot, info } = found;
  if (pinStateOf(info.flags) === 'locked') throw new StationError('PIN_LOCKED');
  const pinPad = (info.flags & CKF.protectedAuthenticationPath) !== 0;
  checkPin(pin, { pinPad, ...pinLimits(info) });
  const session = gateway.openSession(slot);
  try {
    // Login state belongs to the token, not the session. What is left from before would let any PIN pass unread.
    if (CKS_USER.includes(gateway.sessionState(session))) gateway.logout(session);
    gateway.login(session, CKU.user, pin);
    return { session, pin: pinStateOf(gateway.tokenInfo(slot).flags) };
  } catch (error) {
    attempt(() => gateway.closeSession(session));
    if (!isStationError(error, 'PIN_INCORRECT')) throw error;
    const left = pinStateAfter(gateway, slot);
    throw left === 'locked'
      ? new StationError('PIN_LOCKED', {}, { cause: error })
      : new StationError('PIN_INCORRECT', { triesLeft: left }, { cause: error });
  }
}

/** The token may be gone right after a wrong PIN; the wrong PIN is still what the operator must hear. */
function pinStateAfter(gateway: Gateway, slot: Handle): PinState {
  let state: PinState = 'unknown';
  attempt(() => {
    state = pinStateOf(gateway.tokenInfo(slot).flags);
  });
  return state;
}
