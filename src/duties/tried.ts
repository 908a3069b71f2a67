/** Backups that open nowhere but where an OpenPGP key is, and so are put back by hand: whether somebody has, of late. */
import type { Env } from '../config.ts';
import { ledgerOf } from '../ledger.ts';
import { logFault } from '../log.ts';
import type { BackupsAnswer } from '../protocol/backups.ts';
import { isTryDue } from './tried/rules.ts';
import { TriedStore } from './tried/store.ts';

/** What can't be opened here is put back by hand: on which day it was last, and whether it should be again. */
export async function handStanding(
  env: Env,
  now: number,
): Promise<Pick<BackupsAnswer, 'tried' | 'isTryDue'>> {
  const store = new TriedStore(env.DB);
  const since = await store.sealedSince();
  // What somebody has noted just now the ledger may not have told the database yet.
  if (since !== undefined)
    await ledgerOf(env)
      .checkpoint()
      .catch((error: unknown) => logFault('backup.tried', error));
  const tried = await store.lastTried();
  const at = tried === undefined ? undefined : Date.parse(tried);
  return { tried: tried ?? null, isTryDue: isTryDue(at, since, now) };
}
