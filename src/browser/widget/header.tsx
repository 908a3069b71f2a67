/** The top of the widget: whose chat this is, whether somebody is there, the menu, and the way out. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { momentOf } from '../ui/time.tsx';
import type { Chat } from './chat.ts';
import { askToClose, canClose } from './host.ts';
import { Cross, Dots } from './icons.tsx';
import { textFor } from './language.ts';
import { later } from './later.tsx';
import { live } from './live.ts';
import { nameOfStaff } from './people.ts';
import { stateLine } from './state-line.ts';
import { wanted, words } from './words.ts';

const Menu = later(async () => (await import('./later/menu.tsx')).Menu);

export const Header = live(({ chat }: { chat: Chat }) => {
  const opener = useRef<HTMLButtonElement>(null);
  const [menu, setMenu] = useState(false);
  const site = chat.site.value;
  const conversation = chat.client.value?.conversation.value ?? null;
  const title = site === null ? null : textFor(wanted, site.settings.title);
  useEffect(() => {
    document.title = title?.text ?? words.title;
  }, [title?.text]);
  const state = stateLine(
    {
      unavailable: chat.unavailable.value,
      site,
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
        onClick={() => setMenu(true)}
      >
        <Dots />
      </button>
      {menu && <Menu chat={chat} opener={opener} />}
      {canClose && (
        <Button kind="quiet" icon label={words.close} onPress={askToClose}>
          <Cross />
        </Button>
      )}
    </header>
  );
});
