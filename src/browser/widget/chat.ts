/** A visitor's chat: finds the conversation that is still open, or begins one with the first message. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals';
import type {
  BeginAnswer,
  BeginRequest,
  ConversationsAnswer,
  HistoryAnswer,
  VisitorSession,
  WidgetAnswer,
} from '../../protocol/bodies.ts';
import type { Message } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import { ApiError, SignedIn, request } from '../api.ts';
import {
  type ConnectionState,
  type ConversationClient,
  type Outgoing,
  Retrier,
  type Surroundings,
} from '../connection.ts';
import { type Introduction, detailsOf } from './introduction.ts';
import { fetched } from './parts.ts';
import { Site } from './site.ts';
import { Waiting } from './waiting.ts';

const conversationsPath = '/api/v1/conversations';

/** What the tabs of one visitor tell each other. */
type Said = 'begun' | 'forgotten';

export class Chat {
  readonly client: Signal<ConversationClient | null> = signal(null);
  /** False until it is known whether there is a conversation to go on with. */
  readonly ready: Signal<boolean> = signal(false);
  readonly unavailable: Signal<boolean> = signal(false);
  /** What the site says of itself, and whether somebody is there; null until that is known. */
  readonly site: ReadonlySignal<WidgetAnswer | null>;
  /** What the customer said before their first message. */
  readonly introduction: ReadonlySignal<Introduction | null>;
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>;
  readonly connection: ReadonlySignal<ConnectionState>;
  #site: Site;
  #sitePath: string;
  #siteId: string;
  #visitor: SignedIn<VisitorSession>;
  #retrier: Retrier;
  #surroundings: Surroundings;
  #page: () => string | undefined;
  #waiting: Waiting;
  #beginning = false;
  #looking = false;
  /** Since then nobody has written: the server is not asked for a new hold on this browser. */
  #forgotten = false;
  /** Conversations that were left here; the server's list may call them open a moment longer. */
  #left = new Set<string>();
  #say: (said: Said) => void;

  constructor(site: string, page: () => string | undefined, surroundings: Surroundings) {
    this.#page = page;
    this.#surroundings = surroundings;
    this.#retrier = new Retrier(surroundings);
    this.#siteId = site;
    this.#sitePath = `/api/v1/sites/${encodeURIComponent(site)}`;
    this.#visitor = new SignedIn<VisitorSession>(
      `${this.#sitePath}/visitor`,
      `sotto-visitor-${site}`,
      (name, task) => surroundings.locks.alone(name, task),
    );
    this.#site = new Site(this.#sitePath, () => surroundings.now());
    this.site = this.#site.answer;
    this.#waiting = new Waiting(surroundings, (conversation) => this.#isOver(conversation));
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

  /** Whether closing this page would lose something written. */
  unkept(): boolean {
    return this.#waiting.unkept();
  }

  /** Before the first message, and kept with it. */
  introduce(introduction: Introduction): void {
    this.#waiting.introduction.value = introduction;
  }

  post(text: string): void {
    const client = this.client.value;
    this.#forgotten = false;
    if (client === null) {
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

  markRead(seq: number): void {
    this.client.value?.markRead(seq);
  }

  tryNow(): void {
    if (this.client.value === null) this.#retrier.tryNow();
    else this.client.value.tryNow();
  }

  /** Ends the conversation, for both sides; that comes back over the socket. */
  async end(): Promise<void> {
    await this.#visitor.post(this.#pathTo('close'), {});
  }

  async rate(score: number, comment: string): Promise<void> {
    await this.#visitor.put(this.#pathTo('rating'), {
      score,
      comment: comment.trim() === '' ? null : comment,
    });
  }

  /** Takes back a message of one's own, within the time that the server allows. */
  async removeOwn({ seq }: Message): Promise<void> {
    await this.#visitor.post(this.#pathTo('removals'), { seq, how: 'deleted' });
  }

  /** The whole conversation, oldest message first. */
  async transcript(): Promise<Message[]> {
    const whole: Message[] = [];
    for (;;) {
      const before = whole[0] === undefined ? '' : `&before=${whole[0].seq}`;
      const path = this.#pathTo(`messages?limit=${limits.pageMessages}${before}`);
      const { messages } = await this.#visitor.get<HistoryAnswer>(path);
      whole.unshift(...messages);
      if (messages.length < limits.pageMessages) return whole;
    }
  }

  /** Leaves a conversation that has ended; the next message begins another. */
  startNew(): void {
    const client = this.client.value;
    if (client === null) return;
    this.#left.add(client.id);
    client.leave();
    // What did not arrive there is shown until somebody says it again or discards it.
    client.giveTo(this.#waiting.outbox, 'conversation_closed');
    this.client.value = null;
    void this.#findQuietly();
  }

  /** Gives up this browser's hold on its conversations: in all its tabs, and the cookie that stood for it. */
  async forget(): Promise<void> {
    await request<object>({ method: 'DELETE', path: `${this.#sitePath}/visitor` });
    this.#say('forgotten');
    this.#forgetHere();
  }

  #forgetHere(): void {
    this.#forgotten = true;
    this.client.value?.leave();
    this.client.value = null;
    this.#waiting.empty();
    this.#visitor.forget();
  }

  /** Joins the conversation that is open, which may have been begun in another tab. */
  async #find(): Promise<void> {
    if (this.client.value !== null) return;
    const { conversations } = await this.#visitor.get<ConversationsAnswer>(conversationsPath);
    const grant = this.#visitor.grant.peek();
    if (grant !== null) this.#waiting.openFor(grant);
    const open = conversations.find(({ id, state }) => state !== 'closed' && !this.#left.has(id));
    if (open === undefined) return;
    const Client = await fetchClient();
    // Another call may have been quicker, and somebody may have gone from it meanwhile.
    if (this.client.peek() === null && !this.#forgotten && !this.#left.has(open.id))
      this.#join(this.#clientOf(Client, open.id));
  }

  async #findQuietly(): Promise<void> {
    try {
      await this.#find();
    } catch {
      // The next occasion comes: a message, a return, another tab's word.
    }
  }

  async #isOver(conversation: string): Promise<boolean> {
    try {
      await this.#find();
      return this.client.value?.id !== conversation;
    } catch {
      // Nobody knows yet; it is asked again at the next look for what is left.
      return false;
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
    const Client = await fetchClient();
    const body: BeginRequest = { id, text, ...detailsOf(this.introduction.value, this.#page()) };
    this.#waiting.outbox.markSent([id]);
    const answer = await this.#visitor.post<BeginAnswer>(conversationsPath, body);
    const client = this.#clientOf(Client, answer.conversation.id);
    client.begun(answer);
    this.#waiting.outbox.acknowledge(new Set([id]));
    this.#join(client);
    this.#say('begun');
  }

  #clientOf(Client: typeof ConversationClient, id: string): ConversationClient {
    return new Client(id, this.#visitor, this.#surroundings, this.#waiting.shelf(id));
  }

  /** From here on the conversation's own client sends, beginning with what was written in the meantime. */
  #join(client: ConversationClient): void {
    client.takeFrom(this.#waiting.outbox);
    this.client.value = client;
    client.start();
  }

  #pathTo(what: string): string {
    return `${conversationsPath}/${encodeURIComponent(this.client.value?.id ?? '')}/${what}`;
  }
}

/** What only a conversation needs is fetched with the first one. */
async function fetchClient(): Promise<typeof ConversationClient> {
  return (await fetched(import('../connection/conversation.ts'))).ConversationClient;
}
