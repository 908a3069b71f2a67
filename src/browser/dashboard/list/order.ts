/** Which conversations each list shows, and in which order. Times are the server's. */
import type { InboxEntry } from '../../../protocol/frames.ts';
import { isSnoozed } from './attention.ts';

export const filters = ['mine', 'waiting', 'all'] as const;
export type Filter = (typeof filters)[number];

export function listed(
  filter: Filter,
  entries: readonly InboxEntry[],
  me: string,
  now: number,
): InboxEntry[] {
  return entries.filter((entry) => belongs(filter, entry, me, now)).sort(orders[filter](now));
}

/** What is put off waits for nobody until then, but stays among one's own. */
export function belongs(filter: Filter, entry: InboxEntry, me: string, now: number): boolean {
  switch (filter) {
    case 'mine':
      return entry.state === 'claimed' && entry.assignee === me;
    case 'waiting':
      return entry.state === 'waiting' && !isSnoozed(entry, now);
    case 'all':
      return true;
  }
}

type Order = (a: InboxEntry, b: InboxEntry) => number;
const orders: Record<Filter, (now: number) => Order> = {
  mine: (now) => (a, b) => {
    const put = Number(isSnoozed(a, now)) - Number(isSnoozed(b, now));
    return put === 0 ? longestWaitFirst(a, b) : put;
  },
  waiting: () => longestWaitFirst,
  all: () => (a, b) => b.changedAt - a.changedAt || byId(a, b),
};

/** Those where nobody waits for us come last, the newest change first. */
function longestWaitFirst(a: InboxEntry, b: InboxEntry): number {
  if (a.waitingSince !== null && b.waitingSince !== null)
    return a.waitingSince - b.waitingSince || byId(a, b);
  if (a.waitingSince === null && b.waitingSince === null) return b.changedAt - a.changedAt || byId(a, b);
  return a.waitingSince === null ? 1 : -1;
}

/** Nothing swaps places only because a list came anew. */
function byId(a: InboxEntry, b: InboxEntry): number {
  return a.id < b.id ? -1 : 1;
}
