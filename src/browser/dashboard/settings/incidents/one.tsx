/** One incident: how it stands, what to do now, and everything that is known of it. */
import type { ComponentChildren } from 'preact';
import { isId } from '../../../../protocol/ids.ts';
import {
  type FullIncident,
  type IncidentAnswer,
  incidentKinds,
  openStates,
  type PlanAnswer,
  type Runbook,
  severities,
} from '../../../../protocol/incidents.ts';
import { Loaded, useLoading } from '../../form/loaded.tsx';
import { everMay } from '../../rights.ts';
import { addressOf, settingsAddress } from '../../route.ts';
import { Heading } from '../heading.tsx';
import { Clocks } from './clocks.tsx';
import { Closing } from './closing.tsx';
import { Containing } from './containing.tsx';
import { when } from './moments.ts';
import { Moving } from './moving.tsx';
import { Notes } from './notes.tsx';
import { Parts } from './parts.tsx';
import { Section, type Working } from './part.tsx';
import { everybody } from './people.ts';
import { Tasks } from './tasks.tsx';
import { Timeline } from './timeline.tsx';
import { words } from './words.ts';

export function OneIncident({ desk, api, id }: { desk: Working['desk']; api: Working['api']; id: string }) {
  const path = `/api/v1/incidents/${encodeURIComponent(id)}`;
  const loading = useLoading(`incident ${id}`, async () => {
    const [answer, people, plan] = await Promise.all([
      api.get<IncidentAnswer>(path),
      everybody(desk, api),
      api.get<PlanAnswer>('/api/v1/incident-plan'),
    ]);
    return { ...answer, people, runbook: plan.runbooks[answer.incident.kind] };
  });
  const now = loading.state.value;
  const title = now.is === 'here' ? now.value.incident.title : words.incident;
  return (
    <>
      <Heading title={title} back={settingsAddress('incidents')} />
      <Loaded of={loading}>
        {({ incident, mayLead, people, runbook }) => {
          const isOpen = incident.state !== 'closed';
          const working: Working = {
            ...{ desk, api, path, incident, people },
            mayWork: mayLead && isOpen,
            nameOf: people.nameOf,
            changed: loading.again,
          };
          return (
            <>
              {incident.drill && <p class="warned">{words.drillMeans}</p>}
              <Standing incident={incident} />
              {working.mayWork && <Moving {...working} />}
              <About {...working} />
              {incident.review !== null && <Review {...working} review={incident.review} />}
              {isOpen && <First runbook={runbook} />}
              <Containing working={working} runbook={runbook} />
              <Tasks {...working} mayTick={mayLead} />
              {!incident.drill && <Clocks {...working} />}
              <Notes {...working} />
              <Parts {...working} />
              {everMay(desk.person.value, 'ledger.read') ? (
                <Timeline {...working} />
              ) : (
                <Section title={words.timeline}>
                  <p class="soft">{words.timelineNot}</p>
                </Section>
              )}
              {working.mayWork && incident.state === 'followUp' && <Closing {...working} />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** In which of the states it is. */
function Standing({ incident: { state } }: { incident: FullIncident }) {
  const at = state === 'closed' ? openStates.length : openStates.indexOf(state);
  return (
    <>
      <ol class="incident-states">
        {openStates.map((each, n) => (
          <li
            key={each}
            aria-current={each === state ? 'step' : undefined}
            class={n < at ? 'past' : undefined}
          >
            {words.states[each]}
          </li>
        ))}
      </ol>
      <p>{words.stateMeans[state]}</p>
    </>
  );
}

function First({ runbook: { first, tell } }: { runbook: Runbook }) {
  return (
    <>
      <Section title={words.first}>
        <ol class="incident-steps">
          {first.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Section>
      <Section title={words.tell}>
        <ul class="incident-steps">
          {tell.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function Review({ review, nameOf, incident }: Working & { review: NonNullable<FullIncident['review']> }) {
  return (
    <Section title={words.reviewed}>
      <p class="incident-text" dir="auto">
        {review.text}
      </p>
      <p class="soft">{words.by(nameOf(review.by), when(incident.closedAt ?? 0))}</p>
    </Section>
  );
}

function About({ incident, nameOf }: Working) {
  const { kind, severity, declaredAt, declaredBy, noticedAt, beganAt, things, alarm, closedAt } = incident;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    [words.facts.kind, incidentKinds[kind]],
    [words.facts.severity, words.severityOption(severity, severities[severity].name)],
    [words.facts.declared, words.by(nameOf(declaredBy), when(declaredAt))],
    [words.facts.noticed, when(noticedAt)],
    [words.facts.began, when(beganAt)],
    ...(things.length === 0
      ? []
      : [[words.facts.things, <Things things={things} nameOf={nameOf} />] as const]),
    ...(alarm === null
      ? []
      : [[words.facts.alarm, <a href={settingsAddress('alarms')}>{words.facts.alarmLink}</a>] as const]),
    ...(closedAt === null ? [] : [[words.facts.closed, when(closedAt)] as const]),
  ];
  return (
    <dl class="facts">
      {facts.flatMap(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}:`}>{value}</dd>])}
    </dl>
  );
}

/** People and conversations lead to themselves. */
function Things({ things, nameOf }: { things: readonly string[]; nameOf: Working['nameOf'] }) {
  const addressOfThing = (id: string) => {
    if (isId('person', id)) return settingsAddress('people', id);
    return isId('conversation', id) ? addressOf(id) : undefined;
  };
  return (
    <>
      {things.map((id, n) => {
        const address = addressOfThing(id);
        return (
          <span key={id}>
            {n > 0 && ', '}
            {address === undefined ? nameOf(id) : <a href={address}>{nameOf(id)}</a>}
          </span>
        );
      })}
    </>
  );
}
