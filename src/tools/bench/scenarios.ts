/** Every scenario on one page, and what Sotto's figures must be. */
import type { Arena, Note } from './arena.ts';
import { AttackedRoom } from './attacked.ts';
import { Checks } from './checks.ts';
import { firstWords, signIns, starts } from './cold.ts';
import type { Seat } from './contestants.ts';
import { flood, type Figures, paced, rally, ROOM_SEATS } from './fan-out.ts';
import type { Bound } from './figures.ts';
import { IdleRooms } from './idle.ts';
import { BusyInbox } from './inbox.ts';
import { LongRoom, queueRound } from './long-room.ts';

const RALLIES = 500;

export interface Scenario {
  readonly key: string;
  readonly title: string;
  /** What is made once, before the rounds. @returns one round, and what has to be put away after the last */
  readonly prepare: (arena: Arena) => Promise<Rounds>;
}

interface Rounds {
  readonly round: (note: Note) => Promise<void>;
  readonly close?: () => Promise<void>;
}

const UNITS: Readonly<Record<string, string>> = {
  deliveries: '/s',
  messages: '/s',
  cpu: 'µs/message',
  p50: 'ms',
  p99: 'ms',
};

export const SCENARIOS: readonly Scenario[] = [
  {
    key: 'A1',
    title: 'a room of 50, a flood by one',
    prepare: (arena) =>
      Promise.resolve(roomOfFifty(arena, (contestant, seats) => flood(contestant, seats, 1))),
  },
  {
    key: 'A10',
    title: 'a room of 50, a flood by ten',
    prepare: (arena) =>
      Promise.resolve(roomOfFifty(arena, (contestant, seats) => flood(contestant, seats, 10))),
  },
  {
    key: 'A100',
    title: 'a room of 50 at 100 messages a second',
    prepare: (arena) => Promise.resolve(roomOfFifty(arena, paced)),
  },
  { key: 'B', title: '500 rooms of two, ping-pong', prepare: rallies },
  {
    key: 'C',
    title: 'idle sockets, two a room, a thousand more each round',
    prepare: async (arena) => {
      const rooms = await IdleRooms.open(arena);
      return { round: (note) => rooms.round(note), close: () => rooms.close() };
    },
  },
  {
    key: 'D',
    title: 'a room of 10,000 messages',
    prepare: async (arena) => {
      const room = new LongRoom();
      await room.prepare(arena);
      return { round: (note) => room.round(arena, note) };
    },
  },
  {
    key: 'E',
    title: 'a queue of 200 comes back',
    prepare: (arena) => Promise.resolve({ round: (note) => queueRound(arena, note) }),
  },
  {
    key: 'F',
    title: 'an inbox of 1,000, watched by 50, 100 changes a second',
    prepare: async (arena) => {
      const inbox = new BusyInbox();
      await inbox.prepare(arena);
      return { round: (note) => inbox.round(arena, note) };
    },
  },
  {
    key: 'G',
    title: 'for the first time',
    prepare: (arena) =>
      Promise.resolve({
        round: async (note) => {
          await firstWords(arena, note);
          await signIns(arena, note);
          await starts(arena, note);
        },
      }),
  },
  {
    key: 'H',
    title: 'a room in which one behaves badly: the latest that the others heard each other',
    prepare: async (arena) => {
      const room = await AttackedRoom.open(arena);
      return { round: (note) => room.round(note), close: () => room.close() };
    },
  },
  {
    key: 'I',
    title: 'a permission and a token are checked',
    prepare: async (arena) => {
      const checks = await Checks.open(arena);
      return { round: (note) => checks.round(note), close: () => checks.close() };
    },
  },
];

/** Ratios to another contestant's figure of the same run, or what the figure itself must be. */
export const BOUNDS: readonly Bound[] = [
  { scenario: 'A1', figure: 'deliveries', to: 'bare', least: 6 },
  { scenario: 'A1', figure: 'deliveries', to: 'coalesced', least: 0.4 },
  { scenario: 'A10', figure: 'deliveries', to: 'bare', least: 7 },
  { scenario: 'A10', figure: 'deliveries', to: 'coalesced', least: 0.5 },
  { scenario: 'A100', figure: 'p50', to: 'bare', most: 1.35 },
  { scenario: 'B', figure: 'cpu', to: 'bare', most: 2.1 },
  { scenario: 'B', figure: 'cpu', to: 'partyserver', most: 1.2 },
  { scenario: 'C', figure: 'made anew', least: 1, most: 1 },
  { scenario: 'C', figure: 'memory', to: 'bare', most: 1.15 },
  { scenario: 'C', figure: 'joins', to: 'bare', least: 0.45 },
  { scenario: 'C', figure: 'waking', to: 'bare', most: 2.2 },
  { scenario: 'D', figure: 'join', to: 'partyserver', most: 1.6 },
  { scenario: 'D', figure: 'paging', least: 20_000 },
  { scenario: 'E', figure: 'queue to one', most: 10 },
  { scenario: 'F', figure: 'right p99', most: 1_000 },
  { scenario: 'F', figure: 'frame', most: 400 },
  { scenario: 'G', figure: 'first to later', most: 5 },
  { scenario: 'G', figure: 'sign-in', most: 400 },
  { scenario: 'G', figure: 'start', to: 'bare', most: 3 },
  ...['flooder', 'no reader', 'joins', 'messages'].map((figure) => ({
    scenario: 'H',
    figure,
    most: 250,
  })),
  { scenario: 'I', figure: 'permissions', most: 5 },
  { scenario: 'I', figure: 'tokens', most: 300 },
  // What takes the time here is mostly the bench itself, which masks 32 MiB.
  { scenario: 'H', figure: 'huge frames', most: 1_000 },
];

function roomOfFifty(
  arena: Arena,
  measure: (contestant: Arena['bare'], seats: readonly Seat[]) => Promise<Figures>,
): Rounds {
  const { bare, coalesced, naive, party, socketIo, sotto } = arena;
  return {
    round: async (note) => {
      for (const contestant of [bare, coalesced, naive, party, socketIo, sotto]) {
        const seats = await contestant.room(ROOM_SEATS);
        noteAll(note, contestant.name, await measure(contestant, seats));
        for (const seat of seats) await seat.close();
      }
    },
  };
}

async function rallies({ bare, naive, party, socketIo, sotto }: Arena): Promise<Rounds> {
  const players: { contestant: Arena['bare']; rooms: Seat[][] }[] = [];
  for (const contestant of [bare, naive, party, socketIo, sotto]) {
    const rooms: Seat[][] = [];
    for (let n = 0; n < RALLIES; n++) rooms.push(await contestant.room(2));
    players.push({ contestant, rooms });
  }
  return {
    round: async (note) => {
      for (const { contestant, rooms } of players)
        noteAll(note, contestant.name, await rally(contestant, rooms));
    },
    close: async () => {
      await Promise.all(players.flatMap(({ rooms }) => rooms.flat().map((seat) => seat.close())));
    },
  };
}

function noteAll(note: Note, contestant: string, figures: Figures): void {
  for (const [figure, value] of Object.entries(figures)) note(contestant, figure, UNITS[figure] ?? '', value);
}
