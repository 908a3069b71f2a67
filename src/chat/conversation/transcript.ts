/** What was said, read back and opened: for each audience what it may see. */
import type { FileView, Message, Post, Removal } from '../../protocol/frames.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import { sameBytes } from '../../vault.ts';
import type { FileBook } from './file-book.ts';
import type { History, MessageRow } from './history.ts';
import type { ConversationKeys } from './keys.ts';
import type { Place } from './rules.ts';
import { openedMessage, placeOnWire } from './sealing.ts';
import { type Audience, messagesFor, removalsFor } from './views.ts';

/** A page is counted in public messages; so many rows it holds at most, however many notes lie between them. */
const pageRows = 2 * (limits.notesPerMessage + 1);

export class Transcript {
  readonly #history: History;
  readonly #keys: ConversationKeys;
  readonly #files: FileBook;
  readonly #conversation: () => ConversationId;

  constructor(history: History, keys: ConversationKeys, files: FileBook, conversation: () => ConversationId) {
    this.#history = history;
    this.#keys = keys;
    this.#files = files;
    this.#conversation = conversation;
  }

  /** What lies behind this place, oldest first. */
  async after(place: Place, limit: number, audience: Audience): Promise<Message[]> {
    return messagesFor(audience, await this.#opened(this.#history.messages.after(place, limit, audience)));
  }

  /** A page of at most `limit` public messages, and for staff the notes on them; it begins with a public one. */
  async before(seq: number, limit: number, audience: Audience): Promise<Message[]> {
    const found = this.#history.messages.before(seq, limit, pageRows, audience);
    const first = found.findIndex(({ n }) => n === 0);
    return messagesFor(audience, await this.#opened(first < 0 ? [] : found.slice(first)));
  }

  /** Whatever was said since under one of the ids of these posts, as staff see it. */
  async known(posts: readonly Pick<Post, 'id' | 'since'>[]): Promise<Message[]> {
    if (posts.length === 0) return [];
    const since = Math.min(...posts.map((post) => post.since));
    const ids = posts.map(({ id }) => id);
    return this.#opened(this.#history.messages.withIds(ids, since));
  }

  /** The row at a place, whatever was asked for: only what may exist is looked for. */
  row({ seq, n }: Place, head: number): MessageRow | undefined {
    const mayExist = seq >= 1 && seq <= head && n <= limits.notesPerMessage;
    return mayExist ? this.#history.messages.at({ seq, n }) : undefined;
  }

  removalsUpTo(place: Place, audience: Audience): Removal[] {
    const removals = this.#history.messages.removalsUpTo(place, audience);
    return removalsFor(
      audience,
      removals.map(({ removed, ...at }) => ({ ...placeOnWire(at), removed })),
    );
  }

  async #opened(rows: readonly MessageRow[]): Promise<Message[]> {
    const opened = rows.map(async (row) => {
      const file = row.n === 0 ? await this.#files.viewAt(row.seq) : undefined;
      return this.#open(row, file).catch((error: unknown) => {
        // It may have been sealed anew since it was read.
        const again = this.#history.messages.at(row);
        if (again === undefined || sameBytes(again.sealed, row.sealed)) throw error;
        return this.#open(again, file);
      });
    });
    return Promise.all(opened);
  }

  #open(row: MessageRow, file: FileView | undefined): Promise<Message> {
    return openedMessage(this.#conversation(), this.#keys, row, file);
  }
}
