/** One team: its name and its members. */
import { useSignal } from '@preact/signals';
import type { Person, Team, TeamAnswer } from '../../../../protocol/bodies.ts';
import type { PersonId } from '../../../../protocol/ids.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Line, Tick } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { roleNameOf } from '../../words.ts';
import { Heading } from '../heading.tsx';
import { words } from '../words.ts';

interface Props {
  api: Session['api'];
  team: Team;
  members: readonly PersonId[];
  people: readonly Person[];
  changed: (team: Team) => void;
}

export function TeamEditor({ api, team, members, people, changed }: Props) {
  const saved = useSignal({ name: team.name, members: new Set(members) });
  const draft = useKept(team.id, saved.value);
  const isChanged = () =>
    draft.value.name !== saved.value.name || differ(draft.value.members, saved.value.members);
  const submit = async () => {
    const written = draft.value;
    // Only what changed is sent: somebody else may be changing the other half.
    const body = {
      ...(written.name === saved.value.name ? {} : { name: written.name }),
      ...(differ(written.members, saved.value.members) ? { members: [...written.members] } : {}),
    };
    const answer = await api.patch<TeamAnswer>(`/api/v1/teams/${encodeURIComponent(team.id)}`, body);
    saved.value = written;
    changed(answer.team);
  };
  const byName = [...people].sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <Heading title={saved.value.name} back={settingsAddress('teams')} />
      <Form action={words.save} submit={submit} changed={isChanged} done={words.saved}>
        <Line
          label={words.name}
          value={draft.value.name}
          change={(name) => {
            draft.value = { ...draft.value, name };
          }}
          input={{ required: true, maxLength: limits.nameLength, autocomplete: 'off' }}
        />
        <fieldset class="group">
          <legend>{words.teams.members}</legend>
          <p class="soft">{byName.length === 0 ? words.teams.nobody : words.teams.membersHint}</p>
          <ul class="members">
            {byName.map((person) => (
              <li key={person.id}>
                <Tick
                  label={<Member {...person} />}
                  checked={draft.value.members.has(person.id)}
                  change={(is) => {
                    const chosen = new Set(draft.value.members);
                    if (is) chosen.add(person.id);
                    else chosen.delete(person.id);
                    draft.value = { ...draft.value, members: chosen };
                  }}
                />
              </li>
            ))}
          </ul>
        </fieldset>
      </Form>
    </>
  );
}

function Member({ name, state, ...person }: Person) {
  const about = [roleNameOf(person), words.teams.states[state]].filter(Boolean).join(', ');
  return (
    <>
      {name} <span class="soft">{about}</span>
    </>
  );
}

function differ(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size !== other.size || [...one].some((id) => !other.has(id));
}
