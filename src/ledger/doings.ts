/** What somebody did between two times, from the database and the archive: every entry, once, in the order of the ledger. */
import type { Env } from '../config.ts';
import { lifetimes } from '../protocol/limits.ts';
import { type Entry, readLeaf, tileWidth } from '../protocol/ledger-proof.ts';
import { Refusal } from '../protocol/refusals.ts';
import { LedgerTable, type Row, type Span, TileBucket } from './store.ts';

const rowsAtOnce = 1_000;
const bundlesAtOnce = 6;
/** Two million entries: each bundle is a request, of which 10,000 are allowed for one answer. */
const mostBundles = 8_000;

/** By how much clocks differ at the most. */
const disorder = 60 * 60_000;

/**
 * `at`: from the first to the last moment, both of them in it.
 * @param most so many bundles of the archive are looked through
 * @throws {Refusal} invalid: there are more
 */
export async function* doingsOf(
  env: Env,
  actor: string,
  { from, to }: Span,
  most = mostBundles,
): AsyncGenerator<Entry[]> {
  const table = new LedgerTable(env.DB);
  const isWanted = (entry: Entry) => entry.actor === actor && entry.at >= from && entry.at <= to;
  // Whom an entry does not name, it is not of, and most name somebody else.
  const read = (leaves: readonly string[]) =>
    leaves.flatMap((leaf) => (leaf.includes(actor) ? (readLeaf(leaf) ?? []) : [])).filter(isWanted);
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
  const before = from < Date.now() - lifetimes.ledgerAtHand ? await table.archived() : 0;
  for await (const { first, leaves } of archived(env, { from, before }, most))
    yield read(leaves.filter((_, place) => !seen.has(first + place)));
  for (const rows of there) yield read(rows.map(({ leaf }) => leaf));
}

/**
 * What was entered late can stand anywhere behind its time, so that all of the archive from then on is looked through.
 * `before`: so many entries are in it.
 */
async function* archived(
  env: Env,
  { from, before }: { from: number; before: number },
  most: number,
): AsyncGenerator<{ first: number; leaves: string[] }> {
  if (before === 0) return;
  const bucket = new TileBucket(env.LEDGER);
  const begins = Math.floor((await bucket.sizeBefore(from - disorder)) / tileWidth);
  const bundles = Math.ceil(before / tileWidth);
  if (bundles - begins > most)
    throw new Refusal('invalid', 'from: so much of the archive is not looked through at once; begin later');
  for (let first = begins; first < bundles; first += bundlesAtOnce) {
    const indexes = Array.from({ length: Math.min(bundlesAtOnce, bundles - first) }, (_, n) => first + n);
    const read = await Promise.all(indexes.map((index) => bucket.getLeaves(index)));
    for (const [n, leaves] of read.entries()) {
      if (leaves === undefined) throw new Error(`bundle ${first + n} of the ledger is not in the archive`);
      yield { first: (first + n) * tileWidth, leaves };
    }
  }
}
