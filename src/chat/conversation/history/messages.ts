/** The rows of messages, by position: 2^16 places lie between one number and the next, and notes lie there. */
import type { Author, Removed } from '../../../protocol/frames.ts';
import type { Asker } from '../../../people/permission.ts';
import type { Place } from '../rules.ts';
import { historyDigest, messageDigest } from './digest.ts';
import { authorKinds, buffer } from './schema.ts';

export type StoredRemoval = Pick<Removed, 'how' | 'at'> & { by: Author };
export type MessageRow = Place & {
  id: string;
  at: number;
  from: Author;
  /** How far its author had read when they wrote it: a read mark that costs no row of its own. */
  read: number;
  /** Empty once it was removed. */
  sealed: Uint8Array;
  removed: StoredRemoval | null;
};

const placesPerSeq = 2 ** 16;
export const positionOf = ({ seq, n }: Place) => seq * placesPerSeq + n;
const placeOf = (position: number): Place => ({
  seq: Math.floor(position / placesPerSeq),
  n: position % placesPerSeq,
});

const all = 'SELECT * FROM messages LEFT JOIN removals USING (position)';
const isPublic = `position & ${placesPerSeq - 1} = 0`;
/** Visitors see public messages alone. */
const seenBy = (audience: Asker['kind']) => (audience === 'staff' ? 'true' : isPublic);

export class MessageRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(row: MessageRow): void {
    this.#sql.exec(
      'INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)',
      positionOf(row),
      row.id,
      authorKinds[row.from.kind],
      row.from.id,
      row.at,
      row.read,
      buffer(row.sealed),
    );
  }

  /** What is sealed from this number on, and before that one: all of it, or the first so many. */
  between(fromSeq: number, end: number | null, limit = -1): MessageRow[] {
    const last = end === null ? Number.MAX_SAFE_INTEGER : positionOf({ seq: end, n: 0 }) - 1;
    const query = `${all} WHERE position BETWEEN ? AND ? AND LENGTH(sealed) > 0 ORDER BY position LIMIT ?`;
    return this.#rows(query, positionOf({ seq: fromSeq, n: 0 }), last, limit);
  }

  /** The same message, sealed under another key. What was taken away meanwhile stays away. */
  reseal(place: Place, sealed: Uint8Array): void {
    const reseal = 'UPDATE messages SET sealed = ? WHERE position = ? AND LENGTH(sealed) > 0';
    this.#sql.exec(reseal, buffer(sealed), positionOf(place));
  }

  /** The newest place and its time, and the time of the newest public message; zeros while there is none. */
  end(): Place & { at: number; publicAt: number } {
    const newest = this.#rows(`${all} ORDER BY position DESC LIMIT 1`)[0];
    if (newest === undefined) return { seq: 0, n: 0, at: 0, publicAt: 0 };
    const { seq, n, at } = newest;
    return { seq, n, at, publicAt: n === 0 ? at : (this.at({ seq, n: 0 })?.at ?? 0) };
  }

  at(place: Place): MessageRow | undefined {
    return this.#rows(`${all} WHERE position = ?`, positionOf(place))[0];
  }

  /** What lies behind this place, oldest first. */
  after(place: Place, limit: number, audience: Asker['kind']): MessageRow[] {
    const query = `${all} WHERE position > ? AND ${seenBy(audience)} ORDER BY position LIMIT ?`;
    return this.#rows(query, positionOf(place), limit);
  }

  /** The newest of at most `limit` public messages before this number and what hangs on them, oldest first. */
  before(seq: number, limit: number, rows: number, audience: Asker['kind']): MessageRow[] {
    const first = `SELECT position FROM messages WHERE position < ?1 AND ${isPublic} ORDER BY position DESC LIMIT ?2`;
    const query = `${all} WHERE position < ?1 AND position >= (SELECT MIN(position) FROM (${first}))
      AND ${seenBy(audience)} ORDER BY position DESC LIMIT ?3`;
    return this.#rows(query, positionOf({ seq, n: 0 }), limit, rows).reverse();
  }

  /** Whatever was said after the public message `since` under one of these ids: a look through a bounded stretch. */
  withIds(ids: readonly string[], since: number): MessageRow[] {
    const query = `${all} WHERE position > ? AND id IN (SELECT value FROM json_each(?)) ORDER BY position`;
    return this.#rows(query, positionOf({ seq: since, n: 0 }), JSON.stringify(ids));
  }

  /**
   * Since when the customer waits for an answer: their first message after staff's last public one; null if none is
   * open. What its author took back was not said; what somebody else destroyed was.
   */
  waitingSince(): number | null {
    const counts = `${isPublic} AND position NOT IN (SELECT position FROM removals WHERE how = 'deleted')`;
    const by = (kind: keyof typeof authorKinds) => `${counts} AND author_kind = ${authorKinds[kind]}`;
    const answered = `SELECT position FROM messages WHERE ${by('staff')} ORDER BY position DESC LIMIT 1`;
    const query = `SELECT at FROM messages WHERE position > COALESCE((${answered}), 0) AND ${by('visitor')}
      ORDER BY position LIMIT 1`;
    return this.#sql.exec<{ at: number }>(query).toArray()[0]?.at ?? null;
  }

  /** How many public messages were said since then, of the newest so many. */
  countSince(at: number, limit: number): number {
    const newest = `SELECT at FROM messages WHERE ${isPublic} ORDER BY position DESC LIMIT ?`;
    const query = `SELECT COUNT(*) AS n FROM (${newest}) WHERE at > ?`;
    return this.#sql.exec<{ n: number }>(query, limit, at).one().n;
  }

  /** How far this author had read when they last said something. */
  readBy(author: string): number {
    const query = 'SELECT read FROM messages WHERE author = ? ORDER BY position DESC LIMIT 1';
    return this.#sql.exec<{ read: number }>(query, author).toArray()[0]?.read ?? 0;
  }

  /**
   * Destroys the sealed text; its place stays and says how, when and by whom. It is overwritten before it is let go,
   * because SQLite leaves what it frees as it is. To be called inside a transaction.
   */
  remove(place: Place, { how, at, by }: StoredRemoval): void {
    const position = positionOf(place);
    const digest = this.#digests('WHERE position = ?', position)[0] ?? new Uint8Array();
    this.#sql.exec('UPDATE messages SET sealed = zeroblob(LENGTH(sealed)) WHERE position = ?', position);
    this.#sql.exec(`UPDATE messages SET sealed = x'' WHERE position = ?`, position);
    this.#sql.exec(
      'INSERT INTO removals VALUES (?, ?, ?, ?, ?, ?)',
      position,
      how,
      at,
      authorKinds[by.kind],
      by.id,
      buffer(digest),
    );
  }

  /**
   * SHA-256 over the digests of all messages as they lie sealed, oldest first, and how many there are. What was removed
   * since counts as it was: the place keeps its digest, which says nothing of the text.
   */
  digest(): { digest: Uint8Array; messages: number } {
    const digests = this.#digests('');
    return { digest: historyDigest(digests), messages: digests.length };
  }

  #digests(where: string, ...bindings: number[]): Uint8Array[] {
    const query = `SELECT * FROM messages LEFT JOIN removals USING (position) ${where} ORDER BY position`;
    const digests: Uint8Array[] = [];
    for (const row of this.#sql.exec<RawMessage & { digest: ArrayBuffer | null }>(query, ...bindings))
      digests.push(row.digest === null ? digestOf(row) : new Uint8Array(row.digest));
    return digests;
  }

  /** All removals up to this place, oldest first. */
  removalsUpTo(place: Place, audience: Asker['kind']): (Place & { removed: StoredRemoval })[] {
    const query = `SELECT * FROM removals WHERE position <= ? AND ${seenBy(audience)} ORDER BY position`;
    const rows = this.#sql.exec<RawRemoval & { position: number }>(query, positionOf(place)).toArray();
    return rows.map((row) => ({ ...placeOf(row.position), removed: removalOf(row) }));
  }

  #rows(query: string, ...bindings: (string | number)[]): MessageRow[] {
    return this.#sql
      .exec<RawMessage>(query, ...bindings)
      .toArray()
      .map(messageOf);
  }
}

type RawRemoval = { how: string; removed_at: number; remover_kind: number; remover: string };
export type RawMessage = { [Key in keyof RawRemoval]: RawRemoval[Key] | null } & {
  position: number;
  id: string;
  author_kind: number;
  author: string;
  at: number;
  read: number;
  sealed: ArrayBuffer;
};

function digestOf({ author_kind, sealed, ...row }: RawMessage): Uint8Array {
  return messageDigest({ ...row, kind: author_kind, sealed: new Uint8Array(sealed) });
}

export function messageOf(row: RawMessage): MessageRow {
  return {
    ...placeOf(row.position),
    id: row.id,
    at: row.at,
    from: authorFrom(row.author_kind, row.author),
    read: row.read,
    sealed: new Uint8Array(row.sealed),
    removed: row.how === null ? null : removalOf(row as RawRemoval),
  };
}

function removalOf(row: RawRemoval): StoredRemoval {
  return {
    how: row.how as StoredRemoval['how'],
    at: row.removed_at,
    by: authorFrom(row.remover_kind, row.remover),
  };
}

function authorFrom(kind: number, id: string): Author {
  return { kind: kind === authorKinds.staff ? 'staff' : 'visitor', id } as Author;
}
