/** What somebody did between two times, from the database and the archive: every entry, once, in the order of the ledger. */
import type { Env } from '../config.ts';
import { lifetimes } from '../protocol/limits.ts';
import { type Entry, readLeaf, tileWidth } from '../protocol/ledger-proof.ts';
import { LedgerTable, type Row, type Span, TileBucket } from './store.ts';

const rowsAtOnce = 1_000;
const bundlesAtOnce = 6;

/** `at`: from the first to the last moment, both of them in it. */
export async function* doingsOf(env: Env, actor: string, { from, to }: Span): AsyncGenerator<Entry[]> {
  const table = new LedgerTable(env.DB);
  const isWanted = (entry: Entry) => entry.actor === actor && entry.at >= from && entry.at <= to;
  const read = (rows: readonly Row[]) => rows.flatMap(({ leaf }) => readLeaf(leaf) ?? []).filter(isWanted);
  // The database first: what goes to the archive meanwhile is found there as well, and nothing is missed in between.
  const seen = new Set<number>();
  const there: Row[][] = [];
  for (let after = -1; ;) {
    const rows = await table.ofActor(actor, { from, to }, after, rowsAtOnce);
    there.push(rows);
    for (const { seq } of rows) seen.add(seq);
    const last = rows.at(-1);
    if (last === undefined || rows.length < rowsAtOnce) break;
    after = last.seq;
  }
  // Nothing in the archive was younger than this when it went there.
  const before = from < Date.now() - lifetimes.ledgerInDatabase ? await table.archived() : 0;
  for await (const rows of archived(env, before)) yield read(rows.filter(({ seq }) => !seen.has(seq)));
  for (const rows of there) yield read(rows);
}

/** What was entered late can stand anywhere behind its time, so that all of the archive is looked through. */
async function* archived(env: Env, before: number): AsyncGenerator<Row[]> {
  const bucket = new TileBucket(env.LEDGER);
  const bundles = Math.ceil(before / tileWidth);
  for (let first = 0; first < bundles; first += bundlesAtOnce) {
    const indexes = Array.from({ length: Math.min(bundlesAtOnce, bundles - first) }, (_, n) => first + n);
    const read = await Promise.all(indexes.map((index) => bucket.getBundle(index)));
    for (const [n, rows] of read.entries()) {
      if (rows === undefined) throw new Error(`bundle ${first + n} of the ledger is not in the archive`);
      yield rows;
    }
  }
}
