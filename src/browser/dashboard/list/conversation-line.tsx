/** One conversation in the list: whose it is, what it asks of us, where it comes from and who has it. */
import type { InboxEntry } from '../../../protocol/frames.ts';
import { Time } from '../../ui/time.tsx';
import type { KnownCustomer } from '../customers.ts';
import type { Desk } from '../desk.ts';
import { addressOf, watchAddressOf } from '../route.ts';
import { type Attention, attentionOf, minutesSince } from './attention.ts';
import { AddressProved, Verified } from './verified.tsx';
import { visitorLabel } from './visitor-label.ts';
import { shortMoment } from './moment.ts';
import { words } from './words.ts';

export interface LineProps {
  entry: InboxEntry;
  desk: Desk;
  customer: KnownCustomer | undefined;
  /** Then each line says whose it is. */
  severalTeams: boolean;
  current: boolean;
  /** It is watched without being shown, which this line does not end. */
  watched: boolean;
  /** The one line of the list that Tab leads to. */
  reachable: boolean;
  focused: (id: string) => void;
}

export function ConversationLine({
  entry,
  desk,
  severalTeams,
  customer,
  current,
  watched,
  reachable,
  focused,
}: LineProps) {
  const now = desk.now.value;
  const attention = attentionOf(entry, now);
  const unsent = desk.rooms.outgoing.value.get(entry.id)?.length ?? 0;
  const late = 'late' in attention && attention.late;
  return (
    <a
      class="conversation-line"
      href={watched ? watchAddressOf(entry.id) : addressOf(entry.id)}
      aria-current={current ? 'page' : undefined}
      tabIndex={reachable ? 0 : -1}
      onFocus={() => {
        focused(entry.id);
        desk.rooms.foresee(entry.id);
      }}
      onPointerEnter={() => desk.rooms.foresee(entry.id)}
    >
      <span class="who" dir="auto">
        {customer?.badge === 'site' && <Verified />}
        {customer?.badge === 'code' && <AddressProved />} {visitorLabel(entry.id, customer?.name)}
      </span>
      <span class={`standing ${late ? 'late' : attention.is}`}>{inWords(attention, now)}</span>
      <span class="where">{placeOf(entry, desk, severalTeams)}</span>
      <span class="holder">
        {unsent > 0 && <strong class="unsent">{words.unsent(unsent)} · </strong>}
        {entry.state === 'claimed' && `${holderOf(entry, desk)} · `}
        <Time at={entry.changedAt} />
      </span>
    </a>
  );
}

function inWords(attention: Attention, now: number): string {
  switch (attention.is) {
    case 'new': {
      if (attention.since === null) return words.fresh;
      const minutes = minutesSince(attention.since, now);
      return attention.late ? words.freshLate(minutes) : words.freshFor(minutes);
    }
    case 'waits': {
      const minutes = minutesSince(attention.since, now);
      return attention.late ? words.late(minutes) : words.waits(minutes);
    }
    case 'snoozed':
      return words.snoozed(shortMoment(attention.until));
    case 'answered':
    case 'closed':
      return words[attention.is];
  }
}

function placeOf({ site, team }: InboxEntry, desk: Desk, severalTeams: boolean): string {
  const names = [
    desk.sites.value.get(site)?.name,
    severalTeams ? desk.teams.value?.get(team)?.name : undefined,
  ];
  return names.filter((name) => name !== undefined).join(' · ');
}

function holderOf({ assignee }: InboxEntry, desk: Desk): string {
  if (assignee === null) return words.somebody;
  if (assignee === desk.person.value.id) return words.you;
  return desk.people.value.get(assignee)?.name ?? desk.rooms.names.value.get(assignee) ?? words.somebody;
}
