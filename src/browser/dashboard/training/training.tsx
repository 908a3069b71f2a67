/** One's own lessons: which there are and until when to take them, or one of them to read and answer. */
import type { MyTraining as Mine } from '../../../protocol/training.ts';
import { Loaded, useLoading } from '../form/loaded.tsx';
import '../me/me.css';
import { homeAddress } from '../route.ts';
import type { Session } from '../session.ts';
import { Lesson } from './lesson.tsx';
import { LessonList } from './list.tsx';
import { Top } from './top.tsx';
import './training.css';
import { words } from './words.ts';

interface Props {
  api: Session['api'];
  lesson: string | null;
}

export function MyTraining({ api, lesson }: Props) {
  return (
    <main class="me training" key={lesson}>
      <div class="me-content">
        {lesson === null ? <All api={api} /> : <Lesson api={api} lesson={lesson} />}
      </div>
    </main>
  );
}

function All({ api }: Pick<Props, 'api'>) {
  const loading = useLoading('my lessons', () =>
    api.get<Mine>(`/api/v1/training?language=${words.language}`),
  );
  return (
    <>
      <Top title={words.title} back={homeAddress} to={words.toInbox} />
      <p class="soft">{words.intro}</p>
      <Loaded of={loading}>{(mine) => <LessonList {...mine} />}</Loaded>
    </>
  );
}
