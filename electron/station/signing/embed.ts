// Last stage but one of sealing: the finished CMS goes into the reserved /Contents, zeros behind it.
// Must not change any other byte.
import { locateSignature } from '../documents/signature-place.ts';
import type { PreparedPdf } from './prepare.ts';

/** The sealed file. A CMS larger than the reserve is a bug of the set-up (chain too long), so it throws a plain Error. */
export function embed(prepared: PreparedPdf, cms: Uint8Array): Uint8Array {
  const { contents } = locateSignature(prepared.bytes);
  const digits = Buffer.from(cms).toString('hex');
  if (digits.length > contents.length) throw new Error(`CMS of ${cms.length} bytes does not fit into ${contents.length / 2}`);
  const sealed = Uint8Array.from(prepared.bytes);
  sealed.set(Buffer.from(digits, 'latin1'), contents.start);
  return sealed;
}
