/** What a client holds of a conversation: one unbroken run of messages, and the epoch its numbers belong to. */
import type { Message, Removal } from '../../protocol/frames.ts';

export interface Place {
  readonly seq: number;
  readonly n: number;
}

export class Copy {
  readonly epoch: string;
  messages: Message[] = [];
  /** Known by their places: a page may have been read before its message was removed. */
  readonly #removals = new Map<string, Removal>();
  #last: Place | undefined;

  /** @param isEmpty whether the conversation has no message yet, so that the first will be number one */
  constructor(epoch: string, isEmpty: boolean) {
    this.epoch = epoch;
    if (isEmpty) this.#last = { seq: 0, n: 0 };
  }

  /** The place of the last one known. */
  get last(): Place {
    return this.#last ?? { seq: 0, n: 0 };
  }

  get isBegun(): boolean {
    return this.#last !== undefined;
  }

  /** The number from which on nothing is missing. */
  get start(): number {
    const [first] = this.messages;
    if (first === undefined) return this.last.seq + 1;
    return first.n === undefined ? first.seq : first.seq + 1;
  }

  reaches(end: Place): boolean {
    return this.#last !== undefined && !isBefore(this.#last, end);
  }

  /** Adds what is new. @returns what does not fit, if something does not */
  append(messages: readonly Message[]): string | undefined {
    for (const message of messages) {
      const place = placeOf(message);
      if (this.#last !== undefined && !isBefore(this.#last, place)) {
        const known = this.messages.findLast((other) => nameOf(placeOf(other)) === nameOf(place));
        if (known !== undefined && known.id !== message.id) return `another message at ${nameOf(place)}`;
        continue;
      }
      if (this.#last !== undefined && !follows(this.#last, place))
        return `${nameOf(place)} came after ${nameOf(this.#last)}`;
      this.messages.push(this.#asItStands(message));
      this.#last = place;
    }
    return undefined;
  }

  /** Adds a page of older ones before the rest. @returns what does not fit, if something does not */
  prepend(page: readonly Message[]): string | undefined {
    const [first] = this.messages;
    if (first === undefined) return undefined;
    const older = page.filter((message) => isBefore(placeOf(message), placeOf(first)));
    for (const [index, message] of older.entries()) {
      const next = placeOf(older[index + 1] ?? first);
      if (!follows(placeOf(message), next))
        return `${nameOf(next)} came after ${nameOf(placeOf(message))} in a page`;
    }
    this.messages = [...older.map((message) => this.#asItStands(message)), ...this.messages];
    return undefined;
  }

  remove(removals: readonly Removal[]): void {
    for (const removal of removals) this.#removals.set(nameOf({ n: 0, ...removal } as Place), removal);
    this.messages = this.messages.map((message) => this.#asItStands(message));
  }

  #asItStands(message: Message): Message {
    const removal = this.#removals.get(nameOf(placeOf(message)));
    if (removal === undefined || message.removed !== undefined) return message;
    return { ...message, text: '', removed: removal.removed };
  }
}

export function placeOf({ seq, n = 0 }: Pick<Message, 'seq' | 'n'>): Place {
  return { seq, n };
}

export function nameOf({ seq, n }: Place): string {
  return n === 0 ? `${seq}` : `${seq}.${n}`;
}

export function isBefore(one: Place, other: Place): boolean {
  return one.seq < other.seq || (one.seq === other.seq && one.n < other.n);
}

/** Of the notes on a number the last is not known, so the next number may follow any of them. */
export function follows(last: Place, next: Place): boolean {
  return next.n === 0 ? next.seq === last.seq + 1 : next.seq === last.seq && next.n === last.n + 1;
}
