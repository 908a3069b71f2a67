/** Above the thread: with whom, who has it and where it comes from, and what can be done with it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { isSnoozed } from '../list/attention.ts';
import { placeAt } from '../menu/place.ts';
import { goHome } from '../route.ts';
import { nameOfCustomer, standingOf } from './about.ts';
import { type Here, claim, closeOrReopen, snoozeOrEnd } from './doing.ts';
import { type Offer, offeredIn } from './what-may.ts';
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
  const site = conversation === null ? undefined : desk.sites.value.get(conversation.site)?.name;
  // Who has it now is not told to those who may not see it.
  const stopped = client.connection.value.is === 'stopped';
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
            {!stopped && `${standingOf(conversation, desk)} · `}
            {site !== undefined && `${site} · `}
            <Time at={conversation.startedAt} />
            <VisitorHere {...here} />
          </p>
        )}
      </div>
      {conversation !== null && !stopped && <Actions {...here} />}
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
  const may = (offer: Offer) => offeredIn(room, offer, desk.person.value);
  const anything = (['claim', 'handOver', 'snooze', 'close', 'reopen'] as const).some(may);
  if (!anything && screen.wide.value) return null;
  const busy = screen.busy.value;
  const snoozed = isSnoozed({ snoozedUntil: conversation?.staff?.snoozedUntil ?? null }, desk.now.value);
  const low = screen.low.value;
  const plain = low ? 'quiet' : 'plain';
  const Group = low ? Folded : Row;
  return (
    <Group>
      {may('claim') && (
        <Button kind={low ? 'quiet' : 'first'} busy={busy === 'claim'} onPress={() => void claim(here)}>
          {words.claim}
        </Button>
      )}
      {may('handOver') && (
        <Button kind={plain} onPress={() => screen.open('hand-over')}>
          {words.handOver}
        </Button>
      )}
      {may('snooze') && (
        <Button kind={plain} busy={busy === 'snooze'} onPress={() => void snoozeOrEnd(here)}>
          {snoozed ? words.unsnooze : words.snooze}
        </Button>
      )}
      {/* One button, so that the focus stays on what undoes what was just done. */}
      {(may('close') || may('reopen')) && (
        <Button
          kind={plain}
          busy={busy === 'close' || busy === 'reopen'}
          onPress={() => void closeOrReopen(here)}
        >
          {may('close') ? words.close : words.reopen}
        </Button>
      )}
      {!screen.wide.value && (
        <Button kind={plain} onPress={() => screen.open('customer')}>
          {words.customer}
        </Button>
      )}
    </Group>
  );
}

function Row({ children }: { children: ComponentChildren }) {
  return (
    <div class="pane-actions" role="group" aria-label={words.actions}>
      {children}
    </div>
  );
}

/** Where there is no room for a row. */
function Folded({ children }: { children: ComponentChildren }) {
  const panel = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button ref={button} type="button" class="button" popovertarget="pane-actions">
        {words.actionsFolded}
      </button>
      <div
        ref={panel}
        id="pane-actions"
        popover="auto"
        class="menu"
        role="group"
        aria-label={words.actions}
        onToggle={(event) => {
          if (event.newState === 'open' && panel.current !== null && button.current !== null)
            placeAt(panel.current, button.current);
        }}
        onClick={() => panel.current?.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}
