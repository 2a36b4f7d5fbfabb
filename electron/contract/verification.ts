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
  STRUCTURE_BROKEN: 'invalid',
  FILE_ENCRYPTED: 'invalid',
  SIGNATURE_MISPLACED: 'invalid',
  CHANGED_PAGE: 'invalid',
  CHANGED_ATTACHMENT: 'invalid',
  CHANGED_METADATA: 'invalid',
  CHANGED_FORM: 'invalid',
  CHANGED_OTHER: 'invalid',
  ANNOTATION_CHANGED: 'invalid',
  HIDDEN_OBJECTS: 'invalid',
  CERTIFICATION_FORBIDS: 'invalid',
  COPY_NOT_SIGNED: 'invalid',
  NOT_A_PDF: 'cannotTell',
  FILE_TOO_LARGE: 'cannotTell',
  FORMAT_NOT_SUPPORTED: 'cannotTell',
  ALGORITHM_NOT_SUPPORTED: 'cannotTell',
  MORE_SIGNATURES: 'cannotTell',
  STRUCTURE_UNKNOWN: 'cannotTell',
  TOO_COMPLEX: 'cannotTell',
  VISIBLE_SIGNATURE_ADDED: 'cannotTell',
  COPY_EXPIRED: 'cannotTell',
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
  TIMESTAMP_UNTRUSTED: 'remark',
  FORMAT_OLDER: 'remark',
  ENCODING_LOOSE: 'remark',
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

/** What a signature may be made with; one that only others use is verified too. */
export const SealAlgorithm = z.enum(['RSA-SHA256', 'RSA-SHA384', 'RSA-SHA512', 'ECDSA-P256-SHA256', 'ECDSA-P384-SHA384']);
export type SealAlgorithm = z.infer<typeof SealAlgorithm>;

export const SignatureView = z.strictObject({
  /** seal: signs the content. timestamp: proves that it existed (RFC 3161). */
  kind: z.enum(['seal', 'timestamp']),
  /** Name of its field; '' where it has none. */
  field: z.string(),
  /** ETSI.CAdES.detached, adbe.pkcs7.detached, ETSI.RFC3161; '' where unknown. */
  format: z.string(),
  signer: Signer.nullable(),
  algorithm: SealAlgorithm.nullable(),
  /** The time in the signature dictionary; of a timestamp, its own. */
  signedAt: Instant.nullable(),
  /** claimed: by the clock of the station that sealed, by nobody else. timestamp: not later than `provenAt`. */
  timeProof: z.enum(['none', 'claimed', 'timestamp']),
  provenAt: Instant.nullable(),
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

/** What a revision added. Times of an annotated copy are 14 digits, local (UTC+8); `until` is '' without an end. */
export const RevisionChange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('original') }),
  z.strictObject({ kind: z.literal('signatureAdded'), field: z.string() }),
  z.strictObject({ kind: z.literal('timestampAdded') }),
  z.strictObject({ kind: z.literal('longTermData') }),
  z.strictObject({ kind: z.literal('annotatedCopy'), purpose: z.string(), maker: z.string(), madeAt: z.string(), until: z.string() }),
]);
export type RevisionChange = z.infer<typeof RevisionChange>;

export const RevisionView = z.strictObject({
  endsAtByte: z.number().int().min(0),
  /** Which signature covers exactly up to there. */
  signature: z.number().int().nullable(),
  changes: z.array(RevisionChange),
  /** What it changed and must not have. */
  refused: z.array(FindingCode),
});
export type RevisionView = z.infer<typeof RevisionView>;

export const VerificationView = z.strictObject({
  result: VerificationResult,
  findings: z.array(Finding),
  fileHash: Sha256,
  sizeBytes: z.number().int().min(0),
  /** The file, or its first signed revision, compared with the hash this station keeps of the licence, where one was given. */
  known: z.enum(['same', 'different', 'notAsked']),
  signatures: z.array(SignatureView),
  /** Oldest first. */
  revisions: z.array(RevisionView),
  /** SHA-256 up to the end of the first signed revision: the identity of what was delivered, whatever was added since. */
  firstRevisionHash: Sha256.nullable(),
});
export type VerificationView = z.infer<typeof VerificationView>;
