// The calls of the token host: the only process that loads a vendor driver. Served in native/token-host, called by the
// station through the relay, and (login only) by the PIN window or the command line, never through the station.
import { z } from 'zod';
import { call, defineContract, event } from './define.ts';
import { BatchId, Bytes, Instant, PersonId, Sha256, Uuid } from './values.ts';

/** A driver row: which module, how to initialise it, what it needs. Software token: kind `software`, training only. */
export const DriverProfile = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pkcs11'),
    id: z.string(),
    name: z.string(),
    /** Absolute path of the module; never searched. */
    modulePath: z.string(),
    /** C_Initialize reserved parameter string (NSS), absent for all others. */
    initParameters: z.string().optional(),
    quirks: z.array(z.enum(['needsFinalizeOnRemoval', 'noHashMechanisms', 'slowLogin'])).default([]),
  }),
  z.strictObject({ kind: z.literal('software'), id: z.string(), name: z.string(), keyDir: z.string() }),
]);
export type DriverProfile = z.infer<typeof DriverProfile>;

/**
 * Configuration of a token host, given at its start by the host program. `installed`: besides `drivers`, every module of
 * the drivers table that is on this computer; the host program knows no drivers itself.
 */
export const TokenHostConfig = z.strictObject({
  training: z.boolean(),
  drivers: z.array(DriverProfile),
  installed: z.boolean().optional(),
});
export type TokenHostConfig = z.infer<typeof TokenHostConfig>;

export const PinState = z.enum(['ok', 'low', 'finalTry', 'locked', 'unknown']);
export type PinState = z.infer<typeof PinState>;

/** A token is known by serial and label, never by slot number. */
export const TokenView = z.strictObject({
  driverId: z.string(),
  driverName: z.string(),
  software: z.boolean(),
  serial: z.string(),
  label: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  pin: PinState,
  /** The PIN is typed on the reader, not in a window. */
  pinPad: z.boolean(),
  pinMin: z.number().int(),
  pinMax: z.number().int(),
  loggedIn: z.boolean(),
});
export type TokenView = z.infer<typeof TokenView>;

/** What this station is told to use. `path`: the module, or the folder of a software token. */
export const DriverView = z.strictObject({ id: z.string(), name: z.string(), path: z.string() });

/** A driver that did not load or answer: the others go on. */
export const DriverProblem = z.strictObject({ driverId: z.string(), driverName: z.string(), code: z.string(), detail: z.string() });

export const SignatureAlgorithm = z.enum(['RSA-SHA256', 'ECDSA-P256-SHA256']);
export type SignatureAlgorithm = z.infer<typeof SignatureAlgorithm>;

export const TokenCertificate = z.strictObject({
  tokenSerial: z.string(),
  /** SHA-256 of the DER. */
  certificateHash: Sha256,
  der: Bytes,
  /** CKA_ID in hex: ties the certificate to its private key. */
  keyId: z.string(),
  label: z.string(),
  algorithm: SignatureAlgorithm.nullable(),
  hasPrivateKey: z.union([z.boolean(), z.literal('unknown')]),
});
export type TokenCertificate = z.infer<typeof TokenCertificate>;

/**
 * A one-time permission made by the station for one approved batch (R33): this key, this certificate, at most so many
 * signatures, until then. The token host signs for nothing else.
 */
export const Grant = z.strictObject({
  grantId: Uuid,
  batchId: BatchId,
  custodianId: PersonId,
  tokenSerial: z.string(),
  certificateHash: Sha256,
  signatures: z.number().int().min(1).max(10_000),
  expiresAt: Instant,
});
export type Grant = z.infer<typeof Grant>;

const keyErrors = ['TOKEN_NOT_FOUND', 'TOKEN_REMOVED', 'TOKEN_DRIVER_FAULT', 'DRIVER_NOT_FOUND', 'TOKEN_BUSY'] as const;

export const tokenContract = defineContract({
  groups: {
    token: {
      list: call({
        input: z.strictObject({}),
        output: z.strictObject({ drivers: z.array(DriverView), tokens: z.array(TokenView), problems: z.array(DriverProblem) }),
        roles: 'host',
        timeoutMs: 15_000,
        idempotent: true,
      }),
      certificates: call({
        input: z.strictObject({ tokenSerial: z.string() }),
        output: z.array(TokenCertificate),
        errors: keyErrors,
        roles: 'host',
        timeoutMs: 15_000,
        idempotent: true,
      }),
      /** Registers a grant; a new grant for the same token ends the old one. */
      grant: call({ input: Grant, output: z.strictObject({}), errors: keyErrors, roles: 'host' }),
      /** One C_Login per call, never repeated by the program. The PIN is UTF-8 bytes and is zeroed after use. */
      login: call({
        input: z.strictObject({ grantId: Uuid, pin: Bytes.nullable() }),
        output: z.strictObject({ pin: PinState }),
        errors: [...keyErrors, 'GRANT_MISSING', 'PIN_INCORRECT', 'PIN_LOCKED', 'PIN_FORMAT', 'PIN_EXPIRED', 'PIN_CANCELLED'],
        roles: 'host',
        timeoutMs: 90_000,
        secret: ['pin'],
      }),
      /** `toSign`: the DER of the CMS signed attributes. Answers the raw PKCS#1 v1.5 value or, for ECDSA, a DER Ecdsa-Sig-Value. */
      sign: call({
        input: z.strictObject({ grantId: Uuid, toSign: Bytes, algorithm: SignatureAlgorithm }),
        output: z.strictObject({ signature: Bytes, milliseconds: z.number() }),
        errors: [...keyErrors, 'GRANT_MISSING', 'LOGIN_NEEDED', 'KEY_NOT_FOUND', 'MECHANISM_MISSING', 'PIN_EXPIRED'],
        roles: 'host',
        timeoutMs: 30_000,
      }),
      /** Ends the grant and logs out of its token. */
      release: call({
        input: z.strictObject({ grantId: Uuid }),
        output: z.strictObject({}),
        roles: 'host',
        timeoutMs: 15_000,
        idempotent: true,
      }),
      close: call({ input: z.strictObject({}), output: z.strictObject({}), roles: 'host', timeoutMs: 10_000, idempotent: true }),
    },
  },
  events: {
    /** A token came, went, or changed its PIN state. */
    tokensChanged: event(z.strictObject({})),
    /** Login state of a grant changed: the station goes on with the batch. */
    grantChanged: event(z.strictObject({ grantId: Uuid, loggedIn: z.boolean() })),
  },
});
export type TokenContract = typeof tokenContract;
