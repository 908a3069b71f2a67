-- What a site shows: colour, texts, hours, questions, consent. An empty object stands for the plain settings.
ALTER TABLE sites ADD COLUMN settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings));

-- Ready answers; a team of NULL means all teams.
CREATE TABLE replies (
  id TEXT PRIMARY KEY,
  team TEXT REFERENCES teams (id),
  shortcut TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX replies_shortcut ON replies (coalesce(team, ''), shortcut);
