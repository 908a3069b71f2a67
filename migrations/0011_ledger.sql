-- One more purpose of keys: the ledger's checkpoints are signed by a key of their own. A check cannot be changed in
-- place, so the table is made anew.
CREATE TABLE keys_anew (
  id INTEGER PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('data', 'lookup', 'pepper', 'token', 'ledger')),
  root INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'retired')),
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO keys_anew SELECT id, purpose, root, wrapped, state, created_at FROM keys;
DROP TABLE keys;
ALTER TABLE keys_anew RENAME TO keys;
CREATE UNIQUE INDEX keys_active ON keys (purpose) WHERE state = 'active';

-- The ledger: each row a leaf of one Merkle tree (docs/LEDGER.md). `leaf` is canonical JSON, and what is asked for is
-- read out of it. `details` are sealed under a key of their person and month.
CREATE TABLE ledger (
  seq INTEGER PRIMARY KEY,
  leaf TEXT NOT NULL,
  details BLOB,
  id TEXT NOT NULL GENERATED ALWAYS AS (leaf ->> '$.id') VIRTUAL,
  at INTEGER NOT NULL GENERATED ALWAYS AS (leaf ->> '$.at') VIRTUAL,
  actor TEXT GENERATED ALWAYS AS (leaf ->> '$.actor') VIRTUAL,
  action TEXT NOT NULL GENERATED ALWAYS AS (leaf ->> '$.action') VIRTUAL,
  object TEXT GENERATED ALWAYS AS (leaf ->> '$.object') VIRTUAL,
  subject TEXT GENERATED ALWAYS AS (leaf ->> '$.subject') VIRTUAL
) STRICT;
CREATE UNIQUE INDEX ledger_id ON ledger (id);
-- Pages are read by what is asked for and by time, the newest first.
CREATE INDEX ledger_at ON ledger (at);
CREATE INDEX ledger_actor ON ledger (actor, at) WHERE actor IS NOT NULL;
CREATE INDEX ledger_action ON ledger (action, at);
CREATE INDEX ledger_object ON ledger (object, at) WHERE object IS NOT NULL;
CREATE INDEX ledger_subject ON ledger (subject, at) WHERE subject IS NOT NULL;

-- Entries before this one lie in the archive. It only grows.
CREATE TABLE ledger_archive (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  before INTEGER NOT NULL
) STRICT;
INSERT INTO ledger_archive VALUES (1, 0);

CREATE TABLE ledger_keys (
  owner TEXT NOT NULL,
  month TEXT NOT NULL,
  key BLOB NOT NULL,
  PRIMARY KEY (owner, month)
) STRICT, WITHOUT ROWID;

-- What could not be told the ledger when it was done. It is taken from here when the ledger is there again.
CREATE TABLE ledger_late (
  id TEXT PRIMARY KEY,
  entry TEXT NOT NULL CHECK (json_valid(entry))
) STRICT;

-- The outside party that the head is sent to once a day. Their address is sealed under the pepper key.
CREATE TABLE ledger_witness (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  address BLOB NOT NULL
) STRICT;

-- Whoever administers the database can drop these; that somebody did is for the tree to show.
CREATE TRIGGER ledger_never_changes BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_is_never_replaced BEFORE INSERT ON ledger
WHEN EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq OR id = NEW.leaf ->> '$.id')
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_keeps_what_is_not_archived BEFORE DELETE ON ledger
WHEN OLD.seq >= (SELECT before FROM ledger_archive)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_archive_only_grows BEFORE UPDATE ON ledger_archive
WHEN NEW.before < OLD.before
BEGIN SELECT RAISE(ABORT, 'the archive only grows'); END;
CREATE TRIGGER ledger_archive_stays BEFORE DELETE ON ledger_archive
BEGIN SELECT RAISE(ABORT, 'the archive only grows'); END;
