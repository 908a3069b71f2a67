-- Copies of everything that is kept about a person, for a while: `asker` is who may open it. What it consists of is sealed
-- under a key that lies in the store of keys alone: while it is made, in `progress`, and then in `manifest`.
CREATE TABLE copies (
  id TEXT PRIMARY KEY,
  visitor TEXT NOT NULL,
  site TEXT NOT NULL,
  asker TEXT NOT NULL,
  backstage INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  step INTEGER NOT NULL DEFAULT 0,
  progress BLOB,
  manifest BLOB
) STRICT;
CREATE INDEX copies_visitor ON copies (visitor, asked_at);
CREATE INDEX copies_asked_at ON copies (asked_at);
