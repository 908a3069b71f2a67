/** An inbox's rows: a mirror of its team's conversations, with no text and no preview. */
import type { InboxEntry } from '../../protocol/frames.ts';

export class InboxStore {
  readonly #sql: SqlStorage;
  #made: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#made = sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'entries'`).toArray().length > 0;
  }

  #make(): void {
    if (this.#made) return;
    this.#sql.exec(`
      CREATE TABLE entries (
        id TEXT PRIMARY KEY, site TEXT NOT NULL, state TEXT NOT NULL, assignee TEXT, waiting_since INTEGER,
        started_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, version INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE tickets (jti TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
    this.#made = true;
  }

  /** True if this was news: an older or equal version changes nothing. */
  put(entry: InboxEntry): boolean {
    this.#make();
    const result = this.#sql.exec(
      `INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET state = excluded.state, assignee = excluded.assignee,
         waiting_since = excluded.waiting_since, changed_at = excluded.changed_at, version = excluded.version
       WHERE excluded.version > version`,
      entry.id,
      entry.site,
      entry.state,
      entry.assignee,
      entry.waitingSince,
      entry.startedAt,
      entry.changedAt,
      entry.version,
    );
    return result.rowsWritten > 0;
  }

  /** Closed conversations leave the queue after a while; the directory still knows them. */
  dropClosed(changedBefore: number): void {
    this.#sql.exec(`DELETE FROM entries WHERE state = 'closed' AND changed_at < ?`, changedBefore);
  }

  /** Who waits longest comes first, so that a bounded list never loses them. */
  list(limit: number): InboxEntry[] {
    if (!this.#made) return [];
    const query = `SELECT * FROM entries
      ORDER BY state = 'closed', waiting_since IS NULL, waiting_since, changed_at DESC LIMIT ?`;
    return this.#sql.exec<Row>(query, limit).toArray().map(entryOf);
  }

  hasTicket(jti: string): boolean {
    if (!this.#made) return false;
    return this.#sql.exec('SELECT 1 FROM tickets WHERE jti = ?', jti).toArray().length > 0;
  }

  rememberTicket(jti: string, until: number, now: number): void {
    this.#make();
    this.#sql.exec('DELETE FROM tickets WHERE until <= ?', now);
    this.#sql.exec('INSERT OR IGNORE INTO tickets VALUES (?, ?)', jti, until);
  }
}

type Row = {
  id: string;
  site: string;
  state: string;
  assignee: string | null;
  waiting_since: number | null;
  started_at: number;
  changed_at: number;
  version: number;
};

function entryOf(row: Row): InboxEntry {
  return {
    id: row.id as InboxEntry['id'],
    site: row.site as InboxEntry['site'],
    state: row.state as InboxEntry['state'],
    assignee: row.assignee as InboxEntry['assignee'],
    waitingSince: row.waiting_since,
    startedAt: row.started_at,
    changedAt: row.changed_at,
    version: row.version,
  };
}
