/** What was said so far, with what belongs to a customer: deleting a message of one's own while that is possible. */
import { computed, effect, signal } from '@preact/signals-core';
import { lifetimes } from '../../../protocol/limits.ts';
import type { Author, Message } from '../../../protocol/frames.ts';
import type { Reading } from '../../connection.ts';
import { Button } from '../../ui/button.tsx';
import { takeIncoming } from '../../ui/files/incoming.ts';
import { hasMarks } from '../../ui/rich-text/marks.ts';
import { type TextView, Thread, writing } from '../../ui/thread.tsx';
import { words as shared } from '../../ui/words.ts';
import type { Chat } from '../chat.ts';
import { files, takesFiles, withFiles } from '../files.ts';
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
/** The server's time, as long as something changes with it. */
const now = signal(Infinity);
const actions = computed(() => {
  const at = now.value;
  return (message: Message) => deletable(message, at) && <Own message={message} />;
});

export const ConversationThread = live(
  ({ chat, reading }: { chat: Chat; reading: Reading | null }) => {
    const client = chat.client.value;
    const nameOf = (author: Author) => nameOfStaff(chat, author.id);
    const readByStaff = [...(client?.read.value ?? [])].filter(([id]) => id !== client?.you.value?.id);
    return (
      <Thread
        messages={messagesOf(chat)}
        outgoing={chat.outgoing.value}
        Text={richText.value?.RichText ?? AsSent}
        File={files.value && files.value.FileInThread}
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
        actions={actions.value}
      />
    );
  },
  ({ chat }) => {
    const stopClock = watchClock(chat);
    const stopMarks = effect(() => {
      const marked = messagesOf(chat).some(({ text, from }) => hasMarks(text, from.kind === 'staff'));
      if (marked) void fetchRichText();
      if (messagesOf(chat).some(({ kind }) => kind === 'file')) void withFiles(chat);
    });
    const stopFiles = takeIncoming(document, (given, over) => {
      if (takesFiles(chat)) void withFiles(chat, (part) => part.take(given, over));
    });
    return () => {
      stopClock();
      stopMarks();
      stopFiles();
    };
  },
);

function messagesOf({ client }: Chat): readonly Message[] {
  return client.value?.messages.value ?? [];
}

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

async function aloud({ text, from, file }: Message, name: string): Promise<string> {
  if (file) return files.value?.aloud(name, file) ?? name;
  const markup = from.kind === 'staff';
  const plain = hasMarks(text, markup) ? (await fetchRichText())?.plainText(text, markup) : text;
  return shared.said(name, plain ?? text);
}

/** The server decides; here it is only about what is offered. */
function deletable({ from, at, removed }: Message, now: number): boolean {
  return isMine(from) && removed === undefined && now - at < lifetimes.deletion;
}

function watchClock(chat: Chat): () => void {
  const last = computed(() => messagesOf(chat).findLast(({ from }) => isMine(from))?.at ?? 0);
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
