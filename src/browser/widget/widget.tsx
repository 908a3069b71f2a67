/** The whole widget: header, state of the line, greeting, thread, and below it what can be done next. */
import { type ReadonlySignal, computed, effect } from '@preact/signals-core';
import type { Reading } from '../connection.ts';
import { Banner } from '../ui/banner.tsx';
import type { Chat } from './chat.ts';
import { focusOnStep, regainFocus } from './focus.ts';
import { Header } from './header.tsx';
import { askToClose, isOpen } from './host.ts';
import { textFor } from './language.ts';
import { later } from './later.tsx';
import { live } from './live.ts';
import { part } from './parts.ts';
import { asked } from './question.ts';
import { Step, stepOf } from './step.tsx';
import { ThreadPlace } from './thread-place.tsx';
import { wanted, words } from './words.ts';

const Question = later(
  part(() => import('./later/question.tsx')),
  'Question',
);

const longGreeting = 200;

interface Props {
  chat: Chat;
  reading: ReadonlySignal<Reading | null>;
}

export const Widget = live(
  ({ chat, reading }: Props) => (
    <main class="widget">
      <Header chat={chat} />
      <Banner state={chat.connection.value} tryNow={() => chat.tryNow()} />
      {chat.client.value === null && <Greeting chat={chat} />}
      <ThreadPlace chat={chat} reading={reading.value} />
      <Step chat={chat} step={stepOf(chat)} />
      <p class="privacy soft">{words.privacy}</p>
      {asked.value !== null && <Question chat={chat} asked={asked.value} />}
    </main>
  ),
  ({ chat }) => {
    // It is shown for as long as its page lives, so that none of this has to end.
    document.addEventListener('keydown', pressed);
    const step = computed(() => stepOf(chat));
    effect(() => {
      if (isOpen.value) focusOnStep();
    });
    effect(() => {
      // Once the new step is there.
      if (step.value !== 'none' && isOpen.peek()) requestAnimationFrame(regainFocus);
    });
    return undefined;
  },
);

function pressed(event: KeyboardEvent): void {
  // A menu and a dialog are closed by the browser, and only they.
  const inner = document.querySelector('dialog[open], :popover-open');
  if (event.key === 'Escape' && !event.isComposing && inner === null) askToClose();
}

const Greeting = live(({ chat }: { chat: Chat }) => {
  const site = chat.site.value;
  if (site === null) return null;
  const own = textFor(wanted, site.settings.greeting);
  const text = own?.text ?? words.welcome;
  return (
    // A long one is scrolled, also by who has no mouse.
    <p class="greeting" lang={own?.lang} dir="auto" tabIndex={text.length > longGreeting ? 0 : undefined}>
      {text}
    </p>
  );
});
