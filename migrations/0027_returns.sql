-- One conversation, or all of one visitor's, put back from a backup while everything goes on. `wanted`: its or their id.
-- `stuck_at` is the place at which it has failed `stuck` times in a row.
CREATE TABLE returns (
  run TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  wanted TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('working', 'done', 'failed')),
  begun_at INTEGER NOT NULL,
  over_at INTEGER,
  stuck_at TEXT,
  stuck INTEGER NOT NULL DEFAULT 0,
  wrong TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX returns_working ON returns (state) WHERE state = 'working';

-- What the backup has of it, until it is over: each conversation's line of the directory, whether there was none here when
-- it began, and whether the conversation itself is here, and so stays as it is.
CREATE TABLE return_lines (
  run TEXT NOT NULL,
  id TEXT NOT NULL,
  line TEXT NOT NULL CHECK (json_valid(line)),
  is_new INTEGER NOT NULL CHECK (is_new IN (0, 1)),
  is_there INTEGER NOT NULL DEFAULT 0 CHECK (is_there IN (0, 1)),
  PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;
