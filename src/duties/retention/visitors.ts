/**
 * Customers of whom nothing is left but what was proved of them, and who were not seen for as long as their site keeps
 * that. They go as whoever asked for it does; bans of theirs end by themselves, and what the ledger has of them has a time
 * of its own.
 */
import type { KnownSite } from '../../chat/sites.ts';
import type { Env } from '../../config.ts';
import { logFault } from '../../log.ts';
import { forgetVisitorKeys, keepVisitorKey } from '../../people/visitor.ts';
import type { SiteId, VisitorId } from '../../protocol/ids.ts';
import { forgetCopiesOf } from '../copies.ts';
import { eraseWordsOf } from '../requests.ts';
import { RetentionStore } from './store.ts';

const day = 86_400_000;
/** Each costs some ten requests, of which a portion has 1,000. */
const erasedAtOnce = 40;

/** How many so many days would erase with the next night. */
export function countVisitorsOver(env: Env, site: SiteId, visitorDays: number, now: number): Promise<number> {
  return new RetentionStore(env.DB).countVisitorsOver(site, lastSeenBefore(visitorDays, now));
}

/** That somebody was seen is written down once a day. */
function lastSeenBefore(visitorDays: number, now: number): number {
  return now - (visitorDays + 1) * day;
}

export async function expireVisitors(
  env: Env,
  { id: site, settings: { visitorDays } }: KnownSite,
  after: string,
): Promise<{ last: string | undefined; done: number }> {
  if (visitorDays === null) return { last: undefined, done: 0 };
  const now = Date.now();
  const seenBefore = lastSeenBefore(visitorDays, now);
  const ids = await new RetentionStore(env.DB).visitorsOver(site, seenBefore, after, erasedAtOnce);
  const outcomes = await Promise.allSettled(
    ids.map((id) => expireVisitor(env, { id, site, seenBefore }, now)),
  );
  for (const each of outcomes) if (each.status === 'rejected') logFault('retention.visitor', each.reason);
  return {
    last: ids.at(-1),
    done: outcomes.filter((each) => each.status === 'fulfilled' && each.value).length,
  };
}

type Over = { id: VisitorId; site: SiteId; seenBefore: number };

/** The keys go first, and last the row, by which they are found again if this is cut off. */
async function expireVisitor(env: Env, { id, site, seenBefore }: Over, now: number): Promise<boolean> {
  await forgetVisitorKeys(env, id);
  await forgetCopiesOf(env, id);
  await eraseWordsOf(env, id);
  if (await new RetentionStore(env.DB).eraseVisitor(id, site, seenBefore, now)) return true;
  await keepVisitorKey(env, id);
  return false;
}
