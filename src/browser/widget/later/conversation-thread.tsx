/** What was said so far, with what belongs to a customer: deleting a message of one's own while that is possible. */
import { signal } from '@preact/signals-core';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { lifetimes } from '../../../protocol/limits.ts';
import type { Author, Message } from '../../../protocol/frames.ts';
import type { Reading } from '../../connection.ts';
import { Button } from '../../ui/button.tsx';
import type { TextView } from '../../ui/message.tsx';
import { hasMarks } from '../../ui/rich-text/marks.ts';
import { Thread, writing } from '../../ui/thread.tsx';
import type { Chat } from '../chat.ts';
import { Bin } from '../icons.tsx';
import { live } from '../live.ts';
import { fetched } from '../parts.ts';
import { nameOfStaff } from '../people.ts';
import { asked } from '../question.ts';
import { words } from '../words.ts';
import type * as RichTextPart from './rich-text.ts';

const AsSent: TextView = ({ text }) => text;
/** Null until the first text with marks or addresses has come, and with it what shows them. */
const richText = signal<typeof RichTextPart | null>(null);
const look = 10_000;
const isMine = (author: Author) => author.kind === 'visitor';

export const ConversationThread = live(({ chat, reading }: { chat: Chat; reading: Reading | null }) => {
  const client = chat.client.value;
  const messages = client?.messages.value ?? [];
  const now = useClock(messages, chat);
  useEffect(() => {
    if (messages.some(({ text, from }) => hasMarks(text, from.kind === 'staff'))) void fetchRichText();
  }, [messages]);
  const nameOf = (author: Author) => nameOfStaff(chat, author.id);
  const readByStaff = [...(client?.read.value ?? [])].filter(([id]) => id !== client?.you.value?.id);
  const actions = useCallback(
    (message: Message) => deletable(message, now) && <Own message={message} />,
    [now],
  );
  return (
    <Thread
      messages={messages}
      outgoing={chat.outgoing.value}
      Text={richText.value?.RichText ?? AsSent}
      aloud={aloud}
      isMine={isMine}
      nameOf={nameOf}
      connection={chat.connection.value}
      earlier={client?.earlier.value ?? 'unknown'}
      loadOlder={() => client?.loadOlder()}
      retry={(id) => chat.retry(id)}
      discard={(id) => chat.discard(id)}
      readUpTo={Math.max(0, ...readByStaff.map(([, seq]) => seq))}
      typing={writing((client?.typing.value ?? []).map(({ from }) => nameOf(from)))}
      firstUnread={reading?.firstUnread.value}
      actions={actions}
    />
  );
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
        <Bin />
      </Button>
    </div>
  );
}

/** Null if it can not be had now; then texts stand as they were sent, and the next message is the next occasion. */
async function fetchRichText(): Promise<typeof RichTextPart | null> {
  try {
    richText.value ??= await fetched(import('./rich-text.ts'));
  } catch {
    // Nobody is kept from reading by it.
  }
  return richText.value;
}

async function aloud(text: string, markup: boolean): Promise<string> {
  if (!hasMarks(text, markup)) return text;
  return (await fetchRichText())?.plainText(text, markup) ?? text;
}

/** The server decides; here it is only about what is offered. */
function deletable({ from, at, removed }: Message, now: number): boolean {
  return isMine(from) && removed === undefined && now - at < lifetimes.deletion;
}

/** The server's time, as long as something changes with it. */
function useClock(messages: readonly Message[], { visitor }: Chat): number {
  const [now, setNow] = useState(visitor.serverNow());
  const last = messages.findLast(({ from }) => isMine(from))?.at ?? 0;
  useEffect(() => {
    setNow(visitor.serverNow());
    const timer = setInterval(() => {
      setNow(visitor.serverNow());
      if (visitor.serverNow() - last > lifetimes.deletion) clearInterval(timer);
    }, look);
    return () => clearInterval(timer);
  }, [last]);
  return now;
}
