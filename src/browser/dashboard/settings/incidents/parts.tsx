/** Who does what in it, and how grave it is. */
import {
  incidentRoleNames,
  severities,
  type Severity,
  severityLevels,
} from '../../../../protocol/incidents.ts';
import { Area, Choice, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { words as settingsWords } from '../words.ts';
import { idsIn, localOf, momentOf } from './moments.ts';
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
    began: localOf(incident.beganAt),
    things: incident.things.join('\n'),
    people: Object.fromEntries(
      incidentRoleNames.map((role) => [role, incident.people[role] ?? (nobody as string)]),
    ),
  };
  const draft = useKept(`who works on ${incident.id}`, first);
  const saved = useKept(`who worked on ${incident.id}`, first);
  const isChanged = () => JSON.stringify(draft.value) !== JSON.stringify(saved.value);
  const submit = async () => {
    if (!isChanged()) return;
    const [now, before] = [draft.value, saved.value];
    const { severity, began, things } = now;
    const chosen = Object.entries(now.people)
      .filter(([role, id]) => id !== before.people[role])
      .map(([role, id]) => [role, id === nobody ? null : id]);
    // What was not changed here stays, whoever changes it meanwhile; and a form knows no seconds.
    await api.patch(path, {
      ...(severity === before.severity ? {} : { severity: Number(severity) }),
      ...(began === before.began ? {} : { beganAt: momentOf(began) }),
      ...(things === before.things ? {} : { things: idsIn(things) }),
      ...(chosen.length === 0 ? {} : { people: Object.fromEntries(chosen) as Record<string, string | null> }),
    });
    saved.value = now;
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
            <Line
              label={words.began}
              hint={words.beganHint}
              value={draft.value.began}
              change={(began) => {
                draft.value = { ...draft.value, began };
              }}
              input={{ type: 'datetime-local', required: true, max: localOf(incident.noticedAt) }}
            />
          </div>
          <Area
            label={words.about}
            hint={words.thingsHint}
            value={draft.value.things}
            change={(things) => {
              draft.value = { ...draft.value, things };
            }}
            area={{ rows: 2, autocomplete: 'off' }}
          />
        </Form>
      </div>
    </Section>
  );
}
