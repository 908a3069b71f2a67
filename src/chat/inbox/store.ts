/** An inbox's rows: a mirror of its team's conversations, with no text and no preview. */
import type { InboxEntry } from '../../protocol/frames.ts';
import type { ConversationId, PersonId, TeamId } from '../../protocol/ids.ts';
import type { LiveInbox } from '../../protocol/live.ts';
import { counts, isOver, keptFor, paceNow, paceWithin } from './rules.ts';

/** The schema as it grew: an inbox of an older version is brought up to date when it next wakes. */
const foundation = `
  CREATE TABLE entries (
    id TEXT PRIMARY KEY, site TEXT NOT NULL, state TEXT NOT NULL, assignee TEXT, waiting_since INTEGER,
    started_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tickets (jti TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;
/** An entry of another team is one that has left. `rebuild`: the one in which, or after which, it was told. */
const faces = `
  ALTER TABLE entries ADD COLUMN team TEXT NOT NULL DEFAULT '';
  ALTER TABLE entries ADD COLUMN snoozed_until INTEGER;
  ALTER TABLE entries ADD COLUMN rebuild INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE marks (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
`;

/** `pace`: see `paceWithin`. */
const live = 'ALTER TABLE entries ADD COLUMN pace INTEGER NOT NULL DEFAULT 0';

/** One small fact: the number of the last rebuild, and what everybody was last told of people. */
type Mark = 'rebuild' | 'people';

/**
 * How it is told: to be written down, or in passing. What was said in passing is known here until it is said to last,
 * or until somebody opens the list; an inbox that falls asleep in between forgets it, and hears it again in a minute.
 */
export type Told = 'lasting' | 'passing';

export class InboxStore {
  readonly #sql: SqlStorage;
  readonly #team: TeamId;
  readonly #passing = new Map<string, InboxEntry>();
  /** What a row says of it may be older. */
  readonly #paces = new Map<string, number>();
  #made: boolean;

  constructor(sql: SqlStorage, team: TeamId) {
    this.#sql = sql;
    this.#team = team;
    this.#made = this.#has('marks');
    if (!this.#made && this.#has('entries')) this.#grow();
    if (this.#made && !this.#has('entries', '%pace%')) this.#sql.exec(live);
  }

  #has(table: string, sql = '%'): boolean {
    const query = 'SELECT 1 FROM sqlite_master WHERE name = ? AND sql LIKE ?';
    return this.#sql.exec(query, table, sql).toArray().length > 0;
  }

  #make(): void {
    if (this.#made) return;
    this.#sql.exec(foundation);
    this.#grow();
  }

  #grow(): void {
    this.#sql.exec(faces);
    this.#sql.exec(live);
    this.#sql.exec('UPDATE entries SET team = ?', this.#team);
    this.#made = true;
  }

  // Entries ----------------------------------------------------------------------------------------------------

  /** Takes what a conversation tells. Undefined: nothing that everybody has to hear. */
  put(entry: InboxEntry, told: Told, now: number, pace = 0): News | undefined {
    this.#make();
    const rebuild = this.#rebuild();
    const before = this.#find(entry.id);
    if (!counts(before, entry.version, this.#team, rebuild)) {
      if (told === 'lasting') this.#writePassing(entry.id);
      return undefined;
    }
    const over = isOver(entry, this.#team, now);
    if (over && before === undefined) return undefined;
    this.#paces.set(entry.id, pace);
    if (over) this.#drop(entry.id);
    else if (told === 'passing' && before?.rebuild === rebuild) this.#passing.set(entry.id, entry);
    else this.#write(entry, rebuild);
    if (entry.state === 'closed' || entry.team !== this.#team) this.dropOver(now);
    if (before !== undefined && entry.version <= before.version) return undefined;
    return { known: before, before: holderOf(before, this.#team), now: holderOf(entry, this.#team) };
  }

  #find(id: string): Entry | undefined {
    const row = this.#sql.exec<Row>('SELECT * FROM entries WHERE id = ?', id).toArray()[0];
    if (row === undefined) return undefined;
    return { ...(this.#passing.get(id) ?? entryOf(row)), rebuild: row.rebuild };
  }

  /** What was heard in passing is written down: of one conversation, or of all. */
  #writePassing(...ids: string[]): void {
    const rebuild = this.#rebuild();
    for (const id of ids) {
      const entry = this.#passing.get(id);
      if (entry !== undefined) this.#write(entry, rebuild);
    }
  }

  #write(entry: InboxEntry, rebuild: number): void {
    this.#passing.delete(entry.id);
    this.#sql.exec(
      `INSERT OR REPLACE INTO entries (id, site, team, state, assignee, snoozed_until, waiting_since, started_at,
         changed_at, version, rebuild, pace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      entry.id,
      entry.site,
      entry.team,
      entry.state,
      entry.assignee,
      entry.snoozedUntil,
      entry.waitingSince,
      entry.startedAt,
      entry.changedAt,
      entry.version,
      rebuild,
      this.#paces.get(entry.id) ?? 0,
    );
  }

  /** Lets go of what was erased, and answers what was known of it. */
  forget(id: ConversationId): InboxEntry | undefined {
    const known = this.#made ? this.#find(id) : undefined;
    if (known !== undefined) this.#drop(id);
    return known;
  }

  #drop(id: ConversationId): void {
    this.#passing.delete(id);
    this.#paces.delete(id);
    this.#sql.exec('DELETE FROM entries WHERE id = ?', id);
  }

  /** What was closed or has left goes after a while; the directory still knows it. */
  dropOver(now: number): void {
    if (!this.#made) return;
    const over = `DELETE FROM entries WHERE (state = 'closed' OR team <> ?) AND changed_at <= ?`;
    this.#sql.exec(over, this.#team, now - keptFor);
  }

  /** Who waits longest comes first, so that a bounded list never loses them. */
  list(limit: number, narrowed: Narrowed | null): Page {
    const order = `ORDER BY state = 'closed', waiting_since IS NULL, waiting_since, changed_at DESC`;
    return this.#page('true', order, limit, narrowed);
  }

  /** Those whose id is above this one, in the order of their ids. */
  page(after: ConversationId | null, limit: number, narrowed: Narrowed | null): Page {
    return this.#page('id > ?', 'ORDER BY id', limit, narrowed, after ?? '');
  }

  #page(where: string, order: string, limit: number, narrowed: Narrowed | null, ...values: string[]): Page {
    if (!this.#made) return { entries: [], more: false };
    this.#writePassing(...this.#passing.keys());
    const seen = narrowed === null ? 'true' : `(state = 'waiting' OR assignee = ?)`;
    const query = `SELECT * FROM entries WHERE team = ? AND ${where} AND ${seen} ${order} LIMIT ?`;
    const bound = [this.#team, ...values, ...(narrowed === null ? [] : [narrowed.to]), limit + 1];
    const rows = this.#sql.exec<Row>(query, ...bound).toArray();
    return { entries: rows.slice(0, limit).map(entryOf), more: rows.length > limit };
  }

  /** How many wait and are open, since when the first of them waits, and how much is said. Looking writes nothing down. */
  live(now: number): Omit<LiveInbox, 'people'> {
    const entries = this.#livelyAt(now);
    const open = entries.filter(({ state }) => state !== 'closed');
    const since = open.flatMap(({ waitingSince, snoozedUntil }) =>
      waitingSince === null || (snoozedUntil ?? 0) > now ? [] : [waitingSince],
    );
    const said = entries.reduce((sum, { pace, changedAt }) => sum + paceNow(pace, changedAt, now), 0);
    return {
      waiting: open.filter(({ state }) => state === 'waiting').length,
      claimed: open.filter(({ state }) => state === 'claimed').length,
      unanswered: since.length,
      waitingSince: since.toSorted((one, other) => one - other)[0] ?? null,
      perMinute: Math.round((said * 60_000 * 10) / paceWithin) / 10,
    };
  }

  /** What is open, and what was closed so lately that it counts for the pace, as it was told last. */
  #livelyAt(now: number): (InboxEntry & { pace: number })[] {
    if (!this.#made) return [];
    const query = `SELECT * FROM entries WHERE team = ? AND (state <> 'closed' OR changed_at > ?)`;
    const rows = this.#sql.exec<Row & { pace: number }>(query, this.#team, now - paceWithin).toArray();
    return rows.map((row) => ({
      ...(this.#passing.get(row.id) ?? entryOf(row)),
      pace: this.#paces.get(row.id) ?? row.pace,
    }));
  }

  /** Whoever holds an open conversation of this team. */
  holders(): PersonId[] {
    if (!this.#made) return [];
    const query = `SELECT DISTINCT assignee FROM entries
      WHERE team = ? AND state <> 'closed' AND assignee IS NOT NULL`;
    return this.#sql
      .exec<{ assignee: string }>(query, this.#team)
      .toArray()
      .map(({ assignee }) => assignee as PersonId);
  }

  /** Open conversations of this team that these people have. */
  heldBy(people: readonly PersonId[], limit: number): Held[] {
    if (!this.#made || people.length === 0) return [];
    const query = `SELECT id, assignee AS holder FROM entries
      WHERE team = ? AND state <> 'closed' AND assignee IN (SELECT value FROM json_each(?)) LIMIT ?`;
    return this.#sql.exec<Held>(query, this.#team, JSON.stringify(people), limit).toArray();
  }

  // Rebuilding -------------------------------------------------------------------------------------------------

  /** The number of the rebuild that began last. */
  #rebuild(): number {
    return Number(this.mark('rebuild') ?? 0);
  }

  beginRebuild(): void {
    this.#writePassing(...this.#passing.keys());
    this.setMark('rebuild', this.#rebuild() + 1);
  }

  /** Those that have not been told since the rebuild began. */
  doubtful(limit: number): ConversationId[] {
    if (!this.#made) return [];
    const query = 'SELECT id FROM entries WHERE team = ? AND rebuild < ? ORDER BY id LIMIT ?';
    return this.#sql
      .exec<{ id: string }>(query, this.#team, this.#rebuild(), limit)
      .toArray()
      .map(({ id }) => id as ConversationId);
  }

  dropDoubtful(among: readonly ConversationId[]): number {
    if (!this.#made) return 0;
    const drop = `DELETE FROM entries WHERE team = ? AND rebuild < ? AND id IN (SELECT value FROM json_each(?))`;
    return this.#sql.exec(drop, this.#team, this.#rebuild(), JSON.stringify(among)).rowsWritten;
  }

  // Marks ------------------------------------------------------------------------------------------------------

  mark(name: Mark): SqlStorageValue | undefined {
    if (!this.#made) return undefined;
    const query = 'SELECT value FROM marks WHERE name = ?';
    return this.#sql.exec<{ value: SqlStorageValue }>(query, name).toArray()[0]?.value;
  }

  setMark(name: Mark, value: string | number): void {
    this.#make();
    this.#sql.exec('INSERT OR REPLACE INTO marks VALUES (?, ?)', name, value);
  }

  // Tickets ----------------------------------------------------------------------------------------------------

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

/** What was known of a conversation before, and who had it and has it. */
export type News = { known: InboxEntry | undefined; before: PersonId | null; now: PersonId | null };
/** Whose eyes a list is for, who sees only what they have and what waits. */
export type Narrowed = { to: PersonId };
/** A conversation, and who has it. */
export type Held = { id: ConversationId; holder: PersonId };
export type Page = { entries: InboxEntry[]; more: boolean };
type Entry = InboxEntry & { rebuild: number };

/** Whose open conversation this is, as long as it is this team's. */
function holderOf(entry: InboxEntry | undefined, team: TeamId): PersonId | null {
  return entry === undefined || entry.team !== team || entry.state === 'closed' ? null : entry.assignee;
}

type Row = {
  id: string;
  site: string;
  team: string;
  state: string;
  assignee: string | null;
  snoozed_until: number | null;
  waiting_since: number | null;
  started_at: number;
  changed_at: number;
  version: number;
  rebuild: number;
};

function entryOf(row: Row): InboxEntry {
  return {
    id: row.id as InboxEntry['id'],
    site: row.site as InboxEntry['site'],
    team: row.team as InboxEntry['team'],
    state: row.state as InboxEntry['state'],
    assignee: row.assignee as InboxEntry['assignee'],
    snoozedUntil: row.snoozed_until,
    waitingSince: row.waiting_since,
    startedAt: row.started_at,
    changedAt: row.changed_at,
    version: row.version,
  };
}
