/** Below the thread: the composer for whoever has the conversation, and for others what stands in its way. */
import { useEffect, useRef } from 'preact/hooks';
import { Composer } from '../../ui/composer.tsx';
import type { Desk } from '../desk.ts';
import type { Room } from '../rooms.ts';
import { words } from '../words.ts';
import { ActButton } from './act-button.tsx';
import { nameOf } from './holder.ts';

export function Footer({ room, desk }: { room: Room; desk: Desk }) {
  const { client, draft } = room;
  const conversation = client.conversation.value;
  if (conversation === null || client.connection.value.is === 'stopped') return null;
  const { id, role } = desk.person.value;
  if (role === 'auditor') return <p class="instead">{words.readOnly}</p>;
  if (conversation.state === 'closed') return <p class="instead">{words.closed}</p>;
  if (conversation.state === 'waiting') {
    return (
      <div class="instead">
        <p>{words.claimFirst}</p>
        <ActButton desk={desk} id={client.id} act="claim" first />
      </div>
    );
  }
  if (conversation.assignee !== id)
    return <p class="instead">{words.taken(nameOf(conversation.assignee, desk))}</p>;
  return <Answer draft={draft} send={(text) => client.post(text)} />;
}

/** Whoever has just taken a conversation, or opened one of theirs, is about to write. */
function Answer({ draft, send }: { draft: Room['draft']; send: (text: string) => void }) {
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, []);
  return <Composer draft={draft} box={box} send={send} placeholder={words.placeholder} />;
}
