/**
 * A conversation's tables. They come with the first message, so that asking for an unknown conversation writes
 * nothing. One row a message and no secondary index: rows written are what a message costs. Who takes part and the keys
 * lie in the conversation's own row, which is written anyway when one of them is new.
 */
export const schema = `
  CREATE TABLE conversation (
    only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, site TEXT NOT NULL, team TEXT NOT NULL,
    visitor TEXT NOT NULL, state TEXT NOT NULL, assignee TEXT, snoozed_until INTEGER, hold_by TEXT,
    hold_at INTEGER, former_teams TEXT NOT NULL, epoch TEXT NOT NULL, started_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, changes INTEGER NOT NULL,
    page BLOB NOT NULL, customer BLOB NOT NULL, tags BLOB NOT NULL, comment BLOB NOT NULL,
    consent_version TEXT, consent_at INTEGER, score INTEGER, people TEXT NOT NULL, keys TEXT NOT NULL
  ) STRICT;
  CREATE TABLE messages (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL, author_kind INTEGER NOT NULL, author TEXT NOT NULL,
    at INTEGER NOT NULL, read INTEGER NOT NULL, sealed BLOB NOT NULL
  ) STRICT;
  CREATE TABLE removals (
    position INTEGER PRIMARY KEY, how TEXT NOT NULL, removed_at INTEGER NOT NULL, remover_kind INTEGER NOT NULL,
    remover TEXT NOT NULL, digest BLOB NOT NULL
  ) STRICT;
  CREATE TABLE marks (reader TEXT PRIMARY KEY, read INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE entries (id TEXT PRIMARY KEY, told TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE tickets (jti TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

export const restrictionSchema = `
  CREATE TABLE IF NOT EXISTS restriction (
    only INTEGER PRIMARY KEY CHECK (only = 1), "on" INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
`;

/** Kinds of authors as stored. */
export const authorKinds = { visitor: 0, staff: 1 } as const;

export function buffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
