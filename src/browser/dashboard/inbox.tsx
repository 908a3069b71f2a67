/** The inbox: the list, the conversation, and whom it is with; on a phone one of them at a time. */
import { useEffect, useRef } from 'preact/hooks';
import { Pane } from './conversation/pane.tsx';
import { CustomerPanel } from './customer/panel.tsx';
import type { Desk } from './desk.ts';
import { ConversationList } from './list/conversation-list.tsx';
import type { Room } from './rooms.ts';
import { trainingAddress } from './route.ts';
import type { Screen } from './screen.ts';
import { words } from './words.ts';

/** What to do where no conversation is open, or why none can be. */
function Prompt({ desk }: { desk: Desk }) {
  const isClosed = desk.person.value.closed?.includes('conversations') === true;
  if (isClosed)
    return (
      <div class="prompt">
        <p>{words.closed.conversations}</p>
        <p>
          <a href={trainingAddress}>{words.toLessons}</a>
        </p>
      </div>
    );
  return (
    <div class="prompt soft">
      <p>{words.choosePrompt}</p>
      <p>{words.chooseHint}</p>
    </div>
  );
}

export function Inbox({ desk, screen, room }: { desk: Desk; screen: Screen; room: Room | null }) {
  // Back from a conversation the focus is on its line again.
  const none = room === null;
  const hadOne = useRef(false);
  useEffect(() => {
    if (none && hadOne.current && document.activeElement === document.body) screen.list?.focus();
    hadOne.current = !none;
  }, [none, screen]);
  const beside = room !== null && screen.wide.value;
  return (
    <main class={['inbox', room !== null && 'reading', beside && 'with-customer'].filter(Boolean).join(' ')}>
      <ConversationList desk={desk} screen={screen} />
      {room === null ? (
        <Prompt desk={desk} />
      ) : (
        <Pane key={room.client.id} room={room} desk={desk} screen={screen} />
      )}
      {beside && <CustomerPanel key={room.client.id} room={room} desk={desk} screen={screen} />}
    </main>
  );
}
