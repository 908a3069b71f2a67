/** What a signed-in member of staff has before them: their teams' inboxes and the conversations they opened. */
import { type ReadonlySignal, type Signal, computed, effect, signal, untracked } from '@preact/signals';
import type {
  CannedReply,
  RepliesAnswer,
  Site,
  SitesAnswer,
  Team,
  TeamsAnswer,
} from '../../protocol/bodies.ts';
import type { Colleague, InboxEntry } from '../../protocol/frames.ts';
import { kindsOf, type MaskedKind } from '../../protocol/marks.ts';
import type { Myself } from '../../protocol/sign-in.ts';
import {
  type Cancel,
  type ConnectionState,
  Retrier,
  type Surroundings,
  inBrowser,
  isShut,
} from '../connection.ts';
import type { Uploads } from '../connection/uploads.ts';
import { Acts } from './acts.ts';
import { Customers } from './customers.ts';
import { Inboxes } from './inboxes.ts';
import { clock } from './list/clock.ts';
import { type Filter, belongs, filters } from './list/order.ts';
import { type News, watchNews } from './news.ts';
import { Presence } from './presence.ts';
import { everMay } from './rights.ts';
import { type Room, Rooms } from './rooms.ts';
import type { Session } from './session.ts';
import { byOneTab } from './tabs.ts';

export type { Act } from './acts.ts';

export class Desk {
  readonly person: ReadonlySignal<Myself>;
  readonly rooms: Rooms;
  readonly acts: Acts;
  readonly customers: Customers;
  readonly presence: Presence;
  readonly sites: Signal<ReadonlyMap<string, Site>> = signal(new Map());
  /** Null until they are known. */
  readonly teams: Signal<ReadonlyMap<string, Team> | null> = signal(null);
  readonly replies: Signal<readonly CannedReply[]> = signal([]);
  /** Every conversation this person may see; null until all lists have come. */
  readonly entries: ReadonlySignal<readonly InboxEntry[] | null>;
  /** Whether these are all, and not only the most urgent. */
  readonly complete: ReadonlySignal<boolean>;
  /** How many there are of each kind, the same wherever a number is shown; null until that is known. */
  readonly counts: ReadonlySignal<Readonly<Record<Filter, number>> | null>;
  /** Colleagues by id. */
  readonly people: ReadonlySignal<ReadonlyMap<string, Colleague>>;
  readonly connection: ReadonlySignal<ConnectionState>;
  /** The server's clock, ticking often enough for minutes. */
  readonly now: ReadonlySignal<number>;
  #person: Signal<Myself>;
  #session: Session;
  #surroundings: Surroundings;
  #inboxes: Inboxes;
  #attended: ReadonlySignal<readonly string[] | null>;
  #listeners = new Set<(news: News) => boolean>();
  #stops: Cancel[];

  constructor(person: Myself, session: Session, surroundings: Surroundings = inBrowser) {
    const { activity, api, queue } = session;
    if (queue === null) throw new Error('nobody is signed in');
    this.#session = session;
    this.#surroundings = surroundings;
    this.#person = signal(person);
    this.person = this.#person;
    this.acts = new Acts(api, surroundings);
    this.rooms = new Rooms(api, surroundings, queue);
    this.rooms.masks = (site) => this.masks(site);
    this.customers = new Customers(api, surroundings);
    this.presence = new Presence(surroundings, activity);
    this.#inboxes = new Inboxes(api, surroundings);
    this.people = this.#inboxes.people;
    this.connection = this.#inboxes.connection;
    this.complete = this.#inboxes.complete;
    this.#attended = computed(() => attendedBy(this.#person.value, this.teams.value));
    this.entries = computed(() => (this.#attended.value === null ? null : this.#inboxes.entries.value));
    this.now = computed(() => clock.value + api.serverNow() - Date.now());
    this.counts = computed(() => this.#counted());
    this.rooms.written = ({ client }) => {
      if (client.conversation.peek()?.assignee === this.#person.peek().id)
        this.#tell({ is: 'written', conversation: client.id });
    };
    const { entries, complete } = this;
    this.#stops = [
      this.presence.follow((standing) => this.#inboxes.setPresence(standing)),
      effect(() => this.#attend()),
      this.#comeBack(),
      watchNews({ entries, complete, teams: this.#attended, me: this.#person }, (news) => {
        // An open conversation tells of each message itself.
        if (news.is !== 'written' || !this.rooms.isOpen(news.conversation)) this.#tell(news);
      }),
    ];
    void this.refreshTeams();
    void this.refreshSites();
    void this.refreshReplies();
  }

  /** What is masked on a site; null while that is not known. */
  masks(site: string | undefined): readonly MaskedKind[] | null {
    const known = this.sites.value.get(site ?? '');
    return known === undefined ? null : kindsOf(known.settings.masking);
  }

  /** The same person, perhaps with other teams or after signing in again. */
  resume(person: Myself): void {
    this.#person.value = person;
    this.#attend();
    this.rooms.resume();
  }

  leave(): void {
    this.#inboxes.leave();
    this.rooms.leave();
  }

  /** For good: somebody else sits here now. */
  end(): void {
    this.leave();
    this.presence.end();
    for (const stop of this.#stops) stop();
  }

  tryNow(): void {
    this.#inboxes.tryNow();
    this.rooms.current.peek()?.client.tryNow();
  }

  /** Tells what an agent wants to hear of, in one of their tabs only. A listener says whether it needed to be told. */
  onNews(listener: (news: News) => boolean): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** How many of this person's messages wait in this browser, in any tab; signing out would discard them. */
  async unsent(): Promise<number> {
    try {
      const rows = (await this.#session.queue?.chest.rows()) ?? [];
      return rows.filter(({ tab }) => tab !== '').length;
    } catch {
      return [...this.rooms.outgoing.peek().values()].flat().length;
    }
  }

  #attend(): void {
    this.#inboxes.attend(this.#attended.value ?? this.#person.value.teams);
  }

  /** A conversation that was shut to this person and is told of in their inbox is open again: each telling is one try. */
  #comeBack(): Cancel {
    let told: InboxEntry | undefined;
    return effect(() => {
      const client = this.rooms.current.value?.client;
      if (client === undefined || !isShut(client.connection.value)) return;
      const entry = this.entries.value?.find(({ id }) => id === client.id);
      if (entry === undefined || entry === told) return;
      told = entry;
      untracked(() => client.start());
    });
  }

  #counted(): Record<Filter, number> | null {
    const entries = this.entries.value;
    if (entries === null) return null;
    const { id } = this.#person.value;
    const now = this.now.value;
    const count = (filter: Filter) => entries.filter((entry) => belongs(filter, entry, id, now)).length;
    return Object.fromEntries(filters.map((filter) => [filter, count(filter)])) as Record<Filter, number>;
  }

  #tell(news: News): void {
    byOneTab(`sotto-news-${news.is}-${news.conversation}`, () => {
      const needed = [...this.#listeners].map((listener) => listener(news));
      return needed.includes(true);
    });
  }

  /** The API as this person. */
  get api(): Session['api'] {
    return this.#session.api;
  }

  /** What brings files into a conversation, as this person. */
  uploadsTo(Files: typeof Uploads, { client }: Room): Uploads {
    return new Files(client, this.#session.api, this.#surroundings);
  }

  /** Those of this team to whom its conversations can be handed. */
  answering(team: string): Colleague[] {
    return this.#inboxes.peopleOf(team).filter(({ answers }) => answers);
  }

  async refreshTeams(): Promise<void> {
    const answer = await this.#learn<TeamsAnswer>('teams');
    this.teams.value = new Map((answer?.teams ?? []).map((team) => [team.id, team]));
  }

  async refreshSites(): Promise<void> {
    const answer = await this.#learn<SitesAnswer>('sites');
    this.sites.value = new Map((answer?.sites ?? []).map((site) => [site.id, site]));
  }

  async refreshReplies(): Promise<void> {
    this.replies.value = (await this.#learn<RepliesAnswer>('replies'))?.replies ?? [];
  }

  /** Names and replies are for comfort; without them the conversations work just as well. */
  #learn<Answer>(what: string): Promise<Answer | null> {
    const ask = () => this.#session.api.get<Answer>(`/api/v1/${what}`);
    return new Retrier(this.#surroundings).run(ask).catch(() => null);
  }
}

/** The teams whose inboxes this person may see; null until that is known. */
function attendedBy(me: Myself, all: ReadonlyMap<string, Team> | null): readonly string[] | null {
  const { grants, teams } = me;
  if (!everMay(me, 'conversation.list')) return [];
  if (grants['conversation.list'] !== 'all') return teams;
  return all === null ? null : [...new Set([...teams, ...all.keys()])];
}
