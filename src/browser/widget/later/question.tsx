/** Asks once before something that can not be taken back, and then does it. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Chat } from '../chat.ts';
import { regainFocus } from '../focus.ts';
import { tell } from '../host.ts';
import { later } from '../later.tsx';
import { part } from '../parts.ts';
import { type Asked, asked as current, type Deed, outcome } from '../question.ts';
import { muted } from '../sound.ts';
import { end, removeOwn } from './acts.ts';
import './dress.ts';
import { whyNot } from './why.ts';
import { words } from './words.ts';

const sayings = {
  end: { title: words.endTitle, text: words.endText, yes: words.endYes },
  forget: { title: words.forgetTitle, text: words.forgetText, yes: words.forgetYes },
  remove: { title: words.removeTitle, text: words.removeText, yes: words.removeYes },
};

const Proof = later(
  part(() => import('./proof.tsx')),
  'Proof',
);

export function Question({ chat, asked }: { chat: Chat; asked: Asked }) {
  if (isDeed(asked)) return <Confirmation chat={chat} asked={asked} />;
  return <Proof chat={chat} wish={asked.about} says={asked.says} />;
}

function isDeed(asked: Asked): asked is Deed {
  return asked.about in sayings;
}

function Confirmation({ chat, asked }: { chat: Chat; asked: Deed }) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => box.current?.showModal(), []);
  const { title, text, yes } = sayings[asked.about];
  const agreed = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await act(chat, asked);
      box.current?.close();
    } catch (error) {
      setProblem(whyNot(error));
      setBusy(false);
    }
  };
  return (
    <dialog
      ref={box}
      class="question"
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={() => {
        current.value = null;
        // The browser gives the focus back to where it was, if that is still there.
        requestAnimationFrame(regainFocus);
      }}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <p id={`${id}-text`}>{text}</p>
      <Problem text={problem} />
      <div class="answers">
        <Button onPress={() => box.current?.close()}>{words.cancel}</Button>
        <Button kind="danger" busy={busy} onPress={() => void agreed()}>
          {yes}
        </Button>
      </div>
    </dialog>
  );
}

async function act(chat: Chat, asked: Deed): Promise<void> {
  outcome.value = null;
  if (asked.about === 'remove') {
    await removeOwn(chat, asked.message);
    return;
  }
  if (asked.about === 'end') await end(chat);
  else {
    await chat.forget();
    muted.value = false;
    outcome.value = { text: words.forgotten, failed: false };
  }
  tell({ sotto: 'forget' });
}
