/**
 * Whether a ledger is whole: every entry's bytes against the signed heads, by anybody, from an export alone. Where it
 * is not, the tiles say which entry is the first that was not there, or was another.
 */
import { Edge, hashesOf, tilesIn } from './edge.ts';
import { leafBytes, readLeaf } from './leaf.ts';
import { foldHashes, type Hash, type Hashes, leafHash, rootOf, sameBytes, tileWidth } from './merkle.ts';
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

/** By `{level}/{index}`. */
type Tiles = ReadonlyMap<string, Uint8Array>;

/** Takes a ledger's lines in their order, and says at the end what is wrong with it. */
export class Verification {
  readonly #findings: Finding[] = [];
  readonly #ids = new Set<string>();
  /** Kept beside the entries, by whoever gave them. */
  readonly #kept = new Map<string, Uint8Array>();
  /** The full tiles of the entries as they are. */
  readonly #full = new Map<string, Uint8Array>();
  readonly #edge = new Edge();

  entry(seq: number, leaf: string): void {
    const place = this.#edge.size;
    const id = readLeaf(leaf)?.id;
    if (seq !== place) this.#find({ what: 'misplaced', seq: place });
    if (id === undefined) this.#find({ what: 'unreadable', seq: place });
    else if (this.#ids.has(id)) this.#find({ what: 'doubled', seq: place });
    else this.#ids.add(id);
    for (const { level, index, hashes } of this.#edge.push(leafHash(leafBytes(leaf))))
      this.#full.set(`${level}/${index}`, hashes);
  }

  /** The hashes of a tile that was kept beside the entries. */
  tile(level: number, index: number, hashes: Uint8Array): void {
    this.#kept.set(`${level}/${index}`, hashes);
  }

  /** The tree of the entries as they are, to make proofs from. */
  hashes(): Hashes {
    return hashesIn(this.#tiles());
  }

  /** @param checkpoints those whose signatures hold, from wherever they were kept */
  verdict(checkpoints: readonly Checkpoint[]): Verdict {
    const { size } = this.#edge;
    const own = this.hashes();
    const heads = checkpoints.toSorted((one, other) => one.size - other.size);
    let proved = 0;
    for (const [place, head] of heads.entries()) {
      const next = heads[place + 1];
      if (next?.size === head.size && !sameBytes(next.root, head.root))
        this.#find({ what: 'forked', seq: head.size });
      if (head.size > size) {
        this.#find({ what: 'short', seq: size });
        break;
      }
      if (!sameBytes(rootOf(own, head.size), head.root)) {
        this.#find({ what: 'broken', ...this.#firstBroken(own, head, proved) });
        break;
      }
      proved = head.size;
    }
    if (this.#findings.length === 0) {
      this.#compareTiles();
      if (proved < size) this.#find({ what: 'unproved', seq: proved });
    }
    return { entries: size, proved, root: this.#edge.root(), findings: this.#findings };
  }

  #tiles(): Tiles {
    const edge = this.#edge.tiles();
    return new Map([
      ...this.#full,
      ...edge.map(({ level, index, hashes }) => [`${level}/${index}`, hashes] as const),
    ]);
  }

  /**
   * Down from the head: a kept tile that hashes to what stands above it is the one that was signed, and the first of
   * its hashes that the entries do not have leads on to the entry.
   */
  #firstBroken(own: Hashes, head: Checkpoint, sound: number): { seq: number; until?: number } {
    const kept = hashesIn(this.#kept);
    const differs = ({ level, index }: Subtree) => !sameBytes(own(level, index), kept(level, index));
    let within = { seq: sound, until: head.size };
    try {
      if (!sameBytes(rootOf(kept, head.size), head.root)) return within;
      let broken = peaksOf(head.size).find(differs);
      while (broken !== undefined && broken.level > 0) {
        const { level, index } = broken;
        const span = tileWidth ** level;
        within = { seq: Math.max(sound, index * span), until: (index + 1) * span };
        const below = tileBelow(broken);
        const isSigned = sameBytes(
          foldHashes(below.map((each) => kept(each.level, each.index))),
          kept(level, index),
        );
        if (!isSigned) return within;
        broken = below.find(differs);
      }
      return broken === undefined ? within : { seq: broken.index };
    } catch (error) {
      // A tile is not there.
      if (error instanceof RangeError) return within;
      throw error;
    }
  }

  #compareTiles(): void {
    const own = this.#tiles();
    for (const [name, hashes] of this.#kept) {
      const wanted = own.get(name)?.subarray(0, hashes.length);
      const [level = 0, index = 0] = name.split('/').map(Number);
      if (wanted === undefined || !sameBytes(wanted, hashes))
        this.#find({ what: 'tiles', seq: index * tileWidth ** (level + 1) });
    }
  }

  /** The first of each kind is where to look; a thousand that follow from it say no more. */
  #find(finding: Finding): void {
    if (!this.#findings.some(({ what }) => what === finding.what)) this.#findings.push(finding);
  }
}

/** A hash of the tree: of `256 ** level` entries. */
type Subtree = { level: number; index: number };

function hashesIn(tiles: Tiles): Hashes {
  return hashesOf((level, index) => tiles.get(`${level}/${index}`));
}

/** The complete subtrees of which a tree of this size is made, from the first entry on. */
function peaksOf(size: number): Subtree[] {
  const edge = tilesIn(size).filter(
    ({ level, index }) => index === Math.floor(size / tileWidth ** (level + 1)),
  );
  return edge.toReversed().flatMap(({ level, index, width }) => hashesWithin(level, index, width));
}

function tileBelow({ level, index }: Subtree): Subtree[] {
  return hashesWithin(level - 1, index, tileWidth);
}

function hashesWithin(level: number, tile: number, width: number): Subtree[] {
  return Array.from({ length: width }, (_, place) => ({ level, index: tile * tileWidth + place }));
}
