// What a licence face shows: the frozen catalogue version, the values, and the office constants, with no idea of layout.
// Must not hold anything that changes after approval: the approved hash is a function of this alone (R04).
import type { LicenceType } from '../../contract/catalogue.ts';
import type { SealImage } from '../../contract/office.ts';
import type { Day } from '../../contract/values.ts';
import type { FaceAttachment } from './attachments.ts';

export interface FaceInput {
  /** The catalogue version in force on the conclusion day. */
  readonly type: LicenceType;
  /** Item key → normalised value; dates `YYYY-MM-DD`; an absent item is '' or missing. */
  readonly values: Readonly<Record<string, string>>;
  readonly licenceNumber: string;
  /** GB/T 36904, `1.2.156.3005.2.….X`. */
  readonly identifier: string;
  readonly issuer: { readonly name: string; readonly code: string };
  /** The date on the face; when it was sealed stands in the signature. */
  readonly conclusionDay: Day;
  readonly seal: { readonly name: string; readonly image: SealImage };
  /** Listed on the face, embedded in the file, covered by the seal; checked by checkAttachments. */
  readonly attachments?: readonly FaceAttachment[];
  /** Draws the 演练 / TRAINING watermark. */
  readonly training: boolean;
}
