/** How staff are called in a conversation. */
import type { Chat } from './chat.ts';
import { words } from './words.ts';

export function nameOfStaff(chat: Chat, id: string | null): string {
  const people = chat.client.value?.people.value ?? [];
  return people.find((person) => person.id === id)?.name ?? words.staff;
}
