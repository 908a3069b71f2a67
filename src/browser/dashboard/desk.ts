/** What a signed-in member of staff has before them: their teams' inboxes and the conversations they opened. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals';
import type { Person, Site, SitesAnswer } from '../../protocol/bodies.ts';
import type { InboxEntry } from '../../protocol/frames.ts';
import { type ConnectionState, InboxClient, Retrier, inBrowser } from '../connection.ts';
import { Rooms } from './rooms.ts';
import type { Session } from './session.ts';

export type Act = 'claim' | 'close' | 'reopen';

export class Desk {
  readonly person: ReadonlySignal<Person>;
  readonly rooms: Rooms;
  readonly sites: Signal<ReadonlyMap<string, Site>> = signal(new Map());
  /** Every conversation of the person's teams; null until all their lists have come. */
  readonly entries: ReadonlySignal<readonly InboxEntry[] | null>;
  /** Where the inboxes stand: the first that is not online speaks for all. */
  readonly connection: ReadonlySignal<ConnectionState>;
  #person: Signal<Person>;
  #session: Session;
  #inboxes: Signal<ReadonlyMap<string, InboxClient>> = signal(new Map());

  constructor(person: Person, session: Session) {
    this.#session = session;
    this.#person = signal(person);
    this.person = this.#person;
    this.rooms = new Rooms(session.api, inBrowser);
    this.entries = computed(() => this.#merged());
    this.connection = computed(() => {
      const states = [...this.#inboxes.value.values()].map((inbox) => inbox.connection.value);
      return states.find(({ is }) => is !== 'online') ?? { is: 'online' };
    });
    this.resume(person);
    void this.#learnSites();
  }

  /** The same person, perhaps with other teams or after signing in again. */
  resume(person: Person): void {
    this.#person.value = person;
    const before = this.#inboxes.peek();
    const inboxes = new Map<string, InboxClient>();
    for (const team of person.teams) {
      inboxes.set(team, before.get(team) ?? new InboxClient(team, this.#session.api, inBrowser));
    }
    for (const [team, inbox] of before) if (!inboxes.has(team)) inbox.leave();
    for (const inbox of inboxes.values()) inbox.start();
    this.#inboxes.value = inboxes;
    this.rooms.resume();
  }

  leave(): void {
    for (const inbox of this.#inboxes.peek().values()) inbox.leave();
    this.rooms.leave();
  }

  tryNow(): void {
    for (const inbox of this.#inboxes.peek().values()) inbox.tryNow();
    this.rooms.current.peek()?.client.tryNow();
  }

  /** The change itself comes back over the sockets, to everybody at once. */
  async act(conversation: string, act: Act): Promise<void> {
    await this.#session.api.post(`/api/v1/conversations/${encodeURIComponent(conversation)}/${act}`, {});
  }

  /** Sites are named for comfort only; without their names the list works just as well. */
  async #learnSites(): Promise<void> {
    try {
      const { sites } = await new Retrier(inBrowser).run(() =>
        this.#session.api.get<SitesAnswer>('/api/v1/sites'),
      );
      this.sites.value = new Map(sites.map((site) => [site.id, site]));
    } catch {
      this.sites.value = new Map();
    }
  }

  #merged(): readonly InboxEntry[] | null {
    const lists = [...this.#inboxes.value.values()].map((inbox) => inbox.entries.value);
    if (lists.includes(null)) return null;
    return lists.flatMap((list) => [...(list?.values() ?? [])]);
  }
}
