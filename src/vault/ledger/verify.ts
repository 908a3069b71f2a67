/**
 * Whether a ledger is whole: every entry's bytes against the signed heads, by anybody, from an export alone. Where it
 * is not, the tiles say which entry is the first that was not there, or was another.
 */
import { sameBytes } from '../bytes.ts';
import { leafBytes, readLeaf } from './entry.ts';
import { hashesOf, tilesOf } from './edge.ts';
import { foldHashes, type Hash, hashBytes, type Hashes, leafHash, rootOf, tileWidth } from './merkle.ts';
import type { Checkpoint } from './note.ts';

/**
 * - `unreadable`: not an entry in its one spelling. `misplaced`: its number does not follow the one before.
 *   `doubled`: an entry of this id stands there already.
 * - `broken`: the first entry that is not what a checkpoint was signed over. `short`: the last entries are missing.
 * - `forked`: two signed heads of one size differ. `tiles`: the entries are sound and the tiles beside them are not.
 * - `unproved`: from this entry on no head speaks for what stands there.
 */
export type Finding = {
  what: 'unreadable' | 'misplaced' | 'doubled' | 'broken' | 'short' | 'forked' | 'tiles' | 'unproved';
  /** The entry from which on it holds no more; `until`: known only to be before this one. */
  seq: number;
  until?: number;
};

/** `proved`: how many entries, from the first on, a signed head speaks for. `root`: of all of them. */
export type Verdict = { entries: number; proved: number; root: Hash; findings: Finding[] };

type Tree = { tile: (level: number, index: number) => Uint8Array | undefined };

/** Takes a ledger's lines in their order, and says at the end what is wrong with it. */
export class Verification {
  readonly #findings: Finding[] = [];
  readonly #ids = new Set<string>();
  readonly #tiles = new Map<string, Uint8Array>();
  #hashes = new Uint8Array(tileWidth * hashBytes);
  #entries = 0;

  entry(seq: number, leaf: string): void {
    const place = this.#entries;
    const id = readLeaf(leaf)?.id;
    if (seq !== place) this.#find({ what: 'misplaced', seq: place });
    if (id === undefined) this.#find({ what: 'unreadable', seq: place });
    else if (this.#ids.has(id)) this.#find({ what: 'doubled', seq: place });
    else this.#ids.add(id);
    if (this.#hashes.length < (place + 1) * hashBytes) {
      const grown = new Uint8Array(this.#hashes.length * 2);
      grown.set(this.#hashes);
      this.#hashes = grown;
    }
    this.#hashes.set(leafHash(leafBytes(leaf)), place * hashBytes);
    this.#entries += 1;
  }

  /** The hashes of a tile that was kept beside the entries. */
  tile(level: number, index: number, hashes: Uint8Array): void {
    this.#tiles.set(`${level}/${index}`, hashes);
  }

  /** The tree of the entries as they are, to make proofs from. */
  hashes(): Hashes {
    return hashesOf(treeIn(tilesOf(this.#leafHashes()).tiles).tile);
  }

  /** @param checkpoints those whose signatures hold, from wherever they were kept */
  verdict(checkpoints: readonly Checkpoint[]): Verdict {
    const { edge, tiles } = tilesOf(this.#leafHashes());
    const own = treeIn(tiles);
    const heads = checkpoints.toSorted((one, other) => one.size - other.size);
    let proved = 0;
    for (const [place, head] of heads.entries()) {
      const next = heads[place + 1];
      if (next?.size === head.size && !sameBytes(next.root, head.root))
        this.#find({ what: 'forked', seq: head.size });
      if (head.size > this.#entries) {
        this.#find({ what: 'short', seq: this.#entries });
        break;
      }
      if (!sameBytes(rootOf(hashesOf(own.tile), head.size), head.root)) {
        this.#find({ what: 'broken', ...this.#firstBroken(own, head, proved) });
        break;
      }
      proved = head.size;
    }
    if (this.#findings.length === 0) {
      this.#compareTiles(own);
      if (proved < this.#entries) this.#find({ what: 'unproved', seq: proved });
    }
    return { entries: this.#entries, proved, root: edge.root(), findings: this.#findings };
  }

  /** Only if the tiles are those that were signed can they say which entry is not. */
  #firstBroken(own: Tree, head: Checkpoint, sound: number): { seq: number; until?: number } {
    const kept = treeIn(this.#tiles);
    if (!isSound(kept, head)) return { seq: sound, until: head.size };
    for (let seq = sound; seq < head.size; seq++)
      if (!sameBytes(hashAt(own, seq), hashAt(kept, seq))) return { seq };
    return { seq: sound, until: head.size };
  }

  #compareTiles(own: Tree): void {
    for (const [name, hashes] of this.#tiles) {
      const [level = 0, index = 0] = name.split('/').map(Number);
      const wanted = own.tile(level, index)?.subarray(0, hashes.length);
      if (wanted === undefined || !sameBytes(wanted, hashes))
        this.#find({ what: 'tiles', seq: index * tileWidth ** (level + 1) });
    }
  }

  *#leafHashes(): Generator<Hash> {
    for (let place = 0; place < this.#entries; place++)
      yield this.#hashes.subarray(place * hashBytes, (place + 1) * hashBytes);
  }

  /** The first of each kind is where to look; a thousand that follow from it say no more. */
  #find(finding: Finding): void {
    if (!this.#findings.some(({ what }) => what === finding.what)) this.#findings.push(finding);
  }
}

function treeIn(tiles: ReadonlyMap<string, Uint8Array>): Tree {
  return { tile: (level, index) => tiles.get(`${level}/${index}`) };
}

function hashAt(tree: Tree, seq: number): Uint8Array {
  return hashesOf(tree.tile)(0, seq);
}

/** Whether these tiles make this head's root, each tile being what the one above says of it. */
function isSound(tree: Tree, head: Checkpoint): boolean {
  try {
    const hashes = hashesOf(tree.tile);
    if (!sameBytes(rootOf(hashes, head.size), head.root)) return false;
    for (let level = 1; tileWidth ** level <= head.size; level++) {
      const count = Math.floor(head.size / tileWidth ** level);
      for (let index = 0; index < count; index++) {
        const below = Array.from({ length: tileWidth }, (_, place) =>
          hashes(level - 1, index * tileWidth + place),
        );
        if (!sameBytes(foldHashes(below), hashes(level, index))) return false;
      }
    }
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
