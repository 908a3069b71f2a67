/** A visitor's chat: finds the conversation that is still open, or begins one with the first message. */
import { type ReadonlySignal, type Signal, computed, signal } from '@preact/signals';
import type { BeginAnswer, ConversationsAnswer, VisitorSession } from '../../protocol/bodies.ts';
import { limits } from '../../protocol/limits.ts';
import { ApiError, SignedIn } from '../api.ts';
import {
  type ConnectionState,
  ConversationClient,
  Outbox,
  type Outgoing,
  Retrier,
  type Surroundings,
} from '../connection.ts';

export class Chat {
  readonly client: Signal<ConversationClient | null> = signal(null);
  /** False until it is known whether there is a conversation to go on with. */
  readonly ready: Signal<boolean> = signal(false);
  readonly unavailable: Signal<boolean> = signal(false);
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>;
  readonly connection: ReadonlySignal<ConnectionState>;
  #visitor: SignedIn<VisitorSession>;
  #retrier: Retrier;
  #surroundings: Surroundings;
  #page: () => string | undefined;
  /** What waits for a conversation to exist. */
  #outbox = new Outbox();
  #beginning = false;

  constructor(site: string, page: () => string | undefined, surroundings: Surroundings) {
    this.#page = page;
    this.#surroundings = surroundings;
    this.#retrier = new Retrier(surroundings);
    this.#visitor = new SignedIn<VisitorSession>(
      `/api/v1/sites/${encodeURIComponent(site)}/visitor`,
      `sotto-visitor-${site}`,
    );
    this.outgoing = computed(() => [
      ...this.#outbox.posts.value,
      ...(this.client.value?.outgoing.value ?? []),
    ]);
    this.connection = computed(() => (this.client.value?.connection ?? this.#retrier.state).value);
  }

  async start(): Promise<void> {
    try {
      const { conversations } = await this.#retrier.run(() =>
        this.#visitor.get<ConversationsAnswer>('/api/v1/conversations'),
      );
      const open = conversations.find(({ state }) => state !== 'closed');
      if (open !== undefined) this.#join(this.#clientOf(open.id));
      this.ready.value = true;
      void this.#begin();
    } catch (error) {
      this.unavailable.value = true;
      if (!(error instanceof ApiError)) throw error;
      this.#outbox.failAll(error.code, error.detail);
    }
  }

  post(text: string): void {
    const client = this.client.value;
    if (client === null) {
      this.#outbox.add({ id: this.#surroundings.newId(), since: 0, at: this.#surroundings.now(), text });
      void this.#begin();
    } else client.post(text);
  }

  retry(id: string): void {
    const waiting = this.#outbox.discard(id);
    if (waiting === undefined) this.client.value?.retry(id);
    else this.post(waiting.text);
  }

  discard(id: string): void {
    this.#outbox.discard(id);
    this.client.value?.discard(id);
  }

  tryNow(): void {
    if (this.client.value === null) this.#retrier.tryNow();
    else this.client.value.tryNow();
  }

  /** Leaves a conversation that has ended; the next message begins another. */
  startNew(): void {
    const unsent = this.client.value?.outgoing.value ?? [];
    this.client.value?.leave();
    this.client.value = null;
    // What did not arrive there is shown until somebody says it again or discards it.
    for (const post of unsent) {
      this.#outbox.add(post);
      this.#outbox.fail(post.id, 'conversation_closed', post.state === 'failed' ? post.detail : '');
    }
  }

  /** Brings the first message until there is an answer; its id makes that one conversation, however often. */
  async #begin(): Promise<void> {
    const first = this.#outbox.posts.value.find(({ state }) => state === 'sending');
    if (this.#beginning || !this.ready.value || first === undefined) return;
    this.#beginning = true;
    try {
      const body = { id: first.id, text: first.text, ...this.#whence() };
      const answer = await this.#retrier.run(() =>
        this.#visitor.post<BeginAnswer>('/api/v1/conversations', body),
      );
      const client = this.#clientOf(answer.conversation.id);
      client.begun(answer);
      this.#outbox.acknowledge(new Set([first.id]));
      this.#join(client);
    } catch (error) {
      const { code, detail } =
        error instanceof ApiError ? error : { code: 'internal', detail: String(error) };
      this.#outbox.fail(first.id, code, detail);
    } finally {
      this.#beginning = false;
    }
    if (this.client.value === null) void this.#begin();
  }

  /** The page that the customer writes from, if its address is of a bearable length. */
  #whence(): { page?: string } {
    const page = this.#page();
    return page === undefined || page.length > limits.pageLength ? {} : { page };
  }

  #clientOf(id: string): ConversationClient {
    return new ConversationClient(id, this.#visitor, this.#surroundings);
  }

  /** From here on the conversation's own client sends, beginning with what was written in the meantime. */
  #join(client: ConversationClient): void {
    const waiting = this.#outbox.posts.value.filter(({ state }) => state === 'sending');
    this.#outbox.acknowledge(new Set(waiting.map(({ id }) => id)));
    for (const { text } of waiting) client.post(text);
    this.client.value = client;
    client.start();
  }
}
