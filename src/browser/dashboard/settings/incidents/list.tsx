/** Incidents by how they stand, the newest first. */
import { useSignal } from '@preact/signals';
import {
  incidentKinds,
  type IncidentsAnswer,
  type ListedIncident,
  severities,
} from '../../../../protocol/incidents.ts';
import { Button } from '../../../ui/button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Time } from '../../../ui/time.tsx';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { clock } from '../../list/clock.ts';
import { useDoing } from '../../me/doing.ts';
import { settingsAddress } from '../../route.ts';
import type { Session } from '../../session.ts';
import { words } from './words.ts';

type Api = Session['api'];

export function Incidents({ api }: { api: Api }) {
  const open = useLoading('open incidents', () => pageOf(api, 'open'));
  const closed = useLoading('closed incidents', () => pageOf(api, 'closed'));
  return (
    <>
      <h3>{words.open}</h3>
      <Loaded of={open}>
        {(first) =>
          first.incidents.length === 0 ? (
            <div class="nothing">
              <p>{words.none}</p>
              <p class="soft">{words.noneHow}</p>
            </div>
          ) : (
            <Pages api={api} state="open" first={first} />
          )
        }
      </Loaded>
      <h3>{words.closed}</h3>
      <Loaded of={closed}>
        {(first) =>
          first.incidents.length === 0 ? (
            <p class="nothing">{words.noneClosed}</p>
          ) : (
            <Pages api={api} state="closed" first={first} />
          )
        }
      </Loaded>
    </>
  );
}

function pageOf(api: Api, state: 'open' | 'closed', before?: number): Promise<IncidentsAnswer> {
  const query = before === undefined ? '' : `&before=${before}`;
  return api.get<IncidentsAnswer>(`/api/v1/incidents?state=${state}${query}`);
}

function Pages({ api, state, first }: { api: Api; state: 'open' | 'closed'; first: IncidentsAnswer }) {
  const more = useSignal<readonly ListedIncident[]>([]);
  const next = useSignal(first.next);
  const doing = useDoing();
  const fetchMore = () =>
    doing.attempt(async () => {
      const page = await pageOf(api, state, next.value ?? undefined);
      more.value = [...more.value, ...page.incidents];
      next.value = page.next;
    });
  return (
    <>
      <ul class="rows">
        {[...first.incidents, ...more.value].map((incident) => (
          <Row key={incident.id} incident={incident} />
        ))}
      </ul>
      <Problem text={doing.problem.value} />
      {next.value !== null && (
        <Button busy={doing.busy.value} onPress={() => void fetchMore()}>
          {words.more}
        </Button>
      )}
    </>
  );
}

function Row({ incident }: { incident: ListedIncident }) {
  const { id, title, kind, severity, drill, declaredAt, closedAt } = incident;
  return (
    <li>
      <a href={settingsAddress('incidents', id)}>
        <span class="row-name" dir="auto">
          {title}
        </span>
        <span class="soft">
          <Time at={closedAt ?? declaredAt} />
        </span>
        <span class="soft incident-line">
          {[
            drill && words.drill,
            words.severityOption(severity, severities[severity].name),
            ...words.line(incident, clock.value),
            incidentKinds[kind],
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </a>
    </li>
  );
}
