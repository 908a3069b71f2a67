/** What somebody has looked at in a conversation: it is marked as read, and the rest is counted. */
import { type ReadonlySignal, type Signal, effect, signal } from '@preact/signals-core';
import type { Author, Message } from '../../protocol/frames.ts';
import type { ConversationClient } from './conversation.ts';
import type { Cancel, Surroundings } from './surroundings.ts';

/** What is read, and where that is said. */
type Read = Pick<ConversationClient, 'you' | 'messages' | 'caughtUp' | 'read' | 'markRead'>;

export class Reading {
  /** How many of the others' messages have not been looked at. */
  readonly unread: ReadonlySignal<number>;
  /** The number of the first that was new when somebody last began to look. */
  readonly firstUnread: ReadonlySignal<number | undefined>;
  #unread: Signal<number> = signal(0);
  #firstUnread: Signal<number | undefined> = signal<number | undefined>(undefined);
  #notices: Signal<number> = signal(0);
  /** The last number looked at; null until that is known. */
  #seen: number | null = null;
  #looked = false;
  #stops: Cancel[];

  /** @param open whether the conversation is before somebody's eyes whenever the page is */
  constructor(client: Read, open: ReadonlySignal<boolean>, surroundings: Surroundings) {
    this.unread = this.#unread;
    this.firstUnread = this.#firstUnread;
    this.#stops = [
      surroundings.watch(() => {
        this.#notices.value += 1;
      }),
      effect(() => {
        const looks = this.#notices.value >= 0 && open.value && surroundings.visible();
        this.#follow(client, looks);
      }),
    ];
  }

  end(): void {
    for (const stop of this.#stops) stop();
  }

  #follow(client: Read, looks: boolean): void {
    const me = client.you.value;
    const messages = client.messages.value;
    if (!client.caughtUp.value || me === null) return;
    const last = messages.at(-1)?.seq ?? 0;
    const mark = client.read.value.get(me.id);
    this.#seen ??= mark ?? this.#seenAtFirst(messages, me);
    // What was looked at in another tab, or on another device, has been looked at.
    const seen = Math.max(this.#seen, mark ?? 0);
    const news = newsAbove(seen, messages, me);
    if (looks && !this.#looked) this.#firstUnread.value = news[0]?.seq;
    this.#looked = looks;
    this.#unread.value = looks ? 0 : news.length;
    if (!looks) return;
    this.#seen = last;
    client.markRead(last);
  }

  /**
   * Without a mark: customers have seen what they answered. Staff who read in silence have none at all, and for them
   * nothing is new that was there when the page was opened.
   */
  #seenAtFirst(messages: readonly Message[], me: Author): number {
    const answered = me.kind === 'visitor' ? messages.findLast(({ from }) => from.id === me.id) : undefined;
    return (answered ?? messages.at(-1))?.seq ?? 0;
  }
}

/** What the others have said above this number and not taken back. */
export function newsAbove(seen: number, messages: readonly Message[], me: Author): readonly Message[] {
  return messages.filter(
    ({ seq, from, kind, removed }) =>
      seq > seen && from.id !== me.id && kind !== 'note' && removed === undefined,
  );
}
