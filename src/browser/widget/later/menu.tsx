/** What a customer can do with the chat as a whole. */
import { signal } from '@preact/signals-core';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Chat } from '../chat.ts';
import { later } from '../later.tsx';
import { live } from '../live.ts';
import { part } from '../parts.ts';
import { asked, outcome } from '../question.ts';
import { muted } from '../sound.ts';
import { words as widgetWords } from '../words.ts';
import './dress.ts';
import { words as proofWords } from './proof/words.ts';
import { download } from './transcript.ts';
import { whyNot } from './why.ts';
import { words } from './words.ts';

const YourData = later(
  part(() => import('./your-data.tsx')),
  'YourData',
);
const yourData = signal(false);

interface Props {
  chat: Chat;
  opener: RefObject<HTMLButtonElement | null>;
}

export const Menu = live(({ chat, opener }: Props) => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // From here on the browser opens and closes it, says so, and gives the focus back.
    if (opener.current !== null) opener.current.popoverTargetElement = box.current;
    box.current?.showPopover();
  }, []);
  const conversation = chat.client.value?.conversation.value ?? null;
  const isOpen = conversation !== null && conversation.state !== 'closed';
  const isVouched = chat.visitor.grant.value?.visitor.vouched === true;
  const wish = isOpen ? 'prove' : 'continue';
  return (
    <>
      <div
        ref={box}
        class="menu"
        popover="auto"
        role="menu"
        aria-label={widgetWords.menu}
        onKeyDown={moveWith}
        onToggle={(event) => {
          if (event.newState === 'open') itemsOf(event.currentTarget)[0]?.focus();
        }}
        onClick={(event) => event.currentTarget.hidePopover()}
      >
        <button
          type="button"
          role="menuitemcheckbox"
          tabIndex={-1}
          aria-checked={!muted.value}
          onClick={() => (muted.value = !muted.value)}
        >
          {words.sound}
        </button>
        {conversation !== null && <Item label={words.transcript} onPress={() => void save(chat)} />}
        <Item label={proofWords.yourData} onPress={() => (yourData.value = true)} />
        {/* Whom the site vouches for is found on every device, and would be back at once. */}
        {(isOpen || !isVouched) && (
          <Item label={proofWords[wish]} onPress={() => (asked.value = { about: wish })} />
        )}
        {isOpen && <Item label={words.end} onPress={() => (asked.value = { about: 'end' })} />}
        {!isVouched && <Item label={words.forget} onPress={() => (asked.value = { about: 'forget' })} />}
      </div>
      {yourData.value && (
        <YourData
          chat={chat}
          close={() => {
            yourData.value = false;
            opener.current?.focus();
          }}
        />
      )}
    </>
  );
});

function Item({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <button type="button" role="menuitem" tabIndex={-1} onClick={onPress}>
      {label}
    </button>
  );
}

async function save(chat: Chat): Promise<void> {
  try {
    await download(chat);
    outcome.value = null;
  } catch (error) {
    outcome.value = { text: whyNot(error), failed: true };
  }
}

const itemsOf = (menu: HTMLElement) => [...menu.querySelectorAll('button')];

/** As menus are moved in (WAI-ARIA APG, menu button). */
function moveWith(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const items = itemsOf(event.currentTarget);
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}
