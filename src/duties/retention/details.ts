/**
 * What is personal in the ledger (from where and by what somebody signed in, why somebody looked), for as long as the
 * organisation keeps it. Its keys go, month by month; entries and what they prove stay.
 */
import type { Env } from '../../config.ts';
import { detailsBefore, ledgerOf } from '../../ledger.ts';
import { organisationOf } from '../../people/organisation.ts';
import { restrictionOf } from '../../people/restrictions.ts';
import { isId } from '../../protocol/ids.ts';
import { monthOf } from '../../vault.ts';
import { isHeld } from '../privacy.ts';
import { RetentionStore } from './store.ts';

const day = 86_400_000;
/** Of each customer among them some conversations are asked whether they are held; a portion has 1,000 requests. */
const lookedAtOnce = 50;

/** What lies before this month is over when its last moment is. */
export function detailsOverBefore(ledgerDetailsDays: number, now: number): string {
  return monthOf(now - ledgerDetailsDays * day);
}

export async function expireDetails(
  env: Env,
  [owner = '', month = '']: readonly string[],
): Promise<{ place: string | null; done: number }> {
  const now = Date.now();
  const { ledgerDetailsDays } = await organisationOf(env, 'now');
  const before = detailsOverBefore(ledgerDetailsDays, now);
  const all = await detailsBefore(env, before, { owner, month }, lookedAtOnce);
  const last = all.at(-1);
  if (last === undefined) return { place: null, done: 0 };
  const kept = new Set<string>();
  for (const each of new Set(all.map((place) => place.owner))) if (await isKept(env, each)) kept.add(each);
  const over = all.filter((place) => !kept.has(place.owner));
  await new RetentionStore(env.DB).registerDetails(
    over.map((place) => `${place.owner}/${place.month}`),
    now,
  );
  await ledgerOf(env).forgetMonths(over);
  return { place: `${last.owner} ${last.month}`, done: over.length };
}

/** A legal hold or a restriction keeps what the ledger has of a customer too. */
async function isKept(env: Env, owner: string): Promise<boolean> {
  if (!isId('visitor', owner)) return false;
  return (await restrictionOf(env, owner)) !== undefined || isHeld(env, owner);
}
