/** What this browser holds of a conversation: one unbroken run of messages, and the epoch its numbers belong to. */
import type { Message } from '../../protocol/frames.ts';

export interface Copy {
  readonly epoch: string | null;
  readonly messages: readonly Message[];
  /** The number that the next message must have; null while any may be the first of the run. */
  readonly next: number | null;
}

export const nothing: Copy = { epoch: null, messages: [], next: null };

export function firstOf(copy: Copy): number {
  return copy.messages[0]?.seq ?? copy.next ?? 0;
}

/** The last number known; 0 where nothing is. */
export function lastOf(copy: Copy): number {
  return copy.messages.at(-1)?.seq ?? (copy.next === null ? 0 : copy.next - 1);
}

/** A copy of another epoch, or one that is ahead of the head, tells of a history that a restore has replaced. */
export function welcomed(copy: Copy, epoch: string, head: number): Copy {
  if (copy.epoch === epoch && lastOf(copy) <= head) return copy;
  return { epoch, messages: [], next: head === 0 ? 1 : null };
}

/** Where to go on after a reconnection; empty for a join from nothing. */
export function resumeQuery(copy: Copy): string {
  if (copy.next === null || copy.epoch === null) return '';
  return `?after=${copy.next - 1}&epoch=${encodeURIComponent(copy.epoch)}`;
}

/** The copy with these messages behind it; repeated ones are left out. Null if one is missing in between. */
export function appended(copy: Copy, incoming: readonly Message[]): Copy | null {
  const fresh: Message[] = [];
  let { next } = copy;
  for (const message of incoming) {
    if (next !== null && message.seq < next) continue;
    if (next !== null && message.seq > next) return null;
    fresh.push(message);
    next = message.seq + 1;
  }
  if (fresh.length === 0) return copy;
  return { epoch: copy.epoch, messages: [...copy.messages, ...fresh], next };
}

/** The copy with a page of older messages before it; a page that does not join on is left out. */
export function prepended(copy: Copy, page: readonly Message[]): Copy {
  const first = firstOf(copy);
  const older = page.filter((message) => message.seq < first);
  const joins = older.every((message, index) => message.seq === first - older.length + index);
  return joins && older.length > 0 ? { ...copy, messages: [...older, ...copy.messages] } : copy;
}

/**
 * The number above which the server shall look for a post that it may have already. Whatever this copy shows
 * without a break from `since` on need not be looked through again; a number above the head is of a lost history.
 */
export function caughtUpSince(copy: Copy, since: number): number {
  const last = lastOf(copy);
  return since >= firstOf(copy) - 1 ? last : Math.min(since, last);
}
