/** The top of the widget: whose chat this is, whether somebody is there, the menu, and the way out. */
import { effect, signal } from '@preact/signals-core';
import { createRef } from 'preact';
import { Button } from '../ui/button.tsx';
import { momentOf } from '../ui/time.tsx';
import type { Chat } from './chat.ts';
import { askToClose, canClose } from './host.ts';
import { Cross, Dots } from './icons.tsx';
import { textFor } from './language.ts';
import { later } from './later.tsx';
import { live } from './live.ts';
import { part } from './parts.ts';
import { nameOfStaff } from './people.ts';
import { stateLine } from './state-line.ts';
import { wanted, words } from './words.ts';

const Menu = later(
  part(() => import('./later/menu.tsx')),
  'Menu',
);

const opener = createRef<HTMLButtonElement>();
/** Somebody has asked for the menu: from then on it is there. */
const menu = signal(false);

export const Header = live(
  ({ chat }: { chat: Chat }) => {
    const conversation = chat.client.value?.conversation.value ?? null;
    const title = titleOf(chat);
    const state = stateLine(
      {
        site: chat.unavailable.value ? { state: 'unavailable' } : chat.site.value,
        conversation: conversation?.state ?? null,
        name: nameOfStaff(chat, conversation?.assignee ?? null),
      },
      words,
      momentOf,
    );
    return (
      <header class="widget-header">
        <div class="whom">
          <h1>
            <bdi lang={title?.lang}>{title?.text ?? words.title}</bdi>
          </h1>
          <p class="soft" role="status">
            {state}
          </p>
        </div>
        {/* Once it is there, the menu makes this its own opener. */}
        <button
          ref={opener}
          type="button"
          class="button quiet icon"
          aria-label={words.menu}
          aria-haspopup="menu"
          onClick={() => (menu.value = true)}
        >
          <Dots />
        </button>
        {menu.value && <Menu chat={chat} opener={opener} />}
        {canClose && (
          <Button kind="quiet" icon label={words.close} onPress={askToClose}>
            <Cross />
          </Button>
        )}
      </header>
    );
  },
  ({ chat }) =>
    effect(() => {
      document.title = titleOf(chat)?.text ?? words.title;
    }),
);

/** What the site calls its chat, if it says so. */
function titleOf({ site }: Chat) {
  return site.value === null ? null : textFor(wanted, site.value.settings.title);
}
