/** Beside one's own messages: deleting one, as long as that is possible. */
import { computed, effect, signal } from '@preact/signals-core';
import type { Message } from '../../../protocol/frames.ts';
import { lifetimes } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import type { Chat } from '../chat.ts';
import { Icon } from '../icons.tsx';
import { asked } from '../question.ts';
import { wear } from '../sheet.ts';
import css from './own.css?inline';
import { words } from './words.ts';

wear(css);
const look = 10_000;
/** The server's time, as long as something changes with it. */
const now = signal(Infinity);

export const actions = computed(() => {
  const at = now.value;
  return (message: Message) => isDeletable(message, at) && <Own message={message} />;
});

function Own({ message }: { message: Message }) {
  return (
    <div class="own">
      <Button
        icon
        small
        kind="quiet"
        label={words.remove}
        onPress={() => (asked.value = { about: 'remove', message })}
      >
        <Icon path="M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9" weight={1.5} />
      </Button>
    </div>
  );
}

/** The server decides; here it is only about what is offered. */
export function isDeletable({ from, at, removed }: Message, now: number): boolean {
  return from.kind === 'visitor' && removed === undefined && now - at < lifetimes.deletion;
}

export function watchClock(chat: Chat): () => void {
  const last = computed(() => {
    const messages = chat.client.value?.messages.value ?? [];
    return messages.findLast(({ from }) => from.kind === 'visitor')?.at ?? 0;
  });
  return effect(() => {
    const until = last.value + lifetimes.deletion;
    const tell = () => (now.value = chat.visitor.serverNow());
    tell();
    const timer = setInterval(() => {
      if (tell() > until) clearInterval(timer);
    }, look);
    return () => clearInterval(timer);
  });
}
