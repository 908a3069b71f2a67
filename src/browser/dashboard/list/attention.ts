/** What a conversation asks of us right now, told from its line in the inbox and the server's clock. */
import type { InboxEntry } from '../../../protocol/frames.ts';

/** Whoever has waited longer than this has waited too long. */
export const lateAfter = 5 * 60_000;

/** `since` is null where nobody waits for us, as after a hand-over of something that was answered. */
export type Attention =
  | { is: 'new'; since: number | null; late: boolean }
  | { is: 'waits'; since: number; late: boolean }
  | { is: 'answered' }
  | { is: 'snoozed'; until: number }
  | { is: 'closed' };

type Asked = Pick<InboxEntry, 'state' | 'snoozedUntil' | 'waitingSince'>;

export function attentionOf(entry: Asked, now: number): Attention {
  const { state, waitingSince } = entry;
  if (state === 'closed') return { is: 'closed' };
  if (isSnoozed(entry, now)) return { is: 'snoozed', until: entry.snoozedUntil };
  const late = waitingSince !== null && now - waitingSince >= lateAfter;
  if (state === 'waiting') return { is: 'new', since: waitingSince, late };
  return waitingSince === null ? { is: 'answered' } : { is: 'waits', since: waitingSince, late };
}

export function isSnoozed<Entry extends Pick<InboxEntry, 'snoozedUntil'>>(
  entry: Entry,
  now: number,
): entry is Entry & { snoozedUntil: number } {
  return entry.snoozedUntil !== null && entry.snoozedUntil > now;
}

/** When the last of what was put off came back; 0 if nothing did. Between two of these moments nothing returns. */
export function lastReturn(entries: readonly Pick<InboxEntry, 'snoozedUntil'>[], now: number): number {
  let last = 0;
  for (const { snoozedUntil } of entries)
    if (snoozedUntil !== null && snoozedUntil <= now && snoozedUntil > last) last = snoozedUntil;
  return last;
}

/** Whole minutes, never fewer than none: clocks differ. */
export function minutesSince(since: number, now: number): number {
  return Math.max(0, Math.floor((now - since) / 60_000));
}
