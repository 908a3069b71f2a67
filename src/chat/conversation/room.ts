/**
 * The conversation itself: order, sealing and history. It knows neither Durable Objects nor sockets; the object
 * beside it brings frames in and carries what happened out.
 */
import type { ConversationView, InboxEntry, Message, Post } from '../../protocol/frames.ts';
import type { PersonId } from '../../protocol/ids.ts';
import { limits } from '../../protocol/limits.ts';
import type { RefusalCode } from '../../protocol/refusals.ts';
import { bind, type DataKey, type Vault } from '../../vault.ts';
import { ConversationKeys, type SealingKey } from './keys.ts';
import { type Asker, may, type Thing } from '../../people/permission.ts';
import type { ConversationRow, History, MessageRow } from './history.ts';
import { authorOf, change, type Change, nextTime } from './rules.ts';

export type Incoming = { asker: Asker; post: Post };
/** What became of one post: a new message, one that was there already, or nothing. */
export type Outcome = { fresh: Message } | { known: Message } | { refused: RefusalCode };
export type Opening = Pick<ConversationRow, 'id' | 'site' | 'team' | 'visitor'> & { page: string | null };

type Atomically = <T>(work: () => T) => T;
type State = {
  row: ConversationRow;
  page: string | null;
  head: number;
  lastAt: number;
  waitingSince: number | null;
};

export class Room {
  readonly keys: ConversationKeys;
  readonly #history: History;
  readonly #atomically: Atomically;
  readonly #changed: () => void;
  #state: State | undefined;

  /** @param changed called in the same commit as whatever the inbox has to be told */
  constructor(history: History, vault: () => Promise<Vault>, atomically: Atomically, changed: () => void) {
    this.keys = new ConversationKeys(history, vault);
    this.#history = history;
    this.#atomically = atomically;
    this.#changed = changed;
  }

  /** Does this conversation exist? Reads what it needs the first time; a page address waits for its key. */
  async load(): Promise<boolean> {
    if (this.#state !== undefined) return true;
    if (!this.#history.exists) return false;
    const row = this.#history.conversation();
    this.keys.load();
    const page = row.page === null ? null : await this.#openedPage(row.id, row.page);
    const head = this.#history.head();
    this.#state ??= {
      row,
      page,
      head: head.seq,
      lastAt: head.at,
      waitingSince: this.#history.waitingSince(),
    };
    return true;
  }

  async #openedPage(id: ConversationRow['id'], sealed: Uint8Array): Promise<string> {
    return (await this.keys.opening(id, 1)).openText(pagePlace(id), sealed);
  }

  get #loaded(): State {
    if (this.#state === undefined) throw new Error('this conversation is not loaded');
    return this.#state;
  }

  /** Begins the conversation, or, if it has begun, only says its first message again. */
  async begin(opening: Opening, asker: Asker, post: Post, now: number): Promise<Outcome> {
    if (!(await this.load())) await this.#create(opening, now);
    return (await this.post([{ asker, post }], now))[0] ?? { refused: 'internal' };
  }

  async #create({ page, ...opening }: Opening, now: number): Promise<void> {
    const key = await this.keys.fresh(opening.id, 1);
    const sealedPage = page === null ? null : await key.key.sealText(pagePlace(opening.id), page);
    const row: ConversationRow = {
      ...opening,
      state: 'waiting',
      assignee: null,
      epoch: crypto.randomUUID(),
      startedAt: now,
      changedAt: now,
      changes: 1,
      page: sealedPage,
    };
    this.#atomically(() => {
      this.#history.begin(row, key.row);
    });
    this.#changed();
    this.keys.committed(key);
    this.#state = { row, page, head: 0, lastAt: now, waitingSince: null };
  }

  /** Takes these posts in order, in one commit. Callers take turns: two calls must not overlap. */
  async post(batch: readonly Incoming[], now: number): Promise<Outcome[]> {
    const state = this.#loaded;
    const at = nextTime(now, state.lastAt);
    const key = await this.keys.sealing(state.row.id, state.head + 1);
    const known = await this.#knownAmong(batch);
    const outcomes: Outcome[] = [];
    const fresh: Message[] = [];
    for (const { asker, post } of batch) {
      const from = authorOf(asker);
      const twin = [...known, ...fresh].find(
        ({ id, from: author }) => id === post.id && author.id === from.id,
      );
      const outcome = twin === undefined ? this.#refusal(asker, post) : sameText(twin, post);
      if (outcome !== undefined) {
        outcomes.push(outcome);
        continue;
      }
      const seq = state.head + fresh.length + 1;
      const message: Message = { seq, id: post.id, at, from, kind: post.kind, scheme: 1, text: post.text };
      fresh.push(message);
      outcomes.push({ fresh: message });
    }
    if (fresh.length > 0) {
      this.#commit(await Promise.all(fresh.map((message) => this.#sealed(message, key.key))), key);
    }
    return outcomes;
  }

  /** Messages that are there already under an id of this batch: the same author and id is the same message. */
  async #knownAmong(batch: readonly Incoming[]): Promise<Message[]> {
    const posts = batch.map(({ post }) => post).filter((post) => !this.#isStale(post));
    if (posts.length === 0) return [];
    const since = Math.min(...posts.map((post) => post.since));
    const rows = this.#history.withIds(
      posts.map(({ id }) => id),
      since,
    );
    return Promise.all(rows.map((row) => this.#opened(row)));
  }

  /** From ahead of the head, or from too far behind: the client fetches the news first. */
  #isStale({ since }: Post): boolean {
    const { head } = this.#loaded;
    return since > head || head - since > limits.sinceStretch;
  }

  #refusal(asker: Asker, post: Post): Outcome | undefined {
    if (this.#isStale(post)) return { refused: 'stale' };
    if (this.#loaded.row.state === 'closed') return { refused: 'conversation_closed' };
    return may(asker, 'conversation.post', this.thing) ? undefined : { refused: 'not_allowed' };
  }

  #commit(rows: MessageRow[], key: SealingKey): void {
    const state = this.#loaded;
    const newcomers = rows.flatMap(({ from }) => (from.kind === 'staff' ? [from.id] : []));
    this.#atomically(() => {
      if (key.isFresh) this.#history.addKey(key.row);
      for (const row of rows) this.#history.add(row);
      for (const id of new Set(newcomers)) this.#history.addParticipant(id);
    });
    if (key.isFresh) this.keys.committed(key);
    const { waitingSince } = state;
    for (const row of rows) {
      state.head = row.seq;
      state.lastAt = row.at;
      state.waitingSince = row.from.kind === 'staff' ? null : (state.waitingSince ?? row.at);
    }
    if (key.isFresh || state.waitingSince !== waitingSince) this.#changed();
  }

  /** Claims, closes or reopens. */
  change(asker: Asker, wish: Change, now: number): RefusalCode | undefined {
    const { row } = this.#loaded;
    if (!may(asker, `conversation.${wish}`, this.thing)) return 'not_allowed';
    const standing = change(row, wish, asker);
    if (typeof standing === 'string') return standing;
    if (standing.state === row.state && standing.assignee === row.assignee) return undefined;
    const changed = {
      ...row,
      ...standing,
      changes: row.changes + 1,
      changedAt: nextTime(now, row.changedAt),
    };
    this.#atomically(() => {
      this.#history.setStanding(changed);
      if (wish === 'claim' && asker.kind === 'staff') this.#history.addParticipant(asker.id);
    });
    this.#loaded.row = changed;
    this.#changed();
    return undefined;
  }

  mayRead(asker: Asker): boolean {
    return may(asker, 'conversation.read', this.thing);
  }

  get thing(): Thing {
    const { team, site, visitor, assignee } = this.#loaded.row;
    return { team, site, visitor, person: assignee };
  }

  get row(): ConversationRow {
    return this.#loaded.row;
  }

  get head(): number {
    return this.#loaded.head;
  }

  view(): ConversationView {
    const { row, page } = this.#loaded;
    return {
      id: row.id,
      site: row.site,
      state: row.state,
      assignee: row.assignee,
      startedAt: row.startedAt,
      page,
    };
  }

  inboxEntry(): InboxEntry {
    const { row, waitingSince, lastAt, head } = this.#loaded;
    const { id, site, state, assignee, startedAt } = row;
    const waiting = state === 'closed' ? null : waitingSince;
    const changedAt = Math.max(row.changedAt, lastAt);
    return {
      id,
      site,
      state,
      assignee,
      waitingSince: waiting,
      startedAt,
      changedAt,
      version: row.changes + head,
    };
  }

  /** Everyone on staff who claimed or answered. */
  participants(): PersonId[] {
    return this.#history.participants();
  }

  async after(seq: number, limit: number): Promise<Message[]> {
    return Promise.all(this.#history.after(seq, limit).map((row) => this.#opened(row)));
  }

  async before(seq: number, limit: number): Promise<Message[]> {
    return Promise.all(this.#history.before(seq, limit).map((row) => this.#opened(row)));
  }

  async #sealed(message: Message, key: DataKey): Promise<MessageRow> {
    const { seq, id, at, from, text } = message;
    return { seq, id, at, from, sealed: await key.sealText(this.#messagePlace(message), text) };
  }

  async #opened(row: MessageRow): Promise<Message> {
    const { seq, id, at, from } = row;
    const key = await this.keys.opening(this.#loaded.row.id, seq);
    const text = await key.openText(this.#messagePlace({ ...row, kind: 'text' }), row.sealed);
    return { seq, id, at, from, kind: 'text', scheme: 1, text };
  }

  /** Binds a message to its place, so that no row can be moved, swapped or given to another author. */
  #messagePlace({ seq, from, kind, at, id }: Omit<Message, 'text' | 'scheme'>): Uint8Array {
    return bind('sotto/message/1', [this.#loaded.row.id, seq, 0, from.id, kind, at, id]);
  }
}

function sameText(message: Message, post: Post): Outcome {
  return message.text === post.text ? { known: message } : { refused: 'id_reused' };
}

function pagePlace(conversation: string): Uint8Array {
  return bind('sotto/conversation-page/1', [conversation]);
}
