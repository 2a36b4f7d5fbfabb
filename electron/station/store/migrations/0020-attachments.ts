// Migration 20: files that belong to a licence (a site plan). The bytes lie in the documents file; the row names them by hash.
// Plain SQL only; never edited once released. The list is frozen with the draft: what was submitted carries exactly these.

const schema = /* sql */ `
CREATE TABLE licence_attachment (
  licence_id TEXT NOT NULL REFERENCES licence (id),
  position INTEGER NOT NULL CHECK (position >= 1),
  name TEXT NOT NULL,
  media_type TEXT NOT NULL CHECK (media_type IN ('application/pdf', 'image/png', 'image/jpeg')),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 1),
  added_by TEXT NOT NULL,
  added_at TEXT NOT NULL,
  PRIMARY KEY (licence_id, position),
  UNIQUE (licence_id, sha256)
) STRICT, WITHOUT ROWID;
-- Whether bytes about to be dropped are somebody's attachment.
CREATE INDEX licence_attachment_bytes ON licence_attachment (sha256);

CREATE TRIGGER licence_attachment_added BEFORE INSERT ON licence_attachment
WHEN (SELECT state FROM licence WHERE id = NEW.licence_id) IS NOT 'draft' BEGIN SELECT RAISE(ABORT, 'attachments are frozen'); END;
CREATE TRIGGER licence_attachment_removed BEFORE DELETE ON licence_attachment
WHEN (SELECT state FROM licence WHERE id = OLD.licence_id) IS NOT 'draft' BEGIN SELECT RAISE(ABORT, 'attachments are frozen'); END;
CREATE TRIGGER licence_attachment_fixed BEFORE UPDATE ON licence_attachment BEGIN SELECT RAISE(ABORT, 'attachments are frozen'); END;
`;

export const attachments = {
  version: 20,
  name: 'attachments',
  up: (db: { exec(sql: string): unknown }): void => {
    db.exec(schema);
  },
} as const;
