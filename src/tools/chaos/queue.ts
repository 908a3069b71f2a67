/** What a client has said and nobody has acknowledged: in order, each under its own id until that comes back. */
import type { Post } from '../../protocol/frames.ts';
import type { Acknowledged, Said } from './evidence.ts';

interface Waiting extends Said {
  since: number;
  /** It went out, and may have arrived. */
  wasSent: boolean;
  /** It went out more than once in a row, so that a refusal of one of them says nothing of the other. */
  wasDoubled: boolean;
}

export class Queue {
  readonly said: Said[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly refused: string[] = [];
  readonly doubtful: string[] = [];
  #waiting: Waiting[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  ids(): string[] {
    return this.#waiting.map(({ id }) => id);
  }

  add(said: Said, since: number): void {
    this.said.push(said);
    this.#waiting.push({ ...said, since, wasSent: false, wasDoubled: false });
  }

  next(most: number): Post[] {
    return this.#waiting.slice(0, most).map(({ id, since, kind, text }) => ({ id, since, kind, text }));
  }

  sent(posts: readonly Post[], wasDoubled: boolean): void {
    const ids = new Set(posts.map(({ id }) => id));
    for (const waiting of this.#waiting) {
      if (!ids.has(waiting.id)) continue;
      waiting.wasSent = true;
      waiting.wasDoubled ||= wasDoubled;
    }
  }

  /** The lowest number above which something that may have arrived has to be looked for. */
  lowestSince(): number {
    return Math.min(...this.#waiting.filter(({ wasSent }) => wasSent).map(({ since }) => since));
  }

  /** Everything up to there is known: what waits still has not arrived there. */
  raiseSince(last: number): void {
    for (const waiting of this.#waiting) waiting.since = last;
  }

  /** True if it was waiting for this. */
  acknowledge(acknowledged: Acknowledged): boolean {
    if (!this.#drop(acknowledged.id)) return false;
    this.acknowledged.push(acknowledged);
    return true;
  }

  /** It will not be said. */
  refuse(id: string): void {
    const waiting = this.#waiting.find((other) => other.id === id);
    if (waiting === undefined || !this.#drop(id)) return;
    (waiting.wasDoubled ? this.doubtful : this.refused).push(id);
  }

  #drop(id: string): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((waiting) => waiting.id !== id);
    return this.#waiting.length < before;
  }
}
