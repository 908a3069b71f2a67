/** One conversation in the list. */
import type { InboxEntry } from '../../../protocol/frames.ts';
import { Time } from '../../ui/time.tsx';
import type { Desk } from '../desk.ts';
import { addressOf } from '../route.ts';
import { words } from '../words.ts';
import { visitorLabel } from './visitor-label.ts';

interface Props {
  entry: InboxEntry;
  desk: Desk;
  /** The server's clock: waiting times are counted on it. */
  now: number;
  current: boolean;
}

export function ConversationLine({ entry, desk, now, current }: Props) {
  const site = desk.sites.value.get(entry.site)?.name;
  return (
    <li>
      <a class="line" href={addressOf(entry.id)} aria-current={current ? 'page' : undefined}>
        <span class="who">{visitorLabel(entry.id)}</span>
        <Time at={entry.changedAt} />
        <span class={entry.waitingSince === null ? 'soft' : 'waits'}>{standing(entry, desk, now)}</span>
        <span class="soft">{site}</span>
      </a>
    </li>
  );
}

function standing({ state, assignee, waitingSince }: InboxEntry, desk: Desk, now: number): string {
  const waits =
    waitingSince === null ? null : words.waited(Math.max(0, Math.floor((now - waitingSince) / 60_000)));
  if (state !== 'claimed') return state === 'waiting' && waits !== null ? waits : words.states[state];
  const holder = holderOf(assignee, desk);
  return waits === null ? holder : `${holder}. ${waits}`;
}

/** Names are known of those who were met in a conversation; of others the state has to do. */
function holderOf(assignee: string | null, desk: Desk): string {
  if (assignee === desk.person.value.id) return words.claimedByYou;
  const name = desk.rooms.names.value.get(assignee ?? '') ?? null;
  return name === null ? words.states.claimed : words.claimedBy(name);
}
