/** What the ledger could not be told when it was done. It waits in the database, and is entered when the ledger wakes up. */
import type { Env } from '../config.ts';
import { LedgerTable } from './store.ts';
import type { Told } from './telling.ts';

/** Nothing was done of it after all. */
export async function forgetLate(env: Env, id: Told['id']): Promise<void> {
  await new LedgerTable(env.DB).dropLate([{ id }]);
}

/** What is personal about it is not kept: here it would not be sealed. */
export async function tellLate(env: Env, told: Told): Promise<void> {
  await new LedgerTable(env.DB).keepLate(told);
}
