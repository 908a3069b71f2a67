/** The conversations that are open on this desk: the one being read, and those that still have something to send. */
import { type ReadonlySignal, type Signal, effect, signal } from '@preact/signals';
import type { Participant } from '../../protocol/frames.ts';
import { type Access, ConversationClient, type Surroundings } from '../connection.ts';

/** What somebody began to write stays with its conversation. */
export interface Room {
  client: ConversationClient;
  draft: Signal<string>;
}

export class Rooms {
  readonly current: ReadonlySignal<Room | null>;
  /** Names of staff as conversations have told them; null once erased. */
  readonly names: Signal<ReadonlyMap<string, string | null>> = signal(new Map());
  #current: Signal<Room | null> = signal<Room | null>(null);
  #open = new Map<string, Room>();
  #drafts = new Map<string, Signal<string>>();
  #access: Access;
  #surroundings: Surroundings;

  constructor(access: Access, surroundings: Surroundings) {
    this.#access = access;
    this.#surroundings = surroundings;
    this.current = this.#current;
  }

  select(id: string | null): void {
    const previous = this.#current.peek();
    if (previous?.client.id === id) return;
    this.#current.value = id === null ? null : (this.#open.get(id) ?? this.#enter(id));
    if (previous !== null) this.#leaveOnceSent(previous);
  }

  /** Goes on after signing in again; what runs already is left alone. */
  resume(): void {
    for (const { client } of this.#open.values()) client.start();
  }

  leave(): void {
    for (const { client } of this.#open.values()) client.leave();
  }

  unsent(): boolean {
    return [...this.#open.values()].some(({ client }) => client.outgoing.peek().length > 0);
  }

  #enter(id: string): Room {
    const client = new ConversationClient(id, this.#access, this.#surroundings);
    const draft = this.#drafts.get(id) ?? signal('');
    this.#drafts.set(id, draft);
    const room = { client, draft };
    this.#open.set(id, room);
    effect(() => this.#learn(client.people.value));
    client.start();
    return room;
  }

  #learn(people: readonly Participant[]): void {
    const names = this.names.peek();
    if (people.every(({ id, name }) => names.get(id) === name)) return;
    this.names.value = new Map([...names, ...people.map(({ id, name }) => [id, name] as const)]);
  }

  /** Closing the socket under a message on its way would lose it, so that waits; a failed one stays to be seen. */
  #leaveOnceSent(room: Room): void {
    const stop = effect(() => {
      const isCurrent = this.#current.value === room;
      if (!isCurrent && room.client.outgoing.value.length > 0) return;
      // An effect must not be ended from within its own first run.
      queueMicrotask(() => stop());
      if (isCurrent) return;
      room.client.leave();
      this.#open.delete(room.client.id);
    });
  }
}
