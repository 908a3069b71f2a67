/** One conversation: who it is with, what was said, and what can be done. */
import type { Author } from '../../../protocol/frames.ts';
import { Banner } from '../../ui/banner.tsx';
import { Thread } from '../../ui/thread.tsx';
import type { Desk } from '../desk.ts';
import { visitorLabel } from '../list/visitor-label.ts';
import type { Room } from '../rooms.ts';
import { words } from '../words.ts';
import { Footer } from './footer.tsx';
import { Header } from './header.tsx';
import './pane.css';

export function Pane({ room, desk }: { room: Room; desk: Desk }) {
  const { client } = room;
  const connection = client.connection.value;
  const me = desk.person.value.id;
  const isMine = (author: Author) => author.kind === 'staff' && author.id === me;
  const nameOf = (author: Author) =>
    author.kind === 'visitor'
      ? visitorLabel(client.id)
      : (desk.rooms.names.value.get(author.id) ?? words.formerStaff);
  return (
    <section class="pane" aria-label={visitorLabel(client.id)}>
      <Header client={client} desk={desk} />
      {connection.is === 'stopped' && <Banner state={connection} tryNow={() => client.tryNow()} />}
      <Thread
        messages={client.messages.value}
        outgoing={client.outgoing.value}
        isMine={isMine}
        nameOf={nameOf}
        connection={connection}
        earlier={client.earlier.value}
        loadOlder={() => client.loadOlder()}
        retry={(id) => client.retry(id)}
        discard={(id) => client.discard(id)}
      />
      <Footer room={room} desk={desk} />
    </section>
  );
}
