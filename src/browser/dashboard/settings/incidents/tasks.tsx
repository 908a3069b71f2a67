/** What is to be done in each state: from the runbook, and what was added. */
import { useSignal } from '@preact/signals';
import { type IncidentTask, type OpenState, openStates } from '../../../../protocol/incidents.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Problem } from '../../../ui/problem.tsx';
import { Area, Choice, Tick } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { useDoing } from '../../me/doing.ts';
import { when, whichDay } from './moments.ts';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

export function Tasks({ mayTick, ...working }: Working & { mayTick: boolean }) {
  const { tasks, state } = working.incident;
  const follow = tasks.filter(({ phase }) => phase === 'after');
  return (
    <>
      {follow.length > 0 && (
        <Section title={words.actions}>
          <List {...working} tasks={follow} mayTick={mayTick} />
        </Section>
      )}
      <Section title={words.tasks}>
        {openStates.map((phase) => {
          const here = tasks.filter((task) => task.phase === phase);
          const done = here.filter((task) => task.done !== null).length;
          const isNow = phase === state;
          return (
            <details key={`${phase} ${String(isNow)}`} open={isNow} class="incident-phase">
              <summary>
                {words.states[phase]} <span class="soft">{words.tasksOf(done, here.length)}</span>
              </summary>
              <List {...working} tasks={here} mayTick={working.mayWork} />
            </details>
          );
        })}
        {working.mayWork && <Adding {...working} />}
      </Section>
    </>
  );
}

interface ListProps extends Working {
  tasks: readonly IncidentTask[];
  mayTick: boolean;
}

function List({ tasks, mayTick, api, path, nameOf, changed }: ListProps) {
  const doing = useDoing();
  const tick = ({ id }: IncidentTask, done: boolean) =>
    doing.attempt(async () => {
      await api.put(`${path}/tasks/${id}`, { done });
      changed();
    });
  return (
    <>
      <ul class="incident-tasks">
        {tasks.map((task) => (
          <li key={task.id}>
            <Tick
              label={<span dir="auto">{task.text}</span>}
              checked={task.done !== null}
              disabled={!mayTick}
              change={(done) => void tick(task, done)}
            />
            <p class="soft">{aboutOf(task, nameOf)}</p>
          </li>
        ))}
      </ul>
      <Problem text={doing.problem.value} />
    </>
  );
}

function aboutOf({ done, person, dueAt }: IncidentTask, nameOf: Working['nameOf']): string {
  const whose = person !== null && dueAt !== null && words.actionLine(nameOf(person), whichDay(dueAt));
  return [whose, done !== null && words.doneBy(nameOf(done.by), when(done.at))].filter(Boolean).join(' · ');
}

function Adding({ api, path, incident, changed }: Working) {
  const text = useKept(`a task of ${incident.id}`, '');
  const phase = useSignal<OpenState>(incident.state === 'closed' ? 'detect' : incident.state);
  const submit = async () => {
    await api.post(`${path}/tasks`, { phase: phase.value, text: text.value.trim() });
    text.value = '';
    changed();
  };
  return (
    <details class="incident-phase">
      <summary>{words.addTask}</summary>
      <div class="short">
        <Form action={words.taskAdd} submit={submit} changed={() => text.value.trim() !== ''}>
          <Area
            label={words.taskText}
            value={text.value}
            change={(value) => {
              text.value = value;
            }}
            area={{ required: true, maxLength: limits.incidentText, rows: 2, dir: 'auto' }}
          />
          <Choice
            label={words.taskPhase}
            value={phase.value}
            change={(value) => {
              phase.value = value as OpenState;
            }}
            options={openStates.map((state) => [state, words.states[state]])}
          />
        </Form>
      </div>
    </details>
  );
}
