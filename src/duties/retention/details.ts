/**
 * What is personal in the ledger (from where and by what somebody signed in, why somebody looked), for as long as the
 * organisation keeps it. Its keys go, month by month; entries and what they prove stay.
 */
import { heldAmong } from '../../chat/directory.ts';
import type { Env } from '../../config.ts';
import { detailsBefore, ledgerOf } from '../../ledger.ts';
import { organisationOf } from '../../people/organisation.ts';
import { restrictedAmong } from '../../people/restrictions.ts';
import { isId, type VisitorId } from '../../protocol/ids.ts';
import { monthOf } from '../../vault.ts';
import { mayBeHeld } from '../privacy.ts';
import { RetentionStore } from './store.ts';

const day = 86_400_000;
const lookedAtOnce = 50;
/** Conversations of customers among them that are asked whether they are held; a portion has 1,000 requests. */
const askedAtOnce = 500;

/** What lies before this month is over when its last moment is. */
export function detailsOverBefore(ledgerDetailsDays: number, now: number): string {
  return monthOf(now - ledgerDetailsDays * day);
}

/** Of how many people there is something of months before this one that nothing keeps. */
export function countDetailsOver(env: Env, before: string): Promise<number> {
  return new RetentionStore(env.DB).countDetailsOver(before);
}

/**
 * A stretch of them, by whose they are and month.
 * @param place the last of the stretch before; behind it whose conversations were being asked then, and the last of those
 */
export async function expireDetails(
  env: Env,
  [owner = '', month = '', whose = '', asked = '']: readonly string[],
): Promise<{ place: string | null; done: number }> {
  const now = Date.now();
  const { ledgerDetailsDays } = await organisationOf(env, 'now');
  const before = detailsOverBefore(ledgerDetailsDays, now);
  const all = await detailsBefore(env, before, { owner, month }, lookedAtOnce);
  if (all.length === 0) return { place: null, done: 0 };
  const byOwner = [...Map.groupBy(all, (place) => place.owner)];
  const known = await keptAmong(
    env,
    byOwner.map(([each]) => each),
  );
  const over: typeof all = [];
  let [left, at, goesOn] = [askedAtOnce, `${owner} ${month}`, ''];
  for (const [each, places] of byOwner) {
    if (isId('visitor', each) && !known.has(each)) {
      const answer = await mayBeHeld(env, each, each === whose ? asked : '', left);
      left -= answer.asked;
      if ('next' in answer) {
        goesOn = ` ${each} ${answer.next}`;
        break;
      }
      if (!answer.mayBeHeld) over.push(...places);
    } else if (!known.has(each)) over.push(...places);
    const last = places.at(-1);
    if (last !== undefined) at = `${last.owner} ${last.month}`;
  }
  const done = await destroy(env, over, now);
  return { place: `${at}${goesOn}`, done };
}

/** What came to be kept while others were asked stays. */
async function destroy(
  env: Env,
  wished: Awaited<ReturnType<typeof detailsBefore>>,
  now: number,
): Promise<number> {
  const kept = await keptAmong(env, [...new Set(wished.map(({ owner }) => owner))]);
  const over = wished.filter(({ owner }) => !kept.has(owner));
  if (over.length === 0) return 0;
  await new RetentionStore(env.DB).registerDetails(
    over.map((place) => `${place.owner}/${place.month}`),
    now,
  );
  await ledgerOf(env).forgetMonths(over);
  return over.length;
}

/** A legal hold or a restriction keeps what the ledger has of a customer too. */
async function keptAmong(env: Env, owners: readonly string[]): Promise<Set<string>> {
  const visitors = owners.filter((each): each is VisitorId => isId('visitor', each));
  if (visitors.length === 0) return new Set();
  return (await heldAmong(env, visitors)).union(await restrictedAmong(env, visitors));
}
