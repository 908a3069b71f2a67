/** The law's clocks: how long there is, what was done, and the texts for the notices. */
import { useSignal } from '@preact/signals';
import {
  type ClockView,
  legalClockNames,
  legalClocks,
  type NoticesAnswer,
} from '../../../../protocol/incidents.ts';
import { limits } from '../../../../protocol/limits.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Area, Choice } from '../../form/field.tsx';
import { Form } from '../../form/form.tsx';
import { useKept } from '../../form/kept.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { clock as now } from '../../list/clock.ts';
import { useDoing } from '../../me/doing.ts';
import { when } from './moments.ts';
import { Section, type Working } from './part.tsx';
import { words } from './words.ts';

export function Clocks(working: Working) {
  const { incident, mayWork, api, path, changed } = working;
  const doing = useDoing();
  const others = legalClockNames.filter((name) => !incident.clocks.some(({ clock }) => clock === name));
  const begin = (name: string) =>
    doing.attempt(async () => {
      await api.put(`${path}/clocks/${name}`, { outcome: 'begun' });
      changed();
    });
  return (
    <Section title={words.clocks}>
      {incident.clocks.length === 0 && <p>{words.clockNone}</p>}
      <ul class="incident-clocks">
        {incident.clocks.map((clock) => (
          <Clock key={clock.clock} {...working} clock={clock} />
        ))}
      </ul>
      {mayWork && (
        <div class="incident-do">
          {others.map((name) => (
            <Button key={name} busy={doing.busy.value} onPress={() => void begin(name)}>
              {words.clockBegin(legalClocks[name].law)}
            </Button>
          ))}
        </div>
      )}
      <Problem text={doing.problem.value} />
      {mayWork && <Notices {...working} />}
    </Section>
  );
}

function Clock({ clock, ...working }: Working & { clock: ClockView }) {
  const settling = useSignal(false);
  const { law, whom } = legalClocks[clock.clock];
  const { dueAt, settled } = clock;
  const isLate = settled === null && dueAt !== null && dueAt < now.value;
  return (
    <li class={isLate ? 'late' : undefined}>
      <p class="row-name">{words.clockState(clock, now.value)}</p>
      <p>
        {law}: {whom}
      </p>
      {dueAt !== null && settled === null && <p class="soft">{words.clockDue(when(dueAt))}</p>}
      {settled !== null && (
        <>
          <p class="incident-text" dir="auto">
            {settled.text}
          </p>
          <p class="soft">{words.by(working.nameOf(settled.by), when(settled.at))}</p>
        </>
      )}
      {working.mayWork && settled === null && !settling.value && (
        <div>
          <Button
            label={words.clockSettleThis(words.clockNames[clock.clock])}
            onPress={() => {
              settling.value = true;
            }}
          >
            {words.clockSettle}
          </Button>
        </div>
      )}
      {working.mayWork && settled === null && settling.value && (
        <Settling
          {...working}
          name={clock.clock}
          cancel={() => {
            settling.value = false;
          }}
        />
      )}
    </li>
  );
}

function Settling({
  api,
  path,
  incident,
  changed,
  name,
  cancel,
}: Working & { name: string; cancel: () => void }) {
  const outcome = useSignal<'done' | 'notNeeded'>('done');
  const text = useKept(`clock ${name} of ${incident.id}`, '');
  const submit = async () => {
    await api.put(`${path}/clocks/${name}`, { outcome: outcome.value, text: text.value.trim() });
    text.value = '';
    changed();
  };
  return (
    <Form
      takesFocus
      action={words.clockDo}
      submit={submit}
      changed={() => text.value.trim() !== ''}
      cancel={() => {
        text.value = '';
        cancel();
      }}
    >
      <Choice
        label={words.clockOutcome}
        value={outcome.value}
        change={(value) => {
          outcome.value = value === 'done' ? value : 'notNeeded';
        }}
        options={Object.entries(words.clockOutcomes)}
      />
      <Area
        label={words.clockText}
        value={text.value}
        change={(value) => {
          text.value = value;
        }}
        area={{ required: true, maxLength: limits.incidentText, rows: 2, dir: 'auto' }}
      />
    </Form>
  );
}

/** They are made anew each time: they say what was done by then. */
function Notices({ api, path, incident }: Working) {
  const open = useSignal(false);
  if (incident.clocks.length === 0) return null;
  return (
    <details
      class="incident-phase"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{words.notices}</summary>
      {open.value && <Texts api={api} path={path} id={incident.id} />}
    </details>
  );
}

function Texts({ api, path, id }: Pick<Working, 'api' | 'path'> & { id: string }) {
  const loading = useLoading(`notices of ${id}`, () => api.get<NoticesAnswer>(`${path}/notices`));
  return (
    <Loaded of={loading}>
      {({ notices }) => (
        <>
          <p class="soft">{words.noticesHow}</p>
          {notices.map((notice) => (
            <details key={words.noticeName(notice)} class="incident-phase">
              <summary>{words.noticeName(notice)}</summary>
              <p class="row-name" lang={notice.language}>
                {notice.title}
              </p>
              <p class="incident-text incident-notice" lang={notice.language}>
                {notice.text}
              </p>
            </details>
          ))}
        </>
      )}
    </Loaded>
  );
}
