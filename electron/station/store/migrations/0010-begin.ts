// Migration 10: the whole first schema. Plain SQL only; never edited once released. The database itself refuses what must
// never be: changed content after submission, self-approval, reused numbers, an issued licence without document, edited audit.

const tables = /* sql */ `
CREATE TABLE workspace (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  profile TEXT NOT NULL CHECK (profile IN ('training', 'acceptance', 'production')),
  demo_today TEXT CHECK (demo_today IS NULL OR profile <> 'production'),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE office_setup (
  sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
  payload TEXT NOT NULL,
  authority_fingerprint TEXT NOT NULL,
  accepted_at TEXT NOT NULL
) STRICT;

-- R04: the exact text of every licence type and rule pack that a licence was ever made by.
CREATE TABLE catalogue_entry (
  kind TEXT NOT NULL CHECK (kind IN ('type', 'rulePack')),
  id TEXT NOT NULL,
  version TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  json TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  PRIMARY KEY (kind, id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
  id TEXT PRIMARY KEY,
  file_name TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  format_json TEXT NOT NULL,
  type_id TEXT,
  header_row INTEGER NOT NULL,
  columns_json TEXT NOT NULL,
  mends TEXT REFERENCES import (id),
  state TEXT NOT NULL CHECK (state IN ('mapping', 'checking', 'checked', 'accepted', 'abandoned')),
  row_count INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- R06: values holds matched columns only; what the standard does not allow never gets here.
CREATE TABLE import_row (
  import_id TEXT NOT NULL REFERENCES import (id) ON DELETE CASCADE,
  row INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('good', 'normalised', 'faulty', 'duplicate')),
  values_json TEXT NOT NULL,
  changes_json TEXT NOT NULL,
  faults_json TEXT NOT NULL,
  conclusion_day TEXT,
  -- R05: what makes two rows the same matter; null while either is missing.
  matter_number TEXT,
  holder_code TEXT,
  licence_id TEXT REFERENCES licence (id) ON DELETE SET NULL,
  PRIMARY KEY (import_id, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_row_verdict ON import_row (import_id, verdict, conclusion_day, licence_id);
CREATE INDEX import_row_matter ON import_row (import_id, matter_number, holder_code) WHERE matter_number IS NOT NULL;
CREATE INDEX import_row_licence ON import_row (licence_id) WHERE licence_id IS NOT NULL;

CREATE TABLE column_mapping (
  headings_hash TEXT NOT NULL,
  type_id TEXT NOT NULL,
  mapping_json TEXT NOT NULL,
  person_id TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (headings_hash, type_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  issuer_id TEXT NOT NULL,
  seal_id TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size >= 1),
  approved_by TEXT NOT NULL,
  approved_at TEXT NOT NULL
) STRICT;

-- row_id is what the search index names; a bare rowid would change with VACUUM.
CREATE TABLE licence (
  row_id INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type_id TEXT NOT NULL,
  type_version TEXT NOT NULL,
  type_code TEXT NOT NULL,
  issuer_id TEXT NOT NULL,
  seal_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'sealing', 'issued', 'voided')),
  legal_status TEXT CHECK (legal_status IN ('valid', 'cancelled')),
  revision INTEGER NOT NULL DEFAULT 1,
  matter_number TEXT NOT NULL,
  conclusion_day TEXT NOT NULL CHECK (conclusion_day GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]'),
  holder_name TEXT NOT NULL,
  holder_code TEXT NOT NULL,
  holder_code_type TEXT NOT NULL,
  values_json TEXT NOT NULL,
  changes_json TEXT NOT NULL,
  valid_from TEXT,
  valid_to TEXT,
  serial INTEGER,
  number TEXT,
  identifier TEXT UNIQUE,
  version INTEGER NOT NULL DEFAULT 1 CHECK (version BETWEEN 1 AND 999),
  -- The first version of this licence; its own id for a first version.
  chain_id TEXT NOT NULL REFERENCES licence (id),
  replaces TEXT UNIQUE REFERENCES licence (id),
  late_code TEXT,
  late_note TEXT NOT NULL DEFAULT '',
  offline_reason TEXT NOT NULL,
  template_version TEXT,
  renderer_version TEXT,
  approved_hash TEXT,
  entered_by TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  submitted_by TEXT,
  submitted_at TEXT,
  return_reason TEXT,
  approved_by TEXT CHECK (approved_by IS NULL OR (approved_by <> entered_by AND approved_by <> coalesce(submitted_by, ''))),
  approved_at TEXT,
  batch_id TEXT REFERENCES batch (id),
  sealed_at TEXT,
  sealed_by TEXT,
  certificate_hash TEXT,
  document_hash TEXT,
  document_bytes INTEGER,
  time_confirmed INTEGER NOT NULL DEFAULT 1 CHECK (time_confirmed IN (0, 1)),
  void_reason TEXT,
  cancel_reason TEXT,
  cancel_basis TEXT,
  handed_over INTEGER NOT NULL DEFAULT 0 CHECK (handed_over IN (0, 1)),
  import_id TEXT REFERENCES import (id),
  import_row INTEGER,
  CHECK (state IN ('draft', 'voided') OR (number IS NOT NULL AND identifier IS NOT NULL AND approved_hash IS NOT NULL AND submitted_by IS NOT NULL)),
  CHECK (state NOT IN ('approved', 'sealing', 'issued') OR (approved_by IS NOT NULL AND batch_id IS NOT NULL)),
  CHECK (state <> 'issued' OR (document_hash IS NOT NULL AND sealed_at IS NOT NULL AND sealed_by IS NOT NULL AND certificate_hash IS NOT NULL AND legal_status IS NOT NULL)),
  CHECK (state = 'issued' OR legal_status IS NULL),
  CHECK (state <> 'voided' OR void_reason IS NOT NULL),
  CHECK (legal_status IS NULL OR legal_status <> 'cancelled' OR cancel_reason IS NOT NULL),
  -- R01: a licence sealed after its conclusion day (local, UTC+8) says why.
  CHECK (state <> 'issued' OR late_code IS NOT NULL OR ifnull(date(substr(sealed_at, 1, 19), '+8 hours'), 'unreadable') <= conclusion_day)
) STRICT;
-- R05: one live licence per holder, type and matter.
CREATE UNIQUE INDEX licence_matter ON licence (type_id, matter_number, holder_code)
  WHERE state <> 'voided' AND (legal_status IS NULL OR legal_status <> 'cancelled');
CREATE UNIQUE INDEX licence_number ON licence (type_code, number, version) WHERE number IS NOT NULL;
CREATE INDEX licence_state ON licence (state, row_id);
CREATE INDEX licence_type ON licence (type_id, row_id);
CREATE INDEX licence_entered ON licence (entered_by, row_id);
-- In the order of the must-do list, which names it: by another index that list would walk over years of issued ones.
CREATE INDEX licence_open ON licence (conclusion_day) WHERE state NOT IN ('issued', 'voided');
CREATE INDEX licence_batch ON licence (batch_id, state, conclusion_day) WHERE batch_id IS NOT NULL;
CREATE INDEX licence_day ON licence (conclusion_day, state, late_code);
CREATE INDEX licence_holder_code ON licence (holder_code);
CREATE INDEX licence_matter_number ON licence (matter_number);
CREATE INDEX licence_number_text ON licence (number) WHERE number IS NOT NULL;
CREATE INDEX licence_document ON licence (document_hash) WHERE document_hash IS NOT NULL;
CREATE INDEX licence_not_handed ON licence (row_id) WHERE state = 'issued' AND handed_over = 0 AND legal_status = 'valid';

CREATE TABLE number_block (
  id TEXT PRIMARY KEY,
  type_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  first INTEGER NOT NULL CHECK (first >= 1),
  last INTEGER NOT NULL CHECK (last >= first),
  next INTEGER NOT NULL CHECK (next BETWEEN first AND last + 1)
) STRICT;
CREATE INDEX number_block_type ON number_block (type_code, year, first);

-- Every number ever taken from a block, kept for ever: never reused, never skipped without this record.
CREATE TABLE number_use (
  type_code TEXT NOT NULL,
  year INTEGER NOT NULL,
  serial INTEGER NOT NULL,
  licence_id TEXT NOT NULL,
  number TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reserved', 'issued', 'voided')),
  taken_at TEXT NOT NULL,
  PRIMARY KEY (type_code, year, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX number_use_licence ON number_use (licence_id);

CREATE TABLE page_shown (
  licence_id TEXT NOT NULL REFERENCES licence (id),
  approved_hash TEXT NOT NULL,
  person_id TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (licence_id, approved_hash, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sealing_grant (
  id TEXT PRIMARY KEY,
  batch_id TEXT NOT NULL REFERENCES batch (id),
  seal_id TEXT NOT NULL,
  custodian_id TEXT NOT NULL,
  token_serial TEXT NOT NULL,
  certificate_hash TEXT NOT NULL,
  signatures INTEGER NOT NULL,
  expires_at TEXT NOT NULL,
  made_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
CREATE INDEX sealing_grant_batch ON sealing_grant (batch_id, made_at);

-- R33: the register of use. One row for each time the key was, or was about to be, asked.
CREATE TABLE sealing_attempt (
  id TEXT PRIMARY KEY,
  licence_id TEXT NOT NULL REFERENCES licence (id),
  grant_id TEXT NOT NULL REFERENCES sealing_grant (id),
  seal_id TEXT NOT NULL,
  approved_hash TEXT NOT NULL,
  certificate_hash TEXT NOT NULL,
  person_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  result TEXT
) STRICT;
CREATE INDEX sealing_attempt_licence ON sealing_attempt (licence_id, started_at);
CREATE INDEX sealing_attempt_seal ON sealing_attempt (seal_id, started_at);
CREATE UNIQUE INDEX sealing_attempt_open ON sealing_attempt (licence_id) WHERE ended_at IS NULL;

CREATE TABLE hand_over (
  licence_id TEXT PRIMARY KEY REFERENCES licence (id),
  collector TEXT NOT NULL CHECK (collector IN ('holder', 'proxy')),
  collector_name TEXT NOT NULL,
  identified TEXT NOT NULL,
  paper_serial TEXT,
  given_json TEXT NOT NULL,
  note TEXT NOT NULL,
  person_id TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- licence_id is the first version of the licence (licence.chain_id): all versions share one order, so that a cancellation
-- reaches the library before the version that replaces it. version_id is the version this item speaks of.
CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  licence_id TEXT NOT NULL REFERENCES licence (id),
  version_id TEXT NOT NULL REFERENCES licence (id),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('licence.issued', 'licence.status', 'licence.voided')),
  payload_version INTEGER NOT NULL,
  -- Frozen at enqueue: the wire item without its file, which is document_hash in the documents file.
  payload TEXT NOT NULL,
  document_hash TEXT,
  content_hash TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  -- The licence's conclusion day: what is nearest to breaking R01 goes first.
  statutory_day TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'acknowledged', 'refused', 'quarantined', 'closed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  next_attempt_at TEXT NOT NULL,
  lease_expires_at TEXT,
  problem TEXT,
  refusal_json TEXT,
  receipt TEXT,
  receipt_id TEXT UNIQUE,
  receipt_signature TEXT,
  acknowledged_at TEXT,
  closed_by TEXT,
  closed_reason TEXT,
  UNIQUE (licence_id, sequence),
  CHECK (state <> 'acknowledged' OR (receipt IS NOT NULL AND receipt_id IS NOT NULL AND receipt_signature IS NOT NULL AND acknowledged_at IS NOT NULL)),
  CHECK (state <> 'closed' OR (closed_by IS NOT NULL AND closed_reason IS NOT NULL)),
  CHECK (state <> 'sending' OR lease_expires_at IS NOT NULL)
) STRICT;
CREATE INDEX outbox_version ON outbox (version_id, sequence, state);
CREATE INDEX outbox_created ON outbox (created_at);
CREATE INDEX outbox_due ON outbox (state, next_attempt_at);
CREATE INDEX outbox_order ON outbox (state, statutory_day, id);
CREATE INDEX outbox_acknowledged ON outbox (acknowledged_at) WHERE acknowledged_at IS NOT NULL;

CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'failed', 'cancelled', 'interrupted')),
  argument_json TEXT NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  problem TEXT,
  person_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
CREATE INDEX job_started ON job (started_at);
CREATE INDEX job_argument ON job (kind, argument_json, started_at);

CREATE TABLE sign_in_failure (
  person_id TEXT PRIMARY KEY,
  count INTEGER NOT NULL,
  last_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE audit_event (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  person_id TEXT,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail_json TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX audit_event_subject ON audit_event (subject, seq);

-- Search: the station cuts names into single characters and pairs, and adds the tails of numbers (store/queries/search.ts);
-- a trigram index cannot find two-character names.
CREATE VIRTUAL TABLE licence_search USING fts5 (terms, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0", detail = none);
`;

const triggers = /* sql */ `
CREATE TRIGGER workspace_fixed BEFORE UPDATE ON workspace BEGIN SELECT RAISE(ABORT, 'workspace profile is fixed'); END;
CREATE TRIGGER workspace_kept BEFORE DELETE ON workspace BEGIN SELECT RAISE(ABORT, 'workspace profile is fixed'); END;

-- What was submitted is frozen; a return to draft (submitted -> draft) opens it again, an approval closes it for ever.
CREATE TRIGGER licence_content_frozen BEFORE UPDATE OF
  type_id, type_version, type_code, issuer_id, seal_id, matter_number, conclusion_day, holder_name, holder_code, holder_code_type,
  values_json, changes_json, valid_from, valid_to, serial, number, identifier, version, chain_id, replaces, offline_reason, entered_by, entered_at, template_version, renderer_version, approved_hash
ON licence WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'licence content is frozen'); END;

-- No licence comes into being past the steps below.
CREATE TRIGGER licence_begins BEFORE INSERT ON licence WHEN NEW.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'licence begins as a draft'); END;

-- A number, once reserved, stays with its licence through returns (domain.md, "Two lives").
CREATE TRIGGER licence_number_kept BEFORE UPDATE OF serial, number, identifier ON licence
WHEN OLD.number IS NOT NULL AND (NEW.number IS NOT OLD.number OR NEW.identifier IS NOT OLD.identifier OR NEW.serial IS NOT OLD.serial)
BEGIN SELECT RAISE(ABORT, 'licence number is kept'); END;

CREATE TRIGGER licence_steps BEFORE UPDATE OF state ON licence WHEN OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
  'draft>submitted', 'submitted>draft', 'submitted>approved', 'approved>sealing', 'sealing>approved', 'sealing>issued',
  'draft>voided', 'submitted>voided', 'approved>voided')
BEGIN SELECT RAISE(ABORT, 'licence state step not allowed'); END;

CREATE TRIGGER licence_issued_frozen BEFORE UPDATE OF
  sealed_at, sealed_by, certificate_hash, document_hash, document_bytes, approved_by, approved_at, batch_id, submitted_by, late_code, late_note
ON licence WHEN OLD.state = 'issued' BEGIN SELECT RAISE(ABORT, 'issued licence is frozen'); END;

CREATE TRIGGER licence_cancel_final BEFORE UPDATE OF legal_status ON licence WHEN OLD.legal_status = 'cancelled' AND NEW.legal_status IS NOT 'cancelled'
BEGIN SELECT RAISE(ABORT, 'cancelled is final'); END;

CREATE TRIGGER licence_reason_kept BEFORE UPDATE OF void_reason, cancel_reason, cancel_basis ON licence
WHEN OLD.state = 'voided' OR OLD.legal_status = 'cancelled' BEGIN SELECT RAISE(ABORT, 'reason is kept'); END;

CREATE TRIGGER licence_kept BEFORE DELETE ON licence WHEN OLD.state <> 'draft' OR OLD.number IS NOT NULL BEGIN SELECT RAISE(ABORT, 'licence is kept'); END;

CREATE TRIGGER number_use_kept BEFORE DELETE ON number_use BEGIN SELECT RAISE(ABORT, 'number use is kept'); END;
CREATE TRIGGER number_use_steps BEFORE UPDATE ON number_use WHEN OLD.state <> 'reserved' OR NEW.state = 'reserved' OR NEW.type_code <> OLD.type_code OR NEW.year <> OLD.year
  OR NEW.serial <> OLD.serial OR NEW.licence_id <> OLD.licence_id OR NEW.number <> OLD.number OR NEW.taken_at <> OLD.taken_at
BEGIN SELECT RAISE(ABORT, 'number use is kept'); END;
-- The record of a number first, then the block moves on by it: neither without the other.
CREATE TRIGGER number_use_in_order BEFORE INSERT ON number_use WHEN NEW.state <> 'reserved' OR NOT EXISTS
  (SELECT 1 FROM number_block WHERE type_code = NEW.type_code AND year = NEW.year AND next = NEW.serial AND NEW.serial <= last)
BEGIN SELECT RAISE(ABORT, 'numbers go one by one'); END;
CREATE TRIGGER number_block_forward BEFORE UPDATE ON number_block WHEN NEW.next <> OLD.next + 1 OR NEW.first <> OLD.first OR NEW.last <> OLD.last
  OR NEW.id <> OLD.id OR NEW.type_code <> OLD.type_code OR NEW.year <> OLD.year
  OR NOT EXISTS (SELECT 1 FROM number_use WHERE type_code = OLD.type_code AND year = OLD.year AND serial = OLD.next)
BEGIN SELECT RAISE(ABORT, 'numbers go one by one'); END;
CREATE TRIGGER number_block_apart BEFORE INSERT ON number_block WHEN NEW.next <> NEW.first OR EXISTS
  (SELECT 1 FROM number_block WHERE type_code = NEW.type_code AND year = NEW.year AND id <> NEW.id AND first <= NEW.last AND NEW.first <= last)
BEGIN SELECT RAISE(ABORT, 'number blocks overlap'); END;
CREATE TRIGGER number_block_kept BEFORE DELETE ON number_block BEGIN SELECT RAISE(ABORT, 'number block is kept'); END;

CREATE TRIGGER sealing_attempt_kept BEFORE DELETE ON sealing_attempt BEGIN SELECT RAISE(ABORT, 'use register is kept'); END;
CREATE TRIGGER sealing_attempt_closed BEFORE UPDATE ON sealing_attempt WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.result IS NULL BEGIN SELECT RAISE(ABORT, 'use register is kept'); END;
CREATE TRIGGER sealing_attempt_fixed BEFORE UPDATE OF id, licence_id, grant_id, seal_id, approved_hash, certificate_hash, person_id, started_at ON sealing_attempt
BEGIN SELECT RAISE(ABORT, 'use register is kept'); END;
CREATE TRIGGER batch_kept BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'approval is kept'); END;
CREATE TRIGGER batch_fixed BEFORE UPDATE ON batch BEGIN SELECT RAISE(ABORT, 'approval is kept'); END;
CREATE TRIGGER catalogue_entry_kept BEFORE DELETE ON catalogue_entry BEGIN SELECT RAISE(ABORT, 'catalogue text is kept'); END;
CREATE TRIGGER catalogue_entry_fixed BEFORE UPDATE ON catalogue_entry BEGIN SELECT RAISE(ABORT, 'catalogue text is kept'); END;
CREATE TRIGGER hand_over_kept BEFORE DELETE ON hand_over BEGIN SELECT RAISE(ABORT, 'hand-over is kept'); END;
CREATE TRIGGER hand_over_fixed BEFORE UPDATE ON hand_over BEGIN SELECT RAISE(ABORT, 'hand-over is kept'); END;

CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox items are never deleted'); END;
CREATE TRIGGER outbox_frozen BEFORE UPDATE OF id, licence_id, version_id, sequence, kind, payload_version, payload, document_hash, content_hash, created_at ON outbox
BEGIN SELECT RAISE(ABORT, 'outbox payload is frozen'); END;
CREATE TRIGGER outbox_steps BEFORE UPDATE OF state ON outbox WHEN OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
  'queued>sending', 'sending>acknowledged', 'sending>queued', 'sending>refused', 'sending>quarantined', 'queued>quarantined',
  'refused>queued', 'refused>closed', 'quarantined>queued', 'quarantined>closed')
BEGIN SELECT RAISE(ABORT, 'outbox state step not allowed'); END;

CREATE TRIGGER outbox_begins BEFORE INSERT ON outbox WHEN NEW.state <> 'queued' OR NEW.attempts <> 0 BEGIN SELECT RAISE(ABORT, 'outbox item begins queued'); END;
CREATE TRIGGER outbox_ended BEFORE UPDATE ON outbox WHEN OLD.state IN ('acknowledged', 'closed') BEGIN SELECT RAISE(ABORT, 'outbox item has ended'); END;

CREATE TRIGGER audit_chained BEFORE INSERT ON audit_event WHEN NEW.seq <> coalesce((SELECT max(seq) FROM audit_event), 0) + 1
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
`;

export const begin = {
  version: 10,
  name: 'begin',
  up: (db: { exec(sql: string): unknown }): void => {
    db.exec(tables);
    db.exec(triggers);
  },
} as const;
