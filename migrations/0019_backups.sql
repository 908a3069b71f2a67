-- Backups: each by its number, and the run that makes it. `previous` is the one before it that is whole, `ledger` the
-- first entry of the ledger that is not in it, `hash` that of its manifest.
CREATE TABLE backups (
  number INTEGER PRIMARY KEY,
  run TEXT NOT NULL UNIQUE,
  is_full INTEGER NOT NULL CHECK (is_full IN (0, 1)),
  previous INTEGER,
  state TEXT NOT NULL CHECK (state IN ('making', 'whole', 'broken')),
  begun_at INTEGER NOT NULL,
  over_at INTEGER,
  ledger INTEGER,
  parts INTEGER,
  bytes INTEGER,
  hash TEXT,
  wrong TEXT
) STRICT;

-- What was made of the one that is being made. `next` is where the part after it begins: whoever does a portion once
-- more finds that it is done. Once the manifest is written, the bucket says it.
CREATE TABLE backup_parts (
  backup INTEGER NOT NULL,
  n INTEGER NOT NULL,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  next TEXT NOT NULL,
  PRIMARY KEY (backup, n)
) STRICT, WITHOUT ROWID;

-- How far each conversation lies in a backup: its newest message, and a hash of all else that it holds.
CREATE TABLE backup_marks (
  conversation TEXT NOT NULL,
  backup INTEGER NOT NULL,
  position INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (conversation, backup)
) STRICT, WITHOUT ROWID;

-- Objects of other buckets, which never change: each is copied once. `made` is the backup that did, `seen` the newest full
-- one that names it.
CREATE TABLE backup_objects (
  source TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  made INTEGER NOT NULL,
  seen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
