// The PKCS#11 v2.40 numbers this program uses, so that no other file needs the driver binding to name one.
// Must not import pkcs11js: the pure parts (ckr.ts, mechanisms.ts) are read and tested without a native build.

/** Token information flags (PKCS#11 v2.40, CK_TOKEN_INFO). */
export const CKF = {
  protectedAuthenticationPath: 0x100,
  tokenInitialized: 0x400,
  userPinCountLow: 0x10000,
  userPinFinalTry: 0x20000,
  userPinLocked: 0x40000,
} as const;

export const CKF_RW_SESSION = 2;
export const CKF_SERIAL_SESSION = 4;
export const CKF_OS_LOCKING_OK = 2;

export const CKU = { so: 0, user: 1 } as const;
/** Session states in which the ordinary user is logged in. */
export const CKS_USER: readonly number[] = [1, 3];

export const CKO = { certificate: 1, publicKey: 2, privateKey: 3 } as const;
export const CKC_X_509 = 0;
export const CKK = { rsa: 0, ec: 3 } as const;

export const CKA = {
  class: 0x0,
  token: 0x1,
  private: 0x2,
  label: 0x3,
  value: 0x11,
  certificateType: 0x80,
  issuer: 0x81,
  serialNumber: 0x82,
  keyType: 0x100,
  subject: 0x101,
  id: 0x102,
  sensitive: 0x103,
  encrypt: 0x104,
  decrypt: 0x105,
  wrap: 0x106,
  unwrap: 0x107,
  sign: 0x108,
  verify: 0x10a,
  derive: 0x10c,
  modulus: 0x120,
  modulusBits: 0x121,
  publicExponent: 0x122,
  extractable: 0x162,
  ecParams: 0x180,
  ecPoint: 0x181,
  alwaysAuthenticate: 0x202,
} as const;

export const CKM = {
  rsaPkcsKeyPairGen: 0x0,
  rsaPkcs: 0x1,
  sha256RsaPkcs: 0x40,
  ecKeyPairGen: 0x1040,
  ecdsa: 0x1041,
  ecdsaSha256: 0x1044,
} as const;
