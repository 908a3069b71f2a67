-- What was erased: ids alone, so that a restore of what was before does not bring it back.
CREATE TABLE erased (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
