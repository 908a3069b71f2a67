/** The small signs that one gives in a conversation: that one writes, and how far one has read. */
import type { ClientFrame } from '../../protocol/frames.ts';
import type { Kind } from './outgoing.ts';

/** Said again this often while somebody goes on writing, well within the time that the others wait. */
const typingPause = 3_000;

export class Signs {
  #send: (frame: ClientFrame) => void;
  #now: () => number;
  #typing: { kind: Kind; at: number } | null = null;
  #read = 0;
  /** What the server has been told on this line. */
  #told = Infinity;

  constructor(send: (frame: ClientFrame) => void, now: () => number) {
    this.#send = send;
    this.#now = now;
  }

  type(on: boolean, kind: Kind): void {
    const before = this.#typing;
    if (before !== null && !(on && before.kind === kind)) {
      this.#typing = null;
      this.#send({ type: 'typing', on: false, kind: before.kind });
    }
    const now = this.#now();
    if (!on || now - (this.#typing?.at ?? -Infinity) < typingPause) return;
    this.#typing = { kind, at: now };
    this.#send({ type: 'typing', on, kind });
  }

  /** The message itself tells that its writing is over. */
  said(): void {
    this.#typing = null;
  }

  /** Only ever forward. What is marked without a line is said with the next one. */
  read(seq: number): void {
    this.#read = Math.max(this.#read, seq);
    if (this.#read <= this.#told) return;
    this.#told = this.#read;
    this.#send({ type: 'read', seq: this.#read });
  }

  /** A new line, whose server knows this mark, and nothing above this head. */
  welcomed(known: number, head: number): void {
    this.#told = known;
    this.#read = Math.min(this.#read, head);
  }

  lost(): void {
    this.#told = Infinity;
    this.#typing = null;
  }
}
