-- Backups that are put back: into this deployment while nobody is there yet, or, each week, into a scratch space that is
-- thrown away again. `number` is the one that is put back, `newest` the one whose register of what was erased holds.
-- `head` is the ledger's, as it was signed in the newest; `settled_at`: from then on nobody seals under keys of before.
-- `stuck_at` is the place at which it has failed `stuck` times in a row. 'sealed': a drill that could open nothing, because
-- its backup is sealed to an OpenPGP key.
CREATE TABLE restores (
  run TEXT PRIMARY KEY,
  scratch INTEGER NOT NULL CHECK (scratch IN (0, 1)),
  number INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('working', 'done', 'failed', 'sealed')),
  begun_at INTEGER NOT NULL,
  over_at INTEGER,
  head TEXT,
  settled_at INTEGER,
  stuck_at TEXT,
  stuck INTEGER NOT NULL DEFAULT 0,
  wrong TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX restores_working ON restores (scratch) WHERE state = 'working';

-- What each portion of one has put back and left out: one that is done twice counts once.
CREATE TABLE restore_counts (
  run TEXT NOT NULL,
  place TEXT NOT NULL,
  what TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (run, place, what)
) STRICT, WITHOUT ROWID;

-- A backup that a restore has found in the bucket: what is made here builds upon none of these.
ALTER TABLE backups ADD COLUMN found INTEGER NOT NULL DEFAULT 0 CHECK (found IN (0, 1));

-- What little has been entered where nobody is there yet makes room for the ledger that is put back.
DROP TRIGGER ledger_keeps_what_is_not_archived;
CREATE TRIGGER ledger_keeps_what_is_not_archived BEFORE DELETE ON ledger
WHEN OLD.seq >= (SELECT before FROM ledger_archive)
  AND NOT EXISTS (SELECT 1 FROM restores WHERE scratch = 0 AND state = 'working')
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
DROP TRIGGER ledger_archive_only_grows;
CREATE TRIGGER ledger_archive_only_grows BEFORE UPDATE ON ledger_archive
WHEN NEW.before < OLD.before
  AND NOT EXISTS (SELECT 1 FROM restores WHERE scratch = 0 AND state = 'working')
BEGIN SELECT RAISE(ABORT, 'the archive only grows'); END;
