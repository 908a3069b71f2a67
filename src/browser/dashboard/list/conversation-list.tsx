/** The person's conversations, live: theirs, those that nobody has taken, or all. */
import { useSignal } from '@preact/signals';
import { Button } from '../../ui/button.tsx';
import type { Desk } from '../desk.ts';
import { words } from '../words.ts';
import { clock } from './clock.ts';
import { ConversationLine } from './conversation-line.tsx';
import './list.css';
import { type Filter, filters, listed } from './order.ts';

interface Props {
  desk: Desk;
  serverNow: (local: number) => number;
}

export function ConversationList({ desk, serverNow }: Props) {
  const filter = useSignal<Filter>('waiting');
  const entries = desk.entries.value;
  const me = desk.person.value.id;
  const now = serverNow(clock.value);
  const current = desk.rooms.current.value?.client.id;
  const shown = entries === null ? [] : listed(filter.value, entries, me);
  return (
    <nav class="list" aria-label={words.filter}>
      <div class="filters" role="group" aria-label={words.filter}>
        {filters.map((each) => (
          <Button
            key={each}
            kind="quiet"
            pressed={filter.value === each}
            onPress={() => {
              filter.value = each;
            }}
          >
            {words.filters[each]}
            {entries !== null && each !== 'all' && (
              <span class="number">{listed(each, entries, me).length}</span>
            )}
          </Button>
        ))}
      </div>
      <ul aria-label={words.conversations} aria-busy={entries === null}>
        {shown.map((entry) => (
          <ConversationLine
            key={entry.id}
            entry={entry}
            desk={desk}
            now={now}
            current={entry.id === current}
          />
        ))}
      </ul>
      {shown.length === 0 && <p class="nothing soft">{nothingToShow(desk, filter.value)}</p>}
    </nav>
  );
}

function nothingToShow(desk: Desk, filter: Filter): string {
  if (desk.person.value.teams.length === 0) return words.noTeam;
  return desk.entries.value === null ? words.loading : words.empty[filter];
}
