/** One conversation: who it is with, what was said, and what can be done. */
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import type { Author, Message } from '../../../protocol/frames.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import '../../ui/rich-text.css';
import { plainText } from '../../ui/rich-text/plain.ts';
import { Thread, writing } from '../../ui/thread.tsx';
import { words as shared } from '../../ui/words.ts';
import { badgeOf } from '../customers.ts';
import { lazy } from '../lazy.tsx';
import { companyOf, nameOfAuthor, nameOfCustomer } from './about.ts';
import type { Here } from './doing.ts';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import { useMessageMenu } from './message-menu.tsx';
import './pane.css';
import { RichText } from './sensitive.tsx';
import { words } from './words.ts';

const Watching = lazy(
  async () => (await import('./watching.tsx')).Watching,
  (content) => <div class="banner">{content}</div>,
);

const SaidFile = lazy(async () => (await import('../files/said.tsx')).SaidFile);

export function Pane(here: Here) {
  const { room, desk, screen } = here;
  const { client, reading } = room;
  const connection = client.connection.value;
  const me = desk.person.value.id;
  const isMine = (author: Author) => author.id === me;
  const menu = useMessageMenu(here);
  const File = useMemo(
    () =>
      function FileOf({ message: { file } }: { message: Message }) {
        return file && <SaidFile here={{ room, desk, screen }} file={file} />;
      },
    [room, desk, screen],
  );
  const customer = client.conversation.value?.staff?.customer;
  const name = customer?.name ?? null;
  const badge = badgeOf(customer?.proof);
  const known = client.conversation.value !== null;
  useEffect(() => {
    if (known) desk.customers.met(client.id, name, badge);
  }, [desk, client, known, name, badge]);
  // What could not be reached can be now; and another conversation has troubles of its own.
  useEffect(() => {
    screen.problem.value = null;
  }, [screen, client, connection.is]);
  // Somebody opens it, at its end.
  useLayoutEffect(() => {
    room.away.value = false;
    screen.wishToWrite(client.id);
  }, [room, client, screen]);
  return (
    <section class="pane" aria-label={nameOfCustomer(room)}>
      <Header {...here} />
      {room.silent.value ? (
        <Watching {...here} />
      ) : (
        connection.is === 'stopped' && <Banner state={connection} tryNow={() => client.tryNow()} />
      )}
      {connection.is === 'stopped' && connection.reason === 'unproved' && (
        <Button onPress={() => client.start()}>{words.prove}</Button>
      )}
      {client.conversation.value?.staff?.restricted === true && (
        <div class="banner" role="status">
          <span>{words.restricted}</span>
        </div>
      )}
      <Problem text={screen.problem.value?.() ?? null} />
      <Thread
        messages={client.messages.value}
        outgoing={client.outgoing.value}
        Text={RichText}
        File={File}
        aloud={aloud}
        isMine={isMine}
        nameOf={(author) => nameOfAuthor(author, room, desk)}
        connection={connection}
        earlier={client.earlier.value}
        loadOlder={() => client.loadOlder()}
        retry={(id) => client.retry(id)}
        discard={(id) => client.discard(id)}
        readUpTo={readByCustomer(client.read.value)}
        typing={<Typists {...here} />}
        firstUnread={reading.firstUnread.value}
        actions={menu.button}
        onAway={(away) => {
          room.away.value = away;
        }}
      />
      {menu.panel}
      <Company {...here} />
      <Footer {...here} />
    </section>
  );
}

async function aloud({ text, from, file }: Message, name: string): Promise<string> {
  if (file !== undefined) return (await import('../../ui/files.ts')).aloud(name, file);
  return shared.said(name, plainText(text, from.kind === 'staff'));
}

/** The customer has read up to here; marks of staff are for themselves. */
function readByCustomer(read: ReadonlyMap<string, number>): number {
  return Math.max(0, ...[...read].filter(([id]) => id.startsWith('vis_')).map(([, seq]) => seq));
}

function Typists({ room, desk }: Here) {
  const typists = room.client.typing.value.filter(({ kind }) => kind === 'text');
  return <>{writing(typists.map(({ from }) => nameOfAuthor(from, room, desk)))}</>;
}

function Company({ room, desk }: Here) {
  const company = companyOf(room, desk);
  return company.length === 0 ? null : <p class="company">{company.join(' · ')}</p>;
}
