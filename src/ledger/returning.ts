/** A ledger that is put back from a backup, outside of its writer: its rows, and what lies in the archive. */
import type { Env } from '../config.ts';
import { LedgerTable, type Row, TileBucket } from './store.ts';

export type LedgerRow = Row;

/** What D1 writes in one statement. */
const rowsAtOnce = 200;

/** Puts rows into the database; those that are there stay. @throws if another entry stands in the place of one */
export async function putLedgerRows(env: Env, rows: readonly Row[]): Promise<void> {
  const table = new LedgerTable(env.DB);
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    const some = rows.slice(at, at + rowsAtOnce);
    const there = await table.add(some);
    for (const { seq, leaf } of some)
      if (there.get(seq) !== leaf) throw new Error(`entry ${seq} stands in the database as another one`);
  }
}

/** The 256 entries of a bundle in the archive; undefined: it is not there. */
export function archivedBundle(env: Env, index: number): Promise<Row[] | undefined> {
  return new TileBucket(env.LEDGER).getBundle(index);
}
