/** Counts what staff have said since the chat was last open, for the launcher's badge. */
import { effect } from '@preact/signals';
import type { Chat } from './chat.ts';
import { isOpen, tellUnread } from './host.ts';

export function countUnread(chat: Chat): void {
  let seen: number | null = null;
  let told = 0;
  effect(() => {
    const client = chat.client.value;
    if (client === null || client.messages.value.length === 0) {
      seen = null;
      return;
    }
    const messages = client.messages.value;
    // What was there before this page was opened has been seen, as far as anybody knows.
    if (isOpen.value || (seen === null && client.caughtUp.value)) seen = messages.at(-1)?.seq ?? 0;
    const last = seen ?? Infinity;
    const n = messages.filter((message) => message.seq > last && message.from.kind === 'staff').length;
    if (n !== told) tellUnread(n);
    told = n;
  });
}
