/** What the ledger could not be told when it was done. It waits in the database, and is entered when the ledger wakes up. */
import type { Env } from '../config.ts';
import { LedgerTable } from './store.ts';
import type { Told } from './telling.ts';

/** What is personal about it is not kept: here it would not be sealed. */
export async function tellLate(env: Env, told: Told): Promise<void> {
  await new LedgerTable(env.DB).keepLate(told);
}
