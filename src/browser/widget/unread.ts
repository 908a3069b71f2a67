/** What staff have said since the chat was last looked at: counted for the launcher's badge, and marked as read. */
import { type ReadonlySignal, effect, signal } from '@preact/signals-core';
import { Reading, inBrowser } from '../connection.ts';
import type { Chat } from './chat.ts';
import { isOpen, tellUnread } from './host.ts';

/** Of the conversation that is shown; null where there is none. */
export function countUnread(chat: Chat): ReadonlySignal<Reading | null> {
  const reading = signal<Reading | null>(null);
  effect(() => {
    const client = chat.client.value;
    reading.peek()?.end();
    reading.value = client === null ? null : new Reading(client, isOpen, inBrowser);
  });
  effect(() => tellUnread(reading.value?.unread.value ?? 0));
  effect(() => {
    if (!isOpen.value) return undefined;
    chat.opened();
    return chat.watchSite();
  });
  return reading;
}
