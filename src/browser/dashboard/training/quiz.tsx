/** A lesson's questions. What was right and why comes from the server, stands with each, and is read out. */
import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { AskedQuestion, Marked, MarkedAnswer } from '../../../protocol/training.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useDoing } from '../me/doing.ts';
import { trainingAddress } from '../route.ts';
import { words } from './words.ts';

interface Props {
  questions: readonly AskedQuestion[];
  check: (answers: number[][]) => Promise<MarkedAnswer>;
}

export function Quiz({ questions, check }: Props) {
  const chosen = useSignal<readonly (readonly number[])[]>(questions.map(() => []));
  const result = useSignal<MarkedAnswer | null>(null);
  const missing = useSignal<string | null>(null);
  const doing = useDoing();
  const said = useRef<HTMLHeadingElement>(null);
  const { value: marked } = result;
  useEffect(() => {
    if (marked !== null) said.current?.focus();
  }, [marked]);
  const choose = (question: number, option: number, on: boolean) => {
    const { many } = questions[question] ?? { many: false };
    chosen.value = chosen.value.map((before, at) => {
      if (at !== question) return before;
      const others = many ? before.filter((each) => each !== option) : [];
      return on ? [...others, option] : others;
    });
  };
  const answer = async () => {
    const open = chosen.value.findIndex((each) => each.length === 0);
    missing.value = open < 0 ? null : words.missing(open + 1);
    if (open < 0)
      await doing.attempt(async () => {
        result.value = await check(chosen.value.map((each) => [...each]));
      });
  };
  return (
    <section class="part" aria-labelledby="quiz-title">
      <h3 id="quiz-title">{words.questions}</h3>
      <p class="soft">{words.howMany(Math.ceil(questions.length * 0.8), questions.length)}</p>
      {marked !== null && (
        <div class={marked.passed ? 'quiz-result passed' : 'quiz-result'}>
          <h4 ref={said} tabIndex={-1}>
            {words.result(marked.right, marked.of)} {marked.passed ? words.passed : words.failed}
          </h4>
          {marked.passed && <a href={trainingAddress}>{words.back}</a>}
        </div>
      )}
      <form
        class="quiz"
        onSubmit={(event) => {
          event.preventDefault();
          void answer();
        }}
      >
        {questions.map((question, at) => (
          <Question
            key={at}
            number={at + 1}
            question={question}
            chosen={chosen.value[at] ?? []}
            choose={(option, on) => choose(at, option, on)}
            marked={marked?.marked[at]}
          />
        ))}
        <Problem text={missing.value ?? doing.problem.value} />
        <p>
          <Button submit kind="first" busy={doing.busy.value}>
            {marked === null ? words.check : words.again}
          </Button>
        </p>
      </form>
    </section>
  );
}

interface QuestionProps {
  number: number;
  question: AskedQuestion;
  chosen: readonly number[];
  choose: (option: number, on: boolean) => void;
  marked: Marked | undefined;
}

function Question({ number, question: { question, options, many }, chosen, choose, marked }: QuestionProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={marked === undefined ? undefined : `${id}-why`}>
      <legend>
        {number}. {question}
      </legend>
      {many && <p class="soft">{words.many}</p>}
      {options.map((option, at) => (
        <label class="tick" key={at}>
          <input
            type={many ? 'checkbox' : 'radio'}
            name={`${id}-answer`}
            checked={chosen.includes(at)}
            onChange={(event) => choose(at, event.currentTarget.checked)}
          />
          <span>{option}</span>
        </label>
      ))}
      {marked !== undefined && (
        <p id={`${id}-why`} class={marked.right ? 'why right' : 'why'}>
          <strong>{marked.right ? words.right : words.wrong}</strong> {marked.why}
        </p>
      )}
    </fieldset>
  );
}
