// Files that belong to a licence (a site plan): what may be attached, and how the face names them.
// Must not open them: they are carried as they are; what they are is told by their first bytes only.
import { createHash } from 'node:crypto';
import { type AttachmentType, MOST_ATTACHED_BYTES } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';

export interface FaceAttachment {
  /** As the face shows it, with its ending: `总平面图.pdf`. */
  readonly name: string;
  readonly mediaType: AttachmentType;
  readonly bytes: Uint8Array;
}

export const MOST_ATTACHMENTS = 10;
const LONGEST_NAME = 80;

const BEGINNINGS: Readonly<Record<AttachmentType, { readonly bytes: string; readonly endings: readonly string[] }>> = {
  'application/pdf': { bytes: '%PDF-', endings: ['.pdf'] },
  'image/png': { bytes: '\x89PNG\r\n\x1a\n', endings: ['.png'] },
  'image/jpeg': { bytes: '\xff\xd8\xff', endings: ['.jpg', '.jpeg'] },
};
// Path separators and what Windows refuses in a name; control and invisible formatting characters.
const FORBIDDEN_IN_NAME = /[\\/:*?"<>|]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|^\s|\s$/u;

export type AttachmentProblem = 'TooMany' | 'TooLarge' | 'Name' | 'Ending' | 'NameTwice' | 'Twice' | 'Kind' | 'Confusing' | 'NoPlace';

/** Words of `problem` are `problem.attachment<problem>` in the locales. */
export const attachmentRefused = (fileName: string, problem: AttachmentProblem): StationError =>
  new StationError('ATTACHMENT_REFUSED', { fileName, problem: `attachment${problem}` });

/** Throws ATTACHMENT_REFUSED with the first file at fault. */
export function checkAttachments(attachments: readonly FaceAttachment[]): void {
  const names = new Set<string>();
  let sizeBytes = 0;
  for (const { name, mediaType, bytes } of attachments) {
    const expected = BEGINNINGS[mediaType];
    if (name.length > LONGEST_NAME || FORBIDDEN_IN_NAME.test(name)) throw attachmentRefused(name, 'Name');
    if (!expected.endings.some((ending) => name.toLowerCase().endsWith(ending))) throw attachmentRefused(name, 'Ending');
    if (names.has(name) || name === DATA_FILE_NAME) throw attachmentRefused(name, 'NameTwice');
    names.add(name);
    const beginning = Buffer.from(expected.bytes, 'latin1');
    if (!beginning.equals(bytes.subarray(0, beginning.length))) throw attachmentRefused(name, 'Kind');
    sizeBytes += bytes.length;
    if (names.size > MOST_ATTACHMENTS) throw attachmentRefused(name, 'TooMany');
    if (sizeBytes > MOST_ATTACHED_BYTES) throw attachmentRefused(name, 'TooLarge');
  }
}

/** Name of the attached data itself; no other file may have it. */
export const DATA_FILE_NAME = 'licence.xml';

/** One line a file, as the face lists them: the short form of the hash is its first 16 digits. */
export function attachmentLines(attachments: readonly FaceAttachment[]): readonly string[] {
  return attachments.map(({ name, bytes }, i) => `附件${i + 1}：${name}　SHA-256 ${hashOf(bytes).slice(0, 16)}…`);
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').toUpperCase();
