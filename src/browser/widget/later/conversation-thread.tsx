/** What was said so far. What only some of it needs comes with that. */
import { effect } from '@preact/signals-core';
import { lifetimes } from '../../../protocol/limits.ts';
import type { Author, Message } from '../../../protocol/frames.ts';
import type { Reading } from '../../connection.ts';
import { takeIncoming } from '../../ui/files/incoming.ts';
import { hasMarks } from '../../ui/rich-text/marks.ts';
import { type TextView, Thread, writing } from '../../ui/thread.tsx';
import { words as shared } from '../../ui/words.ts';
import type { Chat } from '../chat.ts';
import { attach, files } from '../files.ts';
import { live } from '../live.ts';
import { part } from '../parts.ts';
import { nameOfStaff } from '../people.ts';

const AsSent: TextView = ({ text }) => text;
/** Comes with the first text that has marks or addresses; until then texts stand as they were sent. */
const richText = part(() => import('./rich-text.ts'));
/** Comes while there is something of one's own that can be deleted. */
const own = part(() => import('./own.tsx'));
const isMine = (author: Author) => author.kind === 'visitor';

export const ConversationThread = live(
  ({ chat, reading }: { chat: Chat; reading: Reading | null }) => {
    const client = chat.client.value;
    const nameOf = (author: Author) => nameOfStaff(chat, author.id);
    const readByStaff = [...(client?.read.value ?? [])].filter(([id]) => id !== client?.you.value?.id);
    return (
      <Thread
        messages={messagesOf(chat)}
        outgoing={chat.outgoing.value}
        Text={richText.is.value?.RichText ?? AsSent}
        File={files.is.value?.FileInThread}
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
        actions={own.is.value?.actions.value}
      />
    );
  },
  ({ chat }) => {
    // It is shown for as long as its page lives, so that none of this has to end.
    effect(() => {
      files.is.value?.begin(chat);
      return own.is.value?.watchClock(chat);
    });
    effect(() => {
      const messages = messagesOf(chat);
      const said = messages.findLast(({ from }) => isMine(from))?.at ?? 0;
      if (chat.visitor.serverNow() - said < lifetimes.deletion) void own.fetch();
      if (messages.some(({ text, from }) => hasMarks(text, from.kind === 'staff'))) void richText.fetch();
      if (messages.some(({ file }) => file)) void files.fetch();
    });
    takeIncoming((given, over) => void attach(({ take }) => take(chat, given, over)));
    return undefined;
  },
);

function messagesOf({ client }: Chat): readonly Message[] {
  return client.value?.messages.value ?? [];
}

async function aloud({ text, from, file }: Message, name: string): Promise<string> {
  if (file) return (await files.fetch())?.aloud(name, file) ?? name;
  const markup = from.kind === 'staff';
  const plain = hasMarks(text, markup) ? (await richText.fetch())?.plainText(text, markup) : text;
  return shared.said(name, plain ?? text);
}
