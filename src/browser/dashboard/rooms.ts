/** The conversations that are open on this desk: the one being read, and those that still have something to send. */
import {
  type ReadonlySignal,
  type Signal,
  batch,
  computed,
  effect,
  signal,
  untracked,
} from '@preact/signals';
import type { Participant } from '../../protocol/frames.ts';
import type { MaskedKind } from '../../protocol/marks.ts';
import {
  type Cancel,
  type ConnectionState,
  ConversationClient,
  type Outgoing,
  type Queue,
  Reading,
  type Surroundings,
} from '../connection.ts';
import type { Uploads } from '../connection/uploads.ts';
import type { Choosing } from '../ui/files/choosing.ts';
import { Drafts } from './drafts.ts';
import { Foresight, type QuietAccess } from './foresight.ts';
import { seating } from './seating.ts';

/** What somebody began to write stays with its conversation, an answer and a note apart. */
export interface Room {
  client: ConversationClient;
  draft: Signal<string>;
  note: Signal<string>;
  reading: Reading;
  /** Its reader has scrolled up from the end, where what is new would be before their eyes. */
  away: Signal<boolean>;
  /** It is watched without being shown as there. */
  silent: Signal<boolean>;
  /** Files that are chosen, and on their way; null before the first. */
  attaching: Signal<{ readonly uploads: Uploads; readonly choosing: Choosing } | null>;
}

export class Rooms {
  readonly current: ReadonlySignal<Room | null>;
  /** Names of staff as conversations have told them; null once erased. */
  readonly names: Signal<ReadonlyMap<string, string | null>> = signal(new Map());
  /** By conversation: what is on its way, or failed, wherever that is open or not. */
  readonly outgoing: ReadonlySignal<ReadonlyMap<string, readonly Outgoing[]>>;
  /** Told when a customer writes in a conversation that is open here. */
  written: (room: Room) => void = () => {};
  /** What is masked on a site; null: it is not known yet. */
  masks: (site: string | undefined) => readonly MaskedKind[] | null = () => null;
  #current: Signal<Room | null> = signal<Room | null>(null);
  #open: Signal<ReadonlyMap<string, Room>> = signal(new Map());
  #stops = new Map<Room, Cancel[]>();
  #drafts: Drafts;
  #access: Foresight;
  #surroundings: Surroundings;
  #queue: Queue;
  #isLeft = false;

  constructor(access: QuietAccess, surroundings: Surroundings, queue: Queue) {
    this.#access = new Foresight(access, surroundings);
    this.#surroundings = surroundings;
    this.#queue = queue;
    this.#drafts = new Drafts(queue.chest, surroundings);
    this.current = this.#current;
    this.outgoing = computed(() => {
      const posts = [...this.#open.value].map(([id, { client }]) => [id, client.outgoing.value] as const);
      return new Map(posts.filter(([, { length }]) => length > 0));
    });
    queue.strayed = (id) => this.#bringHome(id);
    void queue.adopt();
  }

  /** @param silent without being shown there */
  select(id: string | null, silent = false): void {
    const previous = this.#current.peek();
    const known = id === null ? undefined : this.#open.peek().get(id);
    if (known !== undefined) changeSeats(known, silent);
    if (previous?.client.id === id) return;
    this.#current.value = id === null ? null : (known ?? this.#enter(id, silent));
    // It may have been shut the last time, and is not any more.
    known?.client.start();
    if (previous !== null) this.#leaveOnceSent(previous);
  }

  /** Somebody looks at this conversation's line and may open it next. */
  foresee(id: string): void {
    if (!this.isOpen(id)) this.#access.foresee(`/api/v1/conversations/${encodeURIComponent(id)}/tickets`);
  }

  isOpen(id: string): boolean {
    return this.#open.peek().has(id);
  }

  /** Goes on after signing in again; what runs already is left alone. */
  resume(): void {
    this.#isLeft = false;
    void this.#queue.adopt();
    for (const { client } of this.#open.peek().values()) client.start();
  }

  leave(): void {
    this.#isLeft = true;
    for (const { client } of this.#open.peek().values()) client.leave();
  }

  unsent(): boolean {
    return this.outgoing.peek().size > 0;
  }

  /** Whether files are on their way, which go with this page. */
  sendsFiles(): boolean {
    return [...this.#open.peek().values()].some(sendsFiles);
  }

  #enter(id: string, silent = false): Room {
    const isSilent = signal(silent);
    const access = seating(this.#access, isSilent, () => client);
    const client = new ConversationClient(id, access, this.#surroundings, this.#queue.shelf(id));
    const { you, messages, caughtUp, read } = client;
    // Who is not shown leaves no mark either.
    const markRead = (seq: number) => {
      if (!isSilent.peek()) client.markRead(seq);
    };
    const away = signal(false);
    const site = computed(() => client.conversation.value?.site);
    const kinds = computed(() => this.masks(site.value));
    const isRead = computed(() => this.#current.value?.client === client && !away.value);
    const room: Room = {
      client,
      draft: this.#drafts.of(id, 'text', kinds),
      note: this.#drafts.of(id, 'note', kinds),
      reading: new Reading({ you, messages, caughtUp, read, markRead }, isRead, this.#surroundings),
      away,
      silent: isSilent,
      attaching: signal(null),
    };
    this.#open.value = new Map(this.#open.peek()).set(id, room);
    this.#stops.set(room, [
      () => room.reading.end(),
      effect(() => this.#learn(client.people.value)),
      this.#listen(room),
      effect(() => this.#forget(client.connection.value, client)),
    ]);
    client.start();
    return room;
  }

  #learn(people: readonly Participant[]): void {
    const names = this.names.peek();
    if (people.every(({ id, name }) => names.get(id) === name)) return;
    this.names.value = new Map([...names, ...people.map(({ id, name }) => [id, name] as const)]);
  }

  /** Of what was erased nothing stays in this browser. What is only not theirs any more takes the drafts alone with it. */
  #forget(state: ConnectionState, client: ConversationClient): void {
    if (state.is !== 'stopped' || (state.reason !== 'erased' && state.reason !== 'not_found')) return;
    this.#drafts.forget(client.id);
    if (state.reason === 'erased')
      for (const { id } of untracked(() => client.outgoing.value)) untracked(() => client.discard(id));
  }

  #listen(room: Room): Cancel {
    let last: number | null = null;
    return effect(() => {
      const messages = room.client.messages.value;
      if (!room.client.caughtUp.value) return;
      const heard = last;
      last = messages.at(-1)?.seq ?? 0;
      if (heard === null) return;
      if (messages.some(({ seq, from }) => seq > heard && from.kind === 'visitor')) this.written(room);
    });
  }

  /** A conversation that nobody looks at has something to send, left by a page that is gone. */
  #bringHome(id: string): void {
    if (this.#isLeft) return;
    this.#leaveOnceSent(this.#open.peek().get(id) ?? this.#enter(id));
  }

  /** Closing the socket under a message on its way would lose it, so that waits; a failed one stays to be seen. */
  #leaveOnceSent(room: Room): void {
    const stop = effect(() => {
      const isCurrent = this.#current.value === room;
      if (!isCurrent && (room.client.outgoing.value.length > 0 || sendsFiles(room))) return;
      // An effect must not be ended from within its own first run.
      queueMicrotask(() => stop());
      if (!isCurrent) this.#close(room);
    });
  }

  #close(room: Room): void {
    room.client.leave();
    room.attaching.peek()?.uploads.end();
    for (const stop of this.#stops.get(room) ?? []) stop();
    this.#stops.delete(room);
    const open = new Map(this.#open.peek());
    open.delete(room.client.id);
    this.#open.value = open;
  }
}

function sendsFiles({ attaching }: Room): boolean {
  return attaching.value?.uploads.underWay() === true;
}

/** How somebody sits is decided when they sit down, so that whoever hides or shows themselves takes another seat. */
function changeSeats({ client, silent }: Room, wanted: boolean): void {
  if (silent.peek() === wanted) return;
  batch(() => {
    client.leave();
    silent.value = wanted;
    client.start();
  });
}
