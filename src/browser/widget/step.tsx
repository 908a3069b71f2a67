/** Below the thread: what a customer can do next, which is one thing at a time. */
import { signal } from '@preact/signals-core';
import { createRef } from 'preact';
import { Button } from '../ui/button.tsx';
import { Composer } from '../ui/composer.tsx';
import type { Chat } from './chat.ts';
import { attach, attaching, files } from './files.ts';
import { Clip } from './icons.tsx';
import { later } from './later.tsx';
import { live } from './live.ts';
import { part } from './parts.ts';
import { outcome } from './question.ts';
import { prepare } from './thread-place.tsx';
import { words } from './words.ts';

const PreChat = later(
  part(() => import('./later/pre-chat.tsx')),
  'PreChat',
);
const Tray = later(files, 'ChatTray');
const Ending = later(
  part(() => import('./later/ending.tsx')),
  'Ending',
);

export type StepName = 'none' | 'introduce' | 'write' | 'ended';

/** Whether a site asks something first is soon known. If not, nobody shall wait for it with what they want to say. */
const patience = 3_000;
const waiting = signal(true);
setTimeout(() => (waiting.value = false), patience);

export function stepOf(chat: Chat): StepName {
  if (chat.unavailable.value) return 'none';
  const client = chat.client.value;
  if (client !== null) {
    const over = client.conversation.value?.state === 'closed' || client.connection.value.is === 'stopped';
    return over ? 'ended' : 'write';
  }
  if (chat.site.value === null && waiting.value) return 'none';
  const { questions, consent } = chat.site.value?.settings ?? { questions: [], consent: null };
  const introduction = chat.introduction.value;
  const agreed = consent === null || introduction?.consent === consent.version;
  return (questions.length === 0 || introduction !== null) && agreed ? 'write' : 'introduce';
}

const Writer = live(Composer);
const box = createRef<HTMLTextAreaElement>();

export const Step = live(({ chat, step }: { chat: Chat; step: StepName }) => {
  const site = chat.site.value;
  return (
    <>
      <div class="outcome" role="alert">
        {outcome.value !== null && (
          <p class={outcome.value.failed ? 'problem' : 'done'}>{outcome.value.text}</p>
        )}
      </div>
      {step === 'write' && attaching.value && <Tray />}
      {step === 'write' && (
        <Writer
          draft={chat.draft}
          box={box}
          placeholder={words.placeholder}
          send={(text) => {
            outcome.value = null;
            chat.post(text);
          }}
          onTyping={(on) => {
            prepare(chat);
            chat.type(on);
          }}
        >
          {chat.client.value !== null && site !== null && site.settings.files.groups.length > 0 && (
            <Button
              kind="quiet"
              icon
              label={words.attach}
              onPress={() => void attach(({ choose }) => choose(chat))}
            >
              <Clip />
            </Button>
          )}
        </Writer>
      )}
      {step === 'introduce' && site !== null && <PreChat chat={chat} settings={site.settings} />}
      {step === 'ended' && <Ending chat={chat} />}
    </>
  );
});
