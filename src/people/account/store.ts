/** An account's own rows. The schema is made at the first write, so that asking for an account leaves no trace. */
import type { SessionId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';
import type { Opened } from '../organisation.ts';
import type { Factor, Rights, Session, Tries } from './rules.ts';

/** One open socket: its own id, the room it is in, the session that opened it, and until when it may stay. */
export type Seat = { id: string; room: string; session: SessionId; until: number };

/** What is known again after a sign-in. */
type Remembered = 'network' | 'browser' | 'country';
const rememberedOfAKind = 20;

export class AccountStore {
  readonly #sql: SqlStorage;
  #made: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#made = sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'rights'`).toArray().length > 0;
  }

  #make(): void {
    if (this.#made) return;
    this.#sql.exec(`
      CREATE TABLE rights (only INTEGER PRIMARY KEY CHECK (only = 1), facts TEXT NOT NULL) STRICT;
      CREATE TABLE tries (pool TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE marks (name TEXT PRIMARY KEY, value ANY NOT NULL, until INTEGER) STRICT, WITHOUT ROWID;
      CREATE TABLE sessions (
        id TEXT PRIMARY KEY, salt BLOB NOT NULL, amr TEXT NOT NULL, auth_at INTEGER NOT NULL,
        proved_at INTEGER NOT NULL, used_at INTEGER NOT NULL, device TEXT, country TEXT,
        generation INTEGER NOT NULL, rotated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE seats (
        id TEXT PRIMARY KEY, room TEXT NOT NULL, session TEXT NOT NULL, until INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
    this.#made = true;
  }

  #all<Row extends Record<string, SqlStorageValue>>(query: string, ...values: SqlStorageValue[]): Row[] {
    return this.#made ? this.#sql.exec<Row>(query, ...values).toArray() : [];
  }

  #write(query: string, ...values: SqlStorageValue[]): void {
    this.#make();
    this.#sql.exec(query, ...values);
  }

  rights(): Rights | undefined {
    const row = this.#all<{ facts: string }>('SELECT facts FROM rights')[0];
    return row === undefined ? undefined : (JSON.parse(row.facts) as Rights);
  }

  setRights(rights: Rights): void {
    this.#write(
      'INSERT INTO rights VALUES (1, ?) ON CONFLICT DO UPDATE SET facts = excluded.facts',
      JSON.stringify(rights),
    );
  }

  tries(pool: string): Tries {
    const row = this.#all<{ failures: number; last_at: number }>(
      'SELECT * FROM tries WHERE pool = ?',
      pool,
    )[0];
    return row === undefined ? { failures: 0, lastAt: 0 } : { failures: row.failures, lastAt: row.last_at };
  }

  countTry(pool: string, now: number): void {
    this.#write(
      'INSERT INTO tries VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET failures = failures + 1, last_at = excluded.last_at',
      pool,
      now,
    );
  }

  forgiveTries(pool: string): void {
    this.#write('DELETE FROM tries WHERE pool = ?', pool);
  }

  /** In every network. */
  forgiveFactor(factor: Factor): void {
    this.#write(`DELETE FROM tries WHERE pool = ?1 OR pool LIKE ?1 || ' %'`, factor);
  }

  forgiveAllTries(): void {
    this.#write('DELETE FROM tries');
  }

  lastTryAt(): number | undefined {
    return this.#all<{ at: number | null }>('SELECT MAX(last_at) AS at FROM tries')[0]?.at ?? undefined;
  }

  /** A mark is one small fact by name: the last one-time step, a pending enrolment, an invitation's hash. */
  mark(name: string, now: number): SqlStorageValue | undefined {
    const query = 'SELECT value FROM marks WHERE name = ? AND (until IS NULL OR until > ?)';
    return this.#all<{ value: SqlStorageValue }>(query, name, now)[0]?.value;
  }

  /** What was begun and is not done; an invitation is its admin's. */
  dropBegun(): void {
    this.#write(
      `DELETE FROM marks WHERE name LIKE 'offered %' OR name LIKE 'owner-key %' OR name LIKE 'about %'
        OR name IN ('pending-totp', 'pending-totp-by', 'proved', 'link reset', 'link address')`,
    );
  }

  dropEnrolment(): void {
    this.#write(`DELETE FROM marks WHERE name LIKE 'recovery %' OR name IN ('enrolled', 'totp-step')`);
  }

  /** What one session had begun, or was watching. */
  dropMarksBy(session: SessionId): void {
    this.#write(
      `DELETE FROM marks WHERE value = ?
        AND (name LIKE 'offered %' OR name LIKE 'owner-key %' OR name LIKE 'watch %' OR name = 'pending-totp-by')`,
      session,
    );
  }

  dropMarksBefore(now: number): void {
    this.#write('DELETE FROM marks WHERE until <= ?', now);
  }

  setMark(name: string, value: SqlStorageValue, until: number | null = null): void {
    this.#write('INSERT OR REPLACE INTO marks VALUES (?, ?, ?)', name, value, until);
  }

  /** Networks and browsers from which this person has signed in, by their keyed hashes, and countries. */
  remembers(kind: Remembered, hash: string, now: number): boolean {
    return this.mark(`${kind} ${hash}`, now) !== undefined;
  }

  /** The most recent ones are remembered. Says whether it is the first, known, or another than those. */
  remember(kind: Remembered, hash: string, now: number): 'first' | 'known' | 'another' {
    const like = `${kind} %`;
    const isKnown = this.remembers(kind, hash, now);
    const isFirst = this.#all('SELECT 1 AS one FROM marks WHERE name LIKE ? LIMIT 1', like).length === 0;
    this.setMark(`${kind} ${hash}`, 1, now + lifetimes.browserKnown);
    this.#write(
      `DELETE FROM marks WHERE name LIKE ?1 AND name NOT IN
        (SELECT name FROM marks WHERE name LIKE ?1 ORDER BY until DESC LIMIT ?2)`,
      like,
      rememberedOfAKind,
    );
    if (isKnown) return 'known';
    return isFirst ? 'first' : 'another';
  }

  dropMark(name: string): void {
    this.#write('DELETE FROM marks WHERE name = ?', name);
  }

  /** Codes that were shown and not given back yet, in place of earlier ones of that kind. */
  offerRecoveryCodes(hashes: readonly string[], by: string, until: number): void {
    this.#write(`DELETE FROM marks WHERE name LIKE 'offered %'`);
    for (const hash of hashes) this.setMark(`offered ${hash}`, by, until);
  }

  /** Those that were offered take the place of all that there were. */
  keepOfferedCodes(): void {
    this.#write(`DELETE FROM marks WHERE name LIKE 'recovery %'`);
    this.#write(
      `UPDATE marks SET name = 'recovery ' || SUBSTR(name, 9), value = 1, until = NULL WHERE name LIKE 'offered %'`,
    );
  }

  offerOwnerKey(hash: string, by: string, until: number): void {
    this.#write(`DELETE FROM marks WHERE name LIKE 'owner-key %'`);
    this.setMark(`owner-key ${hash}`, by, until);
  }

  hasRecoveryCode(hash: string): boolean {
    return this.#all('SELECT 1 AS one FROM marks WHERE name = ?', `recovery ${hash}`).length > 0;
  }

  countRecoveryCodes(): number {
    const query = `SELECT COUNT(*) AS n FROM marks WHERE name LIKE 'recovery %'`;
    return this.#all<{ n: number }>(query)[0]?.n ?? 0;
  }

  dropRecoveryCode(hash: string): void {
    this.dropMark(`recovery ${hash}`);
  }

  session(id: SessionId): { session: Session; salt: Uint8Array } | undefined {
    const row = this.#all<SessionRow>('SELECT * FROM sessions WHERE id = ?', id)[0];
    return row === undefined ? undefined : { session: sessionOf(row), salt: new Uint8Array(row.salt) };
  }

  sessions(): Session[] {
    return this.#all<SessionRow>('SELECT * FROM sessions ORDER BY auth_at DESC').map(sessionOf);
  }

  addSession(session: Session, salt: Uint8Array): void {
    this.#write(
      'INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      session.id,
      salt.slice().buffer,
      JSON.stringify(session.amr),
      session.authAt,
      session.provedAt,
      session.usedAt,
      session.device,
      session.country,
      session.generation,
      session.rotatedAt,
    );
  }

  rotateSession(id: SessionId, generation: number, now: number): void {
    this.#write('UPDATE sessions SET generation = ?, rotated_at = ? WHERE id = ?', generation, now, id);
  }

  /** Of what somebody did, the last counts, in whatever order it is told. */
  setUsed(id: SessionId, at: number): void {
    this.#write('UPDATE sessions SET used_at = MAX(used_at, ?) WHERE id = ?', at, id);
  }

  setProved(id: SessionId, now: number): void {
    this.#write('UPDATE sessions SET proved_at = ? WHERE id = ?', now, id);
  }

  dropSession(id: SessionId): void {
    this.#write('DELETE FROM sessions WHERE id = ?', id);
  }

  dropSessions(): void {
    this.#write('DELETE FROM sessions');
  }

  /** Whether this was opened within the last hour. */
  isOpened(thing: string, now: number): boolean {
    return this.mark(`opened ${thing}`, now) !== undefined;
  }

  /** How many things of this kind were opened within the last hour, and from this moment on. */
  countOpened(kind: Opened, from: number, now: number): number {
    const query = `SELECT COUNT(*) AS n FROM marks WHERE name LIKE ? AND value >= ? AND until > ?`;
    const name = `opened ${kind === 'file' ? 'fil' : 'con'}%`;
    return this.#all<{ n: number }>(query, name, from, now)[0]?.n ?? 0;
  }

  /** From the first time on it counts for an hour. */
  open(thing: string, now: number): void {
    if (this.isOpened(thing, now)) return;
    this.#write(`DELETE FROM marks WHERE name LIKE 'opened %' AND until <= ?`, now);
    this.setMark(`opened ${thing}`, now, now + lifetimes.budget);
  }

  seats(session?: SessionId): Seat[] {
    return session === undefined
      ? this.#all<Seat>('SELECT * FROM seats')
      : this.#all<Seat>('SELECT * FROM seats WHERE session = ?', session);
  }

  countSeats(): number {
    return this.#all<{ n: number }>('SELECT COUNT(*) AS n FROM seats')[0]?.n ?? 0;
  }

  hasSeat(id: string): boolean {
    return this.#all('SELECT 1 AS one FROM seats WHERE id = ?', id).length > 0;
  }

  putSeat(seat: Seat): void {
    const put = 'INSERT INTO seats VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until';
    this.#write(put, seat.id, seat.room, seat.session, seat.until);
  }

  dropSeatsBefore(now: number): void {
    this.#write('DELETE FROM seats WHERE until <= ?', now);
  }

  dropSeat(id: string): void {
    this.#write('DELETE FROM seats WHERE id = ?', id);
  }
}

type SessionRow = {
  id: string;
  salt: ArrayBuffer;
  amr: string;
  auth_at: number;
  proved_at: number;
  used_at: number;
  device: string | null;
  country: string | null;
  generation: number;
  rotated_at: number;
};

function sessionOf(row: SessionRow): Session {
  return {
    id: row.id as SessionId,
    amr: JSON.parse(row.amr) as Session['amr'],
    authAt: row.auth_at,
    provedAt: row.proved_at,
    usedAt: row.used_at,
    device: row.device,
    country: row.country,
    generation: row.generation,
    rotatedAt: row.rotated_at,
  };
}
