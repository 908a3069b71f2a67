-- What holds for the whole organisation: one row. What it does not say has its plain value (src/protocol/organisation.ts).
CREATE TABLE organisation (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  settings TEXT NOT NULL CHECK (json_valid(settings))
) STRICT;
INSERT INTO organisation VALUES (1, '{}');
