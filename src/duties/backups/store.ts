/** The rows of backups, and the tables that they take. */
import type { Mark } from '../../chat/conversation.ts';
import type { Digest, Head, Part } from '../../protocol/backup-proof.ts';
import type { PgpKey } from '../../vault.ts';
import { type Backup, isNextFull } from './rules.ts';
import type { Table } from './tables.ts';

/** A part that was made, and where the one behind it begins. */
export type Made = Part & { next: string };
export type MarkOf = Mark & { conversation: string };
/** An object of another bucket, as it was copied. */
export type Copied = Part & { source: string };
export type Cell = string | number | null | number[];

const columns = `number, run, is_full AS isFull, previous, state, begun_at AS begunAt, over_at AS overAt,
  ledger, parts, bytes, hash, pgp, pgp_key AS pgpKey, wrong, found AS isFound`;

export class BackupStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** All of them, in their order. */
  async all(): Promise<Backup[]> {
    const { results } = await this.#db.prepare(`SELECT ${columns} FROM backups ORDER BY number`).all<Raw>();
    return results.map(backupOf);
  }

  /** Unix milliseconds; undefined: it is not known any more. */
  async begunAt(number: number): Promise<number | undefined> {
    const query = 'SELECT begun_at AS at FROM backups WHERE number = ?';
    return (await this.#db.prepare(query).bind(number).first<{ at: number }>())?.at;
  }

  async ofRun(run: string): Promise<Backup | undefined> {
    const row = await this.#db.prepare(`SELECT ${columns} FROM backups WHERE run = ?`).bind(run).first<Raw>();
    return row === null ? undefined : backupOf(row);
  }

  /**
   * Begins one, unless another is being made, or this run has begun its own.
   * @param pgp the OpenPGP key that it is sealed to
   * @param there the highest number in the bucket: what lies there is never overwritten, whoever has made it
   */
  async begin(
    run: string,
    { pgp, there }: { pgp: PgpKey | null; there: number },
    now: number,
  ): Promise<void> {
    const before = await this.all();
    const previous = before.findLast(({ state }) => state === 'whole');
    const number = Math.max(before.at(-1)?.number ?? 0, there) + 1;
    await this.#db
      .prepare(
        `INSERT INTO backups (number, run, is_full, previous, state, begun_at, pgp, pgp_key)
         SELECT ?, ?, ?, ?, 'making', ?, ?, ?
         WHERE NOT EXISTS (SELECT 1 FROM backups WHERE state = 'making') ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[number, run, isNextFull(before, pgp?.fingerprint ?? null) ? 1 : 0, previous?.number ?? null],
        ...[now, pgp?.fingerprint ?? null, pgp?.armoured ?? null],
      )
      .run();
  }

  /** What is made from here on builds upon none of those that there are: the next one is full. */
  async buildUponNone(): Promise<void> {
    await this.#db.prepare('UPDATE backups SET found = 1').run();
  }

  /** What is made of this one from here on lies under this root, and may lie under an older one already. */
  async usesRoot(number: number, root: number): Promise<void> {
    const use = 'UPDATE backups SET root = MIN(IFNULL(root, ?1), ?1) WHERE number = ?2';
    await this.#db.prepare(use).bind(root, number).run();
  }

  async close(number: number, { ledger, parts, bytes, hash }: Closed): Promise<void> {
    const close = 'UPDATE backups SET ledger = ?, parts = ?, bytes = ?, hash = ? WHERE number = ?';
    await this.#db.prepare(close).bind(ledger, parts, bytes, hash, number).run();
  }

  /** @param wrong what is not as it was signed; null: nothing */
  async finish(number: number, wrong: string | null, now: number): Promise<void> {
    const finish = `UPDATE backups SET state = ?, wrong = ?, over_at = ? WHERE number = ? AND state = 'making'`;
    const state = wrong === null ? 'whole' : 'broken';
    await this.#db.prepare(finish).bind(state, wrong, now, number).run();
  }

  /** Enters a backup that lies in the bucket, and what of other buckets it has copied. */
  async addFound(head: Found, copies: readonly Copied[]): Promise<void> {
    const { number, full, previous, at, ledger, parts, bytes, hash } = head;
    const add = `INSERT INTO backups
      (number, run, is_full, previous, state, begun_at, over_at, ledger, parts, bytes, hash, found)
      VALUES (?1, 'found-' || ?1, ?2, ?3, 'whole', ?4, ?4, ?5, ?6, ?7, ?8, 1) ON CONFLICT DO NOTHING`;
    await this.#db
      .prepare(add)
      .bind(number, full ? 1 : 0, previous?.number ?? null, at, ledger, parts, bytes, hash)
      .run();
    for (let from = 0; from < copies.length; from += copiesAtOnce) {
      const some = JSON.stringify(copies.slice(from, from + copiesAtOnce));
      // Under which root and to whom they lie is not known here: each counts for itself, and a full one copies them anew.
      const copy = `INSERT INTO backup_objects (source, root, pgp, name, bytes, sha256, made, seen)
        SELECT value ->> 'source', 0, value ->> 'name', value ->> 'name', value ->> 'bytes', value ->> 'sha256', ?2, ?2
        FROM json_each(?1) WHERE true ON CONFLICT DO UPDATE SET seen = MAX(seen, excluded.seen)`;
      await this.#db.prepare(copy).bind(some, number).run();
    }
  }

  /** Enters one of which something lies in the bucket, and that is of no use: the next backup clears it away. */
  async addBroken(number: number, wrong: string, now: number): Promise<void> {
    const add = `INSERT INTO backups (number, run, is_full, state, begun_at, over_at, wrong, found)
      VALUES (?1, 'found-' || ?1, 0, 'broken', ?2, ?2, ?3, 1) ON CONFLICT DO NOTHING`;
    await this.#db.prepare(add).bind(number, now, wrong).run();
  }

  // Parts ------------------------------------------------------------------------------------------------------

  async part(backup: number, n: number): Promise<Made | undefined> {
    const query = 'SELECT name, bytes, sha256, opened, next FROM backup_parts WHERE backup = ? AND n = ?';
    const row = await this.#db.prepare(query).bind(backup, n).first<RawPart & { next: string }>();
    return row === null ? undefined : { ...partFrom(row), next: row.next };
  }

  /**
   * Enters a part with how far the conversations in it lie, all at once, unless somebody else has made it.
   * @returns the part that counts
   */
  async addPart(backup: number, n: number, made: Made, marks: readonly MarkOf[]): Promise<Made> {
    const add = `INSERT INTO backup_parts (backup, n, name, bytes, sha256, opened, next) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`;
    const { name, bytes, sha256, opened, next } = made;
    const mark = `INSERT INTO backup_marks (conversation, backup, position, digest)
      SELECT value ->> 'conversation', ?1, value ->> 'position', value ->> 'digest' FROM json_each(?2)
      WHERE (SELECT name FROM backup_parts WHERE backup = ?1 AND n = ?3) = ?4
      ON CONFLICT DO UPDATE SET position = excluded.position, digest = excluded.digest`;
    await this.#db.batch([
      this.#db
        .prepare(add)
        .bind(backup, n, name, bytes, sha256, opened === undefined ? null : JSON.stringify(opened), next),
      this.#db.prepare(mark).bind(backup, JSON.stringify(marks), n, name),
    ]);
    return (await this.part(backup, n)) ?? made;
  }

  async parts(backup: number): Promise<Part[]> {
    const query = 'SELECT name, bytes, sha256, opened FROM backup_parts WHERE backup = ? ORDER BY n';
    return (await this.#db.prepare(query).bind(backup).all<RawPart>()).results.map(partFrom);
  }

  /** How far these lie in the newest backup before this one, and after the last full one. */
  async marks(conversations: readonly string[], before: number): Promise<Map<string, Mark>> {
    const full = `SELECT IFNULL(MAX(number), 0) FROM backups WHERE is_full = 1 AND number <= ?2`;
    const query = `SELECT conversation, position, digest, MAX(backup) FROM backup_marks
      WHERE conversation IN (SELECT value FROM json_each(?1)) AND backup < ?2 AND backup >= (${full})
      GROUP BY conversation`;
    const { results } = await this.#db
      .prepare(query)
      .bind(JSON.stringify(conversations), before)
      .all<MarkOf>();
    return new Map(results.map(({ conversation, position, digest }) => [conversation, { position, digest }]));
  }

  // Objects of other buckets -----------------------------------------------------------------------------------

  /**
   * Which of these were copied to the OpenPGP key of this backup. One that is full has seen those under its root from here
   * on, and copies the others anew.
   */
  async copied(
    sources: readonly string[],
    { number, isFull, pgp }: Pick<Backup, 'number' | 'isFull' | 'pgp'>,
    root: number,
  ): Promise<Set<string>> {
    const these = 'source IN (SELECT value FROM json_each(?1)) AND pgp = ?2';
    const given = [JSON.stringify(sources), pgp ?? ''];
    const query = isFull
      ? `UPDATE backup_objects SET seen = ?3 WHERE ${these} AND root = ?4 RETURNING source`
      : `SELECT source FROM backup_objects WHERE ${these}`;
    const { results } = await this.#db
      .prepare(query)
      .bind(...given, ...(isFull ? [number, root] : []))
      .all<{ source: string }>();
    return new Set(results.map(({ source }) => source));
  }

  /** @returns the names of copies that somebody else has made meanwhile, which are of no use */
  async addCopies(
    { number, pgp }: Pick<Backup, 'number' | 'pgp'>,
    root: number,
    copies: readonly Copied[],
  ): Promise<string[]> {
    const given = JSON.stringify(copies);
    const add = `INSERT INTO backup_objects (source, root, pgp, name, bytes, sha256, opened, made, seen)
      SELECT value ->> 'source', ?3, ?4, value ->> 'name', value ->> 'bytes', value ->> 'sha256', value -> 'opened', ?2, ?2
      FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`;
    const query = `SELECT value ->> 'name' AS name FROM json_each(?1)
      WHERE NOT EXISTS (SELECT 1 FROM backup_objects WHERE name = value ->> 'name')`;
    const [, lost] = await this.#db.batch<{ name: string }>([
      this.#db.prepare(add).bind(given, number, root, pgp ?? ''),
      this.#db.prepare(query).bind(given),
    ]);
    return (lost?.results ?? []).map(({ name }) => name);
  }

  /** The copies that a backup names: those that it made and, of a full one, all that it has seen. */
  async copies({ number, isFull }: Pick<Backup, 'number' | 'isFull'>): Promise<Part[]> {
    const which = isFull ? 'seen = ?1' : 'made = ?1';
    const query = `SELECT name, bytes, sha256, opened FROM backup_objects WHERE ${which} ORDER BY source`;
    return (await this.#db.prepare(query).bind(number).all<RawPart>()).results.map(partFrom);
  }

  // What is kept no longer --------------------------------------------------------------------------------------

  /** Of what came before this one nothing is needed any more. */
  async forget(before: number): Promise<void> {
    await this.#db.batch([
      this.#db.prepare('DELETE FROM backups WHERE number < ?').bind(before),
      this.#db.prepare('DELETE FROM backup_parts WHERE backup < ?').bind(before),
    ]);
  }

  /** What tells what the next one has to take is of use from the last full one on. */
  async forgetMarks(): Promise<void> {
    const full = `SELECT IFNULL(MAX(number), 0) FROM backups WHERE is_full = 1 AND state = 'whole'`;
    await this.#db.prepare(`DELETE FROM backup_marks WHERE backup < (${full})`).run();
  }

  /** Copies that no backup from this one on names, a page of them, which are forgotten once they are gone. */
  async oldCopies(before: number, limit: number): Promise<string[]> {
    const query = 'SELECT name FROM backup_objects WHERE made < ?1 AND seen < ?1 LIMIT ?2';
    const { results } = await this.#db.prepare(query).bind(before, limit).all<{ name: string }>();
    return results.map(({ name }) => name);
  }

  async forgetCopies(names: readonly string[]): Promise<void> {
    const drop = 'DELETE FROM backup_objects WHERE name IN (SELECT value FROM json_each(?))';
    await this.#db.prepare(drop).bind(JSON.stringify(names)).run();
  }

  // The tables themselves --------------------------------------------------------------------------------------

  /** Rows of a table behind this key, in the order of their keys. */
  async rows(
    { name, by, where = 'true' }: Table,
    after: readonly Cell[] | null,
    limit: number,
  ): Promise<Record<string, Cell>[]> {
    const key = by.join(', ');
    const behind = after === null ? 'true' : `(${key}) > (${by.map(() => '?').join(', ')})`;
    const query = `SELECT * FROM ${name} WHERE ${where} AND ${behind} ORDER BY ${key} LIMIT ?`;
    const values = (after ?? []).map((cell) => (Array.isArray(cell) ? Uint8Array.from(cell) : cell));
    const { results } = await this.#db
      .prepare(query)
      .bind(...values, limit)
      .all<Record<string, Cell>>();
    return results;
  }

  async ledger(from: number, limit: number): Promise<Record<string, Cell>[]> {
    const query = 'SELECT seq, leaf, details FROM ledger WHERE seq >= ? ORDER BY seq LIMIT ?';
    return (await this.#db.prepare(query).bind(from, limit).all<Record<string, Cell>>()).results;
  }
}

/** Each names its source and its copy: enough for one parameter of D1. */
const copiesAtOnce = 2_000;

type Found = Pick<Head, 'number' | 'full' | 'previous' | 'at' | 'ledger' | 'parts' | 'hash'> & {
  bytes: number;
};
type Closed = { ledger: number; parts: number; bytes: number; hash: string };
type Raw = Omit<Backup, 'isFull' | 'isFound'> & { isFull: number; isFound: number };
type RawPart = Digest & { name: string; opened: string | null };

function backupOf(row: Raw): Backup {
  return { ...row, isFull: row.isFull === 1, isFound: row.isFound === 1 };
}

function partFrom({ name, bytes, sha256, opened }: RawPart): Part {
  return { name, bytes, sha256, ...(opened !== null && { opened: JSON.parse(opened) as Digest }) };
}
