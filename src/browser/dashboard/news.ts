/** What an agent wants to be told of even while looking elsewhere. */
import { type ReadonlySignal, effect } from '@preact/signals';
import type { InboxEntry } from '../../protocol/frames.ts';
import type { Cancel } from '../connection.ts';

/** Somebody new waits, a colleague has handed a conversation over, or a customer wrote in one's own. */
export interface News {
  is: 'waiting' | 'given' | 'written';
  conversation: string;
}

interface Me {
  id: string;
  teams: readonly string[];
}

interface Seen {
  entries: ReadonlySignal<readonly InboxEntry[] | null>;
  complete: ReadonlySignal<boolean>;
  /** The teams whose inboxes these are; null until that is known. */
  teams: ReadonlySignal<readonly string[] | null>;
  me: ReadonlySignal<Me>;
}

/** What was there from the beginning is not new, nor is what comes into sight with another team. */
export function watchNews({ entries, complete, teams, me }: Seen, tell: (news: News) => void): Cancel {
  let before: ReadonlyMap<string, InboxEntry> | null = null;
  let attended = '';
  return effect(() => {
    if (entries.value === null || (before === null && !complete.value)) return;
    const after = new Map(entries.value.map((entry) => [entry.id as string, entry]));
    const attending = teams.value?.join() ?? '';
    const news = before === null || attending !== attended ? [] : newsBetween(before, after, me.value);
    before = after;
    attended = attending;
    for (const each of news) tell(each);
  });
}

/** What has come between two states of the list. Whoever sees all teams is called by their own alone. */
export function newsBetween(
  before: ReadonlyMap<string, InboxEntry>,
  after: ReadonlyMap<string, InboxEntry>,
  me: Me,
): News[] {
  const news: News[] = [];
  for (const [conversation, entry] of after) {
    const was = before.get(conversation);
    if (was === entry) continue;
    const is = newsOf(was, entry, me);
    if (is !== null) news.push({ is, conversation });
  }
  return news;
}

function newsOf(was: InboxEntry | undefined, entry: InboxEntry, me: Me): News['is'] | null {
  if (entry.state === 'waiting') {
    const known = was?.state === 'waiting' && was.team === entry.team;
    return known || !me.teams.includes(entry.team) ? null : 'waiting';
  }
  if (entry.state !== 'claimed' || entry.assignee !== me.id) return null;
  if (was?.state === 'claimed' && was.assignee !== me.id) return 'given';
  return was?.waitingSince === null && entry.waitingSince !== null ? 'written' : null;
}
