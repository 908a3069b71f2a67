/** Below the thread: the box to write in, or what stands in its way. A note is possible wherever one may read. */
import { useEffect } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { lazy } from '../lazy.tsx';
import { nameOfStaff } from './about.ts';
import { type Here, claim, watch } from './doing.ts';
import { offeredIn } from './what-may.ts';
import { words } from './words.ts';
import { Writing } from './writing.tsx';

const Tray = lazy(
  async () => (await import('../files/tray.tsx')).Tray,
  (content, failed) => failed && <div>{content}</div>,
);

export function Footer(here: Here) {
  const { room, desk, screen } = here;
  const { client } = room;
  const conversation = client.conversation.value;
  if (conversation === null || client.connection.value.is === 'stopped') return null;
  const me = desk.person.value;
  const mayAnswer = offeredIn(room, 'answer', me);
  const mayNote = offeredIn(room, 'note', me);
  const kind = screen.kindIn(client.id);
  const writes = mayAnswer || (mayNote && (room.silent.value || kind.value === 'note'));
  const attaching = room.attaching.value;
  return (
    <>
      {attaching !== null && <Tray {...attaching} onClose={() => screen.writing?.focus()} />}
      {writes ? (
        <Writing key={client.id} {...here} mayAnswer={mayAnswer} mayNote={mayNote} />
      ) : (
        <InTheWay key={client.id} {...here} mayNote={mayNote} />
      )}
    </>
  );
}

function InTheWay({ mayNote, ...here }: Here & { mayNote: boolean }) {
  const { room, desk, screen } = here;
  const { client } = room;
  // There is nothing to write in, so a box that comes later is not what somebody waits for who opened this.
  useEffect(() => screen.dropWish(), [screen]);
  return (
    <div class="in-the-way">
      <p>{inTheWay(here, mayNote)}</p>
      <div class="pane-actions">
        {mayNote && (
          <Button
            onPress={() => {
              screen.wishToWrite(client.id, 'note');
              screen.kindIn(client.id).value = 'note';
            }}
          >
            {words.writeNote}
          </Button>
        )}
        {offeredIn(room, 'watch', desk.person.value) && (
          <Button onPress={() => watch(client.id)}>{words.watch}</Button>
        )}
        {offeredIn(room, 'claim', desk.person.value) && (
          <Button kind="first" busy={screen.busy.value === 'claim'} onPress={() => void claim(here)}>
            {words.claim}
          </Button>
        )}
      </div>
    </div>
  );
}

function inTheWay({ room, desk }: Here, mayNote: boolean): string {
  const conversation = room.client.conversation.value;
  if (!mayNote) return words.readOnly;
  if (conversation?.state === 'closed') return words.isClosed;
  if (conversation?.state === 'waiting') return words.claimFirst;
  return words.taken(nameOfStaff(conversation?.assignee ?? null, desk) ?? words.somebody);
}
