/** Everybody on staff comes back under the rules of now. */
import type { Env } from '../config.ts';
import { accountOf } from './account.ts';
import { StaffDirectory } from './staff.ts';

/**
 * Everybody's open sockets close, and whoever still may comes back under the rules of now: so nothing has to be kept
 * of where anybody sits. An account that can't be reached lets its sockets run out.
 */
export async function callEverybodyBack(env: Env): Promise<void> {
  const everybody = await new StaffDirectory(env).store.activeIds();
  await Promise.allSettled(everybody.map((id) => accountOf(env, id).callBack()));
}
