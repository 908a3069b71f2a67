-- Somebody's second factors are to be taken away, because they have lost them: who asked, and when. Somebody else
-- approves, and then the row is gone.
CREATE TABLE resets (
  person TEXT PRIMARY KEY REFERENCES people (id),
  asked_by TEXT NOT NULL REFERENCES people (id),
  asked_at INTEGER NOT NULL
) STRICT;
