// Files a clerk puts to a draft (a site plan) and takes away again, until it is submitted: then the approved hash covers them.
// Must not drop bytes: the same bytes may be another licence's attachment, or a sealed licence itself. An orphan is harmless.
import type { AttachmentType } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';
import type { Sha256 } from '../../contract/values.ts';
import type { FileOut } from '../../contract/work.ts';
import { attachmentRefused, checkAttachments, type FaceAttachment } from '../documents/attachments.ts';
import { instantOf } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { sha256 } from '../store/document-store.ts';
import { attachmentsOf, deleteAttachment, insertAttachment } from '../store/queries/attachments.ts';
import { type LicenceRecord, stepLicence } from '../store/queries/licences.ts';
import { requireLicence } from './draft.ts';

interface NewAttachment {
  readonly name: string;
  readonly mediaType: AttachmentType;
  readonly bytes: Uint8Array;
}

/** What the face lists and the file embeds, in order. STORE_CORRUPT where the bytes are gone or changed. */
export const attachedTo = (ctx: StationContext, licenceId: string): readonly FaceAttachment[] =>
  attachmentsOf(ctx.db, licenceId).map(({ name, mediaType, sha256: hash }) => ({ name, mediaType, bytes: ctx.documents.get(hash) }));

/** Adds a file as the last one. ATTACHMENT_REFUSED where it, or all of them together, may not be carried. */
export function attach(ctx: StationContext, id: string, file: NewAttachment, actor: Actor): void {
  const licence = requireDraft(ctx, id);
  const rows = attachmentsOf(ctx.db, id);
  checkAttachments([...attachedTo(ctx, id), file]);
  // R05: the face names the file, so every character of its name needs a glyph.
  if (ctx.renderer.missingGlyphs(file.name).length > 0) throw attachmentRefused(file.name, 'Name');
  const hash = sha256(file.bytes);
  if (rows.some((row) => row.sha256 === hash)) throw attachmentRefused(file.name, 'Twice');
  ctx.documents.put(file.bytes, licence.conclusionDay.slice(0, 4));
  inTransaction(ctx.db, (db) => {
    stepLicence(db, licence, 'draft');
    insertAttachment(db, {
      licenceId: id,
      position: (rows.at(-1)?.position ?? 0) + 1,
      name: file.name,
      mediaType: file.mediaType,
      sha256: hash,
      sizeBytes: file.bytes.length,
      addedBy: actor.personId,
      addedAt: instantOf(ctx.clock),
    });
    appendAudit(db, ctx.clock, {
      personId: actor.personId,
      kind: 'licence.attached',
      subject: id,
      detail: { hash, size: file.bytes.length },
    });
  });
  ctx.changed({ kind: 'licences', ids: [id] });
}

export function detach(ctx: StationContext, id: string, hash: Sha256, actor: Actor): void {
  const licence = requireDraft(ctx, id);
  inTransaction(ctx.db, (db) => {
    stepLicence(db, licence, 'draft');
    if (deleteAttachment(db, id, hash) === 0) throw new StationError('ATTACHMENT_GONE');
    appendAudit(db, ctx.clock, { personId: actor.personId, kind: 'licence.detached', subject: id, detail: { hash } });
  });
  ctx.changed({ kind: 'licences', ids: [id] });
}

/** The exact bytes as they were given; only those this licence lists. */
export function attachmentFile(ctx: StationContext, id: string, hash: Sha256): FileOut {
  requireLicence(ctx, id);
  const row = attachmentsOf(ctx.db, id).find((each) => each.sha256 === hash);
  if (row === undefined) throw new StationError('ATTACHMENT_GONE');
  return { fileName: row.name, bytes: ctx.documents.get(hash) };
}

function requireDraft(ctx: StationContext, id: string): LicenceRecord {
  const licence = requireLicence(ctx, id);
  if (licence.state !== 'draft') throw new StationError('STATE_CONFLICT', { state: licence.state });
  return licence;
}
