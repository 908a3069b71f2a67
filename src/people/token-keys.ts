/** The keys that sign tokens: made anew in time, and thrown away once no living token needs them (rule S21). */
import { lifetimes } from '../protocol/limits.ts';
import { REFRESH_MS, type ServiceKeyInfo, type Vault } from '../vault.ts';
import { longestToken } from './tokens.ts';

/** Other isolates sign with a key for a while after it was retired, and clocks differ a little. */
const margin = 5 * REFRESH_MS;

/** True if there is a new key. */
export async function seeToTokenKeys(vault: Vault, now: number): Promise<boolean> {
  await vault.refresh(now);
  for (const { id } of needless(tokenKeys(vault), now)) await vault.discard(id, now);
  const newest = tokenKeys(vault).at(-1);
  if (newest === undefined || now - newest.createdAt < lifetimes.tokenKey) return false;
  await vault.renew('token', now);
  return true;
}

/** Oldest first. */
function tokenKeys(vault: Vault): ServiceKeyInfo[] {
  return vault.list().filter(({ purpose }) => purpose === 'token');
}

/** A key was retired by the time at which the next one was made, and what it had signed has died since. */
function needless(keys: readonly ServiceKeyInfo[], now: number): ServiceKeyInfo[] {
  return keys.filter((_, index) => {
    const next = keys[index + 1];
    return next !== undefined && now - next.createdAt > longestToken + margin;
  });
}
