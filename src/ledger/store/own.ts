/** The writer's own rows: what it has promised. */
import {
  type Details,
  Edge,
  type Entry,
  hashBytes,
  leafBytes,
  leafHash,
  type Tile,
  tileWidth,
} from '../../protocol/ledger-proof.ts';
import type { Beside, Row, Sealed, Taken } from './rows.ts';

/** How much there is, and how much of it D1 has. */
type State = { size: number; written: number };
type Signed = { size: number; note: string };

const foldedAtOnce = 1_000;
/** D1 takes strings of 2 MB; quotes in JSON and characters of several bytes are room enough below that. */
const bytesAtOnce = 400_000;

/** The object's own rows. */
export class LedgerStore {
  readonly #sql: SqlStorage;
  /** How many keys are folded: counted once, and not for every refusal of a thousand a second. */
  #keysFolded: number;

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
      CREATE TABLE IF NOT EXISTS putting_back (run TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS told_broken (seq INTEGER PRIMARY KEY) STRICT;
    `);
    this.#keysFolded = this.#countKeys();
  }

  /** Which run puts an older ledger back here; undefined: none. */
  keeper(): string | undefined {
    return this.#sql.exec<{ run: string }>('SELECT run FROM putting_back').toArray()[0]?.run;
  }

  /** Nothing is left of what stood here: another ledger is put back. To be called inside a transaction. */
  beginPuttingBack(run: string): void {
    for (const table of ['recent', 'tiles', 'begun', 'folded', 'putting_back', 'told_broken'])
      this.#sql.exec(`DELETE FROM ${table}`);
    this.#sql.exec(`UPDATE state SET size = 0, written = 0, signed = -1, note = ''`);
    this.#sql.exec('INSERT INTO putting_back VALUES (?)', run);
  }

  endPuttingBack(): void {
    this.#sql.exec('DELETE FROM putting_back');
  }

  /** The tree grows by these leaves, which stand where they belong already. To be called inside a transaction. */
  grow(leaves: readonly string[]): void {
    const edge = this.edge();
    const full = leaves.flatMap((leaf) => edge.push(leafHash(leafBytes(leaf))));
    this.setEdge(edge, full);
    this.setWritten(edge.size);
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

  /** What is personal in these was sealed anew. */
  resealed(all: readonly Beside[]): void {
    for (const { seq, details } of all)
      this.#sql.exec('UPDATE recent SET details = ? WHERE seq = ?', details, seq);
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

  /** The place of whose break whoever watches was told last, and which is not healed; undefined: there is none. */
  toldBrokenAt(): number | undefined {
    return this.#sql.exec<{ seq: number }>('SELECT seq FROM told_broken').toArray()[0]?.seq;
  }

  setToldBroken(seq: number): void {
    this.heal();
    this.#sql.exec('INSERT INTO told_broken VALUES (?)', seq);
  }

  /** D1 took what was to be written. */
  heal(): void {
    this.#sql.exec('DELETE FROM told_broken');
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

  /** Beyond so many keys what nobody in particular does has none of its own: nobody fills the ledger by coming from everywhere. */
  mayFold({ actor }: Entry): boolean {
    return this.#keysFolded < foldedAtOnce || actor !== null;
  }

  fold(key: string, { entry, details, sealed }: Sealed, count: number, now: number): void {
    const digest = details === undefined ? null : JSON.stringify(details);
    this.#sql.exec(
      'INSERT INTO folded VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
      key,
      JSON.stringify(entry),
      digest,
      sealed,
      count,
      now,
    );
    this.#keysFolded += 1;
  }

  /** Into one for all that have no key of their own. */
  foldWithOthers(entry: Entry, count: number, now: number): void {
    if (this.countFolded('others', count)) return;
    this.fold('others', { entry: ofOthers(entry), details: undefined, sealed: null }, count, now);
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

  unfold(keys: readonly string[]): void {
    for (const key of keys) this.#sql.exec('DELETE FROM folded WHERE key = ?', key);
    this.#keysFolded = this.#countKeys();
  }

  #countKeys(): number {
    return this.#sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM folded').one().n;
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
