/** In words: who has a conversation. */
import type { ConversationView } from '../../../protocol/frames.ts';
import type { Desk } from '../desk.ts';
import { words } from '../words.ts';

export function holderOf({ state, assignee }: ConversationView, desk: Desk): string {
  if (state !== 'claimed') return words.states[state];
  if (assignee === desk.person.value.id) return words.claimedByYou;
  return words.claimedBy(nameOf(assignee, desk));
}

export function nameOf(person: string | null, desk: Desk): string {
  return desk.rooms.names.value.get(person ?? '') ?? words.somebody;
}
