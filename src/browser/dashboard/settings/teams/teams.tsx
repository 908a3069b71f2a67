/** Teams: the list of them, a new one, or one to rename and to say who is in it. */
import { useSignal } from '@preact/signals';
import type {
  MembersAnswer,
  PeopleAnswer,
  Team,
  TeamAnswer,
  TeamsAnswer,
} from '../../../../protocol/bodies.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { goTo, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from '../words.ts';
import { TeamEditor } from './editor.tsx';

export function Teams({ desk, session: { api }, id }: ScreenProps) {
  const renamed = (team: Team) => {
    desk.teams.value = new Map(desk.teams.value ?? []).set(team.id, team);
  };
  if (id === null) return <TeamList api={api} />;
  if (id === 'new') return <TeamCreator api={api} created={renamed} />;
  return <OneTeam key={id} api={api} id={id} changed={renamed} />;
}

type Api = Session['api'];

function TeamList({ api }: { api: Api }) {
  const loading = useLoading('teams', async () => {
    const [{ teams }, { people }] = await Promise.all([
      api.get<TeamsAnswer>('/api/v1/teams'),
      api.get<PeopleAnswer>('/api/v1/people'),
    ]);
    return { teams: [...teams].sort((a, b) => a.name.localeCompare(b.name)), people };
  });
  return (
    <>
      <Heading title={words.screens.teams}>
        <a class="button first" href={settingsAddress('teams', 'new')}>
          {words.teams.create}
        </a>
      </Heading>
      <p class="soft">{words.teams.intro}</p>
      <Loaded of={loading}>
        {({ teams, people }) => (
          <>
            {teams.length === 0 && <p class="nothing">{words.teams.none}</p>}
            <ul class="rows">
              {teams.map((team) => (
                <li key={team.id}>
                  <a href={settingsAddress('teams', team.id)}>
                    <span class="row-name">{team.name}</span>
                    <span class="soft">
                      {words.teams.count(people.filter((person) => person.teams.includes(team.id)).length)}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </>
  );
}

function TeamCreator({ api, created }: { api: Api; created: (team: Team) => void }) {
  const name = useKept('a new team', '');
  const done = useSignal(false);
  const submit = async () => {
    const { team } = await api.post<TeamAnswer>('/api/v1/teams', { name: name.value });
    done.value = true;
    created(team);
    goTo(settingsAddress('teams', team.id));
  };
  return (
    <>
      <Heading title={words.teams.create} back={settingsAddress('teams')} />
      <Form
        action={words.teams.createAction}
        submit={submit}
        changed={() => !done.value && name.value.trim() !== ''}
      >
        <Line
          label={words.name}
          value={name.value}
          change={(value) => {
            name.value = value;
          }}
          input={{ required: true, maxLength: limits.nameLength, autocomplete: 'off' }}
        />
      </Form>
    </>
  );
}

function OneTeam({ api, id, changed }: { api: Api; id: string; changed: (team: Team) => void }) {
  const path = `/api/v1/teams/${encodeURIComponent(id)}`;
  const loading = useLoading(`team ${id}`, async () => {
    const [{ teams }, { members }, { people }] = await Promise.all([
      api.get<TeamsAnswer>('/api/v1/teams'),
      api.get<MembersAnswer>(`${path}/members`),
      api.get<PeopleAnswer>('/api/v1/people'),
    ]);
    return { team: teams.find((each) => each.id === id), members, people };
  });
  return (
    <Loaded of={loading} until={<Heading title={words.screens.teams} back={settingsAddress('teams')} />}>
      {({ team, members, people }) =>
        team === undefined ? (
          <>
            <Heading title={words.screens.teams} back={settingsAddress('teams')} />
            <p>{words.missing}</p>
          </>
        ) : (
          <TeamEditor api={api} team={team} members={members} people={people} changed={changed} />
        )
      }
    </Loaded>
  );
}
