/** Sealed columns of D1, and what of all that is sealed could not be wrapped anew. */
import { keyName } from '../../vault.ts';

/** Where each sealed value lies: the columns of `id` together name a row. */
export type Column = { table: string; column: string; id: readonly string[] };

export class SealedColumn {
  readonly #db: D1Database;
  readonly #at: Column;
  readonly #name: string;

  constructor(db: D1Database, at: Column) {
    this.#db = db;
    this.#at = at;
    this.#name = at.id.join(` || '/' || `);
  }

  /** Rows whose value names this key, by their names, behind this one. */
  async under(key: number, after: string, most: number): Promise<{ name: string; sealed: Uint8Array }[]> {
    const { table, column, id } = this.#at;
    const behind = id.map((_, index) => after.split('/')[index] ?? '');
    const query = `SELECT ${this.#name} AS name, ${column} AS sealed FROM ${table}
      WHERE substr(${column}, 2, 4) = ? AND (${id.join(', ')}) > (${id.map(() => '?').join(', ')})
      ORDER BY ${id.join(', ')} LIMIT ?`;
    const { results } = await this.#db
      .prepare(query)
      .bind(keyName(key), ...behind, most)
      .all<{ name: string; sealed: number[] }>();
    return results.map(({ name, sealed }) => ({ name, sealed: Uint8Array.from(sealed) }));
  }

  /** Unless something else stands there by now, or nothing. */
  async replace(name: string, before: Uint8Array, after: Uint8Array): Promise<void> {
    const { table, column } = this.#at;
    await this.#db
      .prepare(`UPDATE ${table} SET ${column} = ? WHERE ${this.#name} = ? AND ${column} = ?`)
      .bind(after, name, before)
      .run();
  }
}

export class UnmovedStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async add(key: number, holder: string, things: readonly string[]): Promise<void> {
    await this.#db
      .prepare('INSERT OR IGNORE INTO unmoved SELECT ?, ?, value FROM json_each(?)')
      .bind(key, holder, JSON.stringify(things))
      .run();
  }

  async clear(key: number): Promise<void> {
    await this.#db.prepare('DELETE FROM unmoved WHERE key = ?').bind(key).run();
  }

  async count(key: number): Promise<number> {
    const query = 'SELECT COUNT(*) AS n FROM unmoved WHERE key = ?';
    return (await this.#db.prepare(query).bind(key).first<{ n: number }>())?.n ?? 0;
  }
}

export class RootStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Since when this root is known: from now on, if it is new. */
  async since(root: number, now: number): Promise<number> {
    const [, seen] = await this.#db.batch<{ at: number }>([
      this.#db.prepare('INSERT OR IGNORE INTO roots VALUES (?, ?)').bind(root, now),
      this.#db.prepare('SELECT seen_at AS at FROM roots WHERE root = ?').bind(root),
    ]);
    return seen?.results[0]?.at ?? now;
  }
}
