/** Proves an address by a code that is mailed there, or goes on here as whoever has proved it on another device. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { limits } from '../../../protocol/limits.ts';
import type { CodeAnswer } from '../../../protocol/visitors.ts';
import { ApiError } from '../../api.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Chat } from '../chat.ts';
import { regainFocus } from '../focus.ts';
import { asked, outcome } from '../question.ts';
import './dress.ts';
import { askForCode, giveCode, type Wish } from './proof/code.ts';
import { words } from './proof/words.ts';
import { whyNot } from './why.ts';
import { words as laterWords } from './words.ts';

interface Props {
  chat: Chat;
  wish: Wish;
  says?: { title: string; text: string } | undefined;
}

export function Proof({ chat, wish, says }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const [address, setAddress] = useState(chat.introduction.value?.address ?? '');
  const [code, setCode] = useState('');
  const [sent, setSent] = useState<CodeAnswer | null>(null);
  const [wrong, setWrong] = useState(0);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const saying = chat.visitor.grant.peek()?.visitor.proof.address === 'site' ? 'known' : wish;
  const wait = useWait(chat, sent?.again ?? 0);
  useEffect(() => box.current?.showModal(), []);
  useEffect(() => field.current?.focus(), [sent]);

  const trying = async (work: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(whyOf(error));
      field.current?.focus();
    }
    setBusy(false);
  };
  const ask = () =>
    trying(async () => {
      setSent(await askForCode(chat, wish, address.trim()));
      setCode('');
      setWrong(0);
    });
  const give = () =>
    trying(async () => {
      outcome.value = null;
      await giveCode(chat, address.trim(), digitsOf(code));
      outcome.value = { text: wish === 'continue' ? words.continued : words.proved, failed: false };
      box.current?.close();
    });
  const whyOf = (error: unknown): string => {
    const code = error instanceof ApiError ? error.code : null;
    if (code === 'wrong_code') {
      setWrong(wrong + 1);
      const left = limits.codeTries - wrong - 1;
      return left > 0 ? words.wrong(left) : words.tooMany;
    }
    if (code === 'code_gone') {
      if (wrong >= limits.codeTries) return words.tooMany;
      return chat.visitor.serverNow() >= (sent?.until ?? 0) ? words.tooLate : words.gone;
    }
    if (code === 'invalid') return laterWords.addressUnfit;
    if (code === 'too_fast' || code === 'banned') return words[code];
    return whyNot(error);
  };
  const submit = () => {
    if (sent === null && field.current?.validity.valid !== true) setProblem(laterWords.addressUnfit);
    else if (sent !== null && digitsOf(code).length !== limits.codeLength) setProblem(words.codeUnfit);
    else return void (sent === null ? ask() : give());
    field.current?.focus();
  };
  return (
    <dialog
      ref={box}
      class="question"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={() => {
        asked.value = null;
        requestAnimationFrame(regainFocus);
      }}
    >
      <h2 id={`${id}-title`}>{says?.title ?? words[wish]}</h2>
      <p id={`${id}-text`} role="status">
        {sent === null ? (says?.text ?? words[`${saying}Text`]) : words.sent(address.trim())}
      </p>
      <form
        class="proof"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div class="field" key={sent === null ? 'address' : 'code'}>
          <label for={`${id}-field`}>{sent === null ? laterWords.address : words.code}</label>
          <input
            ref={field}
            id={`${id}-field`}
            {...(sent === null
              ? { type: 'email', autocomplete: 'email', maxLength: limits.addressLength, value: address }
              : {
                  inputMode: 'numeric',
                  autocomplete: 'one-time-code',
                  maxLength: 12,
                  value: code,
                  dir: 'ltr',
                })}
            required
            aria-invalid={problem !== null}
            onInput={({ currentTarget: { value } }) => (sent === null ? setAddress(value) : setCode(value))}
          />
        </div>
        <Problem text={problem} />
        {sent !== null && (
          <Button small kind="quiet" disabled={wait > 0} busy={busy} onPress={() => void ask()}>
            {wait > 0 ? words.againIn(wait) : words.again}
          </Button>
        )}
        <div class="answers">
          <Button onPress={() => box.current?.close()}>{laterWords.cancel}</Button>
          <Button submit kind="first" busy={busy}>
            {sent === null ? words.send : words.confirm}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

/** The seconds until then, as long as there are some. */
function useWait(chat: Chat, then: number): number {
  const left = () => Math.max(0, Math.ceil((then - chat.visitor.serverNow()) / 1_000));
  const [, tick] = useState(0);
  const seconds = left();
  useEffect(() => {
    if (seconds === 0) return undefined;
    const timer = setTimeout(() => tick((ticks) => ticks + 1), 1_000);
    return () => clearTimeout(timer);
  });
  return seconds;
}

/** As people copy it, with spaces or a dash. */
function digitsOf(code: string): string {
  return code.replaceAll(/\D/g, '');
}
