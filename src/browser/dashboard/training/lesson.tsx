/** One lesson: its text, and its questions. Once it is taken, what it stood before is open without signing in again. */
import { useSignal } from '@preact/signals';
import type { LessonAnswer, MarkedAnswer } from '../../../protocol/training.ts';
import { Loaded, useLoading } from '../form/loaded.tsx';
import type { Session } from '../session.ts';
import { LessonText } from './lesson-text.tsx';
import { Standing } from './list.tsx';
import { Quiz } from './quiz.tsx';
import { Top } from './top.tsx';
import { words } from './words.ts';

interface Props {
  api: Session['api'];
  lesson: string;
}

export function Lesson({ api, lesson }: Props) {
  const path = `/api/v1/training/lessons/${encodeURIComponent(lesson)}`;
  const language = `?language=${words.language}`;
  const loading = useLoading(`lesson ${lesson}`, () => api.get<LessonAnswer>(`${path}${language}`));
  return (
    <Loaded of={loading} until={<Top title={words.title} />}>
      {(answer) => (
        <Reading
          answer={answer}
          check={async (answers) => {
            const body = { version: answer.line.version, answers };
            const marked = await api.post<MarkedAnswer>(`${path}/answers${language}`, body);
            // What they may do now comes with a new token.
            if (marked.passed) await api.refresh();
            return marked;
          }}
        />
      )}
    </Loaded>
  );
}

interface ReadingProps {
  answer: LessonAnswer;
  check: (answers: number[][]) => Promise<MarkedAnswer>;
}

function Reading({ answer, check }: ReadingProps) {
  const line = useSignal(answer.line);
  return (
    <>
      <Top title={line.value.title}>
        <p class="lesson-head">
          <span class="soft">{words.minutes(line.value.minutes)}</span>
          <Standing line={line.value} now={Date.now()} />
        </p>
      </Top>
      <article lang={answer.language ?? undefined}>
        <LessonText text={answer.text} />
      </article>
      <Quiz
        questions={answer.questions}
        check={async (answers) => {
          const marked = await check(answers);
          line.value = marked.line;
          return marked;
        }}
      />
    </>
  );
}
