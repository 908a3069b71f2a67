/** What was said so far, with what belongs to a customer: deleting a message of one's own while that is possible. */
import { useEffect, useState } from 'preact/hooks';
import { lifetimes } from '../../../protocol/limits.ts';
import type { Author, Message } from '../../../protocol/frames.ts';
import type { Reading } from '../../connection.ts';
import { Button } from '../../ui/button.tsx';
import { Thread } from '../../ui/thread.tsx';
import type { Chat } from '../chat.ts';
import { Bin } from '../icons.tsx';
import { nameOfStaff } from '../people.ts';
import { asked } from '../question.ts';
import { words } from '../words.ts';

const look = 10_000;
const isMine = (author: Author) => author.kind === 'visitor';

export function ConversationThread({ chat, reading }: { chat: Chat; reading: Reading | null }) {
  const client = chat.client.value;
  const messages = client?.messages.value ?? [];
  const now = useClock(messages);
  const nameOf = (author: Author) => nameOfStaff(chat, author.id);
  const readByStaff = [...(client?.read.value ?? [])].filter(([id]) => id !== client?.you.value?.id);
  return (
    <Thread
      messages={messages}
      outgoing={chat.outgoing.value}
      isMine={isMine}
      nameOf={nameOf}
      connection={chat.connection.value}
      earlier={client?.earlier.value ?? 'unknown'}
      loadOlder={() => client?.loadOlder()}
      retry={(id) => chat.retry(id)}
      discard={(id) => chat.discard(id)}
      readUpTo={Math.max(0, ...readByStaff.map(([, seq]) => seq))}
      typing={(client?.typing.value ?? []).map(({ from }) => nameOf(from))}
      firstUnread={reading?.firstUnread.value}
      actions={(message) =>
        deletable(message, now) && (
          <div class="own">
            <Button
              icon
              small
              kind="quiet"
              label={words.remove}
              onPress={() => (asked.value = { about: 'remove', message })}
            >
              <Bin />
            </Button>
          </div>
        )
      }
    />
  );
}

/** The server decides by its own clock; here it is only about what is offered. */
function deletable({ from, at, removed }: Message, now: number): boolean {
  return isMine(from) && removed === undefined && now - at < lifetimes.deletion;
}

/** The time, as long as something changes with it. */
function useClock(messages: readonly Message[]): number {
  const [now, setNow] = useState(Date.now());
  const last = messages.findLast(({ from }) => isMine(from))?.at ?? 0;
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => {
      setNow(Date.now());
      if (Date.now() - last > lifetimes.deletion) clearInterval(timer);
    }, look);
    return () => clearInterval(timer);
  }, [last]);
  return now;
}
