/**
 * What is kept no longer than it has to be, kind after kind, once a day: conversations whose time is over and that nobody
 * woke meanwhile, customers of whom nothing else is left, and what is personal in the ledger. What each day has deleted is
 * told from the register of what was erased.
 */
import { conversationOf } from '../chat/conversation.ts';
import { conversationsBefore } from '../chat/directory.ts';
import { type KnownSite, listSites } from '../chat/sites.ts';
import type { Env } from '../config.ts';
import { logFault } from '../log.ts';
import { watchOf } from './alarms.ts';
import { expireDetails } from './retention/details.ts';
import { enterDay } from './retention/report.ts';
import { expireVisitors } from './retention/visitors.ts';
import { beginRun, type Portion } from './runs.ts';

export { countVisitorsOver } from './retention/visitors.ts';

const day = 86_400_000;
/** Each costs a few requests, of which a portion has 1,000. */
const askedAtOnce = 100;
/** In days: the sweep of more than one night has tried it. */
const mostLate = 2;

export async function expireAll(env: Env, now: number): Promise<void> {
  await beginRun(env, 'retention', `retention-${new Date(now).toISOString().slice(0, 10)}`, now);
}

/** One stretch of a kind. `place`: where the next one begins; null: that is all. */
type Stretch = { place: string | null; done: number };

/**
 * Conversations of one site after another, each by the order of ids; then customers in the same way; then the ledger's
 * details; then the report. Its place names the kind, but for conversations, and goes on with a site's and the last id.
 */
export const expirePortion: Portion = async (env, run, place) => {
  const [kind, ...rest] = place?.split(' ') ?? [''];
  if (kind === 'visitors') return then('details', await perSite(env, rest, expireVisitors), 'visitors ');
  if (kind === 'details') return then('report', await expireDetails(env, rest), 'details ');
  if (kind === 'report') {
    await enterDay(env, run);
    return { place: null, done: 0 };
  }
  return then('visitors', await perSite(env, place?.split(' ') ?? [], expireConversations), '');
};

/** Goes on with this kind, or where nothing is left of it with the next. */
function then(next: string, { place, done }: Stretch, prefix: string): Stretch {
  return { place: place === null ? next : `${prefix}${place}`, done };
}

/** @returns the last id that was looked at; undefined: the site has no more */
type OfSite = (
  env: Env,
  site: KnownSite,
  after: string,
) => Promise<{ last: string | undefined; done: number }>;

async function perSite(env: Env, [current = '', after = '']: string[], expire: OfSite): Promise<Stretch> {
  const sites = (await listSites(env)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const site = sites.find(({ id }) => id >= current);
  if (site === undefined) return { place: null, done: 0 };
  const { last, done } = await expire(env, site, site.id === current ? after : '');
  // Behind a site's last one comes the next site: `~` is behind every id.
  return { place: last === undefined ? `${site.id}~` : `${site.id} ${last}`, done };
}

/** Each erases itself, by its own truth; this only asks. */
const expireConversations: OfSite = async (env, { id, settings: { keptDays } }, after) => {
  if (keptDays === null) return { last: undefined, done: 0 };
  const now = Date.now();
  const over = (days: number) => conversationsBefore(env, id, now - days * day, after, askedAtOnce);
  const ids = await over(keptDays);
  const outcomes = await Promise.allSettled(ids.map((each) => conversationOf(env, each).expire()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') logFault('retention', outcome.reason);
  const failed = new Set(ids.filter((_, n) => outcomes[n]?.status === 'rejected'));
  if (failed.size > 0)
    await tellOfLate(env, (await over(keptDays + mostLate)).filter((each) => failed.has(each)).length);
  const done = outcomes.filter((each) => each.status === 'fulfilled' && each.value).length;
  return { last: ids.at(-1), done };
};

/** What fails once may do next night. What did not then is more than the log's affair. */
async function tellOfLate(env: Env, conversations: number): Promise<void> {
  if (conversations === 0) return;
  await watchOf(env).raise({ rule: 'retention.late', about: null, facts: { conversations } });
}
