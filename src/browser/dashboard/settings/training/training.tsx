/** Training: how far everybody is, who is asked which lessons, and the organisation's own. */
import { useSignal } from '@preact/signals';
import { type AssignmentsAnswer, isSottosOwn, type OverviewAnswer } from '../../../../protocol/training.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import type { AssigningProps } from './assigning.ts';
import { Overview } from './overview.tsx';
import { OwnLesson } from './own-lesson.tsx';
import { RoleLessons } from './role-lessons.tsx';
import { Suggestion } from './suggestion.tsx';
import './training.css';
import { words } from './words.ts';

const path = '/api/v1/training';

export function Training({ desk, session: { api }, id }: ScreenProps) {
  const mayAssign = everMay(desk.person.value, 'training.assign');
  if (id !== null && mayAssign) return <OwnLesson key={id} api={api} lesson={id === 'new' ? null : id} />;
  return (
    <>
      <Heading title={settingsWords.screens.training} />
      <p class="soft">{words.intro}</p>
      <All api={api} mayAssign={mayAssign} seesLedger={everMay(desk.person.value, 'ledger.read')} />
    </>
  );
}

interface AllProps {
  api: Session['api'];
  mayAssign: boolean;
  seesLedger: boolean;
}

function All({ api, mayAssign, seesLedger }: AllProps) {
  const overview = useLoading('training', () => api.get<OverviewAnswer>(`${path}/overview`));
  return (
    <>
      {mayAssign && <Assigning api={api} changed={() => overview.again()} />}
      <Loaded of={overview}>{(answer) => <Overview {...answer} seesLedger={seesLedger} />}</Loaded>
    </>
  );
}

function Assigning({ api, changed }: { api: Session['api']; changed: () => void }) {
  const loading = useLoading('training roles', () => api.get<AssignmentsAnswer>(`${path}/roles`));
  return <Loaded of={loading}>{(first) => <Roles api={api} first={first} changed={changed} />}</Loaded>;
}

interface RolesProps {
  api: Session['api'];
  first: AssignmentsAnswer;
  changed: () => void;
}

function Roles({ api, first, changed }: RolesProps) {
  const answer = useSignal(first);
  const days = useSignal('14');
  const shared: AssigningProps = { api, answer, days, changed };
  const own = answer.value.lessons.filter(({ lesson }) => !isSottosOwn(lesson));
  return (
    <>
      <section aria-labelledby="training-roles">
        <h3 id="training-roles">{words.roles}</h3>
        <p class="soft">{words.rolesHow}</p>
        <Suggestion {...shared} />
        {answer.value.roles.map((role) => (
          <RoleLessons key={role.role} {...shared} role={role} />
        ))}
      </section>
      <section aria-labelledby="training-own">
        <h3 id="training-own">{words.own}</h3>
        <p class="soft">{words.ownHow}</p>
        {own.length === 0 && <p class="nothing">{words.noOwn}</p>}
        <ul class="rows">
          {own.map(({ lesson, title }) => (
            <li key={lesson}>
              <a href={settingsAddress('training', lesson)}>
                <span class="row-name">{title}</span>
              </a>
            </li>
          ))}
        </ul>
        <p>
          <a class="button" href={settingsAddress('training', 'new')}>
            {words.write}
          </a>
        </p>
      </section>
    </>
  );
}
