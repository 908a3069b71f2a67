/** A lesson of the organisation's own: written as Markdown, looked at as it is read, with every version kept. */
import { useSignal } from '@preact/signals';
import { lessonOf, LessonProblem, minutesOf, type WrittenLesson } from '../../../../protocol/lessons.ts';
import { limits } from '../../../../protocol/limits.ts';
import type { OwnLessonAnswer } from '../../../../protocol/training.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Area, Tick } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { useDoing } from '../../me/doing.ts';
import { goInstead, goTo, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { LessonText } from '../../training/lesson-text.tsx';
import '../../training/training.css';
import { Heading } from '../heading.tsx';
import { words as settingsWords } from '../words.ts';
import { words } from './words.ts';

interface Props {
  api: Session['api'];
  lesson: string | null;
}

const path = '/api/v1/training/lessons';
const list = settingsAddress('training');

export function OwnLesson({ api, lesson }: Props) {
  if (lesson === null) return <Editor api={api} answer={null} />;
  return <Known api={api} lesson={lesson} />;
}

function Known({ api, lesson }: { api: Session['api']; lesson: string }) {
  const loading = useLoading(`lesson ${lesson}`, () =>
    api.get<OwnLessonAnswer>(`${path}/${encodeURIComponent(lesson)}/versions`),
  );
  return (
    <Loaded of={loading} until={<Heading title={settingsWords.screens.training} back={list} />}>
      {(answer) => <Editor api={api} answer={answer} />}
    </Loaded>
  );
}

function Editor({ api, answer: first }: { api: Session['api']; answer: OwnLessonAnswer | null }) {
  const answer = useSignal(first);
  const newest = answer.value?.versions[0];
  const draft = useKept(`the lesson ${first?.lesson ?? ''}`, newest?.text ?? words.template);
  const again = useSignal(false);
  const doing = useDoing();
  const saved = newest?.text ?? words.template;
  const written = readOf(draft.value);
  const title = typeof written === 'string' ? words.newTitle : written.title;
  const submit = async () => {
    if (answer.value === null || newest === undefined) {
      const made = await api.post<OwnLessonAnswer>(path, { text: draft.value });
      goInstead(settingsAddress('training', made.lesson));
      return;
    }
    answer.value = await api.put<OwnLessonAnswer>(`${path}/${answer.value.lesson}`, {
      ...{ text: draft.value, before: newest.version, again: again.value },
    });
    again.value = false;
  };
  const remove = async () => {
    const { lesson } = answer.value ?? {};
    if (lesson === undefined || !(await ask({ ...words.removeAsk(title), danger: true }))) return;
    draft.value = saved;
    if (await doing.attempt(() => api.delete(`${path}/${lesson}`))) goTo(list);
  };
  return (
    <>
      <Heading title={title} back={list}>
        {answer.value !== null && (
          <Button kind="danger" busy={doing.busy.value} onPress={() => void remove()}>
            {words.remove}
          </Button>
        )}
      </Heading>
      <Problem text={doing.problem.value} />
      <Form
        action={answer.value === null ? words.create : words.keep}
        submit={submit}
        changed={() => draft.value !== saved}
        done={words.kept}
      >
        <Area
          label={words.text}
          hint={words.textHow}
          value={draft.value}
          change={(text) => {
            draft.value = text;
          }}
          check={(text) => problemIn(text)}
          area={{
            rows: 20,
            maxLength: limits.lessonLength,
            required: true,
            spellcheck: true,
            class: 'markdown',
          }}
        />
        <p role="status" class="soft">
          {typeof written === 'string'
            ? words.wrong(written)
            : words.whole(minutesOf(written), written.questions.length)}
        </p>
        {answer.value !== null && (
          <Tick
            label={words.again}
            checked={again.value}
            change={(on) => {
              again.value = on;
            }}
          />
        )}
      </Form>
      {typeof written !== 'string' && <Preview {...written} />}
      {answer.value !== null && <Versions {...answer.value} />}
    </>
  );
}

function Preview({ text, questions }: WrittenLesson) {
  return (
    <details>
      <summary>{words.preview}</summary>
      <LessonText text={text} />
      <ol class="preview-questions">
        {questions.map(({ question, options, why }, at) => (
          <li key={at}>
            {question}
            <ul>
              {options.map((option, n) => (
                <li key={n}>
                  <span aria-hidden="true">{option.right ? '✓' : '✗'}</span> {option.text}
                </li>
              ))}
            </ul>
            <p class="soft">{why}</p>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Versions({ versions }: OwnLessonAnswer) {
  return (
    <section aria-labelledby="versions">
      <h3 id="versions">{words.versions}</h3>
      {versions.map(({ version, at, text }) => (
        <details key={version}>
          <summary>{words.version(version, at)}</summary>
          <pre class="markdown">{text}</pre>
        </details>
      ))}
    </section>
  );
}

/** The lesson, or what is wrong with it. */
function readOf(text: string): WrittenLesson | string {
  try {
    return lessonOf(text);
  } catch (error) {
    if (error instanceof LessonProblem) return error.message;
    throw error;
  }
}

function problemIn(text: string): string | null {
  const read = readOf(text);
  return typeof read === 'string' ? read : null;
}
