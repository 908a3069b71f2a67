-- Ids, states, times and counts stand in the clear; names, addresses and credentials are sealed (docs/ENVELOPE.md).

-- The second level of keys: each row's key is wrapped under a key derived from root number `root`.
CREATE TABLE keys (
  id INTEGER PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('data', 'lookup', 'pepper', 'token')),
  root INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'retired')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX keys_active ON keys (purpose) WHERE state = 'active';

CREATE TABLE teams (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Staff. `lookup` is a keyed hash of the address; every other personal field is sealed under the person's own key.
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  lookup BLOB NOT NULL UNIQUE,
  key BLOB NOT NULL,
  name BLOB NOT NULL,
  address BLOB NOT NULL,
  password BLOB,
  totp BLOB,
  role TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE team_members (
  team TEXT NOT NULL REFERENCES teams (id),
  person TEXT NOT NULL REFERENCES people (id),
  PRIMARY KEY (team, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_members_person ON team_members (person);

CREATE TABLE sites (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  team TEXT NOT NULL REFERENCES teams (id),
  origins TEXT NOT NULL CHECK (json_valid(origins)),
  created_at INTEGER NOT NULL
) STRICT;

-- The directory: where each conversation stands. The conversation's own object is the truth and writes its row;
-- `version` lets a late writer lose.
CREATE TABLE conversations (
  id TEXT PRIMARY KEY,
  site TEXT NOT NULL,
  team TEXT NOT NULL,
  visitor TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'closed')),
  assignee TEXT,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_visitor ON conversations (visitor, created_at);
CREATE INDEX conversations_team ON conversations (team, changed_at);
