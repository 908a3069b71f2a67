/** The right edge of the growing tree: of each level the one tile that is not full. All that appending needs. */
import { foldHashes, type Hash, hashBytes, type Hashes, rootOf, tileWidth } from './merkle.ts';

const lengthBytes = 2;

/** One tile: its level, its place among those of its level, and its hashes one after the other. */
export type Tile = { level: number; index: number; hashes: Uint8Array };

export class Edge {
  #size: number;
  readonly #partial: Hash[][];

  /** @param partial of each level the tile that is not full, as `tiles` gave them for this size */
  constructor(size = 0, partial: readonly Tile[] = []) {
    this.#size = size;
    this.#partial = partial.map(({ hashes }) => hashesIn(hashes));
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one leaf. @returns the tiles that are full now, which never change again */
  push(leaf: Hash): Tile[] {
    this.#size += 1;
    return this.#push(leaf, 0);
  }

  #push(hash: Hash, level: number): Tile[] {
    const tile = (this.#partial[level] ??= []);
    tile.push(hash);
    if (tile.length < tileWidth) return [];
    const full = { level, index: this.#size / tileWidth ** (level + 1) - 1, hashes: joined(tile) };
    const above = foldHashes(tile);
    this.#partial[level] = [];
    return [full, ...this.#push(above, level + 1)];
  }

  /** The tiles that are not full, one for each level from the lowest. */
  tiles(): Tile[] {
    return this.#partial.map((hashes, level) => ({
      level,
      index: this.#first(level),
      hashes: joined(hashes),
    }));
  }

  root(): Hash {
    return rootOf(this.#hashes, this.#size);
  }

  /** Complete subtrees that have no sibling yet stand in these tiles, and the root asks for no others. */
  readonly #hashes: Hashes = (level, index) => {
    const hash = this.#partial[level]?.[index - this.#first(level) * tileWidth];
    if (hash === undefined) throw new RangeError(`no hash ${index} of level ${level} at the edge`);
    return hash;
  };

  #first(level: number): number {
    return Math.floor(this.#size / tileWidth ** (level + 1));
  }
}

/** Reads a tree by its tiles. @param tileOf the hashes of one tile, full or not */
export function hashesOf(tileOf: (level: number, index: number) => Uint8Array | undefined): Hashes {
  return (level, index) => {
    const at = (index % tileWidth) * hashBytes;
    const hash = tileOf(level, Math.floor(index / tileWidth))?.subarray(at, at + hashBytes);
    if (hash?.length !== hashBytes) throw new RangeError(`no hash ${index} of level ${level}`);
    return hash;
  };
}

/** All tiles of a tree, full and not, by `{level}/{index}`. */
export function tilesOf(leafHashes: Iterable<Hash>): { edge: Edge; tiles: Map<string, Uint8Array> } {
  const edge = new Edge();
  const tiles = new Map<string, Uint8Array>();
  const keep = ({ level, index, hashes }: Tile) => tiles.set(`${level}/${index}`, hashes);
  for (const hash of leafHashes) edge.push(hash).forEach(keep);
  edge.tiles().forEach(keep);
  return { edge, tiles };
}

/** Which tiles a tree of this size has, and how many hashes each. */
export function tilesIn(size: number): { level: number; index: number; width: number }[] {
  const tiles = [];
  for (let level = 0; tileWidth ** level <= size; level++) {
    const count = Math.floor(size / tileWidth ** level);
    for (let index = 0; index * tileWidth < count; index++)
      tiles.push({ level, index, width: Math.min(tileWidth, count - index * tileWidth) });
  }
  return tiles;
}

/**
 * 256 leaves, or what is sealed beside them, one after the other: each `u16 length | bytes` (C2SP tlog-tiles, entry
 * bundles).
 *
 * @throws {RangeError} one is longer than 65,535 bytes
 */
export function bundleOf(parts: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(parts.reduce((sum, part) => sum + lengthBytes + part.length, 0));
  const view = new DataView(bundle.buffer);
  let at = 0;
  for (const part of parts) {
    if (part.length > 0xffff) throw new RangeError('longer than a bundle can say');
    view.setUint16(at, part.length);
    bundle.set(part, at + lengthBytes);
    at += lengthBytes + part.length;
  }
  return bundle;
}

export function partsOf(bundle: Uint8Array): Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const from = at + lengthBytes;
    at = from + view.getUint16(at);
    parts.push(bundle.slice(from, at));
  }
  return parts;
}

/** Where a tile lies below the ledger's address (C2SP tlog-tiles): `tile/0/x001/234`, with `.p/{width}` if not full. */
export function tilePath(level: number | 'entries' | 'details', index: number, width = tileWidth): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const name = groups.map((group, place) => (place < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width === tileWidth ? '' : `.p/${width}`}`;
}

function joined(hashes: readonly Hash[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * hashBytes);
  hashes.forEach((hash, place) => bytes.set(hash, place * hashBytes));
  return bytes;
}

function hashesIn(bytes: Uint8Array): Hash[] {
  return Array.from({ length: bytes.length / hashBytes }, (_, place) =>
    bytes.slice(place * hashBytes, (place + 1) * hashBytes),
  );
}
