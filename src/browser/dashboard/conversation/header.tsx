/** Above the thread: with whom, who has it and where it comes from, and what can be done with it. */
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { isSnoozed } from '../list/attention.ts';
import { goHome } from '../route.ts';
import { nameOfCustomer, standingOf } from './about.ts';
import { type Here, claim, closeOrReopen, snoozeOrEnd } from './doing.ts';
import { type Offer, offered } from './what-may.ts';
import { words } from './words.ts';

export function Header(here: Here) {
  const { room, desk } = here;
  const { client } = room;
  const heading = useRef<HTMLHeadingElement>(null);
  // On a phone the list has just gone, and the focus with it.
  useEffect(() => {
    if (matchMedia('(width < 48rem)').matches) heading.current?.focus();
  }, []);
  const conversation = client.conversation.value;
  // A button that is gone, as after a hand-over, has dropped the focus.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [conversation?.state, conversation?.assignee]);
  const site = conversation === null ? undefined : desk.sites.value.get(conversation.site)?.name;
  return (
    <header class="pane-header">
      <div class="back">
        <Button kind="quiet" onPress={goHome}>
          {words.back}
        </Button>
      </div>
      <div class="whom">
        <h2 ref={heading} tabIndex={-1} dir="auto">
          {nameOfCustomer(room)}
        </h2>
        {conversation !== null && (
          <p class="soft">
            {standingOf(conversation, desk)}
            {site !== undefined && ` · ${site}`} · <Time at={conversation.startedAt} />
            <VisitorHere {...here} />
          </p>
        )}
      </div>
      {conversation !== null && client.connection.value.is !== 'stopped' && <Actions {...here} />}
    </header>
  );
}

function VisitorHere({ room: { client } }: Here) {
  const present = client.present.value;
  if (present === null || client.conversation.value?.state === 'closed') return null;
  return <> · {present.visitor ? words.customerHere : words.customerGone}</>;
}

function Actions(here: Here) {
  const { desk, screen, room } = here;
  const conversation = room.client.conversation.value;
  const may = (offer: Offer) => offered(offer, conversation, desk.person.value);
  const busy = screen.busy.value;
  const snoozed = isSnoozed({ snoozedUntil: conversation?.staff?.snoozedUntil ?? null }, desk.now.value);
  return (
    <div class="pane-actions" role="group" aria-label={words.actions}>
      {may('claim') && (
        <Button kind="first" busy={busy === 'claim'} onPress={() => void claim(here)}>
          {words.claim}
        </Button>
      )}
      {may('handOver') && <Button onPress={() => screen.open('hand-over')}>{words.handOver}</Button>}
      {may('snooze') && (
        <Button busy={busy === 'snooze'} onPress={() => void snoozeOrEnd(here)}>
          {snoozed ? words.unsnooze : words.snooze}
        </Button>
      )}
      {/* One button, so that the focus stays on what undoes what was just done. */}
      {(may('close') || may('reopen')) && (
        <Button busy={busy === 'close' || busy === 'reopen'} onPress={() => void closeOrReopen(here)}>
          {may('close') ? words.close : words.reopen}
        </Button>
      )}
      {!screen.wide.value && <Button onPress={() => screen.open('customer')}>{words.customer}</Button>}
    </div>
  );
}
