/** The conversations this person may see, live: theirs, those that nobody has taken, or all. */
import { useComputed } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import type { Desk } from '../desk.ts';
import type { Screen } from '../screen.ts';
import { addressOf } from '../route.ts';
import { ConversationLine, type LineProps } from './conversation-line.tsx';
import './list.css';
import { lastReturn } from './attention.ts';
import { type Filter, filters, listed } from './order.ts';
import { useVirtual } from './virtual.ts';
import { visitorLabel } from './visitor-label.ts';
import { words } from './words.ts';

interface Props {
  desk: Desk;
  screen: Screen;
}

export function ConversationList({ desk, screen }: Props) {
  const counts = desk.counts.value;
  return (
    <nav class="list" aria-label={words.conversations}>
      <div class="filters" role="group" aria-label={words.filter}>
        {filters.map((each) => (
          <Button
            key={each}
            kind="quiet"
            pressed={screen.filter.value === each}
            onPress={() => {
              screen.filter.value = each;
            }}
          >
            {words.filters[each]}
            {counts !== null && <span class="number">{counts[each].toLocaleString()}</span>}
          </Button>
        ))}
      </div>
      <Elsewhere desk={desk} />
      <Lines desk={desk} screen={screen} />
    </nav>
  );
}

/** What was not sent in conversations that this person may not see any more, so that it is not lost in silence. */
function Elsewhere({ desk }: Pick<Props, 'desk'>) {
  const unsent = useComputed(() => {
    const { value: entries } = desk.entries;
    if (entries === null || !desk.complete.value) return [];
    const seen = new Set<string>(entries.map(({ id }) => id));
    return [...desk.rooms.outgoing.value].filter(([id]) => !seen.has(id));
  }).value;
  if (unsent.length === 0) return null;
  return (
    <ul role="list" class="elsewhere" aria-label={words.elsewhere}>
      {unsent.map(([id, { length }]) => (
        <li key={id}>
          <a class="conversation-line" href={addressOf(id)}>
            <span class="who" dir="auto">
              {visitorLabel(id, desk.customers.names.value.get(id)?.name)}
            </span>
            <strong class="standing unsent">{words.unsent(length)}</strong>
            <span class="where">{words.notYours}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Lines({ desk, screen }: Props) {
  // The order is not made anew at every tick, only when something put off has come back.
  const asOf = useComputed(() => lastReturn(desk.entries.value ?? [], desk.now.value));
  const shown = useComputed(() =>
    listed(screen.filter.value, desk.entries.value ?? [], desk.person.value.id, asOf.value),
  ).value;
  const severalTeams = useComputed(() => new Set(desk.entries.value?.map(({ team }) => team)).size > 1).value;
  const box = useRef<HTMLUListElement>(null);
  const ruler = useRef<HTMLDivElement>(null);
  const lineHeight = useHeight(ruler);
  // Where the keyboard is: a conversation, and its place for when that leaves the list.
  const [at, setAt] = useState<{ id: string; index: number } | null>(null);
  const room = desk.rooms.current.value;
  const open = room?.client.id;
  const watched = room?.silent.value === true;
  const reachable = useMemo(() => placeOf(shown, at, open), [shown, at, open]);
  const { lines, height, reveal } = useVirtual({ box, count: shown.length, lineHeight, keep: reachable });

  const inSight = lines.flatMap(({ index }) => shown[index]?.id ?? []);
  useEffect(() => desk.customers.inSight(inSight), [desk, inSight.join()]);

  const order = useRef(shown);
  order.current = shown;
  const focused = useCallback(
    (id: string) => setAt({ id, index: order.current.findIndex((entry) => entry.id === id) }),
    [],
  );
  const wanted = useRef<number | null>(null);
  const goTo = (index: number) => {
    const place = Math.max(0, Math.min(shown.length - 1, index));
    const entry = shown[place];
    if (entry === undefined) return;
    wanted.current = place;
    reveal(place);
    setAt({ id: entry.id, index: place });
  };
  // The line must be drawn before it can have the focus.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    box.current
      ?.querySelector<HTMLElement>(`[aria-posinset="${wanted.current + 1}"] > a`)
      ?.focus({ preventScroll: true });
    wanted.current = null;
  });
  useEffect(() => {
    const isIn = () => box.current?.contains(document.activeElement) === true;
    screen.list = {
      move: (by) => goTo(isIn() || at !== null || open !== undefined ? reachable + by : reachable),
      focus: () => goTo(reachable),
      at: () => {
        const line = isIn() ? document.activeElement?.closest('[aria-posinset]') : null;
        return order.current[Number(line?.getAttribute('aria-posinset')) - 1]?.id;
      },
    };
    return () => {
      screen.list = null;
    };
  });

  const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / lineHeight) - 1);
  const jumps: Record<string, number> = {
    Home: 0,
    End: shown.length - 1,
    PageUp: reachable - page,
    PageDown: reachable + page,
  };
  return (
    <>
      <div ref={ruler} class="conversation-line ruler" aria-hidden="true">
        <span class="who">A</span>
        <span class="standing">A</span>
        <span class="where">A</span>
        <span class="holder">A</span>
      </div>
      {shown.length === 0 && <Nothing desk={desk} filter={screen.filter.value} />}
      <ul
        ref={box}
        role="list"
        class="conversation-lines"
        style={{ '--length': `${height}px` }}
        aria-label={words.conversations}
        aria-busy={desk.entries.value === null || !desk.complete.value}
        onKeyDown={(event) => {
          const jump = jumps[event.key];
          if (jump === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
          event.preventDefault();
          goTo(jump);
        }}
      >
        {lines.map(({ index, start }) => {
          const entry = shown[index];
          if (entry === undefined) return null;
          return (
            <li
              key={entry.id}
              aria-setsize={shown.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <KeptLine
                entry={entry}
                desk={desk}
                severalTeams={severalTeams}
                customer={desk.customers.names.value.get(entry.id)}
                current={entry.id === open}
                watched={watched && entry.id === open}
                reachable={index === reachable}
                focused={focused}
              />
            </li>
          );
        })}
      </ul>
      {shown.length > 0 && !desk.complete.value && <p class="rest soft">{words.loadingMore}</p>}
    </>
  );
}

/** While the list scrolls, a line that is the same is not drawn again; of the time it learns by itself. */
function KeptLine(props: LineProps) {
  const { entry, severalTeams, customer, current, watched, reachable } = props;
  return useMemo(
    () => <ConversationLine {...props} />,
    [entry, severalTeams, customer, current, watched, reachable],
  );
}

/** Where Tab leads: where the keyboard was, or to the conversation that is open, or to the first. */
function placeOf(
  shown: readonly { id: string }[],
  at: { id: string; index: number } | null,
  open: string | undefined,
): number {
  const known = shown.findIndex(({ id }) => id === (at?.id ?? open));
  if (known >= 0) return known;
  return at === null ? 0 : Math.max(0, Math.min(shown.length - 1, at.index));
}

function Nothing({ desk, filter }: { desk: Desk; filter: Filter }) {
  if (desk.entries.value === null) return <p class="nothing soft">{words.loading}</p>;
  const noTeam = desk.person.value.teams.length === 0 && (desk.teams.value?.size ?? 0) === 0;
  return (
    <div class="nothing">
      <p>{noTeam ? words.noTeam : words.empty[filter]}</p>
      {!noTeam && <p class="soft">{words.emptyHint[filter]}</p>}
    </div>
  );
}

/** How high a line is here and now: that depends on fonts and zoom. */
function useHeight(ruler: { current: HTMLElement | null }): number {
  const [height, setHeight] = useState(64);
  useLayoutEffect(() => {
    const element = ruler.current;
    if (element === null) return undefined;
    const measure = () => setHeight(element.offsetHeight);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ruler]);
  return height;
}
