/** One line on where things stand with the people behind the chat; it promises nobody who is not there. */
import type { WidgetAnswer } from '../../protocol/bodies.ts';
import type { ConversationState } from '../../protocol/frames.ts';
import type { WidgetWords } from './words.ts';

type Standing = Pick<WidgetAnswer, 'state'> & Partial<Pick<WidgetAnswer, 'opensAt'>>;

interface Facts {
  /** Null until it is known. */
  readonly site: Standing | null;
  readonly conversation: ConversationState | null;
  /** Whoever has the conversation. */
  readonly name: string;
}

export function stateLine(
  { site, conversation, name }: Facts,
  words: WidgetWords,
  momentOf: (at: number) => string,
): string {
  const { state, opensAt } = site ?? {};
  if (state === 'unavailable') return words.unavailable;
  if (conversation === 'closed') return words.ended;
  if (conversation === 'claimed')
    return !state || state === 'online' ? words.claimed(name) : words.claimedAway(name);
  if (conversation === 'waiting' && state === 'online') return words.waiting;
  // Nothing but a site that is closed opens.
  if (opensAt) return words.closedUntil(momentOf(opensAt));
  return state ? words[state] : '';
}
