/**
 * A conversation's rows. One row a message and no secondary index: rows written are what a message costs. The
 * schema comes with the first message, so that asking for an unknown conversation writes nothing.
 */
import type { Author, ConversationState } from '../../protocol/frames.ts';
import type { ConversationId, PersonId, SiteId, TeamId, VisitorId } from '../../protocol/ids.ts';

export type ConversationRow = {
  id: ConversationId;
  site: SiteId;
  team: TeamId;
  visitor: VisitorId;
  state: ConversationState;
  assignee: PersonId | null;
  epoch: string;
  startedAt: number;
  changedAt: number;
  /** How often state or assignee changed; with the head it gives the inbox a version that only grows. */
  changes: number;
  /** The page that the customer wrote from, sealed. */
  page: Uint8Array | null;
};

export type MessageRow = { seq: number; id: string; at: number; from: Author; sealed: Uint8Array };
export type KeyRow = { fromSeq: number; record: Uint8Array; kept: boolean };

/** Author kinds as stored. */
const kinds = { visitor: 0, staff: 1 } as const;

export class History {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get exists(): boolean {
    return this.#sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'conversation'`).toArray().length > 0;
  }

  /** Everything that a conversation starts with. To be called inside a transaction. */
  begin(row: ConversationRow, key: KeyRow): void {
    this.#sql.exec(`
      CREATE TABLE conversation (
        only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL, site TEXT NOT NULL, team TEXT NOT NULL,
        visitor TEXT NOT NULL, state TEXT NOT NULL, assignee TEXT, epoch TEXT NOT NULL, started_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL, changes INTEGER NOT NULL, page BLOB
      ) STRICT;
      CREATE TABLE messages (
        position INTEGER PRIMARY KEY, id TEXT NOT NULL, author_kind INTEGER NOT NULL, author TEXT NOT NULL,
        at INTEGER NOT NULL, sealed BLOB NOT NULL
      ) STRICT;
      CREATE TABLE keys (from_seq INTEGER PRIMARY KEY, record BLOB NOT NULL, kept INTEGER NOT NULL) STRICT;
      CREATE TABLE participants (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
      CREATE TABLE tickets (jti TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
    this.#sql.exec(
      'INSERT INTO conversation VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      row.id,
      row.site,
      row.team,
      row.visitor,
      row.state,
      row.assignee,
      row.epoch,
      row.startedAt,
      row.changedAt,
      row.changes,
      row.page === null ? null : buffer(row.page),
    );
    this.addKey(key);
  }

  conversation(): ConversationRow {
    const row = this.#sql.exec<RawConversation>('SELECT * FROM conversation').one();
    return {
      id: row.id as ConversationId,
      site: row.site as SiteId,
      team: row.team as TeamId,
      visitor: row.visitor as VisitorId,
      state: row.state as ConversationState,
      assignee: row.assignee as PersonId | null,
      epoch: row.epoch,
      startedAt: row.started_at,
      changedAt: row.changed_at,
      changes: row.changes,
      page: row.page === null ? null : new Uint8Array(row.page),
    };
  }

  setStanding(row: Pick<ConversationRow, 'state' | 'assignee' | 'changedAt' | 'changes'>): void {
    this.#sql.exec(
      'UPDATE conversation SET state = ?, assignee = ?, changed_at = ?, changes = ?',
      row.state,
      row.assignee,
      row.changedAt,
      row.changes,
    );
  }

  keys(): KeyRow[] {
    return this.#sql
      .exec<{ from_seq: number; record: ArrayBuffer; kept: number }>('SELECT * FROM keys ORDER BY from_seq')
      .toArray()
      .map((row) => ({ fromSeq: row.from_seq, record: new Uint8Array(row.record), kept: row.kept === 1 }));
  }

  addKey(key: KeyRow): void {
    this.#sql.exec('INSERT INTO keys VALUES (?, ?, ?)', key.fromSeq, buffer(key.record), key.kept ? 1 : 0);
  }

  /** The key store has its copy of every key up to this one. */
  markKeysKept(upTo: number): void {
    this.#sql.exec('UPDATE keys SET kept = 1 WHERE kept = 0 AND from_seq <= ?', upTo);
  }

  add(message: MessageRow): void {
    this.#sql.exec(
      'INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)',
      positionOf(message.seq),
      message.id,
      kinds[message.from.kind],
      message.from.id,
      message.at,
      buffer(message.sealed),
    );
  }

  /** The newest message's number and time; zeros while there is none. */
  head(): { seq: number; at: number } {
    const row = this.#sql
      .exec<RawMessage>('SELECT * FROM messages ORDER BY position DESC LIMIT 1')
      .toArray()[0];
    return row === undefined ? { seq: 0, at: 0 } : { seq: seqOf(row.position), at: row.at };
  }

  /** Messages with a number above `after`, oldest first. */
  after(after: number, limit: number): MessageRow[] {
    const query = 'SELECT * FROM messages WHERE position >= ? ORDER BY position LIMIT ?';
    return this.#sql
      .exec<RawMessage>(query, positionOf(after + 1), limit)
      .toArray()
      .map(messageOf);
  }

  /** The newest messages with a number below `before`, oldest first. */
  before(before: number, limit: number): MessageRow[] {
    const query = 'SELECT * FROM messages WHERE position < ? ORDER BY position DESC LIMIT ?';
    return this.#sql.exec<RawMessage>(query, positionOf(before), limit).toArray().map(messageOf).reverse();
  }

  /** The messages above `since` that bear one of these ids, whoever wrote them: one look through a bounded stretch. */
  withIds(ids: readonly string[], since: number): MessageRow[] {
    const query = 'SELECT * FROM messages WHERE position >= ? AND id IN (SELECT value FROM json_each(?))';
    return this.#sql
      .exec<RawMessage>(query, positionOf(since + 1), JSON.stringify(ids))
      .toArray()
      .map(messageOf);
  }

  /** Since when a visitor waits for an answer: the first message after staff's last one; null if none is open. */
  waitingSince(): number | null {
    const answered = 'SELECT position FROM messages WHERE author_kind = ? ORDER BY position DESC LIMIT 1';
    const query = `SELECT at FROM messages WHERE position > COALESCE((${answered}), 0) ORDER BY position LIMIT 1`;
    return this.#sql.exec<{ at: number }>(query, kinds.staff).toArray()[0]?.at ?? null;
  }

  participants(): PersonId[] {
    const rows = this.#sql.exec<{ id: string }>('SELECT id FROM participants').toArray();
    return rows.map((row) => row.id as PersonId);
  }

  addParticipant(id: PersonId): void {
    this.#sql.exec('INSERT OR IGNORE INTO participants VALUES (?)', id);
  }

  hasTicket(jti: string): boolean {
    return this.#sql.exec('SELECT 1 FROM tickets WHERE jti = ?', jti).toArray().length > 0;
  }

  /** Remembers a used ticket until it would have run out anyway; older ones go. */
  rememberTicket(jti: string, until: number, now: number): void {
    this.#sql.exec('DELETE FROM tickets WHERE until <= ?', now);
    this.#sql.exec('INSERT OR IGNORE INTO tickets VALUES (?, ?)', jti, until);
  }
}

/** Staff's notes will hang on the number they follow: 2^16 places lie between one number and the next. */
const placesPerSeq = 2 ** 16;
const positionOf = (seq: number) => seq * placesPerSeq;
const seqOf = (position: number) => Math.floor(position / placesPerSeq);

type RawConversation = {
  id: string;
  site: string;
  team: string;
  visitor: string;
  state: string;
  assignee: string | null;
  epoch: string;
  started_at: number;
  changed_at: number;
  changes: number;
  page: ArrayBuffer | null;
};
type RawMessage = {
  position: number;
  id: string;
  author_kind: number;
  author: string;
  at: number;
  sealed: ArrayBuffer;
};

function messageOf(row: RawMessage): MessageRow {
  const kind = row.author_kind === kinds.staff ? 'staff' : 'visitor';
  const from = { kind, id: row.author } as Author;
  return { seq: seqOf(row.position), id: row.id, at: row.at, from, sealed: new Uint8Array(row.sealed) };
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
