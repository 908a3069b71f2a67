-- The owner key of the organisation, as a keyed hash; and where an owner waits to be let in with it: who, since when,
-- in which epoch of their account, and the hash of the mailed link that ends the wait.
CREATE TABLE owner_key (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  hash TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  waiting TEXT REFERENCES people (id),
  since INTEGER,
  epoch INTEGER,
  link TEXT
) STRICT;
