/** The live queues of several teams as one: every conversation once, every colleague once. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals';
import type { Colleague, InboxEntry, Presence } from '../../protocol/frames.ts';
import type { Access, ConnectionState, Surroundings } from '../connection.ts';
import { InboxClient } from '../connection/inbox.ts';

const nearness: Record<Presence, number> = { available: 2, away: 1, offline: 0 };

export class Inboxes {
  /** Every conversation of the teams attended; null until all their lists have come. */
  readonly entries: ReadonlySignal<readonly InboxEntry[] | null>;
  /** Whether these are all, and not only the most urgent. */
  readonly complete: ReadonlySignal<boolean>;
  readonly people: ReadonlySignal<ReadonlyMap<string, Colleague>>;
  /** The first that is not online speaks for all. */
  readonly connection: ReadonlySignal<ConnectionState>;
  #clients: Signal<ReadonlyMap<string, InboxClient>> = signal(new Map());
  #presence: 'available' | 'away' = 'available';
  #access: Access;
  #surroundings: Surroundings;

  constructor(access: Access, surroundings: Surroundings) {
    this.#access = access;
    this.#surroundings = surroundings;
    const open = computed(() => [...this.#clients.value.values()].filter(isOpen));
    this.entries = computed(() => mergedEntries(open.value.map(({ entries }) => entries.value)));
    this.complete = computed(() => open.value.every(({ complete }) => complete.value));
    this.people = computed(() => mergedPeople(open.value.map(({ people }) => people.value)));
    this.connection = computed(() => {
      const states = open.value.map(({ connection }) => connection.value);
      return states.find(({ is }) => is !== 'online') ?? { is: 'online' };
    });
  }

  /** From now on these teams; what runs already is left alone. */
  attend(teams: Iterable<string>): void {
    const before = this.#clients.peek();
    const clients = new Map<string, InboxClient>();
    for (const team of teams) {
      const client = before.get(team) ?? new InboxClient(team, this.#access, this.#surroundings);
      client.setPresence(this.#presence);
      client.start();
      clients.set(team, client);
    }
    for (const [team, client] of before) if (!clients.has(team)) client.leave();
    const same = clients.size === before.size && [...clients.keys()].every((team) => before.has(team));
    if (!same) this.#clients.value = clients;
  }

  /** The colleagues of one team, as its own inbox tells of them. */
  peopleOf(team: string): Colleague[] {
    return [...(this.#clients.value.get(team)?.people.value.values() ?? [])];
  }

  setPresence(as: 'available' | 'away'): void {
    this.#presence = as;
    for (const client of this.#clients.peek().values()) client.setPresence(as);
  }

  leave(): void {
    for (const client of this.#clients.peek().values()) client.leave();
  }

  tryNow(): void {
    for (const client of this.#clients.peek().values()) client.tryNow();
  }
}

/** Whoever has left a team sees nothing of it any more; that is no trouble with the line. */
function isOpen({ connection: { value } }: InboxClient): boolean {
  return value.is !== 'stopped' || (value.reason !== 'not_allowed' && value.reason !== 'not_found');
}

/** On its way from one team to another a conversation may stand in both, or the older word in one. */
function mergedEntries(
  lists: readonly (ReadonlyMap<string, InboxEntry> | null)[],
): readonly InboxEntry[] | null {
  const entries = new Map<string, InboxEntry>();
  for (const list of lists) {
    if (list === null) return null;
    for (const entry of list.values()) {
      if ((entries.get(entry.id)?.version ?? -1) < entry.version) entries.set(entry.id, entry);
    }
  }
  return [...entries.values()];
}

/** Whoever is there for one team is there. */
function mergedPeople(lists: readonly ReadonlyMap<string, Colleague>[]): ReadonlyMap<string, Colleague> {
  const people = new Map<string, Colleague>();
  for (const person of lists.flatMap((list) => [...list.values()])) {
    const before = people.get(person.id);
    if (before === undefined || nearness[before.presence] < nearness[person.presence])
      people.set(person.id, person);
  }
  return people;
}
