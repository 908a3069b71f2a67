/** Where the ledger has something personal, by the months of its keys. */
import type { Env } from '../config.ts';
import { type KeyPlace, LedgerTable } from './store.ts';

/** Of months before this one, in order, behind this place: whose and of which month. */
export function detailsBefore(env: Env, month: string, after: KeyPlace, limit: number): Promise<KeyPlace[]> {
  return new LedgerTable(env.DB).keysBefore(month, after, limit);
}

/** Of any month, in order, behind this place. */
export function detailsAfter(env: Env, after: KeyPlace, limit: number): Promise<KeyPlace[]> {
  return new LedgerTable(env.DB).keysAfter(after, limit);
}

/** How many months of somebody may lie in the archive, where what is personal is not sealed anew. */
export async function archivedDetails(env: Env): Promise<number> {
  const table = new LedgerTable(env.DB);
  const month = await table.lastArchivedMonth();
  return month === undefined ? 0 : table.countKeys(month);
}
