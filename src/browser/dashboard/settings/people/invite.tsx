/** Somebody to invite: who they are, what they will be, and with whom. */
import type { PersonAnswer, TeamsAnswer } from '../../../../protocol/bodies.ts';
import { limits } from '../../../../protocol/limits.ts';
import type { Role, RolesAnswer } from '../../../../protocol/roles.ts';
import type { Myself } from '../../../../protocol/sign-in.ts';
import { Line, Tick } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { goTo, settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { Heading } from '../heading.tsx';
import { words } from '../words.ts';
import { RoleChoice } from './role-choice.tsx';

interface Draft {
  name: string;
  address: string;
  role: Role;
  teams: ReadonlySet<string>;
}

const empty: Draft = { name: '', address: '', role: 'agent', teams: new Set() };

export function Invite({ api, me }: { api: Session['api']; me: Myself }) {
  const draft = useKept('an invitation', empty);
  const change = (changed: Partial<Draft>) => {
    draft.value = { ...draft.value, ...changed };
  };
  const loading = useLoading('what to invite to', async () => {
    const [{ teams }, { roles }] = await Promise.all([
      api.get<TeamsAnswer>('/api/v1/teams'),
      api.get<RolesAnswer>('/api/v1/roles'),
    ]);
    return { teams, roles };
  });
  const submit = async () => {
    const { name, address, role, teams } = draft.value;
    const body = { name, address, role, teams: [...teams] };
    const { person } = await api.post<PersonAnswer>('/api/v1/people', body);
    draft.value = empty;
    goTo(settingsAddress('people', person.id));
  };
  const isChanged = () => draft.value !== empty;
  return (
    <>
      <Heading title={words.people.create} back={settingsAddress('people')} />
      <p class="soft">{words.people.createHow}</p>
      <Form action={words.people.createAction} submit={submit} changed={isChanged}>
        <Line
          label={words.people.name}
          value={draft.value.name}
          change={(name) => change({ name })}
          input={{ required: true, maxLength: limits.nameLength, autocomplete: 'off' }}
        />
        <Line
          label={words.people.address}
          value={draft.value.address}
          change={(address) => change({ address })}
          input={{ type: 'email', required: true, maxLength: limits.addressLength, autocomplete: 'off' }}
        />
        <Loaded of={loading}>
          {({ teams, roles }) => (
            <>
              <RoleChoice
                me={me}
                custom={roles}
                value={draft.value.role}
                change={(role) => change({ role })}
              />
              <fieldset class="group">
                <legend>{words.people.teams}</legend>
                {teams.length === 0 && <p class="soft">{words.people.noTeams}</p>}
                <ul class="members">
                  {teams.map(({ id, name }) => (
                    <li key={id}>
                      <Tick
                        label={name}
                        checked={draft.value.teams.has(id)}
                        change={(is) => change({ teams: withOne(draft.value.teams, id, is) })}
                      />
                    </li>
                  ))}
                </ul>
              </fieldset>
            </>
          )}
        </Loaded>
      </Form>
    </>
  );
}

function withOne(known: ReadonlySet<string>, id: string, is: boolean): ReadonlySet<string> {
  const changed = new Set(known);
  if (is) changed.add(id);
  else changed.delete(id);
  return changed;
}
