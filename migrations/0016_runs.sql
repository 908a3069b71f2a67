-- Duties that take longer than one request: how far each has come. What it is about lies elsewhere, under the same id.
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  duty TEXT NOT NULL,
  place TEXT,
  done INTEGER NOT NULL DEFAULT 0,
  begun_at INTEGER NOT NULL,
  moved_at INTEGER NOT NULL,
  over_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX runs_open ON runs (moved_at) WHERE over_at IS NULL;
