/**
 * The scratch space of a drill: tables as the database has them today, and the tree of a ledger. One object and not a second
 * database, so that nobody has to create and migrate one, and so that it throws itself away whatever becomes of the drill.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { Edge, leafBytes, leafHash, type Tile, toBase64 } from '../../protocol/ledger-proof.ts';
import type { Order } from './rows.ts';

type Cells = Record<string, SqlStorageValue>;

export class Scratch extends DurableObject<Env> {
  /** Begins with nothing but these tables. @param until it is thrown away then, at the latest */
  async begin(run: string, schema: readonly string[], until: number): Promise<void> {
    if (this.#run() === run) return;
    await this.ctx.storage.deleteAll();
    await this.ctx.storage.setAlarm(until);
    this.ctx.storage.transactionSync(() => {
      for (const sql of schema) this.ctx.storage.sql.exec(sql);
      this.ctx.storage.sql.exec(
        'CREATE TABLE scratch (run TEXT NOT NULL, size INTEGER NOT NULL, tiles TEXT NOT NULL)',
      );
      this.ctx.storage.sql.exec(`INSERT INTO scratch VALUES (?, 0, '[]')`, run);
    });
  }

  execute(run: string, orders: readonly Order[]): void {
    this.#need(run);
    this.ctx.storage.transactionSync(() => {
      for (const { sql, json } of orders) this.ctx.storage.sql.exec(sql, json);
    });
  }

  query(run: string, { sql, json }: Order): Cells[] {
    this.#need(run);
    return this.ctx.storage.sql.exec<Cells>(sql, json).toArray();
  }

  /** The tree grows by these leaves, which stand behind this place; those that are in it stay. */
  grow(run: string, from: number, leaves: readonly string[]): { size: number; root: string } {
    this.#need(run);
    const { size, tiles } = this.ctx.storage.sql
      .exec<{ size: number; tiles: string }>('SELECT size, tiles FROM scratch')
      .one();
    if (size < from) throw new RangeError(`entries from ${size} on are missing`);
    const written = JSON.parse(tiles) as (Omit<Tile, 'hashes'> & { hashes: string })[];
    const edge = new Edge(
      size,
      written.map(({ hashes, ...place }) => ({ ...place, hashes: Uint8Array.fromBase64(hashes) })),
    );
    for (const leaf of leaves.slice(size - from)) edge.push(leafHash(leafBytes(leaf)));
    const anew = edge.tiles().map(({ hashes, ...place }) => ({ ...place, hashes: toBase64(hashes) }));
    this.ctx.storage.sql.exec('UPDATE scratch SET size = ?, tiles = ?', edge.size, JSON.stringify(anew));
    return { size: edge.size, root: toBase64(edge.root()) };
  }

  /** False: it has thrown itself away, or is another one's by now. */
  isThere(run: string): boolean {
    return this.#run() === run;
  }

  async end(run: string): Promise<void> {
    if (this.#run() === run) await this.ctx.storage.deleteAll();
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  #run(): string | undefined {
    const { sql } = this.ctx.storage;
    if (sql.exec(`SELECT 1 FROM sqlite_master WHERE name = 'scratch'`).toArray().length === 0)
      return undefined;
    return sql.exec<{ run: string }>('SELECT run FROM scratch').one().run;
  }

  #need(run: string): void {
    if (this.#run() !== run) throw new Error('the scratch space of this drill is gone');
  }
}
