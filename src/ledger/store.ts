/**
 * Where the ledger lies. The object's own rows are what it has promised: the newest entries, the tree's right edge,
 * and what was begun. D1 has every entry as one row; R2 the tiles that are full, which never change again.
 */
import {
  bundleOf,
  type Details,
  Edge,
  type Entry,
  hashBytes,
  leafBytes,
  partsOf,
  type Tile,
  tilePath,
  tileWidth,
} from '../vault.ts';
import type { Told } from './telling.ts';

/** A leaf's text, and its sealed details. */
export type Row = { seq: number; leaf: string; details: Uint8Array | null };
export type Taken = { id: string; leaf: string; details: Uint8Array | null };
/** A row of what was kept for the ledger, as it lies in D1; whether D1 has an entry of this id. */
export type Late = { id: string; entry: string; isEntered: boolean };
/** An entry whose personal details have been sealed. */
export type Sealed = { entry: Entry; details: Details | undefined; sealed: Uint8Array | null };
/** How much there is, and how much of it D1 has. */
export type State = { size: number; written: number };
/** `from` and before `to`: Unix milliseconds. */
export type Filter = {
  actor?: string | undefined;
  /** Stands anywhere in the entry. */
  about?: string | undefined;
  action?: readonly string[] | undefined;
  from?: number | undefined;
  to?: number | undefined;
};
type Signed = { size: number; note: string };

/** As many days back are enough to say where a ledger was sound the last time. */
const checkpointsAtOnce = 400;
const foldedAtOnce = 1_000;
/** D1 takes strings of 2 MB; quotes in JSON and characters of several bytes are room enough below that. */
const bytesAtOnce = 400_000;

/** The object's own rows. */
export class LedgerStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS state (
        only INTEGER PRIMARY KEY CHECK (only = 1), size INTEGER NOT NULL, written INTEGER NOT NULL,
        signed INTEGER NOT NULL, note TEXT NOT NULL
      ) STRICT;
      INSERT INTO state SELECT 1, 0, 0, -1, '' WHERE NOT EXISTS (SELECT 1 FROM state);
      CREATE TABLE IF NOT EXISTS recent (
        seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, leaf TEXT NOT NULL, details BLOB, taken_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE IF NOT EXISTS tiles (
        level INTEGER NOT NULL, place INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, place)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS begun (
        id TEXT PRIMARY KEY, entry TEXT NOT NULL, begun_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS folded (
        key TEXT PRIMARY KEY, entry TEXT NOT NULL, digest TEXT, details BLOB, count INTEGER NOT NULL,
        begun_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `);
  }

  state(): State {
    return this.#sql.exec<State>('SELECT size, written FROM state').one();
  }

  edge(): Edge {
    const { size } = this.state();
    const tiles: Tile[] = [];
    for (let level = 0; tileWidth ** level <= size; level++) {
      const index = Math.floor(size / tileWidth ** (level + 1));
      tiles.push({ level, index, hashes: this.tile(level, index) ?? new Uint8Array() });
    }
    return new Edge(size, tiles);
  }

  /** The hashes of a tile at the edge, or of a full one that R2 has not got yet. */
  tile(level: number, index: number): Uint8Array | undefined {
    const [row] = this.#sql
      .exec<{ hashes: ArrayBuffer }>('SELECT hashes FROM tiles WHERE level = ? AND place = ?', level, index)
      .toArray();
    return row && new Uint8Array(row.hashes);
  }

  setEdge(edge: Edge, full: readonly Tile[]): void {
    for (const { level, index, hashes } of [...full, ...edge.tiles()])
      if (hashes.length > 0)
        this.#sql.exec(
          'INSERT INTO tiles VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hashes = excluded.hashes',
          level,
          index,
          hashes,
        );
    this.#sql.exec('UPDATE state SET size = ?', edge.size);
  }

  has(id: string): boolean {
    return this.#sql.exec('SELECT 1 FROM recent WHERE id = ?', id).toArray().length > 0;
  }

  leafOf(id: string): string | undefined {
    const query = 'SELECT leaf FROM recent WHERE id = ?';
    return this.#sql.exec<{ leaf: string }>(query, id).toArray()[0]?.leaf;
  }

  take(seq: number, { id, leaf, details }: Taken, now: number): void {
    this.#sql.exec('INSERT INTO recent VALUES (?, ?, ?, ?, ?)', seq, id, leaf, details, now);
  }

  /** What D1 has not got yet, oldest first, and no more than it takes in one statement. */
  unwritten(limit: number): Row[] {
    const { written } = this.state();
    const rows: Row[] = [];
    let bytes = 0;
    for (const { seq, leaf, details } of this.#sql.exec<{
      seq: number;
      leaf: string;
      details: ArrayBuffer | null;
    }>('SELECT seq, leaf, details FROM recent WHERE seq >= ? ORDER BY seq LIMIT ?', written, limit)) {
      bytes += leaf.length + 2 * (details?.byteLength ?? 0);
      if (rows.length > 0 && bytes > bytesAtOnce) break;
      rows.push({ seq, leaf, details: details && new Uint8Array(details) });
    }
    return rows;
  }

  /** Whether each entry from this one on, up to what D1 was told last, is still here. */
  remembers(seq: number): boolean {
    const { n } = this.#sql
      .exec<{ n: number }>(
        'SELECT COUNT(*) AS n FROM recent WHERE seq >= ? AND seq < (SELECT written FROM state)',
        seq,
      )
      .one();
    return n === this.state().written - seq;
  }

  setWritten(before: number): void {
    this.#sql.exec('UPDATE state SET written = ?', before);
  }

  /** Forgets entries that D1 has, and that nobody sends again. */
  forget(before: number): void {
    this.#sql.exec('DELETE FROM recent WHERE taken_at < ? AND seq < (SELECT written FROM state)', before);
  }

  fullTiles(limit: number): Tile[] {
    return this.#sql
      .exec<{ level: number; place: number; hashes: ArrayBuffer }>(
        'SELECT level, place, hashes FROM tiles WHERE length(hashes) = ? LIMIT ?',
        tileWidth * hashBytes,
        limit,
      )
      .toArray()
      .map(({ level, place, hashes }) => ({ level, index: place, hashes: new Uint8Array(hashes) }));
  }

  dropTile({ level, index }: Tile): void {
    this.#sql.exec('DELETE FROM tiles WHERE level = ? AND place = ?', level, index);
  }

  signed(): Signed {
    return this.#sql.exec<Signed>('SELECT signed AS size, note FROM state').one();
  }

  setSigned({ size, note }: Signed): void {
    this.#sql.exec('UPDATE state SET signed = ?, note = ?', size, note);
  }

  begin(entry: Entry, now: number): void {
    const text = JSON.stringify(entry);
    this.#sql.exec('INSERT INTO begun VALUES (?, ?, ?) ON CONFLICT DO NOTHING', entry.id, text, now);
  }

  end(id: string): void {
    this.#sql.exec('DELETE FROM begun WHERE id = ?', id);
  }

  begunBefore(time: number): Entry[] {
    return this.#sql
      .exec<{ entry: string }>('SELECT entry FROM begun WHERE begun_at < ?', time)
      .toArray()
      .map(({ entry }) => JSON.parse(entry) as Entry);
  }

  /** False: nothing is folded under this key yet. */
  countFolded(key: string, count: number): boolean {
    return this.#sql.exec('UPDATE folded SET count = count + ? WHERE key = ?', count, key).rowsWritten > 0;
  }

  /** Beyond so many keys everything is folded into one more: nobody fills the ledger by coming from everywhere. */
  fold(wished: string, { entry, details, sealed }: Sealed, count: number, now: number): void {
    const { n } = this.#sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM folded').one();
    const isOne = n < foldedAtOnce || entry.actor !== null;
    const key = isOne ? wished : 'others';
    this.#sql.exec(
      'INSERT INTO folded VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
      key,
      JSON.stringify(isOne ? entry : ofOthers(entry)),
      details === undefined || !isOne ? null : JSON.stringify(details),
      isOne ? sealed : null,
      count,
      now,
    );
  }

  /** What is folded long enough, with how often it came. */
  foldedBefore(time: number): (Sealed & { key: string; count: number })[] {
    return this.#sql
      .exec<{
        key: string;
        entry: string;
        digest: string | null;
        details: ArrayBuffer | null;
        count: number;
      }>('SELECT key, entry, digest, details, count FROM folded WHERE begun_at < ?', time)
      .toArray()
      .map(({ key, entry, digest, details, count }) => ({
        key,
        entry: JSON.parse(entry) as Entry,
        details: digest === null ? undefined : (JSON.parse(digest) as Details),
        sealed: details && new Uint8Array(details),
        count,
      }));
  }

  unfold(key: string): void {
    this.#sql.exec('DELETE FROM folded WHERE key = ?', key);
  }

  get isWaiting(): boolean {
    const { size, written } = this.state();
    const waits =
      this.#sql.exec('SELECT 1 FROM begun UNION ALL SELECT 1 FROM folded LIMIT 1').toArray().length > 0;
    return written < size || waits || this.fullTiles(1).length > 0;
  }
}

/** Of many at once nothing is said of the first alone. */
function ofOthers({ id, at, outcome }: Entry): Entry {
  return { id, at, actor: null, action: 'door.refused', outcome };
}

/** Every entry as a row. Once there, a row never changes. */
export class LedgerTable {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  /** Adds rows; one that is there already stays as it is. @returns what stands there now at their places */
  async add(rows: readonly Row[]): Promise<Map<number, string>> {
    const values = rows.map(({ seq, leaf, details }) => [seq, leaf, details?.toHex() ?? null]);
    const [first, last] = [rows[0]?.seq ?? 0, rows.at(-1)?.seq ?? -1];
    const [, there] = await this.#db.batch<{ seq: number; leaf: string }>([
      this.#db
        .prepare(
          `INSERT INTO ledger (seq, leaf, details)
           SELECT value ->> 0, value ->> 1, unhex(value ->> 2) FROM json_each(?)
           WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE seq = value ->> 0)`,
        )
        .bind(JSON.stringify(values)),
      this.#db.prepare('SELECT seq, leaf FROM ledger WHERE seq BETWEEN ? AND ?').bind(first, last),
    ]);
    return new Map((there?.results ?? []).map(({ seq, leaf }) => [seq, leaf]));
  }

  /** Entries from this one on, oldest first. */
  async from(seq: number, limit: number): Promise<Row[]> {
    const { results } = await this.#db
      .prepare('SELECT seq, leaf, details FROM ledger WHERE seq >= ? ORDER BY seq LIMIT ?')
      .bind(seq, limit)
      .all<{ seq: number; leaf: string; details: number[] | null }>();
    return results.map(rowFrom);
  }

  /** The newest first, before this time and place. */
  async page(filter: Filter, before: { at: number; seq: number } | undefined, limit: number): Promise<Row[]> {
    const { actor, about, action, from = 0, to = Number.MAX_SAFE_INTEGER } = filter;
    const end = before ?? { at: Number.MAX_SAFE_INTEGER, seq: 0 };
    const values: (string | number)[] = [];
    const given = (value: string | number) => `?${values.push(value)}`;
    const wanted = [
      `at >= ${given(from)} AND at < ${given(to)} AND (at, seq) < (${given(end.at)}, ${given(end.seq)})`,
      ...(actor === undefined ? [] : [`actor = ${given(actor)}`]),
      ...(action === undefined ? [] : [`action IN (${action.map(given).join(', ')})`]),
    ];
    // Each of these is read along an index of its own, and they are merged: nothing is sorted.
    const places = about === undefined ? [[]] : placesOf(given(about));
    const parts = places.map(
      (place) => `SELECT seq, leaf, details, at FROM ledger WHERE ${[...wanted, ...place].join(' AND ')}`,
    );
    const { results } = await this.#db
      .prepare(`${parts.join(' UNION ALL ')} ORDER BY at DESC, seq DESC LIMIT ${given(limit)}`)
      .bind(...values)
      .all<{ seq: number; leaf: string; details: number[] | null }>();
    return results.map(rowFrom);
  }

  /** The place after the last of its entries, in the archive or not. */
  async end(): Promise<number> {
    const query =
      'SELECT MAX(before, (SELECT IFNULL(MAX(seq) + 1, 0) FROM ledger)) AS end FROM ledger_archive';
    return (await this.#db.prepare(query).first<{ end: number }>())?.end ?? 0;
  }

  /** Entries before this one lie in the archive. */
  async archived(): Promise<number> {
    const row = await this.#db.prepare('SELECT before FROM ledger_archive').first<{ before: number }>();
    return row?.before ?? 0;
  }

  /** The first entry that is no older than this; undefined: there is none. */
  async firstSince(time: number): Promise<number | undefined> {
    const query = 'SELECT MIN(seq) AS seq FROM ledger WHERE at >= ?';
    return (await this.#db.prepare(query).bind(time).first<{ seq: number | null }>())?.seq ?? undefined;
  }

  /** They lie in the archive now, and leave the database. */
  async dropBefore(seq: number): Promise<void> {
    await this.#db.batch([
      this.#db.prepare('UPDATE ledger_archive SET before = ?').bind(seq),
      this.#db.prepare('DELETE FROM ledger WHERE seq < ?').bind(seq),
    ]);
  }

  async has(id: string): Promise<boolean> {
    return (await this.#db.prepare('SELECT 1 FROM ledger WHERE id = ?').bind(id).first()) !== null;
  }

  /** Keeps what could not be told the ledger; of the same, the newer stands for the older. */
  async keepLate(told: Told): Promise<void> {
    const { personal: _, ...entry } = told;
    await this.#db
      .prepare('INSERT INTO ledger_late VALUES (?, ?) ON CONFLICT DO UPDATE SET entry = excluded.entry')
      .bind(entry.id, JSON.stringify(entry))
      .run();
  }

  /** What was kept so, by its id, after this one. */
  async late(after: string, limit: number): Promise<Late[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT id, entry, EXISTS (SELECT 1 FROM ledger WHERE ledger.id = ledger_late.id) AS isEntered
         FROM ledger_late WHERE id > ? ORDER BY id LIMIT ?`,
      )
      .bind(after, limit)
      .all<{ id: string; entry: string; isEntered: number }>();
    return results.map((row) => ({ ...row, isEntered: row.isEntered === 1 }));
  }

  async dropLate(ids: readonly string[]): Promise<void> {
    await this.#db
      .prepare('DELETE FROM ledger_late WHERE id IN (SELECT value FROM json_each(?))')
      .bind(JSON.stringify(ids))
      .run();
  }

  /** The key record for somebody's details in a month: the one that is there, or else this one. */
  async key(owner: string, month: string, fresh: Uint8Array): Promise<Uint8Array> {
    const [, kept] = await this.#db.batch<{ key: number[] }>([
      this.#db
        .prepare('INSERT INTO ledger_keys VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
        .bind(owner, month, fresh),
      this.#db.prepare('SELECT key FROM ledger_keys WHERE owner = ? AND month = ?').bind(owner, month),
    ]);
    return Uint8Array.from(kept?.results[0]?.key ?? []);
  }

  async keyOf(owner: string, month: string): Promise<Uint8Array | undefined> {
    const row = await this.#db
      .prepare('SELECT key FROM ledger_keys WHERE owner = ? AND month = ?')
      .bind(owner, month)
      .first<{ key: number[] }>();
    return row === null ? undefined : Uint8Array.from(row.key);
  }
}

/** Where an id can stand, each entry once. */
function placesOf(id: string): string[][] {
  return [
    [`object = ${id}`],
    [`subject = ${id}`, `object IS NOT ${id}`],
    [`actor = ${id}`, `object IS NOT ${id}`, `subject IS NOT ${id}`],
  ];
}

function rowFrom({ seq, leaf, details }: { seq: number; leaf: string; details: number[] | null }): Row {
  return { seq, leaf, details: details && Uint8Array.from(details) };
}

/** Tiles that are full, by their paths (C2SP tlog-tiles). */
export class TileBucket {
  readonly #bucket: R2Bucket;

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket;
  }

  async put({ level, index, hashes }: Tile): Promise<void> {
    await this.#bucket.put(tilePath(level, index), hashes);
  }

  async get(level: number, index: number): Promise<Uint8Array | undefined> {
    const object = await this.#bucket.get(tilePath(level, index));
    return object === null ? undefined : new Uint8Array(await object.arrayBuffer());
  }

  /** 256 rows that leave the database. */
  async putBundle(index: number, rows: readonly Row[]): Promise<void> {
    const leaves = rows.map(({ leaf }) => leafBytes(leaf));
    const details = rows.map(({ details }) => details ?? new Uint8Array());
    await this.#bucket.put(tilePath('details', index), bundleOf(details));
    await this.#bucket.put(tilePath('entries', index), bundleOf(leaves));
  }

  /** Undefined: they are in the database. */
  async getBundle(index: number): Promise<Row[] | undefined> {
    const names = ['entries', 'details'] as const;
    const [leaves, details] = await Promise.all(
      names.map(async (name) => (await this.#bucket.get(tilePath(name, index)))?.bytes()),
    );
    if (leaves === undefined || details === undefined) return undefined;
    const sealed = partsOf(details);
    return partsOf(leaves).map((leaf, place) => {
      const beside = sealed[place];
      return {
        seq: index * tileWidth + place,
        leaf: new TextDecoder().decode(leaf),
        details: beside === undefined || beside.length === 0 ? null : beside,
      };
    });
  }

  /** Keeps a checkpoint for ever, by the size of its tree. */
  async keepCheckpoint(size: number, note: string): Promise<void> {
    await this.#bucket.put(`checkpoint/${String(size).padStart(16, '0')}`, note);
  }

  /** The newest of those that were kept, oldest first. */
  async checkpoints(): Promise<string[]> {
    const names: string[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await this.#bucket.list({
        prefix: 'checkpoint/',
        ...(cursor !== undefined && { cursor }),
      });
      names.push(...page.objects.map(({ key }) => key));
      more = page.truncated;
      cursor = page.truncated ? page.cursor : undefined;
    }
    const notes = names.slice(-checkpointsAtOnce).map(async (name) => (await this.#bucket.get(name))?.text());
    return (await Promise.all(notes)).filter((note) => note !== undefined);
  }
}
