/**
 * What is kept no longer than it has to be, kind after kind, once a day: conversations and files whose time is over and that
 * nobody woke meanwhile, customers of whom nothing else is left, and what is personal in the ledger. What each day has
 * deleted is told from the register of what was erased.
 */
import { conversationOf } from '../chat/conversation.ts';
import { conversationsBefore, conversationsNotSaying, conversationsWithFilesDue } from '../chat/directory.ts';
import { type KnownSite, listSites } from '../chat/sites.ts';
import type { Env } from '../config.ts';
import { logFault, settled } from '../log.ts';
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

/** One stretch of a stage. `place`: where its next one begins; null: that is all. */
type Stretch = { place: string | null; done: number };
type Stage = (env: Env, place: readonly string[], run: string) => Promise<Stretch>;

/** In their order. What goes through sites takes one after another, and in each goes by the order of ids. */
const stages: Readonly<Record<string, Stage>> = {
  lines: tellLines,
  conversations: (env, place) => perSite(env, place, expireConversations),
  files: expireFiles,
  visitors: (env, place) => perSite(env, place, expireVisitors),
  details: expireDetails,
  report: async (env, _, run) => {
    await enterDay(env, run);
    return { place: null, done: 0 };
  },
};
const names = Object.keys(stages);

/** Its place names the stage, and goes on with the stage's own. */
export const expirePortion: Portion = async (env, run, from) => {
  const [known = '', ...rest] = from?.split(' ') ?? [];
  const name = known in stages ? known : 'lines';
  const { place, done } = await (stages[name] ?? tellLines)(env, name === known ? rest : [], run);
  if (place !== null) return { place: `${name} ${place}`, done };
  return { place: names[names.indexOf(name) + 1] ?? null, done };
};

/** Of lines that do not say whether anything keeps their conversation, it is asked to tell them anew. */
async function tellLines(env: Env, [after = '']: readonly string[]): Promise<Stretch> {
  const ids = await conversationsNotSaying(env, after, askedAtOnce);
  await settled('retention.line', ids, (id) => conversationOf(env, id).retell());
  return { place: ids.at(-1) ?? null, done: 0 };
}

/** @returns the last id that was looked at; undefined: the site has no more */
type OfSite = (
  env: Env,
  site: KnownSite,
  after: string,
) => Promise<{ last: string | undefined; done: number }>;

async function perSite(
  env: Env,
  [current = '', after = '']: readonly string[],
  expire: OfSite,
): Promise<Stretch> {
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
  if (failed.size > 0) {
    const late = await over(keptDays + mostLate);
    await tellOfLate(env, 'conversations', late.filter((each) => failed.has(each)).length);
  }
  const done = outcomes.filter((each) => each.status === 'fulfilled' && each.value).length;
  return { last: ids.at(-1), done };
};

/** The alarms of their conversations see to files; this finds those whose alarm was lost. */
async function expireFiles(env: Env, [after = '']: readonly string[]): Promise<Stretch> {
  const now = Date.now();
  const ids = await conversationsWithFilesDue(env, now, after, askedAtOnce);
  await settled('retention.files', ids, (id) => conversationOf(env, id).seeToFiles());
  const late = await conversationsWithFilesDue(env, now - mostLate * day, after, askedAtOnce);
  await tellOfLate(env, 'files', late.filter((id) => ids.includes(id)).length);
  return { place: ids.at(-1) ?? null, done: 0 };
}

/** What fails once may do next night. What did not then is more than the log's affair. */
async function tellOfLate(env: Env, what: 'conversations' | 'files', count: number): Promise<void> {
  if (count === 0) return;
  await watchOf(env).raise({ rule: 'retention.late', about: null, facts: { [what]: count } });
}
