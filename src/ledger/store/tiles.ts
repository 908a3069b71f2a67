/** The ledger in R2. */
import { bundleOf, leafBytes, partsOf, type Tile, tilePath, tileWidth } from '../../protocol/ledger-proof.ts';
import type { Row } from './rows.ts';

/** As many days back are enough to say where a ledger was sound the last time. */
const checkpointsAtOnce = 400;
const kept = 'checkpoint/';

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

  /** What stands in a bundle in the clear, without what is sealed beside it. Undefined: it is in the database. */
  async getLeaves(index: number): Promise<string[] | undefined> {
    const leaves = await (await this.#bucket.get(tilePath('entries', index)))?.bytes();
    return leaves && partsOf(leaves).map((leaf) => new TextDecoder().decode(leaf));
  }

  /** Keeps a checkpoint for ever, by the size of its tree. */
  async keepCheckpoint(size: number, note: string): Promise<void> {
    await this.#bucket.put(`${kept}${String(size).padStart(16, '0')}`, note);
  }

  /** How many entries there were by then at least, as the checkpoints say that were kept before. Unix milliseconds. */
  async sizeBefore(time: number): Promise<number> {
    const there = await this.#kept();
    const earlier = there.filter(({ uploaded }) => uploaded.getTime() < time);
    return Math.max(0, ...earlier.map(({ key }) => Number(key.slice(kept.length))));
  }

  /** The newest of those that were kept, oldest first. */
  async checkpoints(): Promise<string[]> {
    const names = (await this.#kept()).map(({ key }) => key);
    const notes = names.slice(-checkpointsAtOnce).map(async (name) => (await this.#bucket.get(name))?.text());
    return (await Promise.all(notes)).filter((note) => note !== undefined);
  }

  async #kept(): Promise<R2Object[]> {
    const there: R2Object[] = [];
    for (let cursor: string | undefined, more = true; more;) {
      const page = await this.#bucket.list({ prefix: kept, ...(cursor !== undefined && { cursor }) });
      there.push(...page.objects);
      more = page.truncated;
      cursor = page.truncated ? page.cursor : undefined;
    }
    return there;
  }
}
