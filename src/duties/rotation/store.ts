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
/** Rows of another table that belong to one: the column that says so, the one that names each, and the one that is sealed. */
type Beside = { table: string; of: string; id: string; column: string };
type BesideRow = { id: string; before: Uint8Array; after: Uint8Array };
/** What is sealed begins with a nonce, and is known by that. */
const known = 64;
/** One statement takes so much in JSON. */
const mostInOne = 500_000;

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

  async beside(
    { table, of, id, column }: Beside,
    owner: string,
  ): Promise<{ id: string; sealed: number[] }[]> {
    const query = `SELECT ${id} AS id, ${column} AS sealed FROM ${table}
      WHERE ${of} = ? AND ${column} IS NOT NULL ORDER BY ${id}`;
    return (await this.#db.prepare(query).bind(owner).all<{ id: string; sealed: number[] }>()).results;
  }

  /**
   * Puts other bytes in these columns, the first of which is the key, and in the rows beside it, all or nothing.
   * @returns false: something of it is not as it was, or is not there
   */
  async replace(
    id: string,
    cells: readonly Cell[],
    besides: readonly (Beside & { rows: readonly BesideRow[] })[],
  ): Promise<boolean> {
    const values: unknown[] = [id];
    const given = (value: unknown) => `?${values.push(value)}`;
    const set = cells.map(({ column, after }) => `${column} = ${given(after)}`);
    const was = cells.map(({ column, before }) => `${column} IS ${given(before)}`);
    for (const { table, of, id: name, column, rows } of besides) {
      const there = `SELECT ${name} || ' ' || hex(substr(${column}, 1, ${known})) AS text FROM ${table}
        WHERE ${of} = ?1 AND ${column} IS NOT NULL ORDER BY ${name}`;
      const beginning = (bytes: Uint8Array) => bytes.subarray(0, known).toHex().toUpperCase();
      const text = rows.map((row) => `${row.id} ${beginning(row.before)}`).join();
      was.push(`(SELECT IFNULL(group_concat(text, ','), '') FROM (${there})) = ${given(text)}`);
    }
    const change = `UPDATE ${this.#table} SET ${set.join(', ')} WHERE id = ?1 AND ${was.join(' AND ')}`;
    const isDone = `EXISTS (SELECT 1 FROM ${this.#table} WHERE id = ?2 AND key = ?3)`;
    const [changed] = await this.#db.batch([
      this.#db.prepare(change).bind(...values),
      ...besides.flatMap(({ table, of, id: name, column, rows }) => {
        const after = `SELECT unhex(value ->> '$.hex') FROM json_each(?1) WHERE value ->> '$.id' = ${table}.${name}`;
        const put = `UPDATE ${table} SET ${column} = (${after}) WHERE ${of} = ?2
          AND ${name} IN (SELECT value ->> '$.id' FROM json_each(?1)) AND ${isDone}`;
        return inPieces(rows).map((json) => this.#db.prepare(put).bind(json, id, cells[0]?.after));
      }),
    ]);
    return changed?.meta.changes === 1;
  }
}

/** In JSON, as many rows together as one statement takes. */
function inPieces(rows: readonly BesideRow[]): string[] {
  const pieces: { id: string; hex: string }[][] = [];
  let room = 0;
  for (const { id, after } of rows) {
    const row = { id, hex: after.toHex() };
    room -= row.hex.length + id.length;
    if (room < 0) {
      pieces.push([]);
      room = mostInOne;
    }
    pieces.at(-1)?.push(row);
  }
  return pieces.map((piece) => JSON.stringify(piece));
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

  /** Sotto went over to this root then, so that it was known by then. */
  async adopted(root: number, at: number): Promise<void> {
    const put = `INSERT INTO roots VALUES (?, ?)
      ON CONFLICT DO UPDATE SET seen_at = MIN(seen_at, excluded.seen_at)`;
    await this.#db.prepare(put).bind(root, at).run();
  }

  /** Roots that are not known yet, and under which keys lie, are as old as the oldest of these. */
  async addFromKeys(): Promise<void> {
    await this.#db
      .prepare('INSERT OR IGNORE INTO roots SELECT root, MIN(created_at) FROM keys GROUP BY root')
      .run();
  }
}
