/** Closes an incident: with what was learnt, and what follows from it. */
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Area, Choice, Line } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { dayOf, endOfDay } from './moments.ts';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

interface Action {
  text: string;
  person: string;
  day: string;
}

const day = 86_400_000;
const nobody = '';

export function Closing({ api, path, incident, people, changed }: Working) {
  const empty: Action = { text: '', person: nobody, day: dayOf(Date.now() + 30 * day) };
  const draft = useKept(`the review of ${incident.id}`, { review: '', actions: [empty] });
  const change = (changes: Partial<typeof draft.value>) => {
    draft.value = { ...draft.value, ...changes };
  };
  const changeAction = (at: number, changes: Partial<Action>) =>
    change({ actions: draft.value.actions.map((each, n) => (n === at ? { ...each, ...changes } : each)) });
  const submit = async () => {
    const { review, actions } = draft.value;
    await api.post(`${path}/close`, {
      review: review.trim(),
      actions: actions.map((each) => ({
        text: each.text.trim(),
        person: each.person,
        dueAt: endOfDay(each.day),
      })),
    });
    draft.value = { review: '', actions: [empty] };
    changed();
  };
  const { review, actions } = draft.value;
  return (
    <Section title={words.close}>
      <p class="soft">{words.closeHow}</p>
      <div class="short">
        <Form action={words.closeDo} submit={submit} changed={() => review.trim() !== ''}>
          <Area
            label={words.review}
            hint={words.reviewHint}
            value={review}
            change={(value) => change({ review: value })}
            area={{ required: true, maxLength: limits.incidentReview, rows: 6, dir: 'auto' }}
          />
          {actions.map((action, n) => (
            <fieldset key={n} class="group">
              <legend>{words.action(n + 1)}</legend>
              <Area
                label={words.actionText}
                value={action.text}
                change={(text) => changeAction(n, { text })}
                area={{ required: true, maxLength: limits.incidentText, rows: 2, dir: 'auto' }}
              />
              <div class="incident-pair">
                <Choice
                  label={words.actionWho}
                  value={action.person}
                  change={(person) => changeAction(n, { person })}
                  options={[
                    [nobody, words.choose],
                    ...people.able.map(({ id, name }) => [id, name] as const),
                  ]}
                />
                <Line
                  label={words.actionWhen}
                  value={action.day}
                  change={(value) => changeAction(n, { day: value })}
                  input={{ type: 'date', required: true, min: dayOf(Date.now()) }}
                />
              </div>
              {actions.length > 1 && (
                <div>
                  <Button
                    small
                    label={words.actionDrop(n + 1)}
                    onPress={() => change({ actions: actions.filter((_, at) => at !== n) })}
                  >
                    {words.actionDrop(n + 1)}
                  </Button>
                </div>
              )}
            </fieldset>
          ))}
          {actions.length < limits.incidentActions && (
            <div>
              <Button onPress={() => change({ actions: [...actions, empty] })}>{words.actionAdd}</Button>
            </div>
          )}
        </Form>
      </div>
    </Section>
  );
}
