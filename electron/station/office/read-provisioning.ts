// Reads the provisioning package (R04, R25): who this station is, with which issuers, people, seals, library and numbers.
// Believes nothing before the authority's signature is right. Must not store or apply: the store does.
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { OfficeSetup, ProvisioningFile } from '../../contract/office.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Sha256 } from '../../contract/values.ts';
import { officeProblem } from './office-problem.ts';

export interface ReadProvisioningOptions {
  /** SHA-256 of the public keys (SPKI) of the provisioning authorities this workspace believes. */
  readonly trustedFingerprints: readonly Sha256[];
}

export interface SignedSetup {
  readonly setup: OfficeSetup;
  /** SHA-256 of the authority's public key (SPKI). */
  readonly fingerprint: Sha256;
}

/** Throws PACKAGE_UNTRUSTED {fingerprint} for a foreign authority, PACKAGE_INVALID {problem} for everything else that is wrong. */
export function readProvisioning(bytes: Uint8Array, options: ReadProvisioningOptions): OfficeSetup {
  const file = parse(ProvisioningFile, bytes);
  const fingerprint = fingerprintOf(file);
  if (!options.trustedFingerprints.includes(fingerprint)) throw new StationError('PACKAGE_UNTRUSTED', { fingerprint });
  return signedSetup(file);
}

/** The same checks with the package's own key: whose key it is, a person has yet to say. */
export function readUntrusted(bytes: Uint8Array): SignedSetup {
  const file = parse(ProvisioningFile, bytes);
  return { setup: signedSetup(file), fingerprint: fingerprintOf(file) };
}

const fingerprintOf = (file: ProvisioningFile): Sha256 => createHash('sha256').update(Buffer.from(file.authority, 'base64')).digest('hex');

function signedSetup(file: ProvisioningFile): OfficeSetup {
  const authority = Buffer.from(file.authority, 'base64');
  const payload = Buffer.from(file.payload, 'utf8');
  const key = ed25519(authority);
  if (key === null || !verify(null, payload, key, Buffer.from(file.signature, 'base64'))) throw invalid('signature');
  const setup = parse(OfficeSetup, payload);
  const problem = officeProblem(setup);
  if (problem !== null) throw invalid(problem);
  return setup;
}

const invalid = (problem: string, cause?: unknown): StationError => new StationError('PACKAGE_INVALID', { problem }, { cause });

function parse<T>(
  schema: {
    readonly safeParse: (
      value: unknown,
    ) => { success: true; data: T } | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } };
  },
  bytes: Uint8Array,
): T {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid('notJSON', cause);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(issue === undefined ? 'does not match the schema' : `${issue.path.join('.')}: ${issue.message}`);
}

function ed25519(spki: Uint8Array): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    // It is the bytes that are wrong: nothing else goes in. OpenSSL says so in many ways, some without a code.
    return null;
  }
}
