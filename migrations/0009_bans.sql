-- Who may not write for a while: a visitor, whoever has proved an address, or a network. `lookup` is a keyed hash of
-- which. What stands behind it where that is known, and why, is sealed under the ban's own key.
CREATE TABLE bans (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('visitor', 'address', 'network')),
  lookup BLOB NOT NULL UNIQUE,
  key BLOB NOT NULL,
  target BLOB,
  reason BLOB NOT NULL,
  team TEXT,
  -- Perhaps somebody whom a restore did not bring back: the ban comes back all the same.
  banned_by TEXT NOT NULL,
  banned_at INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;
CREATE INDEX bans_until ON bans (until);
-- Where whoever is banned may have a socket open.
CREATE INDEX conversations_open ON conversations (id) WHERE state <> 'closed';
