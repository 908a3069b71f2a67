/** Below the thread: the box to write in, or what stands in its way. A note is possible wherever one may read. */
import { Button } from '../../ui/button.tsx';
import { nameOfStaff } from './about.ts';
import { type Here, claim } from './doing.ts';
import { offered } from './what-may.ts';
import { words } from './words.ts';
import { Writing } from './writing.tsx';

export function Footer(here: Here) {
  const { room, desk, screen } = here;
  const { client } = room;
  const conversation = client.conversation.value;
  if (conversation === null || client.connection.value.is === 'stopped') return null;
  const me = desk.person.value;
  const mayAnswer = offered('answer', conversation, me);
  const mayNote = offered('note', conversation, me);
  const kind = screen.kindIn(client.id);
  if (mayAnswer || (mayNote && kind.value === 'note'))
    return <Writing key={client.id} {...here} mayAnswer={mayAnswer} mayNote={mayNote} />;
  return (
    <div class="in-the-way">
      <p>{inTheWay(here, mayNote)}</p>
      <div class="pane-actions">
        {mayNote && (
          <Button
            onPress={() => {
              kind.value = 'note';
            }}
          >
            {words.writeNote}
          </Button>
        )}
        {offered('claim', conversation, me) && (
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
