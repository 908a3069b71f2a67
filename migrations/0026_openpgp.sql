-- The OpenPGP public key of the organisation, as JSON: the key itself and what is said of it; null: there is none.
ALTER TABLE organisation ADD COLUMN pgp TEXT CHECK (json_valid(pgp));

-- To which OpenPGP key a backup is sealed once more, by its fingerprint and itself: that of when it was begun.
ALTER TABLE backups ADD COLUMN pgp TEXT;
ALTER TABLE backups ADD COLUMN pgp_key TEXT;
-- What lies below that layer, as JSON: how many bytes, and their SHA-256.
ALTER TABLE backup_parts ADD COLUMN opened TEXT;

-- The OpenPGP key that a copy of everything about somebody is handed out under, sealed; and its keyed hash, by which it is
-- known whether another copy is under the same; null: under none.
ALTER TABLE copies ADD COLUMN pgp BLOB;
ALTER TABLE copies ADD COLUMN pgp_lookup BLOB;

-- An object is copied once for each root and each of these keys. `pgp`: the fingerprint; empty: none.
CREATE TABLE backup_copies (
  name TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  root INTEGER NOT NULL,
  pgp TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  opened TEXT,
  made INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  UNIQUE (source, root, pgp)
) STRICT, WITHOUT ROWID;
INSERT INTO backup_copies SELECT name, source, root, '', bytes, sha256, NULL, made, seen FROM backup_objects;
DROP TABLE backup_objects;
ALTER TABLE backup_copies RENAME TO backup_objects;

-- When a conversation was mailed to its customer last, for some minutes.
CREATE TABLE transcripts (
  conversation TEXT PRIMARY KEY,
  sent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
