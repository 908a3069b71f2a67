/** One conversation as a browser takes part in it. */
import { type ReadonlySignal, type Signal, batch, signal } from '@preact/signals';
import type { Author, ConversationView, Message, Participant, ServerFrame } from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import type { BeginAnswer, TicketAnswer } from '../../protocol/bodies.ts';
import {
  type Copy,
  appended,
  caughtUpSince,
  firstOf,
  lastOf,
  nothing,
  prepended,
  resumeQuery,
  welcomed,
} from './copy.ts';
import { isServerFrame } from './frame-shape.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import { Sender } from './sender.ts';
import type { ConnectionState } from './state.ts';
import type { Surroundings } from './surroundings.ts';
import { TicketedSocket } from './ticketed-socket.ts';

/** What a connection asks of the API: requests as whoever is signed in. */
export interface Access {
  post<Answer>(path: string, body: object): Promise<Answer>;
  refresh(): Promise<boolean>;
  serverNow(): number;
}

/** Whether there is more to see above what is shown. */
export type Earlier = 'unknown' | 'more' | 'loading' | 'beginning';

export class ConversationClient {
  readonly id: string;
  readonly connection: ReadonlySignal<ConnectionState>;
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>;
  readonly conversation: Signal<ConversationView | null> = signal(null);
  readonly you: Signal<Author | null> = signal(null);
  readonly people: Signal<readonly Participant[]> = signal([]);
  readonly messages: Signal<readonly Message[]> = signal([]);
  readonly earlier: Signal<Earlier> = signal('unknown');
  /** True once everything up to the head at the last join is here. */
  readonly caughtUp: Signal<boolean> = signal(false);
  #copy: Copy = nothing;
  #head = 0;
  #outbox = new Outbox();
  #sender: Sender;
  #socket: TicketedSocket;
  #surroundings: Surroundings;

  constructor(id: string, access: Access, surroundings: Surroundings) {
    this.id = id;
    this.#surroundings = surroundings;
    this.outgoing = this.#outbox.posts;
    const path = `/api/v1/conversations/${encodeURIComponent(id)}`;
    this.#socket = new TicketedSocket(
      {
        ticket: async () => (await access.post<TicketAnswer>(`${path}/tickets`, {})).ticket,
        refresh: () => access.refresh(),
        serverNow: () => access.serverNow(),
        address: () => `${path}/socket${resumeQuery(this.#copy)}`,
        heard: (frame) => {
          if (isServerFrame(frame)) batch(() => this.#heard(frame));
        },
        lost: () => this.#lost(),
      },
      surroundings,
    );
    this.connection = this.#socket.state;
    this.#sender = new Sender(this.#outbox, surroundings, {
      send: (posts) => this.#socket.send({ type: 'post', posts }),
      resync: () => this.#socket.reconnect(),
    });
  }

  /** Shows a conversation that has just been begun until the first join brings it. */
  begun({ conversation, message }: BeginAnswer): void {
    this.conversation.value = conversation;
    this.messages.value = [message];
    this.you.value = message.from;
  }

  start(): void {
    this.#socket.start();
  }

  leave(): void {
    this.#socket.stop('left');
  }

  tryNow(): void {
    this.#socket.tryNow();
  }

  post(text: string): void {
    const id = this.#surroundings.newId();
    this.#outbox.add({ id, since: lastOf(this.#copy), at: this.#surroundings.now(), text });
    this.#sender.wake();
  }

  /** Says a failed message again, after everything written since, as a new one: nothing was stored for its id. */
  retry(id: string): void {
    const failed = this.#outbox.discard(id);
    if (failed !== undefined) this.post(failed.text);
  }

  discard(id: string): void {
    this.#outbox.discard(id);
  }

  loadOlder(): void {
    if (this.earlier.value !== 'more' || this.connection.value.is !== 'online') return;
    this.earlier.value = 'loading';
    this.#socket.send({ type: 'page', before: firstOf(this.#copy), limit: limits.pageMessages });
  }

  #heard(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(frame);
        break;
      case 'messages':
        if (frame.older === true) this.#turnedBack(frame.messages);
        else this.#went(frame.messages);
        break;
      case 'refused':
        this.#refused(frame);
        break;
      case 'people':
        this.people.value = frame.people;
        break;
      case 'changed':
        this.conversation.value = frame.conversation;
        break;
      case 'renewed':
        // The socket's own affair.
        break;
    }
  }

  #welcomed({ conversation, you, epoch, head, people }: ServerFrame & { type: 'welcome' }): void {
    this.conversation.value = conversation;
    this.people.value = people;
    this.you.value = you.from;
    this.#head = head;
    this.#hold(welcomed(this.#copy, epoch, head));
    this.#socket.welcomed(you.until);
    this.#checkCaughtUp();
  }

  #went(messages: readonly Message[]): void {
    const copy = appended(this.#copy, messages);
    if (copy === null) {
      this.#socket.reconnect();
      return;
    }
    this.#hold(copy);
    const me = this.you.value;
    const mine = messages.filter(({ from }) => from.kind === me?.kind && from.id === me.id);
    this.#sender.acknowledged(new Set(mine.map(({ id }) => id)));
    this.#checkCaughtUp();
  }

  #turnedBack(page: readonly Message[]): void {
    this.#hold(prepended(this.#copy, page));
    if (this.earlier.value !== 'loading') return;
    this.earlier.value = page.length < limits.pageMessages ? 'beginning' : 'more';
  }

  /** Without an id, the page that was asked for may be meant, or the posts: a page is safe to ask for again. */
  #refused({ id, code, detail }: ServerFrame & { type: 'refused' }): void {
    if (id === undefined && this.earlier.value === 'loading') this.earlier.value = 'more';
    this.#sender.refused(id, code, detail);
  }

  #hold(copy: Copy): void {
    this.#copy = copy;
    // While a first run is on its way, what was shown before stays.
    if (copy.next === null) {
      this.earlier.value = 'unknown';
      return;
    }
    this.messages.value = copy.messages;
    if (firstOf(copy) <= 1) this.earlier.value = 'beginning';
    else if (this.earlier.value === 'unknown') this.earlier.value = 'more';
  }

  /** Only now can unacknowledged posts go again: those that had arrived have come back by their ids. */
  #checkCaughtUp(): void {
    if (this.caughtUp.value || this.#copy.next === null || lastOf(this.#copy) < this.#head) return;
    this.caughtUp.value = true;
    this.#outbox.raiseSince(lastOf(this.#copy), (since) => caughtUpSince(this.#copy, since));
    this.#sender.open();
  }

  #lost(): void {
    this.caughtUp.value = false;
    if (this.earlier.value === 'loading') this.earlier.value = 'more';
    this.#sender.shut();
  }
}
