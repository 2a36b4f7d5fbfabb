// What the verifier says of one file: a result in three values, each with its reasons as codes. The words for people are in
// resources/locales under verify.<CODE>. Must not hold text for people.
import { z } from 'zod';
import { Instant, Sha256 } from './values.ts';

/**
 * What a finding does to the result. invalid: whoever made it, this is not an intact sealed licence. cannotTell: what is
 * known here does not suffice. remark: to be shown, changes nothing.
 */
export type FindingWeight = 'invalid' | 'cannotTell' | 'remark';

export const findingWeights = {
  NO_SIGNATURE: 'invalid',
  SIGNATURE_UNREADABLE: 'invalid',
  BYTE_RANGE_WRONG: 'invalid',
  BYTES_AFTER_SIGNATURE: 'invalid',
  HIDDEN_BYTES: 'invalid',
  CMS_BROKEN: 'invalid',
  CONTENT_ALTERED: 'invalid',
  SIGNATURE_WRONG: 'invalid',
  SIGNER_CERTIFICATE_WRONG: 'invalid',
  CERTIFICATE_NOT_VALID_THEN: 'invalid',
  KEY_USAGE_WRONG: 'invalid',
  CERTIFICATE_REVOKED: 'invalid',
  NOT_A_PDF: 'cannotTell',
  FILE_TOO_LARGE: 'cannotTell',
  FORMAT_NOT_SUPPORTED: 'cannotTell',
  ALGORITHM_NOT_SUPPORTED: 'cannotTell',
  MORE_SIGNATURES: 'cannotTell',
  STRAY_CERTIFICATE: 'cannotTell',
  UNSIGNED_ATTRIBUTES: 'cannotTell',
  CHAIN_UNTRUSTED: 'cannotTell',
  CERTIFICATE_CRITICAL_UNKNOWN: 'cannotTell',
  TIME_MISSING: 'cannotTell',
  TIME_IN_FUTURE: 'cannotTell',
  CERTIFICATE_EXPIRED_SINCE: 'cannotTell',
  CERTIFICATE_REVOKED_SINCE: 'cannotTell',
  NOT_THE_STORED_FILE: 'cannotTell',
  TIME_CLAIMED_ONLY: 'remark',
  REVOCATION_NOT_CHECKED: 'remark',
  REVOCATION_LIST_OLD: 'remark',
} as const satisfies Record<string, FindingWeight>;

export type FindingCode = keyof typeof findingWeights;
export const FindingCode = z.enum(Object.keys(findingWeights) as [FindingCode, ...FindingCode[]]); // keys of the table above, non-empty

export const VerificationResult = z.enum(['valid', 'invalid', 'cannotTell']);
export type VerificationResult = z.infer<typeof VerificationResult>;

/** `signature` is the index in `signatures`, null when the finding is about the file. */
export const Finding = z.strictObject({ code: FindingCode, signature: z.number().int().nullable() });
export type Finding = z.infer<typeof Finding>;

export const Signer = z.strictObject({
  name: z.string(),
  organization: z.string(),
  /** Credit code, where the certificate carries one. */
  code: z.string(),
  certificateHash: Sha256,
  certificateFrom: Instant,
  certificateUntil: Instant,
});

export const SignatureView = z.strictObject({
  signer: Signer.nullable(),
  algorithm: z.enum(['RSA-SHA256', 'ECDSA-P256-SHA256']).nullable(),
  /** The time in the signature dictionary. */
  signedAt: Instant.nullable(),
  /** claimed: by the clock of the station that sealed, by nobody else. */
  timeProof: z.enum(['none', 'claimed']),
  /** The signature fits its bytes and its certificate; says nothing of trust. */
  intact: z.boolean(),
  coversWholeDocument: z.boolean(),
  chain: z.enum(['trusted', 'untrusted', 'notChecked']),
  revocation: z.strictObject({
    state: z.enum(['notChecked', 'good', 'revoked', 'revokedSince']),
    /** thisUpdate of the list used. */
    listFrom: Instant.nullable(),
  }),
});
export type SignatureView = z.infer<typeof SignatureView>;

export const VerificationView = z.strictObject({
  result: VerificationResult,
  findings: z.array(Finding),
  fileHash: Sha256,
  sizeBytes: z.number().int().min(0),
  /** Compared with the hash this station keeps of the licence, where one was given. */
  known: z.enum(['same', 'different', 'notAsked']),
  signatures: z.array(SignatureView),
  /** Revisions by where they end; `signature`: which one covers exactly up to there. */
  revisions: z.array(z.strictObject({ endsAtByte: z.number().int().min(0), signature: z.number().int().nullable() })),
});
export type VerificationView = z.infer<typeof VerificationView>;
