/** What each command of the table does, and whether there is anything that it could do right now. */
import { claim, closeOrReopen, type Here, join, snoozeOrEnd, watch } from '../conversation/doing.ts';
import { offeredIn, type Offer } from '../conversation/what-may.ts';
import type { Desk } from '../desk.ts';
import { attach, rulesIn } from '../files/attaching.ts';
import type { Filter } from '../list/order.ts';
import { preferences } from '../preferences.ts';
import { everMay, may as allowed, settingsRights } from '../rights.ts';
import {
  goHome,
  goTo,
  myAddress,
  route,
  settingsAddress,
  type SettingsScreen,
  trainingAddress,
} from '../route.ts';
import type { Screen } from '../screen.ts';
import type { CommandId } from './table.ts';

export interface Hands {
  desk: Desk;
  screen: Screen;
  signOut: () => void;
}

export interface Handler {
  can: () => boolean;
  run: () => void;
}

const always = () => true;

export function handlersOf({ desk, screen, signOut }: Hands): Record<CommandId, Handler> {
  const me = () => desk.person.peek();
  const here = (): Here | null => {
    const room = desk.rooms.current.peek();
    return room === null ? null : { desk, screen, room };
  };
  const may = (...offers: readonly Offer[]) => {
    const room = here()?.room;
    return room !== undefined && offers.some((offer) => offeredIn(room, offer, me()));
  };
  /** For the conversation that is open. */
  const on = (offers: readonly Offer[], act: (here: Here) => void): Handler => ({
    can: () => may(...offers),
    run: () => {
      const now = here();
      if (now !== null) act(now);
    },
  });
  /** Whose line has the focus, so that it need not be opened before, or else what is open. */
  const toWatch = (): string | undefined => {
    const line = screen.list?.at();
    if (line === undefined) return may('watch') ? here()?.room.client.id : undefined;
    const team = desk.entries.peek()?.find(({ id }) => id === line)?.team;
    return allowed(me(), 'conversation.watch', { team }) ? line : undefined;
  };
  const inInbox = () => ['home', 'conversation'].includes(route.peek().at);
  const show = (filter: Filter): Handler => ({
    can: inInbox,
    run: () => {
      screen.filter.value = filter;
      screen.list?.focus();
    },
  });
  const manage = (name: SettingsScreen): Handler => ({
    can: () => everMay(me(), settingsRights[name]),
    run: () => goTo(settingsAddress(name)),
  });
  const write = (kind: 'text' | 'note', then: () => void) => (now: Here) => {
    screen.kindIn(now.room.client.id).value = kind;
    // The box of the other kind is drawn first.
    requestAnimationFrame(then);
  };
  const intoBox = () => screen.writing?.focus();
  const inPanel = (id: string) => {
    if (!screen.wide.peek()) screen.open('customer');
    requestAnimationFrame(() => document.getElementById(id)?.focus());
  };

  return {
    palette: { can: always, run: () => screen.open('palette') },
    help: { can: always, run: () => screen.open('help') },
    leave: {
      can: () => inInbox() && screen.list !== null,
      run: () => {
        // An empty list takes no focus, and the field is left all the same.
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        screen.list?.focus();
      },
    },
    presence: {
      can: always,
      run: () => desk.presence.choose(desk.presence.chosen.peek() === 'away' ? 'available' : 'away'),
    },
    sound: { can: always, run: () => void (preferences.sound.value = !preferences.sound.value) },
    singleKeys: {
      can: always,
      run: () => void (preferences.singleKeys.value = !preferences.singleKeys.value),
    },
    signOut: { can: always, run: signOut },

    next: { can: inInbox, run: () => screen.list?.move(1) },
    previous: { can: inInbox, run: () => screen.list?.move(-1) },
    mine: show('mine'),
    waiting: show('waiting'),
    all: show('all'),

    claim: on(['claim'], (now) => void claim(now)),
    answer: on(['answer'], write('text', intoBox)),
    note: on(['note'], write('note', intoBox)),
    switchKind: on(['answer'], (now) => {
      const kind = screen.kindIn(now.room.client.id).value === 'note' ? 'text' : 'note';
      write(kind, intoBox)(now);
    }),
    attach: {
      can: () => {
        const now = here();
        return now !== null && rulesIn(now) !== null;
      },
      run: () => {
        const now = here();
        // Notes take none.
        if (now !== null) write('text', () => void attach(now))(now);
      },
    },
    canned: on(['answer', 'note'], () => screen.writing?.canned()),
    handOver: on(['handOver'], () => screen.open('hand-over')),
    snooze: on(['snooze'], (now) => void snoozeOrEnd(now)),
    end: on(['close', 'reopen'], (now) => void closeOrReopen(now)),
    watch: {
      can: () => toWatch() !== undefined,
      run: () => {
        const id = toWatch();
        if (id !== undefined) watch(id);
      },
    },
    join: {
      can: () => here()?.room.silent.peek() === true,
      run: () => {
        const now = here();
        if (now !== null) join(now);
      },
    },
    customer: {
      can: () => here() !== null,
      run: () => {
        if (screen.wide.peek()) document.querySelector<HTMLElement>('.customer')?.focus();
        else screen.open('customer');
      },
    },
    tag: on(['tag'], () => inPanel('new-tag')),
    files: { can: () => here() !== null, run: () => inPanel('files') },

    inbox: { can: () => !inInbox(), run: goHome },
    me: { can: always, run: () => goTo(myAddress) },
    lessons: { can: always, run: () => goTo(trainingAddress) },
    people: manage('people'),
    roles: manage('roles'),
    sites: manage('sites'),
    teams: manage('teams'),
    replies: manage('replies'),
    visitors: manage('visitors'),
    organisation: manage('organisation'),
    keys: manage('keys'),
    backups: manage('backups'),
    incidents: manage('incidents'),
    training: manage('training'),
    checks: manage('checks'),
    profiles: manage('profiles'),
    processing: manage('processing'),
    live: manage('live'),
    privacy: manage('privacy'),
    alarms: manage('alarms'),
    containment: manage('containment'),
    ledger: manage('ledger'),
    rebuild: { can: () => everMay(me(), 'inbox.rebuild'), run: () => screen.open('rebuild') },
  };
}
