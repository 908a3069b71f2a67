/** Asking for one thing: what it means, what they say about it, and for an erasure that they know what they ask. */
import { useId, useRef, useState } from 'preact/hooks';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import type { OwnData, Wish } from './mine.ts';
import { useTrying } from './trying.ts';
import { words } from './words.ts';

interface Props {
  data: OwnData;
  kind: Wish;
  /** @param saying what was done; nothing: nothing was */
  back: (saying?: string) => void;
}

/** Nobody can correct what they are not told, nor see to an objection to they don't know what. */
const needsWords: readonly Wish[] = ['rectification', 'objection'];

export function Asking({ data, kind, back }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const tick = useRef<HTMLInputElement>(null);
  const [wish, setWish] = useState('');
  const [understood, setUnderstood] = useState(false);
  const { busy, problem, say, attempt } = useTrying();
  const isErasure = kind === 'erasure';
  const isNeeded = needsWords.includes(kind);
  const submit = () => {
    if (isNeeded && wish.trim() === '') {
      say(words.wishNeeded);
      area.current?.focus();
    } else if (isErasure && !understood) {
      say(words.understoodNeeded);
      tick.current?.focus();
    } else
      void attempt(async () => {
        if ((await data.ask(kind, wish)) !== null) back(words.asked);
      });
  };
  const [first, ...others] = words.means[kind];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {others.length === 0 ? (
        <p>{first}</p>
      ) : (
        <ul class="means">
          {words.means[kind].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <div class="field">
        <label for={`${id}-wish`}>{isNeeded ? words.wish : words.wishOptional}</label>
        <textarea
          ref={area}
          id={`${id}-wish`}
          value={wish}
          dir={wish === '' ? undefined : 'auto'}
          maxLength={limits.reason}
          required={isNeeded}
          aria-invalid={isNeeded && problem !== null && wish.trim() === ''}
          onInput={({ currentTarget: { value } }) => setWish(value)}
        />
      </div>
      {isErasure && (
        <label class="understood">
          <input
            ref={tick}
            type="checkbox"
            checked={understood}
            required
            aria-invalid={problem !== null && !understood}
            onChange={({ currentTarget: { checked } }) => setUnderstood(checked)}
          />
          <span>{words.understood}</span>
        </label>
      )}
      <Problem text={problem} />
      <div class="answers">
        <Button submit kind={isErasure ? 'danger' : 'first'} busy={busy}>
          {isErasure ? words.eraseDo : words.askDo}
        </Button>
        <Button kind="quiet" onPress={() => back()}>
          {words.back}
        </Button>
      </div>
    </form>
  );
}
