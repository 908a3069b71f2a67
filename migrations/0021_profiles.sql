-- The profiles of laws that are on, each with since when.
CREATE TABLE profiles (
  profile TEXT PRIMARY KEY,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- That there is a contract or a document that a measure asks for: since when and where, sealed.
CREATE TABLE contracts (
  measure TEXT PRIMARY KEY,
  note BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- Who answers for the data, as the record of processing names them: one sealed row, or none.
CREATE TABLE controller (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  contacts BLOB NOT NULL
) STRICT;
