/** What the ledger could not be told when it was done. It waits in the database, and is entered when the ledger wakes up. */
import * as v from 'valibot';
import type { Env } from '../config.ts';
import { type Entry, leafBytes, leafText } from '../protocol/ledger-proof.ts';
import { type Late, LedgerTable } from './store.ts';
import type { Told } from './telling.ts';

/** Nothing was done of it after all. */
export async function forgetLate(env: Env, id: Told['id']): Promise<void> {
  await new LedgerTable(env.DB).dropLate([id]);
}

/** What is personal about it is not kept: here it would not be sealed. */
export async function tellLate(env: Env, told: Told): Promise<void> {
  await new LedgerTable(env.DB).keepLate(told);
}

/** A bundle of the archive can say no more than 65,535 bytes of one leaf, and something may be added to it. */
const longestLeaf = 60_000;
/** The last moment that a date can say. */
const lastTime = 8_640_000_000_000_000;
const fact = v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(v.string())]);
const entry = v.strictObject({
  id: v.pipe(v.string(), v.uuid()),
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(lastTime)),
  actor: v.nullable(v.string()),
  session: v.exactOptional(v.string()),
  action: v.string(),
  object: v.exactOptional(v.string()),
  subject: v.exactOptional(v.string()),
  outcome: v.picklist(['done', 'refused', 'failed', 'unknown']),
  facts: v.exactOptional(v.record(v.string(), fact)),
});

/** Undefined: `tellLate` has not written this row, and behind it no other entry could be written any more. */
export function entryLate(row: Late): Entry | undefined {
  try {
    const read = v.parse(entry, JSON.parse(row.entry));
    const isFit = leafBytes(leafText(read)).length <= longestLeaf;
    return isFit && read.id === row.id ? read : undefined;
  } catch {
    return undefined;
  }
}
