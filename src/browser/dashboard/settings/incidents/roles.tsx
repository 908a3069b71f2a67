/** Who has which role in an incident, with a deputy, and how they are reached. */
import { incidentRoleNames, incidentRoles, type RolePlaces } from '../../../../protocol/incidents.ts';
import type { PersonId } from '../../../../protocol/ids.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Choice, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import type { Session } from '../../session.ts';
import { words as settingsWords } from '../words.ts';
import { Section } from './part.tsx';
import type { Everybody } from './people.ts';
import { words } from './words.ts';

const nobody = 'nobody';
const ranks = ['first', 'deputy'] as const;

interface Props {
  api: Session['api'];
  roles: RolePlaces;
  people: Everybody;
  mayChange: boolean;
  changed: () => void;
}

export function Roles({ api, roles, people, mayChange, changed }: Props) {
  const draft = useKept<RolePlaces>('roles in incidents', roles);
  const unfilled = incidentRoleNames.filter((role) => roles[role].first === null);
  const submit = async () => {
    await api.put('/api/v1/incident-plan/roles', { roles: draft.value });
    changed();
  };
  const change = (
    role: keyof RolePlaces,
    rank: (typeof ranks)[number],
    place: RolePlaces['lead']['first'],
  ) => {
    draft.value = { ...draft.value, [role]: { ...draft.value[role], [rank]: place } };
  };
  return (
    <Section title={words.roles}>
      <p class="soft">{words.rolesHow}</p>
      {unfilled.length > 0 && (
        <p class="warned">{words.unfilled(unfilled.map((role) => words.roleNames[role]))}</p>
      )}
      <div class="short">
        <Form
          action={words.rolesSave}
          submit={submit}
          changed={() => JSON.stringify(draft.value) !== JSON.stringify(roles)}
          done={settingsWords.saved}
          readOnly={!mayChange}
        >
          {incidentRoleNames.map((role) => (
            <fieldset key={role} class="group">
              <legend>{words.roleNames[role]}</legend>
              <p class="soft">{incidentRoles[role]}</p>
              {ranks.map((rank) => {
                const place = draft.value[role][rank];
                return (
                  <div key={rank} class="incident-pair">
                    <Choice
                      label={words.ranks[rank]}
                      value={place?.person ?? nobody}
                      change={(id) =>
                        change(
                          role,
                          rank,
                          id === nobody ? null : { person: id as PersonId, contact: place?.contact ?? '' },
                        )
                      }
                      options={[
                        [nobody, words.nobody],
                        ...people.able.map(({ id, name }) => [id, name] as const),
                      ]}
                    />
                    {place !== null && (
                      <Line
                        label={words.contacts[rank]}
                        hint={words.contactHint}
                        value={place.contact}
                        change={(contact) => change(role, rank, { ...place, contact })}
                        input={{ maxLength: limits.reason, autocomplete: 'off', dir: 'auto' }}
                      />
                    )}
                  </div>
                );
              })}
            </fieldset>
          ))}
        </Form>
      </div>
    </Section>
  );
}
