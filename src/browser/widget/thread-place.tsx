/** Where the thread stands. Its own code comes with the first thing that there is to show, or is about to be. */
import { effect } from '@preact/signals-core';
import type { Reading } from '../connection.ts';
import { words } from '../ui/words.ts';
import type { Chat } from './chat.ts';
import { live } from './live.ts';
import { fetched, part } from './parts.ts';
import { warning } from './warning.ts';

const conversation = part(fetchConversation);

/** What only a conversation needs comes with the first one. */
export function fetchConversation() {
  return fetched(import('./later/conversation.ts'));
}

/** What is needed where no conversation goes on. */
export function fetchBeginning() {
  return fetched(import('./later/beginning.ts'));
}

/** To be called when somebody begins to write, so that all is there once they have written. */
export function prepare(chat: Chat): void {
  void conversation.fetch();
  void warning.fetch().then((come) => come?.begin(chat));
  // Should it not come, the message itself is the next occasion.
  if (chat.client.value === null) fetchBeginning().catch(() => {});
}

export const ThreadPlace = live(
  ({ chat, reading }: { chat: Chat; reading: Reading | null }) => {
    const is = conversation.is.value;
    return is === null ? <Meanwhile chat={chat} /> : <is.ConversationThread chat={chat} reading={reading} />;
  },
  ({ chat }) =>
    effect(() => {
      if (chat.client.value !== null || chat.outgoing.value.length > 0) void conversation.fetch();
    }),
);

/** Nothing that somebody has written is ever out of sight. */
const Meanwhile = live(({ chat }: { chat: Chat }) => {
  const sending = chat.connection.value.is === 'online' ? words.sending : words.waitingToSend;
  return (
    <div class="thread">
      <div class="log" role="log" aria-label={words.messages} aria-live="off" tabIndex={0}>
        {chat.outgoing.value.map((post) => (
          <div key={post.id} class={`message mine ${post.state}`}>
            <div class="text" dir="auto">
              {post.text}
            </div>
            <div class="about">{post.state === 'sending' ? sending : `${words.notSent} ${post.detail}`}</div>
          </div>
        ))}
      </div>
    </div>
  );
});
