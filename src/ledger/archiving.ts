/** What leaves the database for the bucket, in full bundles and the oldest first; the tree stays as it is. */
import { tileWidth } from '../protocol/ledger-proof.ts';
import { lifetimes, limits } from '../protocol/limits.ts';
import type { LedgerTable, Row, TileBucket } from './store.ts';

/**
 * `before`: all entries before this one lie in the archive. `moved`: how many of them went there just now. `isHeld`: no more
 * may go while a backup is being made.
 */
export type Archived = { before: number; moved: number; isDone: boolean; isHeld: boolean };

/** `rows`: as many may stay that are old enough to go. `bundles`: a stretch, each of 256 entries and some four requests. */
type Most = { rows: number; bundles: number };

/** An entry is missing in the database. */
export class Gap extends Error {
  readonly seq: number;

  constructor(seq: number) {
    super(`entry ${seq} is missing`);
    this.seq = seq;
  }
}

export class Archiving {
  readonly #table: LedgerTable;
  readonly #tiles: TileBucket;
  readonly #written: () => number;
  readonly #most: Most;
  readonly #inTurn: <T>(move: () => Promise<T>) => Promise<T>;
  #going: Promise<Archived> | undefined;

  /**
   * @param written how many entries the database has, counted with those that have left it
   * @param inTurn nothing is sealed anew while a bundle goes: it would lie there under a key that is gone
   */
  constructor(
    table: LedgerTable,
    tiles: TileBucket,
    written: () => number,
    inTurn: <T>(move: () => Promise<T>) => Promise<T>,
    most: Most = { rows: limits.ledgerRows, bundles: 50 },
  ) {
    this.#table = table;
    this.#tiles = tiles;
    this.#written = written;
    this.#inTurn = inTurn;
    this.#most = most;
  }

  /**
   * Bundle by bundle: it can be cut off anywhere, and done again. Whoever asks meanwhile shares it.
   *
   * @throws {Gap}
   */
  stretch(): Promise<Archived> {
    return (this.#going ??= this.#go().finally(() => {
      this.#going = undefined;
    }));
  }

  /** How many entries may go now. */
  async due(): Promise<number> {
    return Math.max(0, (await this.#until()) - (await this.#table.archived()));
  }

  async #go(): Promise<Archived> {
    const [from, until] = [await this.#table.archived(), await this.#until()];
    const to = Math.max(from, Math.min(until, from + this.#most.bundles * tileWidth));
    if (to > from && (await this.#table.isHeld()))
      return { before: from, moved: 0, isDone: false, isHeld: true };
    for (let before = from; before < to; before += tileWidth)
      if (!(await this.#inTurn(() => this.#move(before))))
        return { before, moved: before - from, isDone: false, isHeld: true };
    return { before: to, moved: to - from, isDone: to >= until, isHeld: false };
  }

  /** The bundle that begins here. @returns false: a backup has begun, and it stays */
  async #move(before: number): Promise<boolean> {
    const rows = await this.#table.from(before, tileWidth);
    if (rows.length !== tileWidth || rows.at(-1)?.seq !== before + tileWidth - 1)
      throw new Gap(firstNotIn(rows, before));
    if (await this.#table.isHeld()) return false;
    await this.#tiles.putBundle(before / tileWidth, rows);
    return this.#table.dropBefore(before + tileWidth);
  }

  /** What is old goes; and of what is too much, what is old enough. In full bundles. */
  async #until(): Promise<number> {
    const written = this.#written();
    const before = async (age: number) => (await this.#table.firstSince(Date.now() - age)) ?? written;
    const old = await before(lifetimes.ledgerInDatabase);
    const tooMany = written - this.#most.rows;
    const until = tooMany > old ? Math.min(tooMany, await before(lifetimes.ledgerAtHand)) : old;
    return Math.floor(until / tileWidth) * tileWidth;
  }
}

/** The place of the first that is not among these, which should follow one another from there on. */
function firstNotIn(rows: readonly Row[], from: number): number {
  const gap = rows.findIndex(({ seq }, n) => seq !== from + n);
  return from + (gap < 0 ? rows.length : gap);
}
