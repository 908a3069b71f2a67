-- What is held back while an incident lasts: a mode of the whole deployment, a site's widget, a person, a network. Each act
-- is one row until it is undone or its time is over; what was done and undone stands in the ledger.
CREATE TABLE containment (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('readOnly', 'exports', 'files', 'logging', 'site', 'person', 'network')),
  -- Which site or person, or the keyed hash of the network in hexadecimal; empty: all of it.
  target TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- Perhaps somebody whom a restore did not bring back: what they held back comes back all the same.
  begun_by TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  -- Unix milliseconds; null: until somebody undoes it.
  until INTEGER,
  -- Of a person: whether they were disabled besides, and stay so once this is undone.
  disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  UNIQUE (kind, target)
) STRICT;
