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

/** A row as D1 gives it: bytes as lists of numbers. */
export type Raw = { id: string; key?: number[] | null; visitor?: string } & Record<
  string,
  number[] | string | number | null | undefined
>;
type Cell = { column: string; before: Uint8Array | null; after: Uint8Array | null };
/** Rows of another table that belong to one: the column that says so, and the one that is sealed. */
type Beside = { table: string; of: string; column: string };

/** A table whose rows have each a key of their own, in `key`. */
export class KeyedRows {
  readonly #db: D1Database;
  readonly #table: string;

  constructor(db: D1Database, table: string) {
    this.#db = db;
    this.#table = table;
  }

  async idsAfter(after: string, most: number): Promise<string[]> {
    const query = `SELECT id FROM ${this.#table} WHERE id > ? AND key IS NOT NULL ORDER BY id LIMIT ?`;
    const { results } = await this.#db.prepare(query).bind(after, most).all<{ id: string }>();
    return results.map(({ id }) => id);
  }

  async find(id: string): Promise<Raw | undefined> {
    return (
      (await this.#db.prepare(`SELECT * FROM ${this.#table} WHERE id = ?`).bind(id).first<Raw>()) ?? undefined
    );
  }

  async beside({ table, of, column }: Beside, id: string): Promise<{ id: string; sealed: number[] }[]> {
    const query = `SELECT id, ${column} AS sealed FROM ${table} WHERE ${of} = ? ORDER BY id`;
    return (await this.#db.prepare(query).bind(id).all<{ id: string; sealed: number[] }>()).results;
  }

  /**
   * Puts other bytes in these columns, the first of which is the key, and in the rows beside it, all or nothing.
   * @returns false: something of it is not as it was, or is not there
   */
  async replace(
    id: string,
    cells: readonly Cell[],
    beside?: Beside & { rows: readonly { id: string; before: Uint8Array; after: Uint8Array }[] },
  ): Promise<boolean> {
    const values: unknown[] = [id];
    const given = (value: unknown) => `?${values.push(value)}`;
    const set = cells.map(({ column, after }) => `${column} = ${given(after)}`);
    const was = cells.map(({ column, before }) => `${column} IS ${given(before)}`);
    if (beside !== undefined) {
      const { table, of, column, rows } = beside;
      const there = `SELECT id || ' ' || hex(${column}) AS text FROM ${table} WHERE ${of} = ?1 ORDER BY id`;
      const text = rows.map((row) => `${row.id} ${row.before.toHex().toUpperCase()}`).join();
      was.push(`(SELECT IFNULL(group_concat(text, ','), '') FROM (${there})) = ${given(text)}`);
    }
    const change = `UPDATE ${this.#table} SET ${set.join(', ')} WHERE id = ?1 AND ${was.join(' AND ')}`;
    const isDone = `EXISTS (SELECT 1 FROM ${this.#table} WHERE id = ? AND key = ?)`;
    const [changed] = await this.#db.batch([
      this.#db.prepare(change).bind(...values),
      ...(beside?.rows ?? []).map((row) =>
        this.#db
          .prepare(`UPDATE ${beside?.table} SET ${beside?.column} = ? WHERE id = ? AND ${isDone}`)
          .bind(row.after, row.id, id, cells[0]?.after),
      ),
    ]);
    return changed?.meta.changes === 1;
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
