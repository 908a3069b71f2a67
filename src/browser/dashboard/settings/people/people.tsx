/** People: the list of them, somebody to invite, or one to change. */
import { useSignal } from '@preact/signals';
import type { Colleague, EverybodyAnswer, PeopleAnswer, TeamsAnswer } from '../../../../protocol/bodies.ts';
import type { RolesAnswer } from '../../../../protocol/roles.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Line } from '../../form/field.tsx';
import { inWords } from '../../form/in-words.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay, type Me } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { roleNameOf } from '../../words.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from '../words.ts';
import { Invite } from './invite.tsx';
import { OnePerson } from './person.tsx';

/** From so many people on they are looked for rather than looked through. */
const many = 8;

export function People({ desk, session: { api }, id }: ScreenProps) {
  const me = desk.person.value;
  if (id === 'new' && everMay(me, 'people.invite')) return <Invite api={api} me={me} />;
  if (id === null || id === 'new') return <PeopleList api={api} me={me} />;
  return <Somebody key={id} api={api} id={id} me={me} />;
}

type Api = Session['api'];

function PeopleList({ api, me }: { api: Api; me: Me }) {
  const loading = useLoading('people', async () => {
    const { people } = await api.get<PeopleAnswer>('/api/v1/people');
    return [...people].sort((a, b) => a.name.localeCompare(b.name));
  });
  return (
    <>
      <Heading title={words.screens.people}>
        {everMay(me, 'people.invite') && (
          <a class="button first" href={settingsAddress('people', 'new')}>
            {words.people.create}
          </a>
        )}
      </Heading>
      <p class="soft">{words.people.intro}</p>
      <Loaded of={loading}>{(people) => <Found people={people} />}</Loaded>
      {everMay(me, 'people.endSessions') && <Everybody api={api} />}
    </>
  );
}

function Found({ people }: { people: readonly Colleague[] }) {
  const wanted = useSignal('');
  const text = wanted.value.trim().toLowerCase();
  const found = people.filter(({ name, address }) => `${name} ${address}`.toLowerCase().includes(text));
  return (
    <>
      {people.length >= many && (
        <Line
          label={words.people.find}
          value={wanted.value}
          change={(value) => {
            wanted.value = value;
          }}
          input={{ type: 'search', autocomplete: 'off' }}
        />
      )}
      {found.length === 0 && <p class="nothing">{words.people.none}</p>}
      <ul class="rows">
        {found.map((person) => (
          <li key={person.id}>
            <a href={settingsAddress('people', person.id)}>
              <span class="row-name">{person.name}</span>
              <span class="soft">{roleNameOf(person)}</span>
              <span class="soft row-more">{[person.address, ...standingOf(person)].join(' · ')}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

/** For the worst day: everybody out at once. */
function Everybody({ api }: { api: Api }) {
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const said = useSignal('');
  const signOut = async () => {
    if (busy.value || !(await ask({ ...words.people.everybodyAsk, danger: true }))) return;
    busy.value = true;
    problem.value = null;
    try {
      const { signedOut, above } = await api.delete<EverybodyAnswer>('/api/v1/sessions');
      said.value = words.people.everybodyDone(signedOut, above);
    } catch (error) {
      problem.value = inWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <section class="remove">
      <Problem text={problem.value} />
      <div class="form-end">
        <Button kind="danger" busy={busy.value} onPress={() => void signOut()}>
          {words.people.everybody}
        </Button>
        <span role="status" class="soft">
          {said.value}
        </span>
      </div>
    </section>
  );
}

/** What is out of the ordinary with somebody. */
function standingOf({ state, hasFactor }: Colleague): string[] {
  if (state !== 'active') return [words.people.states[state]];
  return hasFactor ? [] : [words.people.noFactor];
}

function Somebody({ api, id, me }: { api: Api; id: string; me: ScreenProps['desk']['person']['value'] }) {
  const loading = useLoading(`person ${id}`, async () => {
    const [{ people }, { teams }, { roles }] = await Promise.all([
      api.get<PeopleAnswer>('/api/v1/people'),
      api.get<TeamsAnswer>('/api/v1/teams'),
      api.get<RolesAnswer>('/api/v1/roles'),
    ]);
    const person = people.find((each) => each.id === id);
    return {
      person,
      askedBy: people.find((each) => each.id === person?.reset?.by)?.name ?? '',
      teams,
      roles,
    };
  });
  return (
    <Loaded of={loading} until={<Heading title={words.screens.people} back={settingsAddress('people')} />}>
      {({ person, askedBy, teams, roles }) =>
        person === undefined ? (
          <>
            <Heading title={words.screens.people} back={settingsAddress('people')} />
            <p>{words.missing}</p>
          </>
        ) : (
          <OnePerson
            api={api}
            me={me}
            person={person}
            askedBy={askedBy}
            teams={teams}
            roles={roles}
            again={loading.again}
          />
        )
      }
    </Loaded>
  );
}
