/** One line on where things stand with the people behind the chat; it promises nobody who is not there. */
import type { WidgetAnswer } from '../../protocol/bodies.ts';
import type { ConversationState } from '../../protocol/frames.ts';
import type { WidgetWords } from './words.ts';

interface Facts {
  readonly unavailable: boolean;
  /** Null until it is known. */
  readonly site: Pick<WidgetAnswer, 'state' | 'opensAt'> | null;
  readonly conversation: ConversationState | null;
  /** Whoever has the conversation. */
  readonly name: string;
}

export function stateLine(
  { unavailable, site, conversation, name }: Facts,
  words: WidgetWords,
  momentOf: (at: number) => string,
): string {
  if (unavailable) return words.unavailable;
  if (conversation === 'closed') return words.ended;
  if (conversation === 'claimed') {
    return site === null || site.state === 'online' ? words.claimed(name) : words.claimedAway(name);
  }
  if (site === null) return '';
  if (site.state === 'away') return words.away;
  if (site.state === 'closed') {
    return site.opensAt === null ? words.closed : words.closedUntil(momentOf(site.opensAt));
  }
  return conversation === 'waiting' ? words.waiting : words.online;
}
