/** A visitor's chat: finds the conversation that is still open, or begins one with the first message. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals-core';
import type { BeginAnswer, BeginRequest, ConversationsAnswer, WidgetAnswer } from '../../protocol/bodies.ts';
import type { VisitorSession } from '../../protocol/visitors.ts';
import { ApiError, SignedIn, request } from '../api.ts';
import {
  type Cancel,
  type ConnectionState,
  type ConversationClient,
  type Outgoing,
  Retrier,
  type Surroundings,
  mayPass,
} from '../connection.ts';
import type { Introduction } from './introduction.ts';
import type * as BeginningPart from './later/beginning.ts';
import { Site } from './site.ts';
import { Waiting } from './waiting.ts';

const conversationsPath = '/api/v1/conversations';
/** So long may the server's list call a conversation open that was seen to be closed. */
const lag = 10_000;

/** What is fetched when it is needed; each may throw an ApiError. */
interface Parts {
  /** What only a conversation needs. */
  client(): Promise<typeof ConversationClient>;
  /** What is needed where none goes on. */
  beginning(): Promise<typeof BeginningPart>;
}

/** What the tabs of one visitor tell each other. */
type Said = 'begun' | 'forgotten';

export class Chat {
  readonly client: Signal<ConversationClient | null> = signal(null);
  /** False until it is known whether there is a conversation to go on with. */
  readonly ready: Signal<boolean> = signal(false);
  readonly unavailable: Signal<boolean> = signal(false);
  /** What is in the box and not said yet. */
  readonly draft: Signal<string> = signal('');
  /** What the site says of itself, and whether somebody is there; null until that is known. */
  readonly site: ReadonlySignal<WidgetAnswer | null>;
  /** What the customer said before their first message. */
  readonly introduction: ReadonlySignal<Introduction | null>;
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>;
  readonly connection: ReadonlySignal<ConnectionState>;
  /** The API as this visitor. */
  readonly visitor: SignedIn<VisitorSession>;
  #site: Site;
  #sitePath: string;
  #siteId: string;
  #retrier: Retrier;
  #surroundings: Surroundings;
  #page: () => string | undefined;
  #parts: Parts;
  #waiting: Waiting;
  #beginning = false;
  #looking = false;
  /** Since then nobody has written: the server is not asked for a new hold on this browser. */
  #forgotten = false;
  /** Conversations that were left here, and until when they are not entered again. */
  #left = new Map<string, number>();
  /** Those that are over and were looked at for news, and the one that is being looked at. */
  #looked = new Set<string>();
  #looker: ConversationClient | null = null;
  #say: (said: Said) => void;

  constructor(site: string, page: () => string | undefined, surroundings: Surroundings, parts: Parts) {
    this.#page = page;
    this.#parts = parts;
    this.#surroundings = surroundings;
    this.#retrier = new Retrier(surroundings);
    this.#siteId = site;
    this.#sitePath = `/api/v1/sites/${site}`;
    this.visitor = new SignedIn<VisitorSession>(
      `${this.#sitePath}/visitor`,
      `sotto-visitor-${site}`,
      (name, task) => surroundings.locks.alone(name, task),
    );
    this.#site = new Site(this.#sitePath, surroundings);
    this.site = this.#site.answer;
    this.#waiting = new Waiting(surroundings, (conversation, posts) => this.#arrived(conversation, posts));
    this.introduction = this.#waiting.introduction;
    this.outgoing = computed(() => [
      ...this.#waiting.posts.value,
      ...(this.client.value?.outgoing.value ?? []),
    ]);
    this.connection = computed(() => (this.client.value?.connection ?? this.#retrier.state).value);
    this.#say = surroundings.channel(`sotto-chat-${site}`, (said) => {
      if (said === 'begun') void this.#findQuietly();
      else if (said === 'forgotten') this.#forgetHere();
    });
  }

  async start(): Promise<void> {
    this.#surroundings.watch((notice) => {
      if (notice === 'returned' || notice === 'online') this.opened();
    });
    void this.#site.refresh();
    try {
      await this.#retrier.run(() => this.#find());
      this.ready.value = true;
      await this.#waiting.restore(() => this.#goOn());
      this.#goOn();
    } catch (error) {
      this.unavailable.value = true;
      if (!(error instanceof ApiError)) throw error;
      this.#waiting.outbox.failAll(error.code, error.detail);
    }
  }

  /** Somebody looks at the chat, perhaps after a long time. */
  opened(): void {
    void this.#site.refresh();
    if (!this.ready.value || this.#forgotten || this.#looking) return;
    this.#looking = true;
    void this.#findQuietly().then(() => {
      this.#looking = false;
    });
  }

  /** As long as somebody looks at the chat, it says whether there are people behind it. */
  watchSite(): Cancel {
    return this.#site.watch();
  }

  /** Whether closing this page would lose something written. */
  unkept(): boolean {
    return this.#waiting.unkept();
  }

  /** Before the first message, and kept with it. Null: what was said before counts no more. */
  introduce(introduction: Introduction | null): void {
    this.#waiting.introduction.value = introduction;
  }

  post(text: string): void {
    this.#forgotten = false;
    // Where a conversation is over this begins another.
    if (!this.#goesOn()) this.#leave();
    const client = this.client.value;
    if (client === null) {
      // Nobody shall begin with a word of somebody who has left.
      void this.#site.ask();
      const id = this.#surroundings.newId();
      this.#waiting.outbox.add({ id, since: 0, at: this.#surroundings.now(), kind: 'text', text });
      void this.#begin();
    } else client.post(text);
  }

  retry(id: string): void {
    const waiting = this.#waiting.outbox.discard(id);
    if (waiting === undefined) this.client.value?.retry(id);
    else this.post(waiting.text);
  }

  discard(id: string): void {
    this.#waiting.outbox.discard(id);
    this.client.value?.discard(id);
  }

  type(on: boolean): void {
    this.client.value?.type(on);
  }

  tryNow(): void {
    if (this.client.value === null) this.#retrier.tryNow();
    else this.client.value.tryNow();
  }

  /** Leaves a conversation that has ended; the next message begins another. */
  startNew(): void {
    this.#leave();
    void this.#findQuietly();
  }

  /** Gives up this browser's hold on its conversations: in all its tabs, and the cookie that stood for it. */
  async forget(): Promise<void> {
    await request<object>({ method: 'DELETE', path: `${this.#sitePath}/visitor` });
    this.#say('forgotten');
    this.#forgetHere();
  }

  /** Somebody else sits here, or nobody: what belongs to the one before is shown no more. */
  changeHands(): void {
    this.#say('forgotten');
    this.#forgetHere();
    this.#forgotten = false;
    void this.#findQuietly();
  }

  #forgetHere(): void {
    this.#forgotten = true;
    this.#looker?.leave();
    this.client.value?.leave();
    this.client.value = null;
    this.#waiting.empty();
    this.draft.value = '';
    this.visitor.forget();
  }

  /** What did not arrive there is shown until somebody says it again or discards it. */
  #leave(): void {
    const client = this.client.peek();
    if (client === null) return;
    // What can not be entered any more is not tried again; what is closed may be opened again by staff.
    const closed = client.conversation.peek()?.state === 'closed';
    this.#left.set(client.id, closed ? this.#surroundings.now() + lag : Infinity);
    this.#looked.add(client.id);
    const unheard = client.outgoing.peek();
    client.leave();
    client.giveTo(this.#waiting.outbox, 'conversation_closed');
    this.client.value = null;
    if (unheard.length > 0) void this.#dropArrived(client.id, unheard);
  }

  /** Joins the conversation that is open, which may have been begun in another tab, and leaves for it one that is over. */
  async #find(): Promise<void> {
    if (this.#goesOn()) return;
    const { conversations } = await this.visitor.get<ConversationsAnswer>(conversationsPath);
    const grant = this.visitor.grant.peek();
    if (grant !== null) this.#waiting.openFor(grant);
    for (const { id, state } of conversations) if (state === 'closed') this.#left.delete(id);
    const isLeft = (id: string) => this.#surroundings.now() < (this.#left.get(id) ?? 0);
    const open = conversations.find(({ id, state }) => state !== 'closed' && !isLeft(id));
    if (open === undefined) {
      const [last] = conversations;
      if (last !== undefined) void this.#lookForNews(last.id);
      return;
    }
    if (open.id === this.client.peek()?.id) return;
    const Client = await this.#parts.client();
    // Another call may have been quicker, and somebody may have gone from it meanwhile.
    if (this.#goesOn() || this.#forgotten || isLeft(open.id)) return;
    this.#leave();
    this.#join(this.#clientOf(Client, open.id));
  }

  #goesOn(): boolean {
    const client = this.client.peek();
    return client !== null && client.conversation.peek()?.state !== 'closed';
  }

  /** What was answered before a conversation was closed is shown to whoever has not seen it. */
  async #lookForNews(id: string): Promise<void> {
    // Whoever begins anew is not held up by it.
    const begins = () => this.#waiting.posts.peek().some(({ state }) => state === 'sending');
    const wanted = () => this.client.peek() === null && !this.#forgotten && !begins();
    if (!wanted() || this.#looked.has(id)) return;
    this.#looked.add(id);
    try {
      const [Client, { hasNews }] = await this.#fetchBoth();
      if (!wanted()) return;
      const looker = new Client(id, this.visitor, this.#surroundings);
      this.#looker = looker;
      looker.start();
      const news = await hasNews(looker);
      looker.leave();
      if (news && wanted()) this.#join(this.#clientOf(Client, id));
    } catch {
      // What shows it could not be had; the next occasion comes.
      this.#looked.delete(id);
    }
  }

  async #findQuietly(): Promise<void> {
    try {
      await this.#find();
    } catch {
      // The next occasion comes: a message, a return, another tab's word.
    }
  }

  async #arrived(conversation: string, posts: readonly Outgoing[]): Promise<ReadonlySet<string> | null> {
    try {
      await this.#find();
    } catch {
      // Nobody knows yet; it is asked again at the next look for what is left.
      return null;
    }
    if (this.client.value?.id === conversation) return null;
    try {
      const { arrivedIn } = await this.#parts.beginning();
      return await arrivedIn(conversation, posts, this.visitor);
    } catch (error) {
      // What the server does not show nobody will ever know.
      return mayPass(error) ? null : new Set();
    }
  }

  async #dropArrived(conversation: string, posts: readonly Outgoing[]): Promise<void> {
    try {
      const { arrivedIn } = await this.#parts.beginning();
      this.#waiting.outbox.acknowledge(await arrivedIn(conversation, posts, this.visitor));
    } catch {
      // Then they stay what they are called.
    }
  }

  /** What waits goes to the conversation, or begins one. */
  #goOn(): void {
    if (this.client.value === null) void this.#begin();
    else this.client.value.takeFrom(this.#waiting.outbox);
  }

  /** Brings the first message until there is an answer; its id makes that one conversation, however often. */
  async #begin(): Promise<void> {
    const first = this.#waiting.outbox.posts.value.find(({ state }) => state === 'sending');
    if (this.#beginning || !this.ready.value || this.client.value !== null || first === undefined) return;
    this.#beginning = true;
    try {
      await this.#retrier.run(() =>
        this.#surroundings.locks.alone(`sotto-begin-${this.#siteId}`, () => this.#beginWith(first)),
      );
    } catch (error) {
      const { code, detail } =
        error instanceof ApiError ? error : { code: 'internal', detail: String(error) };
      this.#waiting.outbox.fail(first.id, code, detail);
    } finally {
      this.#beginning = false;
    }
    void this.#begin();
  }

  /** Two tabs take turns, and the second finds what the first began. */
  async #beginWith({ id, text }: Outgoing): Promise<void> {
    await this.#find();
    if (this.client.value !== null) return;
    const [Client, { detailsOf }] = await this.#fetchBoth();
    const body: BeginRequest = { id, text, ...detailsOf(this.introduction.value, this.#page()) };
    this.#waiting.outbox.markSent([id]);
    const answer = await this.visitor.post<BeginAnswer>(conversationsPath, body);
    const client = this.#clientOf(Client, answer.conversation.id);
    client.begun(answer);
    this.#waiting.outbox.acknowledge(new Set([id]));
    this.#join(client);
    this.#say('begun');
  }

  #fetchBoth(): Promise<[typeof ConversationClient, typeof BeginningPart]> {
    return Promise.all([this.#parts.client(), this.#parts.beginning()]);
  }

  #clientOf(Client: typeof ConversationClient, id: string): ConversationClient {
    return new Client(id, this.visitor, this.#surroundings, this.#waiting.shelf(id));
  }

  /** From here on the conversation's own client sends, beginning with what was written in the meantime. */
  #join(client: ConversationClient): void {
    this.#looker?.leave();
    client.takeFrom(this.#waiting.outbox);
    this.client.value = client;
    client.start();
  }
}
