/** What a drill has shown: how long each thing took, and what was missing. */
import { incidentKinds } from '../../../../protocol/incidents.ts';
import { alarmRules } from '../../../../protocol/alarms.ts';
import { drillScenarios, type DrillsAnswer, type DrillView } from '../../../../protocol/drills.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { settingsAddress, type SettingsScreen } from '../../route.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { drillsPath } from './drills.tsx';
import { words } from './drill-words.ts';
import { when } from './moments.ts';
import { Section } from './part.tsx';
import { everybody } from './people.ts';

interface Props {
  desk: ScreenProps['desk'];
  api: ScreenProps['session']['api'];
  id: string;
}

export function DrillReportOf({ desk, api, id }: Props) {
  const loading = useLoading(`drill ${id}`, async () => {
    const [{ drills }, people] = await Promise.all([api.get<DrillsAnswer>(drillsPath), everybody(desk, api)]);
    return { drill: drills.find((each) => each.id === id), people };
  });
  return (
    <>
      <Heading title={words.report} back={settingsAddress('incidents', 'drills')} />
      <Loaded of={loading}>
        {({ drill, people }) =>
          drill === undefined ? (
            <p class="nothing">{settingsWords.missing}</p>
          ) : (
            <>
              <p class="row-name">{words.scenarioNames[drill.scenario]}</p>
              <p class="soft">
                {incidentKinds[drillScenarios[drill.scenario]]} · {words.result(drill.report)}
              </p>
              <Times drill={drill} begunBy={people.nameOf(drill.begunBy)} />
              <Gaps drill={drill} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function Times({ drill: { begunAt, report }, begunBy }: { drill: DrillView; begunBy: string }) {
  const { alarm, declared, contained, recoveredAt, radius } = report;
  const after = (at: number | null | undefined) =>
    typeof at === 'number' ? words.span(Math.max(0, at - begunAt)) : words.not;
  const how =
    contained === null
      ? words.not
      : words.containedAfter(after(contained.at), words.containedBy[contained.by]);
  const socketMs = contained?.socketMs ?? null;
  return (
    <Section title={words.times}>
      <dl class="facts">
        <dt>{words.begunAt}</dt>
        <dd>{words.by(begunBy, when(begunAt))}</dd>
        <dt>{words.after.alarm}</dt>
        <dd>{alarm === null ? words.not : words.containedAfter(after(alarm.at), alarmRules[alarm.rule])}</dd>
        <dt>{words.after.declared}</dt>
        <dd>
          {after(declared?.at)}
          {declared !== null && (
            <>
              {' · '}
              <a href={settingsAddress('incidents', declared.incident)}>{words.incident}</a>
            </>
          )}
        </dd>
        <dt>{words.after.contained}</dt>
        <dd>{how}</dd>
        {socketMs !== null && (
          <>
            <dt>{words.socket}</dt>
            <dd>{words.span(socketMs)}</dd>
          </>
        )}
        <dt>{words.after.recovered}</dt>
        <dd>{after(recoveredAt)}</dd>
        {radius !== null && (
          <>
            <dt>{words.radius}</dt>
            <dd>{words.radiusOf(radius)}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

function Gaps({ drill: { report } }: { drill: DrillView }) {
  return (
    <Section title={words.gaps}>
      {report.gaps.length === 0 ? (
        <p>{words.noGaps}</p>
      ) : (
        <ul class="incident-notes">
          {report.gaps.map((gap) => {
            const [screen, name, part]: readonly [SettingsScreen, string, string?] = words.gapLink[gap];
            return (
              <li key={gap}>
                <p>{words.gapWords[gap]}</p>
                <p>
                  <a href={settingsAddress(screen, part)}>{name}</a>
                </p>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
