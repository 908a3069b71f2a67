/** What is to know of a conversation in words: who has it, who else is there, what its author is called. */
import type { Author, ConversationView } from '../../../protocol/frames.ts';
import type { Desk } from '../desk.ts';
import { isSnoozed } from '../list/attention.ts';
import { shortMoment } from '../list/moment.ts';
import { visitorLabel } from '../list/visitor-label.ts';
import type { Room } from '../rooms.ts';
import { words } from './words.ts';

export function nameOfCustomer({ client }: Room): string {
  return visitorLabel(client.id, client.conversation.value?.staff?.customer.name);
}

export function nameOfStaff(person: string | null, desk: Desk): string | null {
  if (person === null) return null;
  return desk.people.value.get(person)?.name ?? desk.rooms.names.value.get(person) ?? null;
}

export function nameOfAuthor(author: Author, room: Room, desk: Desk): string {
  if (author.kind === 'visitor') return nameOfCustomer(room);
  return nameOfStaff(author.id, desk) ?? words.formerStaff;
}

export function standingOf(conversation: ConversationView, desk: Desk): string {
  const { state, assignee, staff } = conversation;
  const put = { snoozedUntil: staff?.snoozedUntil ?? null };
  const snoozed = isSnoozed(put, desk.now.value)
    ? ` · ${words.snoozedUntil(shortMoment(put.snoozedUntil))}`
    : '';
  if (state === 'closed') return words.closed;
  if (state === 'waiting') return words.waiting + snoozed;
  if (assignee === desk.person.value.id) return words.heldByYou + snoozed;
  return words.heldBy(nameOfStaff(assignee, desk) ?? words.somebody) + snoozed;
}

/** Those who have it open, and those who write a note; a customer sees neither. */
export function companyOf({ client }: Room, desk: Desk): string[] {
  const me = desk.person.value.id;
  const others = (client.present.value?.staff ?? []).filter((id) => id !== me);
  const noting = client.typing.value.filter(({ kind }) => kind === 'note').map(({ from }) => from.id);
  const names = (ids: readonly string[]) =>
    ids.map((id) => nameOfStaff(id, desk) ?? words.somebody).join(', ');
  const reading = others.filter((id) => !noting.includes(id));
  return [
    ...(noting.length > 0 ? [words.writingNote(names(noting))] : []),
    ...(reading.length > 0 ? [words.readingToo(names(reading))] : []),
  ];
}
