/** Who does what in it, and how grave it is. */
import {
  incidentRoleNames,
  severities,
  type Severity,
  severityLevels,
} from '../../../../protocol/incidents.ts';
import { Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { words as settingsWords } from '../words.ts';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

const nobody = 'nobody';

export function Parts(working: Working) {
  const { incident, mayWork, nameOf } = working;
  if (mayWork) return <Assigning {...working} />;
  return (
    <Section title={words.part}>
      <dl class="facts">
        {incidentRoleNames.flatMap((role) => [
          <dt key={role}>{words.roleNames[role]}</dt>,
          <dd key={`${role}:`}>{nameOf(incident.people[role] ?? words.nobody)}</dd>,
        ])}
      </dl>
    </Section>
  );
}

function Assigning({ api, path, incident, people, changed }: Working) {
  const first = {
    severity: String(incident.severity),
    people: Object.fromEntries(
      incidentRoleNames.map((role) => [role, incident.people[role] ?? (nobody as string)]),
    ),
  };
  const draft = useKept(`who works on ${incident.id}`, first);
  const isChanged = () => JSON.stringify(draft.value) !== JSON.stringify(first);
  const submit = async () => {
    const chosen = Object.entries(draft.value.people).map(([role, id]) => [role, id === nobody ? null : id]);
    await api.patch(path, {
      severity: Number(draft.value.severity),
      people: Object.fromEntries(chosen) as Record<string, string | null>,
    });
    changed();
  };
  return (
    <Section title={words.part}>
      <div class="short">
        <Form action={words.partSave} submit={submit} changed={isChanged} done={settingsWords.saved}>
          <div class="incident-pair">
            {incidentRoleNames.map((role) => (
              <Choice
                key={role}
                label={words.roleNames[role]}
                value={draft.value.people[role] ?? nobody}
                change={(id) => {
                  draft.value = { ...draft.value, people: { ...draft.value.people, [role]: id } };
                }}
                options={[[nobody, words.nobody], ...people.able.map(({ id, name }) => [id, name] as const)]}
              />
            ))}
            <Choice
              label={words.severity}
              hint={severities[Number(draft.value.severity) as Severity].when}
              value={draft.value.severity}
              change={(severity) => {
                draft.value = { ...draft.value, severity };
              }}
              options={severityLevels.map((level) => [
                String(level),
                words.severityOption(level, severities[level].name),
              ])}
            />
          </div>
        </Form>
      </div>
    </Section>
  );
}
