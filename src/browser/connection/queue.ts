/**
 * What one person has written in this browser and the server has not acknowledged, kept beyond the life of a page.
 * Each tab sends its own posts, and holds a lock of its own name while it has any: once that lock is free the tab
 * is gone, and another one takes its posts over.
 */
import type { Outgoing } from './outgoing.ts';
import { Chest } from './queue/chest.ts';
import type { Shelf } from './queue/shelf.ts';
import type { Cancel, Surroundings } from './surroundings.ts';

/** Sending does not wait longer than this for another tab that looks, or for a store that does not answer. */
const patience = 3_000;

type Found = (posts: readonly Outgoing[]) => void;

export class Queue {
  readonly chest: Chest;
  /** Told of a conversation that has these posts here and that nobody has open. */
  strayed: (conversation: string, posts: readonly Outgoing[]) => void = () => {};
  #surroundings: Surroundings;
  #tab: string;
  #lock: Promise<Cancel> | null = null;
  #shelves = new Map<string, Found>();
  #found = new Map<string, Outgoing[]>();
  /** Posts of this tab that are in the store, and those of which the newest state is in this page's memory alone. */
  #kept = new Set<string>();
  #unkept = new Map<string, Outgoing>();
  #work: Promise<void> = Promise.resolve();
  #adopting: Promise<void> | null = null;
  #awaited = new Set<string>();
  #cancelWatch: Cancel;

  constructor(person: string, key: string, surroundings: Surroundings) {
    this.chest = new Chest(person, key, surroundings.store);
    this.#surroundings = surroundings;
    this.#tab = `sotto-tab-${surroundings.newId()}`;
    this.#cancelWatch = surroundings.watch((notice) => {
      if (notice === 'returned' || notice === 'online') void this.adopt();
    });
  }

  /** Whether closing this page would lose something: storage is denied, or a write is not finished. */
  unkept(): boolean {
    return this.#unkept.size > 0;
  }

  shelf(conversation: string): Shelf {
    return {
      keep: (post) => this.#keep(conversation, post),
      drop: (ids) => this.#drop(ids),
      open: async (found) => {
        this.#shelves.set(conversation, found);
        this.#deliver(conversation);
        const late = new Promise<void>((then) => void this.#surroundings.after(patience, then));
        await Promise.race([this.adopt(), late]);
      },
      look: () => void this.adopt(),
      close: () => void this.#shelves.delete(conversation),
    };
  }

  /** Takes over what tabs that are gone have left. What can not be opened is left alone. */
  adopt(): Promise<void> {
    this.#adopting ??= this.#surroundings.locks
      .alone(`sotto-queue-${this.chest.person}`, () => this.#adopt())
      .catch(() => {})
      .then(() => {
        this.#adopting = null;
        for (const conversation of [...this.#found.keys()]) this.#deliver(conversation);
      });
    return this.#adopting;
  }

  /** Ends, and leaves nothing: on signing out, and when a visitor wants to be forgotten. */
  async empty(): Promise<void> {
    this.end();
    await this.chest.empty();
  }

  /** From here on this page keeps nothing; what is kept stays for the next who may open it. */
  end(): void {
    this.chest.close();
    this.#unkept.clear();
    this.#kept.clear();
    this.#cancelWatch();
    this.#letGo();
  }

  #keep(conversation: string, post: Outgoing): void {
    const { id } = post;
    this.#unkept.set(id, post);
    this.#next(async () => {
      await this.#hold();
      await this.chest.put({ id, conversation, tab: this.#tab }, JSON.stringify(post));
      this.#kept.add(id);
      if (this.#unkept.get(id) === post) this.#unkept.delete(id);
    });
  }

  #drop(ids: readonly string[]): void {
    for (const id of ids) this.#unkept.delete(id);
    this.#next(async () => {
      for (const id of ids) {
        await this.chest.delete(id);
        this.#kept.delete(id);
      }
      if (this.#kept.size === 0) this.#letGo();
    });
  }

  async #adopt(): Promise<void> {
    const [rows, alive] = await Promise.all([this.chest.rows(), this.#surroundings.locks.held()]);
    for (const row of rows) {
      const { id, conversation, tab } = row;
      if (tab === '' || tab === this.#tab) continue;
      if (alive.has(tab)) {
        this.#await(tab);
        continue;
      }
      const text = await this.chest.open(row);
      if (text === null || this.chest.closed) continue;
      this.#kept.add(id);
      await this.#hold();
      await this.chest.keep({ ...row, tab: this.#tab });
      const before = this.#found.get(conversation) ?? [];
      this.#found.set(conversation, [...before, JSON.parse(text) as Outgoing]);
    }
  }

  /** It may be about to go: a page that is reloaded can meet its own predecessor. */
  #await(tab: string): void {
    if (this.#awaited.has(tab)) return;
    this.#awaited.add(tab);
    void this.#surroundings.locks.hold(tab).then(async (letGo) => {
      letGo();
      this.#awaited.delete(tab);
      // A look that is under way may have found it alive.
      await this.#adopting;
      await this.adopt();
    });
  }

  #deliver(conversation: string): void {
    const posts = this.#found.get(conversation);
    if (posts === undefined) return;
    const found = this.#shelves.get(conversation);
    if (found === undefined) this.strayed(conversation, posts);
    else {
      this.#found.delete(conversation);
      found(posts);
    }
  }

  /** One after the other, so that what was dropped does not come back. What fails leaves its post unkept. */
  #next(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch(() => {});
  }

  async #hold(): Promise<void> {
    await (this.#lock ??= this.#surroundings.locks.hold(this.#tab));
  }

  /** A page that holds nothing can be kept by its browser for coming back to it. */
  #letGo(): void {
    void this.#lock?.then(
      (letGo) => letGo(),
      () => {},
    );
    this.#lock = null;
  }
}
