-- Roles that the organisation made: what each is called, and its permissions with how far each reaches.
CREATE TABLE roles (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  grants TEXT NOT NULL CHECK (json_valid(grants)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX people_role ON people (role);
