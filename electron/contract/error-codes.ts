// The one table of error codes: who must act, and which details may be shown. Words are in resources/locales (error.<CODE>).
// Must not hold text for people.
import { z } from 'zod';

/** Who acts. operator: the person at the desk; administrator: support; remote-*: the library; process: the supervisor; bug: us. */
export type ErrorKind = 'operator' | 'administrator' | 'remote-temporary' | 'remote-refused' | 'process' | 'bug';

interface CodeSpec {
  readonly kind: ErrorKind;
  readonly details: z.ZodType;
}

const none = z.strictObject({});
const code = <D extends z.ZodRawShape>(kind: ErrorKind, details?: D): CodeSpec => ({
  kind,
  details: details ? z.strictObject(details).partial() : none,
});
const s = z.string();
const n = z.number();

export const errorCodes = {
  // people
  SIGN_IN_WRONG: code('operator', { waitSeconds: n }),
  SIGN_IN_NEEDED: code('operator'),
  ROLE_NOT_ALLOWED: code('operator', { needs: s }),
  SAME_PERSON: code('operator', { step: s }),
  // intake
  FILE_EMPTY: code('operator', { fileName: s }),
  FILE_TOO_LARGE: code('operator', { fileName: s, sizeMb: n, limitMb: n }),
  FILE_NOT_A_TABLE: code('operator', { fileName: s, looksLike: s }),
  FILE_BROKEN: code('operator', { fileName: s }),
  FILE_UNREADABLE: code('operator', { fileName: s }),
  HEADER_NOT_FOUND: code('operator', { fileName: s }),
  TYPE_NOT_RECOGNISED: code('operator', { fileName: s }),
  TYPE_NOT_IN_CATALOGUE: code('administrator', { type: s }),
  COLUMN_MISSING: code('operator', { columns: s }),
  TOO_MANY_ROWS: code('operator', { rows: n, limit: n }),
  IMPORT_GONE: code('operator'),
  INPUT_INVALID: code('operator', { field: s, problem: s }),
  // row faults (never thrown across RPC alone: they travel as data of a row)
  CHECK_DIGIT_WRONG: code('operator', { field: s }),
  VALUE_MISSING: code('operator', { field: s }),
  VALUE_TOO_LONG: code('operator', { field: s, limit: n }),
  VALUE_NOT_NUMBER: code('operator', { field: s }),
  VALUE_OUT_OF_RANGE: code('operator', { field: s }),
  VALUE_NOT_CHOICE: code('operator', { field: s }),
  DATE_IMPOSSIBLE: code('operator', { field: s, value: s }),
  DATE_UNREADABLE: code('operator', { field: s, value: s }),
  DATE_ORDER_WRONG: code('operator', { field: s }),
  CONCLUDED_IN_FUTURE: code('operator', { field: s, value: s }),
  DUPLICATE_IN_FILE: code('operator', { firstRow: n }),
  DUPLICATE_IN_STORE: code('operator', { state: s }),
  CHARACTER_PRIVATE_USE: code('operator', { field: s, character: s }),
  CHARACTER_WITHOUT_GLYPH: code('operator', { field: s, character: s }),
  CHARACTER_CONTROL: code('operator', { field: s }),
  CHARACTER_PLACEHOLDER: code('operator', { field: s, character: s }),
  ROW_SHAPE_WRONG: code('operator', { cells: n }),
  ID_NUMBER_MALFORMED: code('operator', { field: s }),
  // licences
  ATTACHMENT_REFUSED: code('operator', { fileName: s, problem: s }),
  ATTACHMENT_GONE: code('operator'),
  LICENCE_NOT_FOUND: code('operator'),
  STATE_CONFLICT: code('operator', { state: s }),
  TEXT_DOES_NOT_FIT: code('operator', { field: s }),
  REASON_NEEDED: code('operator', { what: s }),
  HASH_CHANGED: code('bug', { licence: s }),
  NUMBERS_EXHAUSTED: code('administrator', { type: s }),
  NUMBER_TAKEN: code('operator', { number: s }),
  CLOCK_BEHIND: code('administrator', { last: s }),
  BATCH_NOT_REVIEWED: code('operator', { shown: n, needed: n }),
  NOT_DELIVERABLE_YET: code('operator'),
  HAND_OVER_DONE: code('operator'),
  // keys and sealing
  GRANT_MISSING: code('operator'),
  PIN_INCORRECT: code('operator', { triesLeft: s }),
  PIN_LOCKED: code('administrator'),
  PIN_FORMAT: code('operator'),
  PIN_EXPIRED: code('administrator'),
  PIN_CANCELLED: code('operator'),
  TOKEN_REMOVED: code('operator'),
  TOKEN_NOT_FOUND: code('operator', { serial: s }),
  TOKEN_BUSY: code('operator'),
  TOKEN_SOFTWARE_REFUSED: code('administrator'),
  KEY_NOT_FOUND: code('administrator'),
  MECHANISM_MISSING: code('administrator', { mechanism: s }),
  LOGIN_NEEDED: code('operator', { reason: s }),
  DRIVER_NOT_FOUND: code('administrator', { path: s }),
  TOKEN_DRIVER_FAULT: code('process', { method: s, ckr: s }),
  CERTIFICATE_EXPIRED: code('administrator', { until: s }),
  CERTIFICATE_NOT_YET_VALID: code('administrator', { from: s }),
  CERTIFICATE_WRONG_ISSUER: code('operator', { issuer: s }),
  SEAL_NOT_BOUND: code('administrator', { seal: s }),
  SIGNATURE_INVALID: code('process'),
  ALGORITHM_NOT_ALLOWED: code('administrator', { algorithm: s }),
  // store, office
  STORE_LOCKED: code('administrator'),
  STORE_KEY_UNAVAILABLE: code('administrator'),
  STORE_FROM_FUTURE: code('administrator', { found: n, known: n }),
  STORE_CORRUPT: code('administrator'),
  STORE_WRONG_KEY: code('administrator'),
  STORE_ON_NETWORK: code('administrator'),
  DISK_FULL: code('administrator'),
  SQLITE_TOO_OLD: code('bug', { version: s }),
  OFFICE_NOT_SET_UP: code('administrator'),
  PACKAGE_INVALID: code('administrator', { problem: s }),
  PACKAGE_UNTRUSTED: code('administrator', { fingerprint: s }),
  PROFILE_FIXED: code('administrator', { profile: s }),
  CATALOGUE_INVALID: code('administrator', { file: s, problem: s }),
  // delivery
  SYNC_OFFLINE: code('remote-temporary'),
  SYNC_TIMEOUT: code('remote-temporary'),
  SYNC_BUSY: code('remote-temporary', { retryAfterSeconds: n }),
  SYNC_NOT_THE_LIBRARY: code('remote-temporary', { status: n }),
  SYNC_RECEIPT_INVALID: code('remote-temporary', { problem: s }),
  SYNC_REFUSED: code('remote-refused', { reason: s }),
  SYNC_CONFLICT: code('remote-refused', { reason: s }),
  SYNC_UNAUTHORISED: code('remote-refused'),
  ITEM_UNREADABLE: code('administrator'),
  ITEM_FILE_MISSING: code('administrator'),
  ITEM_TOO_LARGE: code('administrator', { limitMb: n }),
  // what the shell does for the window
  FILE_NOT_WRITTEN: code('operator', { fileName: s }),
  PRINTER_MISSING: code('operator'),
  // processes and bugs
  PROCESS_GONE: code('process', { process: s, signal: s, code: n }),
  PROCESS_GIVEN_UP: code('process', { process: s }),
  CALL_TIMEOUT: code('process', { call: s }),
  CANCELLED: code('operator'),
  RPC_BAD_INPUT: code('bug', { path: s }),
  RPC_BAD_OUTPUT: code('bug', { path: s }),
  RPC_UNKNOWN_CALL: code('bug', { call: s }),
  CONTRACT_MISMATCH: code('bug', { expected: n, got: n }),
  INTERNAL: code('bug'),
} as const satisfies Record<string, CodeSpec>;

export type ErrorCode = keyof typeof errorCodes;
export const isErrorCode = (value: string): value is ErrorCode => Object.hasOwn(errorCodes, value);
