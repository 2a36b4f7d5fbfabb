// What is asked of a time stamp service and what it answers (RFC 3161 §2.4). Whoever has a network carries the bytes.
// Must not send anything itself.
import { StationError } from '../../contract/station-error.ts';
import {
  DerError,
  der,
  nullValue,
  objectId,
  octetString,
  readDer,
  readSmallInteger,
  sequence,
  TAG,
  unsignedInteger,
  walk,
} from '../documents/verification/der.ts';
import { OID } from '../documents/verification/oids.ts';
import { CmsNotSupported } from '../documents/verification/read-cms.ts';
import { checkTimestamp } from '../documents/verification/read-timestamp.ts';

/** TimeStampReq, DER, to be sent as application/timestamp-query. `digest`: SHA-256. `nonce`: 8 random bytes. */
export function timestampRequest(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  return sequence(
    unsignedInteger(Uint8Array.of(1)),
    sequence(sequence(objectId(OID.sha256), nullValue), octetString(digest)),
    unsignedInteger(nonce),
    der(TAG.boolean, Uint8Array.of(0xff)),
  );
}

/** The token out of a TimeStampResp. Throws SIGNATURE_INVALID for a refusal, or a token that is not over this digest and nonce. */
export function timestampToken(response: Uint8Array, digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  const refuse = (cause: unknown) => new StationError('SIGNATURE_INVALID', {}, { cause });
  try {
    const outer = walk(readDer(response), TAG.sequence);
    const status = walk(outer.next(TAG.sequence), TAG.sequence);
    const granted = readSmallInteger(status.next(TAG.integer));
    if (granted > 1) throw refuse(`time stamp service refuses: ${granted}`);
    const token = outer.next(TAG.sequence).bytes;
    outer.end();
    const answer = checkTimestamp(token, () => digest);
    if (answer.finding !== null) throw refuse(`time stamp token: ${answer.finding}`);
    // The nonce stands in the signed content as the very INTEGER that was sent.
    if (!Buffer.from(answer.cms.content ?? []).includes(Buffer.from(unsignedInteger(nonce)))) throw refuse('another nonce');
    return token;
  } catch (error) {
    if (error instanceof DerError || error instanceof CmsNotSupported) throw refuse(error);
    throw error;
  }
}
