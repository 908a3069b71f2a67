-- Which lessons whoever has a role is asked to take. `gate`: what is closed to those who have not; null: nothing.
-- `asked_from`: from when on. `counts`: the version from which on having taken it counts; an older one does until `renew_by`.
CREATE TABLE training_asked (
  role TEXT NOT NULL,
  lesson TEXT NOT NULL,
  gate TEXT,
  asked_from INTEGER NOT NULL,
  counts INTEGER NOT NULL,
  renew_by INTEGER,
  PRIMARY KEY (role, lesson)
) STRICT, WITHOUT ROWID;

-- When somebody last answered a lesson's questions well, and of which version. All of them stand in the ledger.
CREATE TABLE training_taken (
  person TEXT NOT NULL REFERENCES people (id),
  lesson TEXT NOT NULL,
  version INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (person, lesson)
) STRICT, WITHOUT ROWID;

-- When somebody was last reminded of a lesson, and of what it was due then.
CREATE TABLE training_reminded (
  person TEXT NOT NULL,
  lesson TEXT NOT NULL,
  due INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (person, lesson)
) STRICT, WITHOUT ROWID;

-- The organisation's own lessons, each version as it was written. Without a text: it was taken out.
CREATE TABLE own_lessons (
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  text TEXT,
  at INTEGER NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;
