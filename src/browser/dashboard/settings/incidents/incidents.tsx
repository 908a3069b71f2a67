/** Incidents: those that are open and those that are over, one that is declared, one of them, or the plan for them. */
import { Heading } from '../heading.tsx';
import { everMay } from '../../rights.ts';
import { settingsAddress } from '../../route.ts';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import { Declare } from './declare.tsx';
import { DrillReportOf } from './drill.tsx';
import { words as drillWords } from './drill-words.ts';
import { Drills } from './drills.tsx';
import './incidents.css';
import { Incidents as List } from './list.tsx';
import { OneIncident } from './one.tsx';
import { Plan } from './plan.tsx';
import { words } from './words.ts';

export function Incidents({ desk, session: { api }, id, query }: ScreenProps) {
  const mayDeclare = everMay(desk.person.value, 'incident.declare');
  if (id === 'drills') return <Drills desk={desk} api={api} />;
  if (id?.startsWith('dri_') === true) return <DrillReportOf key={id} desk={desk} api={api} id={id} />;
  if (id === 'plan') return <Plan desk={desk} api={api} />;
  if (id === 'new' && mayDeclare) return <Declare key={query} desk={desk} api={api} query={query} />;
  if (id !== null && id !== 'new') return <OneIncident key={id} desk={desk} api={api} id={id} />;
  return (
    <>
      <Heading title={settingsWords.screens.incidents}>
        <div class="incident-do">
          <a class="button" href={settingsAddress('incidents', 'drills')}>
            {drillWords.title}
          </a>
          <a class="button" href={settingsAddress('incidents', 'plan')}>
            {words.plan}
          </a>
          {mayDeclare && (
            <a class="button first" href={settingsAddress('incidents', 'new')}>
              {words.declare}
            </a>
          )}
        </div>
      </Heading>
      <p class="soft">{words.intro}</p>
      <List api={api} />
    </>
  );
}
