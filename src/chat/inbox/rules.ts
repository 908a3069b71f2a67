/** What an inbox decides, as pure functions: whose word counts, what it still keeps, who is there (I1 to I5). */
import type { InboxEntry, Presence } from '../../protocol/frames.ts';
import type { TeamId } from '../../protocol/ids.ts';
import { lifetimes } from '../../protocol/limits.ts';

/** What is known of a conversation already, and in or after which rebuild it was told. */
export type Known = { version: number; team: TeamId; rebuild: number };

/**
 * Does this telling change anything? An older version is late. While the inbox is rebuilt, a conversation's first
 * word counts whatever stood here; but not where it has left, for then it speaks to another inbox.
 */
export function counts(known: Known | undefined, version: number, own: TeamId, rebuild: number): boolean {
  if (known === undefined || version > known.version) return true;
  return known.team === own && known.rebuild < rebuild;
}

/** How long an inbox still shows what was closed, and remembers what has left. */
export const keptFor = 24 * 3_600_000;

export function isOver(entry: InboxEntry, own: TeamId, now: number): boolean {
  return (entry.state === 'closed' || entry.team !== own) && entry.changedAt <= now - keptFor;
}

/** A conversation's pace is how many messages were said in it within so long before the newest of them. */
export const paceWithin = 5 * 60_000;
/** Of more than so many it is not told apart how many. */
export const mostPaced = 200;

/**
 * How many of these messages were said within the last `paceWithin`: all of them if the newest came just now, fewer the
 * longer ago it came, as if they had come evenly.
 */
export function paceNow(pace: number, newestAt: number, now: number): number {
  const left = paceWithin - Math.max(0, now - newestAt);
  return left <= 0 ? 0 : (pace * left) / paceWithin;
}

/** What one socket says of its person, and its last sign of life in Unix milliseconds. */
export type Sign = { says: 'available' | 'away'; seenAt: number };

/** Where a person is, by all their sockets: one that is silent for too long counts for nothing. */
export function presenceOf(signs: readonly Sign[], now: number): Presence {
  const alive = signs.filter(({ seenAt }) => now - seenAt < lifetimes.presence);
  if (alive.some(({ says }) => says === 'available')) return 'available';
  return alive.length > 0 ? 'away' : 'offline';
}
