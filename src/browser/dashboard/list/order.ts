/** Which conversations each list shows, and in which order. */
import type { InboxEntry } from '../../../protocol/frames.ts';

export const filters = ['mine', 'waiting', 'all'] as const;
export type Filter = (typeof filters)[number];

export function listed(filter: Filter, entries: readonly InboxEntry[], me: string): InboxEntry[] {
  switch (filter) {
    case 'mine':
      return entries
        .filter((entry) => entry.state !== 'closed' && entry.assignee === me)
        .sort(longestWaitFirst);
    case 'waiting':
      return entries.filter((entry) => entry.state === 'waiting').sort(longestWaitFirst);
    case 'all':
      return [...entries].sort((a, b) => b.changedAt - a.changedAt);
  }
}

/** Those where nobody waits for us come last, the newest change first. */
function longestWaitFirst(a: InboxEntry, b: InboxEntry): number {
  if (a.waitingSince !== null && b.waitingSince !== null) return a.waitingSince - b.waitingSince;
  if (a.waitingSince === null && b.waitingSince === null) return b.changedAt - a.changedAt;
  return a.waitingSince === null ? 1 : -1;
}
