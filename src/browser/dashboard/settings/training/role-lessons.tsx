/** The lessons of one role: which are asked of whoever has it, and what each stands before. */
import { type AssignmentsAnswer, type Gate, gates, type Lesson } from '../../../../protocol/training.ts';
import { Choice, Tick } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { roleNameOf } from '../../words.ts';
import { type AssigningProps, startOf } from './assigning.ts';
import { words } from './words.ts';

type Props = AssigningProps & { role: AssignmentsAnswer['roles'][number] };
/** Each lesson that is asked, with what it stands before. */
type Draft = Partial<Record<Lesson, Gate | 'none'>>;

export function RoleLessons({ api, answer, days, changed, role: { role, name } }: Props) {
  const asked = answer.value.assignments.filter((each) => each.role === role);
  const standing: Draft = Object.fromEntries(asked.map(({ lesson, gate }) => [lesson, gate ?? 'none']));
  const draft = useKept<Draft | null>(`the lessons of ${role}`, null);
  const now = draft.value ?? standing;
  const set = (lesson: Lesson, gate: Gate | 'none' | null) => {
    const { [lesson]: _, ...others } = now;
    draft.value = gate === null ? others : { ...others, [lesson]: gate };
  };
  const submit = async () => {
    const from = startOf(days.value, Date.now());
    const lessons = answer.value.lessons.flatMap(({ lesson }) => {
      const gate = now[lesson];
      if (gate === undefined) return [];
      const known = asked.find((each) => each.lesson === lesson);
      return [{ lesson, gate: gate === 'none' ? null : gate, from: known?.from ?? from }];
    });
    answer.value = await api.put<AssignmentsAnswer>(`/api/v1/training/roles/${role}`, { lessons });
    draft.value = null;
    changed();
  };
  const title = roleNameOf({ role, roleName: name });
  return (
    <details class="role-lessons">
      <summary>
        <strong>{title}</strong> <span class="soft">{words.asked(asked.length)}</span>
      </summary>
      <Form
        action={words.save}
        submit={submit}
        changed={() => draft.value !== null && !isSame(draft.value, standing)}
        done={words.saved}
      >
        {answer.value.lessons.map(({ lesson, title: called }) => {
          const gate = now[lesson];
          return (
            <div class="one-lesson" key={lesson}>
              <Tick
                label={called}
                checked={gate !== undefined}
                change={(on) => set(lesson, on ? 'none' : null)}
              />
              {gate !== undefined && (
                <Choice
                  label={words.gate(called)}
                  value={gate}
                  change={(value) => set(lesson, gates.find((each) => each === value) ?? 'none')}
                  options={Object.entries(words.gates)}
                />
              )}
            </div>
          );
        })}
      </Form>
    </details>
  );
}

function isSame(one: Draft, other: Draft): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<Lesson>;
  return [...keys].every((lesson) => one[lesson] === other[lesson]);
}
