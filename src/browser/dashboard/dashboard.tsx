/** The whole dashboard: the way in, or the desk of whoever is signed in. */
import { type ReadonlySignal, useSignalEffect } from '@preact/signals';
import { Banner } from '../ui/banner.tsx';
import { Pane } from './conversation/pane.tsx';
import './dashboard.css';
import type { Desk } from './desk.ts';
import { ConversationList } from './list/conversation-list.tsx';
import { listed } from './list/order.ts';
import { route } from './route.ts';
import type { Session } from './session.ts';
import { SignIn } from './sign-in/sign-in.tsx';
import { TopBar } from './top-bar.tsx';
import { words } from './words.ts';

export function Dashboard({ session, desk }: { session: Session; desk: ReadonlySignal<Desk | null> }) {
  const ready = session.stage.value.at === 'signed-in' && route.value.at !== 'invitation';
  if (!ready || desk.value === null) return <SignIn session={session} />;
  return <Main session={session} desk={desk.value} />;
}

function Main({ session, desk }: { session: Session; desk: Desk }) {
  useSignalEffect(() => {
    const waiting = listed('waiting', desk.entries.value ?? [], desk.person.value.id).length;
    document.title = waiting > 0 ? `(${waiting}) ${words.product}` : words.product;
  });
  const room = desk.rooms.current.value;
  return (
    <div class={room === null ? 'dashboard' : 'dashboard reading'}>
      <TopBar session={session} desk={desk} />
      <Banner state={connectionOf(desk)} tryNow={() => desk.tryNow()} />
      <ConversationList desk={desk} serverNow={(local) => local + session.api.serverNow() - Date.now()} />
      <main>
        {room === null ? (
          <p class="prompt soft">{words.choosePrompt}</p>
        ) : (
          <Pane key={room.client.id} room={room} desk={desk} />
        )}
      </main>
    </div>
  );
}

/** One banner for all lines: the open conversation's comes first, unless it has ended for a reason of its own. */
function connectionOf(desk: Desk) {
  const conversation = desk.rooms.current.value?.client.connection.value;
  const speaks = conversation !== undefined && conversation.is !== 'stopped' && conversation.is !== 'online';
  return speaks ? conversation : desk.connection.value;
}
