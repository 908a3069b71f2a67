/** The whole widget: header, state of the line, thread, composer. */
import { signal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Author } from '../../protocol/frames.ts';
import { Banner } from '../ui/banner.tsx';
import { Composer } from '../ui/composer.tsx';
import { Thread } from '../ui/thread.tsx';
import type { Chat } from './chat.ts';
import { Ending } from './ending.tsx';
import { Header } from './header.tsx';
import { askToClose, isOpen } from './host.ts';
import { words } from './words.ts';

const draft = signal('');

export function Widget({ chat }: { chat: Chat }) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.isComposing) askToClose();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  useSignalEffect(() => {
    if (isOpen.value) box.current?.focus();
  });

  const client = chat.client.value;
  const fresh = client === null;
  // The button that began a new conversation has gone, and the focus with it.
  useEffect(() => {
    if (isOpen.peek()) box.current?.focus();
  }, [fresh]);
  const connection = chat.connection.value;
  const closed = client?.conversation.value?.state === 'closed';
  const people = client?.people.value ?? [];
  const nameOf = (author: Author) =>
    author.kind === 'visitor'
      ? words.visitor
      : (people.find(({ id }) => id === author.id)?.name ?? words.staff);

  return (
    <main class="widget">
      <Header />
      <Banner state={connection} tryNow={() => chat.tryNow()} />
      <Hint chat={chat} />
      <Thread
        messages={client?.messages.value ?? []}
        outgoing={chat.outgoing.value}
        isMine={(author) => author.kind === 'visitor'}
        nameOf={nameOf}
        connection={connection}
        earlier={client?.earlier.value ?? 'unknown'}
        loadOlder={() => client?.loadOlder()}
        retry={(id) => chat.retry(id)}
        discard={(id) => chat.discard(id)}
      />
      {closed || (client !== null && connection.is === 'stopped') ? (
        <Ending chat={chat} closed={closed} />
      ) : (
        !chat.unavailable.value && (
          <Composer
            draft={draft}
            box={box}
            send={(text) => chat.post(text)}
            placeholder={words.placeholder}
          />
        )
      )}
      <p class="privacy soft">{words.privacy}</p>
    </main>
  );
}

/** One line on where things stand with the people behind the chat. */
function Hint({ chat }: { chat: Chat }) {
  const client = chat.client.value;
  const conversation = client?.conversation.value ?? null;
  if (chat.unavailable.value) return <p class="hint">{words.unavailable}</p>;
  if (client === null) return chat.ready.value ? <p class="hint">{words.welcome}</p> : null;
  if (conversation?.state === 'waiting') return <p class="hint">{words.waiting}</p>;
  if (conversation?.state !== 'claimed') return null;
  const who = client.people.value.find(({ id }) => id === conversation.assignee)?.name;
  return <p class="hint">{words.claimed(who ?? words.staff)}</p>;
}
