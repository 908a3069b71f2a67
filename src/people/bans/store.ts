/** The rows of bans in D1. */
import type { BanKind } from '../../protocol/bans.ts';
import type { BanId, PersonId, TeamId, VisitorId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';

export type BanRow = {
  id: BanId;
  kind: BanKind;
  key: Uint8Array;
  target: Uint8Array | null;
  reason: Uint8Array;
  team: TeamId | null;
  by: PersonId;
  at: number;
  until: number;
};

/** D1 gives blobs as arrays of numbers. */
type Raw = Omit<BanRow, 'key' | 'target' | 'reason'> & {
  key: number[];
  target: number[] | null;
  reason: number[];
};

const columns = `id, kind, key, target, reason, team, banned_by AS "by", banned_at AS at, until`;

/** SQLite leaves what it frees as it is: the key is overwritten before it is let go. */
const blank = 'UPDATE bans SET key = zeroblob(length(key)) WHERE';

export class BanStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Whether one of these hashes is banned, or an address that this visitor has proved. */
  async holds(hashes: readonly Uint8Array[], visitor: VisitorId, now: number): Promise<boolean> {
    const wanted = hashes.map(() => '?').join(', ');
    const query = `SELECT 1 FROM bans WHERE until > ?
      AND lookup IN (${wanted}, (SELECT lookup FROM visitors WHERE id = ?)) LIMIT 1`;
    return (
      (await this.#db
        .prepare(query)
        .bind(now, ...hashes, visitor)
        .first()) !== null
    );
  }

  /** Those of these hashes, in hexadecimal, that are banned. */
  async among(hashes: readonly string[], now: number): Promise<string[]> {
    const query = `SELECT lower(hex(lookup)) AS hash FROM bans
      WHERE until > ? AND kind = 'visitor' AND lower(hex(lookup)) IN (SELECT value FROM json_each(?))`;
    const { results } = await this.#db
      .prepare(query)
      .bind(now, JSON.stringify(hashes))
      .all<{ hash: string }>();
    return results.map(({ hash }) => hash);
  }

  /**
   * In place of an earlier one of the same. Those that are over go. It is not added where there are as many as there can
   * be.
   */
  async add(row: BanRow, lookup: Uint8Array): Promise<{ isAdded: boolean; gone: BanId[] }> {
    const { id, kind, key, target, reason, team, by, at, until } = row;
    const insert = `INSERT INTO bans (id, kind, lookup, key, target, reason, team, banned_by, banned_at, until)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE (SELECT COUNT(*) FROM bans) < ?`;
    const former = 'until <= ? OR lookup = ?';
    const [, gone, added] = await this.#db.batch<{ id: BanId }>([
      this.#db.prepare(`${blank} ${former}`).bind(at, lookup),
      this.#db.prepare(`DELETE FROM bans WHERE ${former} RETURNING id`).bind(at, lookup),
      this.#db.prepare(insert).bind(id, kind, lookup, key, target, reason, team, by, at, until, limits.bans),
    ]);
    return { isAdded: added?.meta.changes === 1, gone: (gone?.results ?? []).map((each) => each.id) };
  }

  /** The newest first. */
  async list(now: number): Promise<BanRow[]> {
    const query = `SELECT ${columns} FROM bans WHERE until > ? ORDER BY banned_at DESC, id`;
    return (await this.#db.prepare(query).bind(now).all<Raw>()).results.map(rowOf);
  }

  async find(id: BanId): Promise<BanRow | undefined> {
    const row = await this.#db.prepare(`SELECT ${columns} FROM bans WHERE id = ?`).bind(id).first<Raw>();
    return row === null ? undefined : rowOf(row);
  }

  async on(lookup: Uint8Array, now: number): Promise<BanRow | undefined> {
    const query = `SELECT ${columns} FROM bans WHERE lookup = ? AND until > ?`;
    const row = await this.#db.prepare(query).bind(lookup, now).first<Raw>();
    return row === null ? undefined : rowOf(row);
  }

  async idsOf(lookup: Uint8Array): Promise<BanId[]> {
    const query = 'SELECT id FROM bans WHERE lookup = ?';
    const { results } = await this.#db.prepare(query).bind(lookup).all<{ id: BanId }>();
    return results.map(({ id }) => id);
  }

  async erase(lookup: Uint8Array): Promise<void> {
    await this.#db.batch([
      this.#db.prepare(`${blank} lookup = ?`).bind(lookup),
      this.#db.prepare('DELETE FROM bans WHERE lookup = ?').bind(lookup),
    ]);
  }

  async drop(id: BanId): Promise<void> {
    await this.#db.batch([
      this.#db.prepare(`${blank} id = ?`).bind(id),
      this.#db.prepare('DELETE FROM bans WHERE id = ?').bind(id),
    ]);
  }
}

function rowOf(row: Raw): BanRow {
  return {
    ...row,
    key: Uint8Array.from(row.key),
    target: row.target === null ? null : Uint8Array.from(row.target),
    reason: Uint8Array.from(row.reason),
  };
}
