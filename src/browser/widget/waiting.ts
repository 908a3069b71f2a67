/** What a visitor has written before there is a conversation for it, and their queue in this browser. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { VisitorSession } from '../../protocol/visitors.ts';
import { Outbox, type Outgoing, Queue, type Shelf, type Surroundings, noShelf } from '../connection.ts';
import type { Introduction } from './introduction.ts';

/**
 * Which posts of a conversation that is over have arrived there, by their ids; null while it goes on here, or nobody
 * knows.
 */
type Arrived = (conversation: string, posts: readonly Outgoing[]) => Promise<ReadonlySet<string> | null>;

/** What the conversation is begun with is kept with the message that begins it. */
type Kept = Outgoing & { introduction?: Introduction | null };

export class Waiting {
  readonly outbox: Outbox;
  readonly posts: ReadonlySignal<readonly Outgoing[]>;
  /** What the customer said before their first message. */
  readonly introduction: Signal<Introduction | null> = signal(null);
  #queue: Queue | null = null;
  #surroundings: Surroundings;
  #arrived: Arrived;

  constructor(surroundings: Surroundings, arrived: Arrived) {
    this.#surroundings = surroundings;
    this.#arrived = arrived;
    this.outbox = new Outbox({
      ...noShelf,
      keep: (post) => this.#keep(post),
      drop: (ids) => this.#queue?.shelf('').drop(ids),
    });
    this.posts = this.outbox.posts;
  }

  /** Whether closing this page would lose something written; it is so as long as nobody gave the queue's key. */
  unkept(): boolean {
    return this.#queue === null ? this.posts.value.length > 0 : this.#queue.unkept();
  }

  /** Opens this visitor's queue; what was written here before is put there. */
  openFor({ visitor, queueKey }: VisitorSession): void {
    if (this.#queue?.chest.person === visitor.id) return;
    const queue = new Queue(visitor.id, queueKey, this.#surroundings);
    queue.strayed = (conversation, posts) => void this.#takeStrayed(queue, conversation, posts);
    this.#queue = queue;
    for (const post of this.posts.value) this.#keep(post);
  }

  /** Brings what was written before this page was loaded, now and whenever more is found. */
  async restore(found: () => void): Promise<void> {
    await this.#queue?.shelf('').open((posts: readonly Kept[]) => {
      this.introduction.value ??= posts[0]?.introduction ?? null;
      this.outbox.restore(posts);
      found();
    });
  }

  shelf(conversation: string): Shelf | undefined {
    return this.#queue?.shelf(conversation);
  }

  empty(): void {
    void this.#queue?.empty();
    this.#queue = null;
    for (const { id } of this.posts.value) this.outbox.discard(id);
    this.introduction.value = null;
  }

  #keep(post: Outgoing): void {
    const kept: Kept = { ...post, introduction: this.introduction.value };
    this.#queue?.shelf('').keep(kept);
  }

  /** Posts of a conversation that nobody has open here. If it is over, they are shown as what did not arrive. */
  async #takeStrayed(queue: Queue, conversation: string, found: readonly Outgoing[]): Promise<void> {
    const arrived = await this.#arrived(conversation, found);
    if (arrived === null) return;
    const shelf = queue.shelf(conversation);
    const strayed = new Outbox(shelf);
    void shelf.open((posts) => {
      strayed.restore(posts);
      strayed.acknowledge(arrived);
      this.outbox.takeFailed(strayed, 'conversation_closed');
      shelf.close();
    });
  }
}
