/** Where the thread stands. Its own code comes with the first thing that there is to show, or is about to be. */
import { signal, useSignalEffect } from '@preact/signals';
import type { Reading } from '../connection.ts';
import { words } from '../ui/words.ts';
import type { Chat } from './chat.ts';
import { fetched } from './parts.ts';

type Thread = typeof import('./later/conversation-thread.tsx').ConversationThread;

const thread = signal<{ is: Thread } | null>(null);

/** To be called when somebody begins to write, so that all is there once they have written. */
export async function prepareThread(): Promise<void> {
  if (thread.value !== null) return;
  try {
    const [{ ConversationThread }] = await fetched(
      Promise.all([import('./later/conversation-thread.tsx'), import('../connection/conversation.ts')]),
    );
    thread.value = { is: ConversationThread };
  } catch {
    // The next message, or a word of it, is the next occasion.
  }
}

export function ThreadPlace({ chat, reading }: { chat: Chat; reading: Reading | null }) {
  useSignalEffect(() => {
    if (chat.client.value !== null || chat.outgoing.value.length > 0) void prepareThread();
  });
  return thread.value === null ? (
    <Meanwhile chat={chat} />
  ) : (
    <thread.value.is chat={chat} reading={reading} />
  );
}

/** Nothing that somebody has written is ever out of sight. */
function Meanwhile({ chat }: { chat: Chat }) {
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
}
