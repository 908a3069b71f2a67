/** How it was, from 1 to 5, and why, if somebody wants to say. */
import { useState } from 'preact/hooks';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import type { Chat } from '../chat.ts';
import { rate } from './acts.ts';
import { whyNot } from './why.ts';
import { words } from './words.ts';

export function Rating({ chat, rated }: { chat: Chat; rated: boolean }) {
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const [state, setState] = useState<'asked' | 'busy' | 'done'>('asked');
  const [problem, setProblem] = useState<string | null>(null);
  const send = async () => {
    if (state === 'busy' || score === 0) return;
    setState('busy');
    try {
      await rate(chat, score, comment.toWellFormed());
      setState('done');
    } catch (error) {
      setProblem(whyNot(error));
      setState('asked');
    }
  };
  const done = rated || state === 'done';
  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div role="status">{done && words.thanks}</div>
      {!done && (
        <>
          <fieldset>
            <legend>{words.rateTitle}</legend>
            <div class="scores">
              {words.scores.map((meaning, index) => (
                <label key={meaning} title={meaning}>
                  <input
                    type="radio"
                    name="score"
                    checked={score === index + 1}
                    onChange={() => setScore(index + 1)}
                  />
                  {index + 1}
                  <span class="unseen">{meaning}</span>
                </label>
              ))}
            </div>
          </fieldset>
          {score > 0 && (
            <>
              <p class="soft">{words.scores[score - 1]}</p>
              <label class="field">
                {words.optional(words.comment)}
                <textarea
                  rows={2}
                  maxLength={limits.commentLength}
                  value={comment}
                  dir="auto"
                  onInput={(event) => setComment(event.currentTarget.value)}
                />
              </label>
              <Button submit kind="first" busy={state === 'busy'}>
                {words.rate}
              </Button>
            </>
          )}
          <Problem text={problem} />
        </>
      )}
    </form>
  );
}
