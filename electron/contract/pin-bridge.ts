// What the PIN page and the shell say to each other. Types only: the page has no other way to reach anything.
// Must not carry the grant, the certificate or the key's serial: the shell knows them, the page need not.
import type { ErrorCode } from './error-codes.ts';
import type { ErrorDetails } from './station-error.ts';

export interface PinQuestion {
  readonly sealName: string;
  readonly tokenLabel: string;
  /** How many licences this login is for. */
  readonly count: number;
  /** The PIN is typed on the reader; the page only says so. */
  readonly pinPad: boolean;
  readonly language: 'zh' | 'en';
  readonly largePrint: boolean;
}

export type PinAnswer = { readonly ok: true } | { readonly ok: false; readonly code: ErrorCode; readonly details: ErrorDetails };

export interface PinBridge {
  question(): Promise<PinQuestion>;
  /** UTF-8 bytes, or null for a PIN pad. On success the window is closed at once. */
  login(pin: Uint8Array | null): Promise<PinAnswer>;
  cancel(): void;
}
