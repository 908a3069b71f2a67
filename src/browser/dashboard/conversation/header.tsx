/** Above the thread: with whom, since when and from where, who has it, and ending it or taking it up again. */
import { useEffect, useRef } from 'preact/hooks';
import type { ConversationView } from '../../../protocol/frames.ts';
import type { ConversationClient } from '../../connection.ts';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import type { Desk } from '../desk.ts';
import { visitorLabel } from '../list/visitor-label.ts';
import { goHome } from '../route.ts';
import { words } from '../words.ts';
import { ActButton } from './act-button.tsx';
import { holderOf } from './holder.ts';

/** Agents end what is theirs; to take up a closed one again is open to all who answer. The server decides anyway. */
function mayEnd({ state, assignee }: ConversationView, desk: Desk): boolean {
  const { id, role } = desk.person.value;
  if (role === 'agent') return state === 'closed' || assignee === id;
  return role !== 'auditor';
}

export function Header({ client, desk }: { client: ConversationClient; desk: Desk }) {
  const heading = useRef<HTMLHeadingElement>(null);
  // On a phone the list has just gone, and the focus with it.
  useEffect(() => {
    if (matchMedia('(width < 48rem)').matches) heading.current?.focus();
  }, []);
  const conversation = client.conversation.value;
  const mayAct =
    client.connection.value.is !== 'stopped' && conversation !== null && mayEnd(conversation, desk);
  const site = conversation === null ? undefined : desk.sites.value.get(conversation.site)?.name;
  return (
    <header class="pane-header">
      <div class="back">
        <Button kind="quiet" onPress={goHome}>
          {words.back}
        </Button>
      </div>
      <div class="whom">
        <h2 ref={heading} tabIndex={-1}>
          {visitorLabel(client.id)}
        </h2>
        {conversation !== null && (
          <p class="soft">
            {holderOf(conversation, desk)}
            {site !== undefined && ` · ${site}`} · <Time at={conversation.startedAt} />
          </p>
        )}
        {conversation !== null && conversation.page !== null && (
          <p class="soft page" title={conversation.page}>
            {words.writesFrom(conversation.page)}
          </p>
        )}
      </div>
      {mayAct && (
        <ActButton desk={desk} id={client.id} act={conversation.state === 'closed' ? 'reopen' : 'close'} />
      )}
    </header>
  );
}
