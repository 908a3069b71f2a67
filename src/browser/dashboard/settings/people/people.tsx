/** People: the list of them, somebody to invite, or one to change. */
import { useSignal } from '@preact/signals';
import type { Colleague, PeopleAnswer, TeamsAnswer } from '../../../../protocol/bodies.ts';
import type { RolesAnswer } from '../../../../protocol/roles.ts';
import { Line } from '../../form/field.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay } from '../../rights.ts';
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
  if (id === null || id === 'new') return <PeopleList api={api} mayInvite={everMay(me, 'people.invite')} />;
  return <Somebody key={id} api={api} id={id} me={me} />;
}

type Api = Session['api'];

function PeopleList({ api, mayInvite }: { api: Api; mayInvite: boolean }) {
  const loading = useLoading('people', async () => {
    const { people } = await api.get<PeopleAnswer>('/api/v1/people');
    return [...people].sort((a, b) => a.name.localeCompare(b.name));
  });
  return (
    <>
      <Heading title={words.screens.people}>
        {mayInvite && (
          <a class="button first" href={settingsAddress('people', 'new')}>
            {words.people.create}
          </a>
        )}
      </Heading>
      <p class="soft">{words.people.intro}</p>
      <Loaded of={loading}>{(people) => <Found people={people} />}</Loaded>
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
    <Loaded of={loading}>
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
