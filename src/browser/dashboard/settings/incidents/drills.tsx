/** Drills: what can be played, the one that goes on, and how those before went. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import {
  type DrillAnswer,
  drillDueAfter,
  drillScenarioNames,
  type DrillsAnswer,
  type DrillScenario,
  type DrillView,
} from '../../../../protocol/drills.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Time } from '../../../ui/time.tsx';
import { Loaded, useLoading, useRefreshing } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import { useDoing } from '../../me/doing.ts';
import { may } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words } from './drill-words.ts';
import { when } from './moments.ts';
import { Section } from './part.tsx';

export const drillsPath = '/api/v1/drills';
/** How often one that goes on is looked at. */
const lookAgain = 2_000;

interface Props {
  desk: ScreenProps['desk'];
  api: ScreenProps['session']['api'];
}

export function Drills({ desk, api }: Props) {
  const loading = useLoading('drills', () => api.get<DrillsAnswer>(drillsPath));
  const doing = useDoing();
  const said = useSignal('');
  const now = loading.state.value;
  const drills = now.is === 'here' ? now.value.drills : undefined;
  const going = drills?.find(({ overAt }) => overAt === null);
  useRefreshing(loading, lookAgain, (answer) => answer.drills.some(({ overAt }) => overAt === null));
  const watched = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (drills?.some(({ id, overAt }) => id === watched.current && overAt !== null) === true)
      said.value = words.ended;
    if (drills !== undefined) watched.current = going?.id;
  }, [drills]);
  const play = (scenario: DrillScenario) =>
    doing.attempt(async () => {
      const { drill } = await api.post<DrillAnswer>(drillsPath, { scenario });
      said.value = words.begun;
      watched.current = drill.id;
      loading.again();
    });
  return (
    <>
      <Heading title={words.title} back={settingsAddress('incidents')} />
      <p class="soft">{words.intro}</p>
      <p role="status">{said.value}</p>
      <Problem text={doing.problem.value} />
      <Loaded of={loading}>
        {(answer) => (
          <>
            {going !== undefined && <GoingOn drill={going} />}
            <Section title={words.scenarios}>
              <p class="soft">{words.toDo}</p>
              <ul class="incident-clocks">
                {drillScenarioNames.map((scenario) => (
                  <Scenario
                    key={scenario}
                    scenario={scenario}
                    last={answer.drills.find((each) => each.scenario === scenario && each.overAt !== null)}
                    mayPlay={may(desk.person.value, 'incident.lead')}
                    isOther={going !== undefined}
                    busy={doing.busy.value}
                    play={() => void play(scenario)}
                  />
                ))}
              </ul>
            </Section>
            <Reports drills={answer.drills} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface ScenarioProps {
  scenario: DrillScenario;
  last: DrillView | undefined;
  mayPlay: boolean;
  isOther: boolean;
  busy: boolean;
  play: () => void;
}

function Scenario({ scenario, last, mayPlay, isOther, busy, play }: ScenarioProps) {
  const name = words.scenarioNames[scenario];
  const isDue = last === undefined || last.begunAt < clock.value - drillDueAfter;
  return (
    <li>
      <p class="row-name">{name}</p>
      <p>{words.makes[scenario]}</p>
      <p class="soft">
        {last === undefined ? (
          words.never
        ) : (
          <a href={settingsAddress('incidents', last.id)}>
            {words.last(when(last.begunAt), words.result(last.report))}
          </a>
        )}
        {last !== undefined && isDue && ` ${words.due}`}
      </p>
      {mayPlay && (
        <div class="form-end">
          {isOther ? (
            <span class="soft">{words.only}</span>
          ) : (
            <Button busy={busy} label={words.playThis(name)} onPress={play}>
              {words.play}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function GoingOn({ drill }: { drill: DrillView }) {
  const { scenario, account, report } = drill;
  return (
    <Section title={words.goesOn}>
      <div class="incident-policy">
        <p class="row-name">{words.scenarioNames[scenario]}</p>
        <p role="status">{words.steps[stepOf(drill)]}</p>
        <div class="incident-do">
          <a class="button" href={settingsAddress('alarms')}>
            {words.alarms}
          </a>
          <a class="button" href={settingsAddress('people', account)}>
            {words.theAccount}
          </a>
          {report.declared !== null && (
            <a class="button" href={settingsAddress('incidents', report.declared.incident)}>
              {words.incident}
            </a>
          )}
        </div>
      </div>
    </Section>
  );
}

function stepOf({ report }: DrillView): keyof typeof words.steps {
  if (report.recoveredAt !== null) return 'clearing';
  if (report.contained !== null) return 'contained';
  if (report.alarm !== null) return 'raised';
  return report.playedAt === null ? 'setting' : 'waiting';
}

function Reports({ drills }: { drills: readonly DrillView[] }) {
  const over = drills.filter(({ overAt }) => overAt !== null);
  return (
    <Section title={words.reports}>
      {over.length === 0 ? (
        <p class="nothing">{words.none}</p>
      ) : (
        <ul class="rows">
          {over.map(({ id, scenario, begunAt, report }) => (
            <li key={id}>
              <a href={settingsAddress('incidents', id)}>
                <span class="row-name">{words.scenarioNames[scenario]}</span>
                <span class="soft">
                  <Time at={begunAt} />
                </span>
                <span class="soft incident-line">{words.result(report)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
