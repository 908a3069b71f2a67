/**
 * Whether the ledger as it lies here is what was signed. Each day looks at a share of its entries, which for most
 * ledgers is all of them; memory is bounded however long it is. Whoever does not trust this process verifies an export.
 */
import type { Env } from '../config.ts';
import {
  type Checkpoint,
  foldHashes,
  type Hash,
  hashBytes,
  hashesOf,
  leafBytes,
  leafHash,
  readCheckpoint,
  readVerifierKey,
  rootOf,
  tileWidth,
} from '../protocol/ledger-proof.ts';
import { sameBytes } from '../vault.ts';
import { bundleRows, type TilePlace, verifierKeys } from './reading.ts';
import { type Row, TileBucket } from './store.ts';

/** Entries in a day's share, in bundles of 256: what a Worker reads and hashes within seconds. */
const bundlesADay = 400;
/** Heads of former days that have to be heads of this tree too. */
const headsADay = 30;

/** `from` and before `to`: the entries that were looked at. `broken`: the first that is not as it was signed. */
export type Check = { size: number; from: number; to: number; broken: number | null };

/** Bundles from the first to before the last. */
export type Share = { first: number; last: number };

/** @param day its number: the shares of days that follow one another go round the whole ledger */
export function shareOf(day: number, size: number): Share {
  const bundles = Math.ceil(size / tileWidth);
  const first = bundles <= bundlesADay ? 0 : (day * bundlesADay) % bundles;
  return { first, last: Math.min(first + bundlesADay, bundles) };
}

/** The bundle of one entry. */
export function bundleOf(seq: number): Share {
  const first = Math.floor(seq / tileWidth);
  return { first, last: first + 1 };
}

/** @param head as the writer has just signed it */
export async function check(
  env: Env,
  head: { note: string; size: number },
  { first, last }: Share,
  tileOf: (place: TilePlace) => Promise<Uint8Array | undefined>,
): Promise<Check> {
  const { size } = head;
  const tiles = new Tiles(size, tileOf);
  const looked = { size, from: first * tileWidth, to: Math.min(last * tileWidth, size) };
  const notes = [...(await new TileBucket(env.LEDGER).checkpoints()).slice(-headsADay), head.note];
  for (const note of notes) {
    const signed = await signedHead(env, note);
    if (signed === undefined || !(await isHeadOf(tiles, signed)))
      return { ...looked, broken: signed?.size ?? 0 };
  }
  for (let index = first; index < last; index++) {
    const broken = await firstBroken(env, tiles, index, size);
    if (broken !== undefined) return { ...looked, broken };
  }
  return { ...looked, broken: null };
}

/** Undefined: none of the ledger's keys has signed it. */
async function signedHead(env: Env, note: string): Promise<Checkpoint | undefined> {
  const keys = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
  return readCheckpoint(note, keys);
}

/** Whether this was a head of the tree that is there now. */
async function isHeadOf(tiles: Tiles, { size, root }: Checkpoint): Promise<boolean> {
  if (size > tiles.size) return false;
  return sameBytes(await tiles.read((hashes) => rootOf(hashes, size)), root);
}

/** Undefined: the bundle's entries are what its tile says, and the tiles above agree. */
async function firstBroken(env: Env, tiles: Tiles, index: number, size: number): Promise<number | undefined> {
  const start = index * tileWidth;
  // A bundle of the archive that can't be taken apart holds nothing that was signed.
  const rows = await bundleRows(env, index).catch((error: unknown): Row[] => {
    if (error instanceof RangeError) return [];
    throw error;
  });
  const there = await tiles.get(0, index);
  for (let seq = start; seq < Math.min(start + tileWidth, size); seq++) {
    const row = rows[seq - start];
    const isSound = row?.seq === seq && sameBytes(leafHash(leafBytes(row.leaf)), hashIn(there, seq - start));
    if (!isSound) return seq;
  }
  return (await isFoldedAbove(tiles, 0, index)) ? undefined : start;
}

/** Whether a full tile, and those above it that are full, are what stands for them above. */
async function isFoldedAbove(tiles: Tiles, level: number, index: number): Promise<boolean> {
  const hashes = await tiles.get(level, index);
  if (hashes.length < tileWidth * hashBytes) return true;
  const above = Math.floor(index / tileWidth);
  const all = Array.from({ length: tileWidth }, (_, place) => hashIn(hashes, place));
  const isSame = sameBytes(foldHashes(all), hashIn(await tiles.get(level + 1, above), index % tileWidth));
  return isSame && isFoldedAbove(tiles, level + 1, above);
}

function hashIn(hashes: Uint8Array, place: number): Hash {
  return hashes.subarray(place * hashBytes, (place + 1) * hashBytes);
}

/** The tiles of a tree of this size, each fetched once; one that is not there is empty. */
class Tiles {
  readonly size: number;
  readonly #tileOf: (place: TilePlace) => Promise<Uint8Array | undefined>;
  readonly #known = new Map<string, Uint8Array>();

  constructor(size: number, tileOf: (place: TilePlace) => Promise<Uint8Array | undefined>) {
    this.size = size;
    this.#tileOf = tileOf;
  }

  async get(level: number, index: number): Promise<Uint8Array> {
    const name = `${level}/${index}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const count = Math.floor(this.size / tileWidth ** level) - index * tileWidth;
    const width = Math.min(tileWidth, count);
    const hashes = width > 0 ? await this.#tileOf({ level, index, width }) : undefined;
    // Those at the bottom are each asked for once, and there are many of them.
    if (level > 0) this.#known.set(name, hashes ?? new Uint8Array());
    return hashes ?? new Uint8Array();
  }

  /** Reads the tree by its hashes, once those that are asked for are here. */
  async read<Answer>(ask: (hashes: ReturnType<typeof hashesOf>) => Answer): Promise<Answer> {
    const here = new Map<string, Uint8Array>();
    for (;;) {
      const missing: [number, number][] = [];
      const hashes = hashesOf((level, index) => {
        const hash = here.get(`${level}/${index}`);
        if (hash === undefined) missing.push([level, index]);
        return hash ?? emptyTile;
      });
      const answer = ask(hashes);
      if (missing.length === 0) return answer;
      for (const [level, index] of missing) {
        const tile = new Uint8Array(tileWidth * hashBytes);
        tile.set(await this.get(level, index));
        here.set(`${level}/${index}`, tile);
      }
    }
  }
}

const emptyTile = new Uint8Array(tileWidth * hashBytes);
