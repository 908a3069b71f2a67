-- Drills: an incident that is played on a stage of its own, and what it has shown. Ids, times and counts, and nobody's data.
CREATE TABLE drills (
  id TEXT PRIMARY KEY,
  scenario TEXT NOT NULL CHECK (scenario IN ('account', 'key', 'file', 'backup')),
  begun_by TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  -- What it makes, by the ids that it will have: known before it is there, so that all of it is found again.
  team TEXT NOT NULL,
  site TEXT NOT NULL,
  person TEXT NOT NULL,
  -- The session that is played; null: not yet.
  session TEXT,
  -- JSON: what it has shown so far.
  report TEXT NOT NULL,
  -- Unix milliseconds; null: it goes on.
  over_at INTEGER
) STRICT;
-- One at a time.
CREATE UNIQUE INDEX drills_going_on ON drills (over_at IS NULL) WHERE over_at IS NULL;
CREATE INDEX drills_by_person ON drills (person);

-- The customers, conversations and files of the stage, until they are erased.
CREATE TABLE drill_things (
  id TEXT PRIMARY KEY,
  drill TEXT NOT NULL,
  -- Whether whoever is played has seen it: what the blast radius has to say.
  seen INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX drill_things_by_drill ON drill_things (drill);
