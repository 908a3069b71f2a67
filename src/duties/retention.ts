/**
 * What is kept no longer than it has to be: conversations whose time is over and that nobody woke meanwhile. Each erases
 * itself, by its own truth; this only asks.
 */
import type { Env } from '../config.ts';
import { conversationOf } from '../chat/conversation.ts';
import { conversationsBefore } from '../chat/directory.ts';
import { listSites } from '../chat/sites.ts';
import { logFault } from '../log.ts';

const day = 86_400_000;
const page = 100;
/** How many are asked in one night: each costs a few requests, of which a Worker has 10,000. */
const mostAsked = 1_500;
const askedAtOnce = 10;

/** Asks every conversation whose time may be over. What there is not enough of a night for comes with the next. */
export async function sweep(env: Env, now: number): Promise<void> {
  let asked = 0;
  for (const { id, settings } of await listSites(env)) {
    if (settings.keptDays === null) continue;
    for await (const ids of conversationsBefore(env, id, now - settings.keptDays * day, page)) {
      for (let from = 0; from < ids.length; from += askedAtOnce) {
        const some = ids.slice(from, from + askedAtOnce);
        const outcomes = await Promise.allSettled(some.map((each) => conversationOf(env, each).expire()));
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') logFault('retention', outcome.reason);
      }
      asked += ids.length;
      if (asked >= mostAsked) return;
    }
  }
}
