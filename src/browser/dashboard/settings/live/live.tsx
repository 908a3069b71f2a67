/** What happens now: how long customers wait in each team, and who is there. */
import { useEffect } from 'preact/hooks';
import type { LiveAnswer, LiveInbox, LiveTeam } from '../../../../protocol/live.ts';
import type { Desk } from '../../desk.ts';
import { Loaded, useLoading, useRefreshing } from '../../form/loaded.tsx';
import { words as conversationWords } from '../../conversation/words.ts';
import { isSnoozed, lateAfter } from '../../list/attention.ts';
import { visitorLabel } from '../../list/visitor-label.ts';
import { may } from '../../rights.ts';
import { addressOf, settingsAddress, watchAddressOf } from '../../route.ts';
import { words as mainWords } from '../../words.ts';
import { Heading } from '../heading.tsx';
import type { ScreenProps } from '../screen-props.ts';
import { words as settingsWords } from '../words.ts';
import './live.css';
import { words } from './words.ts';

const askAgainAfter = 5_000;
/** So many of those who wait are named. */
const named = 5;
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

export function Live({ desk, session: { api } }: ScreenProps) {
  const live = useLoading('live', () => api.get<LiveAnswer>('/api/v1/live'));
  useRefreshing(live, askAgainAfter);
  return (
    <>
      <Heading title={settingsWords.screens.live} />
      <p class="soft">{words.intro}</p>
      <Loaded of={live}>
        {({ at, teams, alarms, faults }) => (
          <>
            <p class="soft">{words.asOf(time.format(at))}</p>
            {alarms !== null && alarms > 0 && (
              <p>
                <a class="button danger" href={settingsAddress('alarms')}>
                  {words.alarms(alarms)}
                </a>
              </p>
            )}
            <Faults faults={faults} />
            {teams.length === 0 && <p class="nothing">{words.noTeams}</p>}
            <div class="live">
              {teams.map((each) => (
                <Team key={each.team} desk={desk} at={at} {...each} />
              ))}
            </div>
          </>
        )}
      </Loaded>
      <h3>{words.longestOf}</h3>
      <Longest desk={desk} />
    </>
  );
}

/** What failed on Sotto's side, by its name in the log. */
function Faults({ faults }: { faults: Record<string, number> }) {
  const all = Object.entries(faults);
  if (all.length === 0) return <p class="soft">{words.noFaults}</p>;
  return (
    <p>
      {words.faults} {all.map(([fault, count]) => `${fault} (${count})`).join(', ')}
    </p>
  );
}

function Team({ desk, at, team, inbox }: LiveTeam & { desk: Desk; at: number }) {
  return (
    <section aria-label={nameOf(desk, team)}>
      <h3>{nameOf(desk, team)}</h3>
      {inbox === null ? <p>{words.unknown}</p> : <Figures at={at} inbox={inbox} />}
    </section>
  );
}

function Figures({ at, inbox }: { at: number; inbox: LiveInbox }) {
  const { waiting, claimed, unanswered, waitingSince, perMinute, people } = inbox;
  const wait = waitingSince === null ? null : Math.max(0, at - waitingSince);
  const there = people.filter(({ presence }) => presence !== 'offline');
  return (
    <>
      <dl class="live-figures">
        <Figure name={words.waiting} value={waiting} />
        <Figure name={words.claimed} value={claimed} />
        <Figure name={words.unanswered} value={unanswered} />
        <Figure
          name={words.longest}
          value={wait === null ? words.nobody : words.long(wait)}
          late={wait !== null && wait > lateAfter}
        />
        <Figure name={words.pace} value={perMinute} />
      </dl>
      <h4>{words.here}</h4>
      {there.length === 0 ? (
        <p class="soft">{words.nobodyHere}</p>
      ) : (
        <ul class="live-people">
          {there.map(({ id, name, presence }) => (
            <li key={id}>
              <span class={`presence-dot ${presence}`} aria-hidden="true" />
              <span dir="auto">{name ?? conversationWords.formerStaff}</span>
              <span class="soft">{mainWords.presences[presence]}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Figure({ name, value, late = false }: { name: string; value: string | number; late?: boolean }) {
  return (
    <div class={late ? 'late' : undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Of all teams, as this page hears it at once and not only every five seconds. */
function Longest({ desk }: { desk: Desk }) {
  const waiting = (desk.entries.value ?? [])
    .filter((entry) => entry.waitingSince !== null && !isSnoozed(entry, desk.now.value))
    .toSorted((one, other) => (one.waitingSince ?? 0) - (other.waitingSince ?? 0))
    .slice(0, named);
  const ids = waiting.map(({ id }) => id);
  useEffect(() => desk.customers.inSight(ids), [ids.join(' ')]);
  if (waiting.length === 0) return <p class="nothing">{words.noneWaits}</p>;
  const labelOf = (id: string) => visitorLabel(id, desk.customers.names.value.get(id)?.name);
  return (
    <ol class="rows">
      {waiting.map(({ id, team, assignee, waitingSince }) => (
        <li key={id} class="live-waiting">
          <a href={addressOf(id)}>
            <span class="row-name" dir="auto">
              {labelOf(id)}
            </span>
            <span>{words.long(Math.max(0, desk.now.value - (waitingSince ?? 0)))}</span>
            <span class="soft row-more">
              {[nameOf(desk, team), assignee && desk.people.value.get(assignee)?.name]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </a>
          {may(desk.person.value, 'conversation.watch', { team }) && (
            <a class="button small" href={watchAddressOf(id)} aria-label={words.watchThis(labelOf(id))}>
              {words.watch}
            </a>
          )}
        </li>
      ))}
    </ol>
  );
}

function nameOf(desk: Desk, team: string): string {
  return desk.teams.value?.get(team)?.name ?? team;
}
