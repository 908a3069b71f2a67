-- In which jurisdiction everything lies; '' means wherever Cloudflare puts it. It is settled by the first request, and
-- where there is somebody already, it was none.
CREATE TABLE residency (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  jurisdiction TEXT NOT NULL,
  since INTEGER NOT NULL
) STRICT;
INSERT INTO residency SELECT 1, '', unixepoch() * 1000 WHERE EXISTS (SELECT 1 FROM people);

-- Since when each root of KEYRING is known to the Worker.
CREATE TABLE roots (
  root INTEGER PRIMARY KEY,
  seen_at INTEGER NOT NULL
) STRICT;

-- The oldest root that a backup needs, and the one that a copied object lies under; NULL and 0: made before that was noted.
ALTER TABLE backups ADD COLUMN root INTEGER;
CREATE TABLE copied_objects (
  name TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  root INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  made INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  UNIQUE (source, root)
) STRICT, WITHOUT ROWID;
INSERT INTO copied_objects SELECT name, source, 0, bytes, sha256, made, seen FROM backup_objects;
DROP TABLE backup_objects;
ALTER TABLE copied_objects RENAME TO backup_objects;
