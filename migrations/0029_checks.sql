-- Security checks: their runs, what each has found, and what was accepted for a while. What is said of why it was
-- accepted lies sealed.
CREATE TABLE check_runs (
  id TEXT PRIMARY KEY,
  -- Whoever asked for it; 'token' for whoever deploys, and null for the night.
  asked_by TEXT,
  begun_at INTEGER NOT NULL,
  over_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX check_runs_begun ON check_runs (begun_at);

CREATE TABLE check_results (
  run TEXT NOT NULL,
  id TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('passed', 'failed', 'not-run')),
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  found TEXT NOT NULL CHECK (json_valid(found)),
  words TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE check_exceptions (
  id TEXT PRIMARY KEY,
  reason BLOB NOT NULL,
  accepted_by TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
