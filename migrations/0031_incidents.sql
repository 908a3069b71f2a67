-- Incidents: ids, kinds, states and times. Whatever is said in words is sealed under the incident's own key. `people`: who
-- has which role in it, `things`: the ids of what it is about, both as JSON. Whoever stands here may be somebody whom a
-- restore did not bring back.
CREATE TABLE incidents (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 4),
  state TEXT NOT NULL CHECK (state IN ('detect', 'contain', 'eradicate', 'recover', 'followUp', 'closed')),
  origin TEXT NOT NULL CHECK (origin IN ('person', 'alarm', 'drill')),
  alarm TEXT,
  people TEXT NOT NULL CHECK (json_valid(people)),
  things TEXT NOT NULL CHECK (json_valid(things)),
  declared_by TEXT NOT NULL,
  declared_at INTEGER NOT NULL,
  noticed_at INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  closed_by TEXT,
  closed_at INTEGER,
  key BLOB NOT NULL,
  title BLOB NOT NULL,
  review BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX incidents_age ON incidents (state = 'closed', declared_at);

-- What was noted and decided, and why it went back to a former state.
CREATE TABLE incident_notes (
  id TEXT PRIMARY KEY,
  incident TEXT NOT NULL REFERENCES incidents (id),
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('note', 'decision', 'back')),
  text BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_notes_of ON incident_notes (incident, at);

-- What is to be done: as the runbook said when it was declared, what was added, and, `after`, what its review asks for.
CREATE TABLE incident_tasks (
  id TEXT PRIMARY KEY,
  incident TEXT NOT NULL REFERENCES incidents (id),
  phase TEXT NOT NULL,
  place INTEGER NOT NULL,
  text BLOB NOT NULL,
  person TEXT,
  due_at INTEGER,
  done_by TEXT,
  done_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_tasks_of ON incident_tasks (incident, place);

-- Whom a law wants told, and until when; null: it names no time. `alarmed`: it ran out, and an alarm says so.
CREATE TABLE incident_clocks (
  incident TEXT NOT NULL REFERENCES incidents (id),
  clock TEXT NOT NULL,
  due_at INTEGER,
  alarmed INTEGER NOT NULL DEFAULT 0,
  settled_by TEXT,
  settled_at INTEGER,
  outcome TEXT CHECK (outcome IN ('done', 'notNeeded')),
  text BLOB,
  PRIMARY KEY (incident, clock)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_clocks_due ON incident_clocks (due_at) WHERE settled_at IS NULL AND alarmed = 0;

-- Every version of the policy, sealed, and who approved it.
CREATE TABLE incident_policies (
  version INTEGER PRIMARY KEY,
  text BLOB NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE incident_approvals (
  version INTEGER NOT NULL REFERENCES incident_policies (version),
  role TEXT NOT NULL,
  person TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (version, role)
) STRICT, WITHOUT ROWID;

-- Who does what in an incident, and how they are reached, sealed.
CREATE TABLE incident_roles (
  role TEXT NOT NULL,
  rank TEXT NOT NULL CHECK (rank IN ('first', 'deputy')),
  person TEXT NOT NULL REFERENCES people (id),
  contact BLOB NOT NULL,
  PRIMARY KEY (role, rank)
) STRICT, WITHOUT ROWID;
