// Lists the tokens a module shows, and finds one again by what it is. Must not remember slots: they are re-used and re-numbered.
import { isStationError, type StationError } from '../../electron/contract/station-error.ts';
import type { PinState } from '../../electron/contract/token.contract.ts';
import type { TokenId } from '../token-host/token-driver.ts';
import { CKF } from './constants.ts';
import type { Gateway, Handle, TokenInfo } from './pkcs11.ts';

export interface SeenToken {
  readonly slot: Handle;
  readonly token: TokenId;
  readonly info: TokenInfo;
}

/** Fields are padded with blanks, by some modules with NUL. */
const trimmed = (field: string): string => field.replace(/[\s\0]+$/u, '');

export const identityOf = (info: TokenInfo): TokenId => ({ serial: trimmed(info.serialNumber), label: trimmed(info.label) });

export const tokenTexts = (info: TokenInfo) => ({ manufacturer: trimmed(info.manufacturerID), model: trimmed(info.model) });

/** CK_UNAVAILABLE_INFORMATION and 0 both mean the token does not say. */
export const pinLimits = (info: TokenInfo): { readonly pinMin: number; readonly pinMax: number } => ({
  pinMin: info.minPinLen > 255 ? 0 : info.minPinLen,
  pinMax: info.maxPinLen === 0 || info.maxPinLen > 255 ? 255 : info.maxPinLen,
});

export function pinStateOf(flags: number): PinState {
  if (flags & CKF.userPinLocked) return 'locked';
  if (flags & CKF.userPinFinalTry) return 'finalTry';
  return flags & CKF.userPinCountLow ? 'low' : 'ok';
}

/** A slot that shows no usable token never hides the others; `failures` are slots that answered with a fault. */
export function listTokens(gateway: Gateway): { readonly seen: readonly SeenToken[]; readonly failures: readonly StationError[] } {
  const seen: SeenToken[] = [];
  const failures: StationError[] = [];
  for (const slot of gateway.slots()) {
    try {
      const info = gateway.tokenInfo(slot);
      // An uninitialised token (SoftHSM always shows a spare one, openCryptoki one with a label) has nothing to sign with.
      if (info.flags & CKF.tokenInitialized) seen.push({ slot, token: identityOf(info), info });
    } catch (error) {
      if (!isStationError(error)) throw error;
      // Gone between two calls, or a virtual reader: not worth a word.
      if (error.code !== 'TOKEN_REMOVED' && error.code !== 'TOKEN_NOT_FOUND') failures.push(error);
    }
  }
  return { seen, failures };
}

export const findToken = (gateway: Gateway, token: TokenId): SeenToken | undefined =>
  listTokens(gateway).seen.find((one) => one.token.serial === token.serial && one.token.label === token.label);
