-- What people ask about their own data: ids, kinds, times and outcomes. Whatever is said in words is sealed under the
-- request's own key, which goes with its person.
CREATE TABLE requests (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('access', 'portability', 'rectification', 'restriction', 'objection', 'erasure')),
  visitor TEXT NOT NULL,
  site TEXT NOT NULL,
  law TEXT NOT NULL CHECK (law IN ('gdpr', 'ccpa', 'hipaa')),
  proof TEXT NOT NULL CHECK (proof IN ('site', 'code', 'staff')),
  state TEXT NOT NULL CHECK (state IN ('open', 'working', 'refused', 'done')),
  opened_by TEXT REFERENCES people (id),
  opened_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  extended_at INTEGER,
  decided_by TEXT REFERENCES people (id),
  decided_at INTEGER,
  done_at INTEGER,
  -- Erasing was stopped by a legal hold.
  held INTEGER NOT NULL DEFAULT 0,
  -- What does it, and what says that it was done.
  run TEXT,
  receipt TEXT,
  key BLOB,
  wish BLOB,
  how BLOB,
  extension BLOB,
  answer BLOB
) STRICT, WITHOUT ROWID;
-- Nobody asks for the same twice before they are answered.
CREATE UNIQUE INDEX requests_open ON requests (visitor, kind) WHERE state IN ('open', 'working');
CREATE INDEX requests_visitor ON requests (visitor, opened_at);
CREATE INDEX requests_due ON requests (due_at, id) WHERE state IN ('open', 'working');
CREATE INDEX requests_decided ON requests (decided_at) WHERE state IN ('refused', 'done');
CREATE UNIQUE INDEX requests_run ON requests (run) WHERE run IS NOT NULL;
