/** One conversation as a browser takes part in it. */
import { type ReadonlySignal, type Signal, batch, effect, signal, untracked } from '@preact/signals-core';
import type { BeginAnswer, TicketAnswer } from '../../protocol/bodies.ts';
import type {
  Author,
  ConversationView,
  Message,
  Participant,
  Present,
  ServerFrame,
} from '../../protocol/frames.ts';
import { limits } from '../../protocol/limits.ts';
import { Company, type Typist } from './company.ts';
import { isServerFrame } from './frame-shape.ts';
import { type Earlier, History } from './history.ts';
import { Outbox } from './outbox.ts';
import type { Kind, Outgoing } from './outgoing.ts';
import { type Shelf, noShelf } from './queue/shelf.ts';
import { Sender } from './sender.ts';
import { Signs } from './signs.ts';
import { type ConnectionState, isShut } from './state.ts';
import type { Surroundings } from './surroundings.ts';
import { TicketedSocket } from './ticketed-socket.ts';

/** What a connection asks of the API: requests as whoever is signed in. */
export interface Access {
  post<Answer>(path: string, body: object): Promise<Answer>;
  refresh(): Promise<boolean>;
  serverNow(): number;
}

export class ConversationClient {
  readonly id: string;
  readonly connection: ReadonlySignal<ConnectionState>;
  readonly outgoing: ReadonlySignal<readonly Outgoing[]>;
  readonly conversation: Signal<ConversationView | null> = signal(null);
  readonly you: Signal<Author | null> = signal(null);
  readonly people: Signal<readonly Participant[]> = signal([]);
  /** In order, for staff with the notes; what was removed keeps its place. */
  readonly messages: ReadonlySignal<readonly Message[]>;
  readonly earlier: ReadonlySignal<Earlier>;
  /** True once everything up to the head at the last join is here. */
  readonly caughtUp: ReadonlySignal<boolean>;
  /** By author, one's own mark included: the highest number that they have read. */
  readonly read: ReadonlySignal<ReadonlyMap<string, number>>;
  /** The others who write right now. */
  readonly typing: ReadonlySignal<readonly Typist[]>;
  /** Who has this conversation open; staff alone are told. */
  readonly present: ReadonlySignal<Present | null>;
  #history = new History();
  #shelf: Shelf;
  #shelfOpen = false;
  #outbox: Outbox;
  #sender: Sender;
  #socket: TicketedSocket;
  #company: Company;
  #signs: Signs;
  #surroundings: Surroundings;

  constructor(id: string, access: Access, surroundings: Surroundings, shelf: Shelf = noShelf) {
    this.id = id;
    this.#surroundings = surroundings;
    this.#shelf = shelf;
    this.#outbox = new Outbox(shelf);
    this.outgoing = this.#outbox.posts;
    ({ messages: this.messages, earlier: this.earlier, caughtUp: this.caughtUp } = this.#history);
    this.#company = new Company(surroundings);
    ({ read: this.read, typing: this.typing, present: this.present } = this.#company);
    const path = `/api/v1/conversations/${encodeURIComponent(id)}`;
    this.#socket = new TicketedSocket(
      {
        ticket: async () => (await access.post<TicketAnswer>(`${path}/tickets`, {})).ticket,
        refresh: () => access.refresh(),
        serverNow: () => access.serverNow(),
        address: () => `${path}/socket${this.#history.resumeQuery()}`,
        heard: (frame) => {
          if (isServerFrame(frame)) batch(() => this.#heard(frame));
        },
        lost: () => batch(() => this.#lost()),
      },
      surroundings,
    );
    this.connection = this.#socket.state;
    // Nor shall it go by itself should this person be let in again, whenever that is.
    effect(() => {
      if (!isShut(this.connection.value) || this.outgoing.value.length === 0) return;
      untracked(() => this.#outbox.failAll('not_allowed', 'This conversation is not yours any more.'));
    });
    this.#signs = new Signs(
      (frame) => this.#socket.send(frame),
      () => surroundings.now(),
    );
    this.#sender = new Sender(this.#outbox, surroundings, {
      send: (posts) => this.#socket.send({ type: 'post', posts }),
      resync: () => this.#socket.reconnect(),
    });
  }

  /** Shows a conversation that has just been begun until the first join brings it. */
  begun({ conversation, message }: BeginAnswer): void {
    this.conversation.value = conversation;
    this.#history.messages.value = [message];
    this.you.value = message.from;
  }

  start(): void {
    this.#socket.start();
    void this.#openShelf();
  }

  leave(): void {
    this.#socket.stop('left');
    this.#shelf.close();
  }

  tryNow(): void {
    this.#socket.tryNow();
  }

  post(text: string, kind: Kind = 'text'): void {
    const id = this.#surroundings.newId();
    this.#outbox.add({ id, since: this.#history.last(), at: this.#surroundings.now(), kind, text });
    this.#signs.said();
    this.#sender.wake();
  }

  /** Sends what was written before this conversation was there, under the ids that it has. */
  takeFrom(outbox: Outbox): void {
    this.#outbox.takeFrom(outbox);
    this.#sender.wake();
  }

  /** Gives what has not arrived to another outbox: here it can't arrive any more. */
  giveTo(outbox: Outbox, code: string): void {
    outbox.takeFailed(this.#outbox, code);
  }

  /** Says a failed message again, after everything written since, as a new one: nothing was stored for its id. */
  retry(id: string): void {
    const failed = this.#outbox.discard(id);
    if (failed !== undefined) this.post(failed.text, failed.kind);
  }

  discard(id: string): void {
    this.#outbox.discard(id);
  }

  loadOlder(): void {
    if (this.earlier.value !== 'more' || this.connection.value.is !== 'online') return;
    this.#socket.send({ type: 'page', before: this.#history.turnBack(), limit: limits.pageMessages });
  }

  /** Says that this person writes, or stopped; as often as a key is pressed, if need be. */
  type(on: boolean, kind: Kind = 'text'): void {
    if (this.caughtUp.value && (kind === 'note' || this.#answers())) this.#signs.type(on, kind);
  }

  /** What was looked at up to this number is read; whoever reads in silence leaves no mark. */
  markRead(seq: number): void {
    if (this.#answers()) this.#signs.read(Math.min(seq, this.#history.last()));
  }

  /** The customer, or whoever has the conversation: the two that see each other read and write. */
  #answers(): boolean {
    const you = this.you.value;
    return you !== null && (you.kind === 'visitor' || this.conversation.value?.assignee === you.id);
  }

  #heard(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#welcomed(frame);
        break;
      case 'messages':
        if (frame.older === true) this.#history.turnedBack(frame.messages);
        else this.#went(frame.messages);
        break;
      case 'refused':
        // Without an id, the page that was asked for may be meant, or the posts.
        if (frame.id === undefined) this.#history.pageLost();
        this.#sender.refused(frame.id, frame.code, frame.detail);
        break;
      case 'people':
        this.people.value = frame.people;
        break;
      case 'changed':
        this.conversation.value = frame.conversation;
        break;
      case 'removed':
        // Of what was removed the place is left.
        this.#history.change(frame.removals.map((removal) => ({ ...removal, text: '' })));
        break;
      case 'file':
        this.#history.change([{ seq: frame.seq, file: frame.file }]);
        break;
      case 'typing':
        if (frame.from.id !== this.you.value?.id) this.#company.types(frame);
        break;
      case 'read':
        this.#company.wentOn(frame);
        break;
      case 'present':
        this.#company.present.value = frame.present;
        break;
      case 'renewed':
        // The socket's own affair.
        break;
    }
  }

  #welcomed(frame: ServerFrame & { type: 'welcome' }): void {
    const { conversation, you, head, people } = frame;
    this.conversation.value = conversation;
    this.people.value = people;
    this.you.value = you.from;
    this.#company.welcomed(frame);
    this.#history.welcomed(frame);
    this.#socket.welcomed(you.until);
    this.#signs.welcomed(this.read.value.get(you.from.id) ?? 0, head);
    this.markRead(0);
    this.#shelf.look();
    this.#openSender();
  }

  #went(messages: readonly Message[]): void {
    if (!this.#history.wentOn(messages)) {
      this.#socket.reconnect();
      return;
    }
    this.#company.said(messages);
    this.#sender.acknowledged(this.#mineAmong(messages));
    this.#openSender();
  }

  #mineAmong(messages: readonly Message[]): Set<string> {
    const me = this.you.value;
    const mine = messages.filter(({ from }) => from.kind === me?.kind && from.id === me.id);
    return new Set(mine.map(({ id }) => id));
  }

  /** What tabs that are gone have left goes first; it was written first. */
  async #openShelf(): Promise<void> {
    await this.#shelf.open((posts) => {
      this.#outbox.restore(posts);
      if (this.caughtUp.value) {
        // What is shown already had arrived.
        this.#outbox.acknowledge(this.#mineAmong(this.messages.value));
        this.#raiseSince();
      }
      this.#sender.wake();
    });
    this.#shelfOpen = true;
    this.#openSender();
  }

  /** Only now can unacknowledged posts go again: those that had arrived have come back by their ids. */
  #openSender(): void {
    if (!this.caughtUp.value || !this.#shelfOpen || this.#sender.isOpen) return;
    this.#raiseSince();
    this.#sender.open();
  }

  #raiseSince(): void {
    this.#outbox.raiseSince(this.#history.last(), (since) => this.#history.caughtUpSince(since));
  }

  #lost(): void {
    this.#history.lost();
    this.#company.lost();
    this.#signs.lost();
    this.#sender.shut();
  }
}
