/** What is suggested, with one press: the basics before conversations, and files before sensitive ones. */
import { useSignal } from '@preact/signals';
import type { Role } from '../../../../protocol/roles.ts';
import {
  type AssignmentsAnswer,
  type Gate,
  type LessonName,
  lessonNames,
} from '../../../../protocol/training.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { ask } from '../../dialog/ask.ts';
import { Choice } from '../../form/field.tsx';
import { useDoing } from '../../me/doing.ts';
import { type AssigningProps, startOf } from './assigning.ts';
import { words } from './words.ts';

/** Whoever has one of these works with conversations. */
const working: readonly Role[] = ['owner', 'admin', 'supervisor', 'agent'];
const before: Partial<Record<LessonName, Gate>> = {
  'sensitive-data': 'conversations',
  phishing: 'conversations',
  files: 'sensitiveFiles',
};

export function Suggestion({ api, answer, days, changed }: AssigningProps) {
  const doing = useDoing();
  const said = useSignal('');
  const roles = answer.value.roles.filter(({ role }) => working.includes(role));
  const press = async () => {
    said.value = '';
    if (!(await ask(words.suggestAsk(words.fromDays[days.value] ?? '')))) return;
    const from = startOf(days.value, Date.now());
    const done = await doing.attempt(async () => {
      for (const { role } of roles) {
        const own = answer.value.assignments.filter((each) => each.role === role);
        const suggested = lessonNames.map((lesson) => ({
          lesson,
          gate: before[lesson] ?? null,
          from: own.find((each) => each.lesson === lesson)?.from ?? from,
        }));
        const others = own.filter(({ lesson }) => suggested.every((each) => each.lesson !== lesson));
        const lessons = [
          ...suggested,
          ...others.map(({ lesson, gate, from: since }) => ({ lesson, gate, from: since })),
        ];
        answer.value = await api.put<AssignmentsAnswer>(`/api/v1/training/roles/${role}`, { lessons });
      }
    });
    if (done) said.value = words.saved;
    changed();
  };
  return (
    <div class="suggestion">
      <p>{words.suggestHow}</p>
      <Choice
        label={words.from}
        value={days.value}
        change={(value) => {
          days.value = value;
        }}
        options={Object.entries(words.fromDays)}
      />
      <p>
        <Button kind="first" busy={doing.busy.value} onPress={() => void press()}>
          {words.suggest}
        </Button>
      </p>
      <p role="status" class="soft">
        {said.value}
      </p>
      <Problem text={doing.problem.value} />
    </div>
  );
}
