/** What can be done with one message: a small button on each, and one panel for all. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useRef } from 'preact/hooks';
import type { Message } from '../../../protocol/frames.ts';
import { Button } from '../../ui/button.tsx';
import { hourOf } from '../list/moment.ts';
import { placeAt } from '../menu/place.ts';
import { nameOfAuthor } from './about.ts';
import { type Here, redact, takeBack } from './doing.ts';
import { isOwnAndFresh, offeredIn } from './what-may.ts';
import { words } from './words.ts';

interface MessageMenu {
  button: (message: Message) => ComponentChildren;
  panel: ComponentChildren;
}

export function useMessageMenu(here: Here): MessageMenu {
  const { room, desk } = here;
  const chosen = useSignal<Message | null>(null);
  const panel = useRef<HTMLDivElement>(null);

  const open = useCallback((message: Message, button: HTMLElement) => {
    chosen.value = message;
    // Its buttons depend on the message, and have to be there before it opens.
    requestAnimationFrame(() => {
      panel.current?.showPopover();
      if (panel.current !== null) placeAt(panel.current, button);
      panel.current?.querySelector('button')?.focus();
    });
  }, []);
  const close = () => panel.current?.hidePopover();

  return {
    button: useCallback(
      (message) => <More room={room} desk={desk} message={message} open={open} />,
      [room, desk, open],
    ),
    panel: (
      <div ref={panel} popover="auto" class="menu" role="group" aria-label={words.messageMenu}>
        {chosen.value !== null && <Entries {...here} message={chosen.value} close={close} />}
      </div>
    ),
  };
}

interface MoreProps extends Pick<Here, 'room' | 'desk'> {
  message: Message;
  open: (message: Message, button: HTMLElement) => void;
}

/** A component, so that it learns by itself what its author is called by now. */
function More({ room, desk, message, open }: MoreProps) {
  return (
    <button
      type="button"
      class="message-more"
      aria-haspopup="true"
      aria-label={words.messageActions(nameOfAuthor(message.from, room, desk), hourOf(message.at))}
      onClick={(event) => open(message, event.currentTarget)}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" fill="currentColor" aria-hidden="true">
        <circle cx="3" cy="8" r="1.5" />
        <circle cx="8" cy="8" r="1.5" />
        <circle cx="13" cy="8" r="1.5" />
      </svg>
    </button>
  );
}

function Entries({ message, close, ...here }: Here & { message: Message; close: () => void }) {
  const { desk, room, screen } = here;
  const me = desk.person.value;
  const copy = async () => {
    close();
    await screen.attempt(
      'copy',
      () => navigator.clipboard.writeText(message.text),
      () => () => words.notCopied,
    );
  };
  const then = (act: (here: Here, message: Message) => Promise<void>) => () => {
    close();
    void act(here, message);
  };
  return (
    <>
      {message.kind !== 'file' && (
        <Button kind="quiet" onPress={() => void copy()}>
          {words.copy}
        </Button>
      )}
      {isOwnAndFresh(message, me, desk.now.value) && (
        <Button kind="quiet" onPress={then(takeBack)}>
          {words.remove}
        </Button>
      )}
      {offeredIn(room, 'redact', me) && (
        <Button kind="quiet" onPress={then(redact)}>
          {words.redact}
        </Button>
      )}
    </>
  );
}
