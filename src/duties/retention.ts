/**
 * What is kept no longer than it has to be: conversations whose time is over and that nobody woke meanwhile. Each erases
 * itself, by its own truth; this only asks.
 */
import { conversationOf } from '../chat/conversation.ts';
import { conversationsBefore } from '../chat/directory.ts';
import { listSites } from '../chat/sites.ts';
import type { Env } from '../config.ts';
import { logFault } from '../log.ts';
import { beginRun, type Portion } from './runs.ts';

const day = 86_400_000;
/** Each costs a few requests, of which a portion has 1,000. */
const askedAtOnce = 100;

/** Asks every conversation whose time may be over, once a day. */
export async function expireAll(env: Env, now: number): Promise<void> {
  await beginRun(env, 'retention', `retention-${new Date(now).toISOString().slice(0, 10)}`, now);
}

/** Goes from site to site, and through each by the order of ids. Its place is the site's and the last conversation's. */
export const expirePortion: Portion = async (env, _, place) => {
  const [current = '', after = ''] = place?.split(' ') ?? [];
  const sites = (await listSites(env)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const site = sites.find(({ id }) => id >= current);
  if (site === undefined) return { place: null, done: 0 };
  const { id, settings } = site;
  const before = settings.keptDays === null ? null : Date.now() - settings.keptDays * day;
  const ids =
    before === null
      ? []
      : await conversationsBefore(env, id, before, id === current ? after : '', askedAtOnce);
  const outcomes = await Promise.allSettled(ids.map((each) => conversationOf(env, each).expire()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') logFault('retention', outcome.reason);
  const done = outcomes.filter((each) => each.status === 'fulfilled' && each.value).length;
  const last = ids.at(-1);
  // Behind a site's last conversation comes the next site: `~` is behind every id.
  return { place: last === undefined ? `${id}~` : `${id} ${last}`, done };
};
