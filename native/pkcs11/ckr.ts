// What a PKCS#11 return value means for the station. The only place where a CKR number becomes one of our codes.
// Must not look at message texts, and must not decide whether a token is still there: only a driver can ask it.
import type { ErrorCode } from '../../electron/contract/error-codes.ts';
import { StationError } from '../../electron/contract/station-error.ts';

export const CKR = {
  ok: 0x0,
  attributeSensitive: 0x11,
  attributeTypeInvalid: 0x12,
  functionCanceled: 0x50,
  operationActive: 0x90,
  pinIncorrect: 0xa0,
  userAlreadyLoggedIn: 0x100,
  cryptokiNotInitialized: 0x190,
  cryptokiAlreadyInitialized: 0x191,
} as const;

/**
 * Numbers that say something other than "the driver failed". All others, the vendor range included, are faults:
 * CKR_GENERAL_ERROR (5), CKR_FUNCTION_FAILED (6) and CKR_DEVICE_ERROR (0x30) say nothing about the PIN.
 */
const meanings: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [0x3, 'TOKEN_REMOVED'], // CKR_SLOT_ID_INVALID: the reader went with the token
  [0x32, 'TOKEN_REMOVED'], // CKR_DEVICE_REMOVED
  [0xb0, 'TOKEN_REMOVED'], // CKR_SESSION_CLOSED
  [0xb3, 'TOKEN_REMOVED'], // CKR_SESSION_HANDLE_INVALID
  [0xe0, 'TOKEN_REMOVED'], // CKR_TOKEN_NOT_PRESENT
  [0xe1, 'TOKEN_NOT_FOUND'], // CKR_TOKEN_NOT_RECOGNIZED: a virtual reader, a bank card
  [0x60, 'KEY_NOT_FOUND'], // CKR_KEY_HANDLE_INVALID
  [0x82, 'KEY_NOT_FOUND'], // CKR_OBJECT_HANDLE_INVALID
  [0x62, 'MECHANISM_MISSING'], // CKR_KEY_SIZE_RANGE
  [0x63, 'MECHANISM_MISSING'], // CKR_KEY_TYPE_INCONSISTENT
  [0x68, 'MECHANISM_MISSING'], // CKR_KEY_FUNCTION_NOT_PERMITTED
  [0x70, 'MECHANISM_MISSING'], // CKR_MECHANISM_INVALID
  [0x71, 'MECHANISM_MISSING'], // CKR_MECHANISM_PARAM_INVALID
  [0xa0, 'PIN_INCORRECT'], // CKR_PIN_INCORRECT, and nothing else
  [0xa1, 'PIN_FORMAT'], // CKR_PIN_INVALID: characters the token does not take
  [0xa2, 'PIN_FORMAT'], // CKR_PIN_LEN_RANGE
  [0xa3, 'PIN_EXPIRED'], // CKR_PIN_EXPIRED
  [0xa4, 'PIN_LOCKED'], // CKR_PIN_LOCKED
  [0x102, 'PIN_EXPIRED'], // CKR_USER_PIN_NOT_INITIALIZED: a PIN must be set by the maker first (R27)
  [0x101, 'LOGIN_NEEDED'], // CKR_USER_NOT_LOGGED_IN
  [0xb1, 'TOKEN_BUSY'], // CKR_SESSION_COUNT
  [0xb8, 'TOKEN_BUSY'], // CKR_SESSION_READ_WRITE_SO_EXISTS
  // Already logged in means the PIN just typed was not looked at: it must never pass for a login.
  [0x100, 'TOKEN_BUSY'], // CKR_USER_ALREADY_LOGGED_IN
  [0x104, 'TOKEN_BUSY'], // CKR_USER_ANOTHER_ALREADY_LOGGED_IN
  [0x105, 'TOKEN_BUSY'], // CKR_USER_TOO_MANY_TYPES
]);

/** CKR_CANCEL, CKR_FUNCTION_CANCELED, CKR_FUNCTION_REJECTED: a person pressed cancel, but only where a PIN was being asked. */
const cancelled: ReadonlySet<number> = new Set([0x1, 0x50, 0x200]);

const pinCodes: ReadonlySet<ErrorCode> = new Set(['PIN_INCORRECT', 'PIN_FORMAT', 'PIN_LOCKED']);
const pinMethods: ReadonlySet<string> = new Set(['C_Login', 'C_SetPIN', 'C_InitPIN', 'C_InitToken']);

export const ckrHex = (ckr: number): string => `0x${ckr.toString(16)}`;

/** `method` is the C_ function that answered `ckr`: a PIN code from any other than a PIN call is a fault of the driver. */
export function errorOfCkr(method: string, ckr: number, cause?: unknown): StationError {
  const asksPin = pinMethods.has(method);
  const meant = asksPin && cancelled.has(ckr) ? 'PIN_CANCELLED' : meanings.get(ckr);
  const code = meant === undefined || (pinCodes.has(meant) && !asksPin) ? 'TOKEN_DRIVER_FAULT' : meant;
  return new StationError(code, detailsOf(code, method, ckr), { cause });
}

function detailsOf(code: ErrorCode, method: string, ckr: number): Readonly<Record<string, string>> {
  if (code === 'TOKEN_DRIVER_FAULT') return { method, ckr: ckrHex(ckr) };
  return code === 'MECHANISM_MISSING' ? { mechanism: `${method} ${ckrHex(ckr)}` } : {};
}
