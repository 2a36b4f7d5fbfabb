// Reads an X.509 revocation list (RFC 5280 §5) and asks it about one certificate. Must not fetch lists.
import { verify } from 'node:crypto';
import { DerError, membersOf, readBitOctets, readBoolean, readDer, readOid, readTime, TAG, walk } from './der.ts';
import { authorityKey } from './public-key.ts';
import { type Certificate, KEY_USAGE } from './read-certificate.ts';

export interface RevocationList {
  readonly issuer: Uint8Array;
  readonly thisUpdate: string;
  readonly nextUpdate: string | null;
  readonly body: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** Serial (hex of the INTEGER content) to instant of revocation. */
  readonly revoked: ReadonlyMap<string, string>;
}

/** Throws DerError also for lists of a part only (delta, issuing distribution point): they do not answer our question. */
export function readRevocationList(bytes: Uint8Array): RevocationList {
  const outer = walk(readDer(bytes), TAG.sequence);
  const body = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = readBitOctets(outer.next(TAG.bitString));
  outer.end();

  const tbs = walk(body, TAG.sequence);
  tbs.optional(TAG.integer);
  if (Buffer.compare(tbs.next(TAG.sequence).bytes, algorithm.bytes) !== 0) throw new DerError('signature algorithms differ');
  const issuer = tbs.next(TAG.sequence).bytes;
  const thisUpdate = readTime(tbs.next(tbs.peek() === TAG.generalizedTime ? TAG.generalizedTime : TAG.utcTime));
  const next = tbs.optional(TAG.utcTime) ?? tbs.optional(TAG.generalizedTime);
  const entries = tbs.optional(TAG.sequence);
  const extensions = tbs.optional(0xa0);
  tbs.end();
  for (const extension of extensions === undefined ? [] : membersOf(readDer(extensions.content))) {
    const parts = walk(extension, TAG.sequence);
    parts.next(TAG.oid);
    const critical = parts.optional(TAG.boolean);
    if (critical !== undefined && readBoolean(critical)) throw new DerError('partial revocation list');
  }

  const revoked = new Map<string, string>();
  for (const entry of entries === undefined ? [] : membersOf(entries)) {
    const parts = walk(entry, TAG.sequence);
    const serial = Buffer.from(parts.next(TAG.integer).content).toString('hex');
    revoked.set(serial, readTime(parts.next(parts.peek() === TAG.generalizedTime ? TAG.generalizedTime : TAG.utcTime)));
  }
  return {
    issuer,
    thisUpdate,
    nextUpdate: next === undefined ? null : readTime(next),
    body: body.bytes,
    signatureAlgorithm: readOid(walk(algorithm, TAG.sequence).next(TAG.oid)),
    signature,
    revoked,
  };
}

export type RevocationAnswer =
  | { readonly state: 'notChecked' }
  | { readonly state: 'good'; readonly list: RevocationList }
  | { readonly state: 'revoked'; readonly list: RevocationList; readonly revokedAt: string };

/** The newest list that this authority signed answers; others are passed over. */
export function askRevocation(certificate: Certificate, authority: Certificate, lists: readonly RevocationList[]): RevocationAnswer {
  const own = lists
    .filter((list) => Buffer.compare(list.issuer, authority.subject) === 0 && isSignedBy(list, authority))
    .sort((a, b) => b.thisUpdate.localeCompare(a.thisUpdate));
  const [list] = own;
  if (list === undefined) return { state: 'notChecked' };
  const revokedAt = list.revoked.get(Buffer.from(certificate.serial).toString('hex'));
  return revokedAt === undefined ? { state: 'good', list } : { state: 'revoked', list, revokedAt };
}

function isSignedBy(list: RevocationList, authority: Certificate): boolean {
  if (authority.keyUsage !== null && !authority.keyUsage.has(KEY_USAGE.crlSign)) return false;
  const use = authorityKey(authority, list.signatureAlgorithm);
  return use !== null && verify(use.digest, list.body, use.key, list.signature);
}
