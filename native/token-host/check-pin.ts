// The form of a PIN, looked at before a try is spent. Must not know or log what is right.
import { StationError } from '../../electron/contract/station-error.ts';

export interface PinRules {
  readonly pinPad: boolean;
  /** Bytes of UTF-8. */
  readonly pinMin: number;
  readonly pinMax: number;
}

/** PIN_FORMAT for a PIN that cannot be right: wrong length, or anything but printable ASCII (an input method left on). */
export function checkPin(pin: Uint8Array | null, rules: PinRules): void {
  const isUsable = rules.pinPad
    ? pin === null
    : pin !== null && pin.length > 0 && pin.length >= rules.pinMin && pin.length <= rules.pinMax && hasUsualBytes(pin);
  if (!isUsable) throw new StationError('PIN_FORMAT');
}

/** Looks at bytes, so that no further string of the PIN is made. */
const hasUsualBytes = (pin: Uint8Array): boolean => pin.every((byte) => byte >= 0x20 && byte < 0x7f);
