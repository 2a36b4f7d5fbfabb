// The gateway to one vendor module, and the only importer of pkcs11js: every C_ call goes through `call`, which names it,
// times it and turns its failure into our code. Must not hold policy: what to call when is said by the files beside it.
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import pkcs11js from 'pkcs11js';
import { isStationError, StationError } from '../../electron/contract/station-error.ts';
import { CKR, ckrHex, errorOfCkr } from './ckr.ts';
import { CKF_OS_LOCKING_OK, CKF_RW_SESSION, CKF_SERIAL_SESSION } from './constants.ts';

/** Slot, session and object handles: opaque, valid in this process only, and never an identity. */
export type Handle = Buffer;
export type TokenInfo = pkcs11js.TokenInfo;
export type Template = readonly { readonly type: number; readonly value: number | boolean | string | Buffer }[];

/** One finished call; `ckr` is 0 when it went well, -1 when no PKCS#11 number came back. Never holds an argument. */
export interface CallRecord {
  readonly method: string;
  readonly milliseconds: number;
  readonly ckr: number;
}
export type CallObserver = (record: CallRecord) => void;

export type Gateway = ReturnType<typeof openGateway>;

/**
 * Loads the module and initialises it. DRIVER_NOT_FOUND when the path is not absolute or not there: a module is never
 * searched for, so nobody can plant one earlier in a search path.
 */
export function openGateway(
  module: { readonly path: string; readonly initParameters?: string | undefined },
  observe: CallObserver = () => undefined,
) {
  if (!isAbsolute(module.path) || !existsSync(module.path)) throw new StationError('DRIVER_NOT_FOUND', { path: module.path });
  const library = new pkcs11js.PKCS11();

  function call<T>(method: string, run: () => T): T {
    const started = performance.now();
    const report = (ckr: number): void => observe({ method, milliseconds: performance.now() - started, ckr });
    try {
      const answer = run();
      report(CKR.ok);
      return answer;
    } catch (error) {
      const ckr = ckrOf(error);
      report(ckr ?? -1);
      if (ckr === undefined) throw new StationError('TOKEN_DRIVER_FAULT', { method, ckr: 'none' }, { cause: error });
      throw errorOfCkr(method, ckr, error);
    }
  }

  function initialize(): void {
    const options = {
      flags: CKF_OS_LOCKING_OK,
      ...(module.initParameters === undefined ? {} : { libraryParameters: module.initParameters }),
    };
    try {
      call('C_Initialize', () => library.C_Initialize(options));
    } catch (error) {
      if (!isFault(error, CKR.cryptokiAlreadyInitialized)) throw error;
    }
  }

  function attributes(session: Handle, object: Handle, types: readonly number[]): readonly Buffer[] | undefined {
    const template = types.map((type) => ({ type }));
    try {
      const values = call('C_GetAttributeValue', () => library.C_GetAttributeValue(session, object, template)).map(({ value }) => value);
      const found = values.filter((value) => Buffer.isBuffer(value)).filter(({ length }) => length > 0);
      return found.length === types.length ? found : undefined;
    } catch (error) {
      if (isFault(error, CKR.attributeTypeInvalid) || isFault(error, CKR.attributeSensitive)) return undefined;
      throw error;
    }
  }

  call('load', () => library.load(module.path));
  initialize();

  return {
    /** The recovery path after a removal: ends every session and login of this module. */
    reinitialize(): void {
      try {
        call('C_Finalize', () => library.C_Finalize());
      } catch (error) {
        if (!isFault(error, CKR.cryptokiNotInitialized)) throw error;
      }
      initialize();
    },
    finalize: (): void => call('C_Finalize', () => library.C_Finalize()),

    slots: (withToken = true): Handle[] => call('C_GetSlotList', () => library.C_GetSlotList(withToken)),
    tokenInfo: (slot: Handle): TokenInfo => call('C_GetTokenInfo', () => library.C_GetTokenInfo(slot)),
    mechanisms: (slot: Handle): readonly number[] => call('C_GetMechanismList', () => library.C_GetMechanismList(slot)),

    openSession: (slot: Handle, mode: 'read' | 'write' = 'read'): Handle =>
      call('C_OpenSession', () => library.C_OpenSession(slot, CKF_SERIAL_SESSION | (mode === 'write' ? CKF_RW_SESSION : 0))),
    closeSession: (session: Handle): void => call('C_CloseSession', () => library.C_CloseSession(session)),
    sessionState: (session: Handle): number => call('C_GetSessionInfo', () => library.C_GetSessionInfo(session).state),

    /** `pin` null: the reader asks. Spends a try when the PIN is wrong, so it is never called twice for one entry. */
    login: (session: Handle, user: number, pin: Uint8Array | null): void =>
      // Quirk(pkcs11js, 2.1.7): takes the PIN as a string only, so one copy per login cannot be zeroed and waits for the collector.
      call('C_Login', () =>
        library.C_Login(session, user, pin === null ? '' : Buffer.from(pin.buffer, pin.byteOffset, pin.length).toString('utf8')),
      ),
    logout: (session: Handle): void => call('C_Logout', () => library.C_Logout(session)),

    findObjects(session: Handle, template: Template): Handle[] {
      call('C_FindObjectsInit', () => library.C_FindObjectsInit(session, [...template]));
      try {
        const found: Handle[] = [];
        for (;;) {
          const some = call('C_FindObjects', () => library.C_FindObjects(session, 64));
          if (some.length === 0) return found;
          found.push(...some);
        }
      } finally {
        call('C_FindObjectsFinal', () => library.C_FindObjectsFinal(session));
      }
    },
    /** Undefined when the object lacks one of the attributes, or does not show it. */
    attributes,
    attribute: (session: Handle, object: Handle, type: number): Buffer | undefined => attributes(session, object, [type])?.[0],

    signInit: (session: Handle, mechanism: number, key: Handle): void =>
      call('C_SignInit', () => library.C_SignInit(session, { mechanism }, key)),
    /** 1,024 bytes hold any answer up to RSA-8192. */
    sign: (session: Handle, input: Buffer): Buffer => call('C_Sign', () => library.C_Sign(session, input, Buffer.alloc(1024))),

    /** Quirk(pkcs11js, 2.1.7): passes the label as it is, but the module reads 32 bytes: it is padded here. */
    initToken: (slot: Handle, soPin: string, label: string): void => {
      const padding = 32 - Buffer.byteLength(label);
      if (padding < 0) throw new StationError('INPUT_INVALID', { field: 'label', problem: 'more than 32 bytes of UTF-8' });
      call('C_InitToken', () => library.C_InitToken(slot, soPin, label + ' '.repeat(padding)));
    },
    initPin: (session: Handle, pin: string): void => call('C_InitPIN', () => library.C_InitPIN(session, pin)),
    generateKeyPair: (session: Handle, mechanism: number, publicKey: Template, privateKey: Template) =>
      call('C_GenerateKeyPair', () => library.C_GenerateKeyPair(session, { mechanism }, [...publicKey], [...privateKey])),
    createObject: (session: Handle, template: Template): Handle =>
      call('C_CreateObject', () => library.C_CreateObject(session, [...template])),
  };
}

function ckrOf(error: unknown): number | undefined {
  if (error instanceof pkcs11js.Pkcs11Error) return error.code;
  // Quirk(pkcs11js, 2.1.7): C_FindObjects throws its native error unwrapped; the binding's own class reads the number.
  return error instanceof Error && /^CKR_[A-Z_0-9]+:\d+$/.test(error.message) ? new pkcs11js.Pkcs11Error(error.message).code : undefined;
}

/** A TOKEN_DRIVER_FAULT with exactly this return value. */
export const isFault = (error: unknown, ckr: number): boolean =>
  isStationError(error, 'TOKEN_DRIVER_FAULT') && error.details.ckr === ckrHex(ckr);

/** CK_ULONG in the byte order and width (8 on Linux, 4 on Windows) the module uses. */
export const ulong = (value: Buffer | undefined): number | undefined =>
  value === undefined || value.length < 4 ? undefined : value.readUInt32LE(0);

/** Runs a step of cleaning up whose failure changes nothing: the token may be gone. Any other error than a typed one goes on. */
export function attempt(step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!isStationError(error)) throw error;
  }
}
