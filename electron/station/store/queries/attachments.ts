// Rows of table licence_attachment: which files belong to a licence, in the order of its face. The bytes are in the documents file.
import { z } from 'zod';
import { AttachmentType } from '../../../contract/licence.ts';
import { Sha256 } from '../../../contract/values.ts';
import { all, count, type ReadDb, run, sql, type WriteDb } from '../database.ts';

const AttachmentRow = z.object({
  position: z.number(),
  name: z.string(),
  mediaType: AttachmentType,
  sha256: Sha256,
  sizeBytes: z.number(),
});
type AttachmentRow = z.infer<typeof AttachmentRow>;

export const attachmentsOf = (db: ReadDb, licenceId: string): readonly AttachmentRow[] =>
  all(
    db,
    AttachmentRow,
    sql`SELECT position, name, media_type, sha256, size_bytes FROM licence_attachment WHERE licence_id = ${licenceId} ORDER BY position`,
  );

/** True where any licence has these bytes attached: then they are never dropped. */
export const isAttached = (db: ReadDb, hash: Sha256): boolean =>
  count(db, sql`SELECT EXISTS (SELECT 1 FROM licence_attachment WHERE sha256 = ${hash})`) > 0;

export const insertAttachment = (
  db: WriteDb,
  a: AttachmentRow & { readonly licenceId: string; readonly addedBy: string; readonly addedAt: string },
): number =>
  run(
    db,
    sql`INSERT INTO licence_attachment (licence_id, position, name, media_type, sha256, size_bytes, added_by, added_at)
      VALUES (${a.licenceId}, ${a.position}, ${a.name}, ${a.mediaType}, ${a.sha256}, ${a.sizeBytes}, ${a.addedBy}, ${a.addedAt})`,
  );

export const deleteAttachment = (db: WriteDb, licenceId: string, hash: Sha256): number =>
  run(db, sql`DELETE FROM licence_attachment WHERE licence_id = ${licenceId} AND sha256 = ${hash}`);
export const deleteAttachments = (db: WriteDb, licenceId: string): number =>
  run(db, sql`DELETE FROM licence_attachment WHERE licence_id = ${licenceId}`);

/** The next version begins with the files of the one it replaces, still by who added them. */
export const copyAttachments = (db: WriteDb, from: string, to: string): number =>
  run(
    db,
    sql`INSERT INTO licence_attachment (licence_id, position, name, media_type, sha256, size_bytes, added_by, added_at)
      SELECT ${to}, position, name, media_type, sha256, size_bytes, added_by, added_at FROM licence_attachment WHERE licence_id = ${from}`,
  );
