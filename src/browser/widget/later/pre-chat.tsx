/** What a site asks before the first message, and what it wants agreed to. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Question, SiteSettings } from '../../../protocol/bodies.ts';
import { limits } from '../../../protocol/limits.ts';
import { Button } from '../../ui/button.tsx';
import type { Chat } from '../chat.ts';
import { focusOnStep, regainFocus } from '../focus.ts';
import { live } from '../live.ts';
import { textFor } from '../language.ts';
import { wanted } from '../words.ts';
import { introductionOf, problemsOf } from './answers.ts';
import './dress.ts';
import { words } from './words.ts';

const boxes = {
  name: { type: 'text', autocomplete: 'name', maxLength: limits.nameLength },
  address: { type: 'email', autocomplete: 'email', maxLength: limits.addressLength },
  text: { type: 'text', autocomplete: 'off', maxLength: limits.answerLength },
} as const;

interface Props {
  chat: Chat;
  settings: Pick<SiteSettings, 'questions' | 'consent'>;
}

/** What the site itself has proved need not be said. */
export const PreChat = live(({ chat, settings: { questions, consent } }: Props) => {
  const proof = chat.visitor.grant.value?.visitor.proof;
  const asked = questions.filter(({ kind }) => kind === 'text' || !proof?.[kind]);
  return <Asking key={asked.length} chat={chat} settings={{ questions: asked, consent }} />;
});

function Asking({ chat, settings }: Props) {
  const { questions, consent } = settings;
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const [values, setValues] = useState<readonly string[]>(() => questions.map(() => ''));
  const [consents, setConsents] = useState(false);
  const [tried, setTried] = useState(false);
  useEffect(regainFocus, []);
  const problems = problemsOf(settings, { values, consents });
  const said = (index: number) => {
    const problem = tried ? (problems[index] ?? null) : null;
    return {
      invalid: { 'aria-invalid': problem !== null, 'aria-describedby': `${id}-${index}-problem` },
      line: (
        <span id={`${id}-${index}-problem`} class="why">
          {problem !== null && words[problem]}
        </span>
      ),
    };
  };
  const submit = () => {
    setTried(true);
    const wrong = problems.findIndex((problem) => problem !== null);
    if (wrong >= 0) form.current?.querySelectorAll('input')[wrong]?.focus();
    else {
      chat.introduce(introductionOf(settings, { values, consents }));
      // The composer stands here next.
      requestAnimationFrame(focusOnStep);
    }
  };
  const agreement = consent === null ? null : textFor(wanted, consent.text);
  return (
    <form
      ref={form}
      class="step"
      noValidate
      aria-label={words.questionsTitle}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {questions.map((question, index) => (
        <div key={index} class="field">
          <label for={`${id}-${index}`}>
            {question.required ? labelOf(question) : words.optional(labelOf(question))}
          </label>
          <input
            id={`${id}-${index}`}
            {...boxes[question.kind]}
            {...said(index).invalid}
            data-first={index === 0 ? '' : undefined}
            required={question.required}
            dir={(values[index] ?? '') === '' ? undefined : 'auto'}
            value={values[index] ?? ''}
            onInput={({ currentTarget }) => setValues(values.with(index, currentTarget.value))}
          />
          {said(index).line}
        </div>
      ))}
      {consent !== null && (
        <div>
          <label class="consent" lang={agreement?.lang}>
            <input
              type="checkbox"
              {...said(questions.length).invalid}
              data-first={questions.length === 0 ? '' : undefined}
              required
              checked={consents}
              onChange={({ currentTarget }) => setConsents(currentTarget.checked)}
            />
            <span dir="auto">{agreement?.text}</span>
          </label>
          {said(questions.length).line}
        </div>
      )}
      <Button submit kind="first">
        {words.begin}
      </Button>
    </form>
  );
}

function labelOf({ kind, label }: Question): string {
  return textFor(wanted, label)?.text ?? (kind === 'text' ? '' : words[kind]);
}
