/** What a site says of itself, and whether somebody is there: asked for again when somebody looks. */
import { type Signal, signal } from '@preact/signals';
import type { WidgetAnswer } from '../../protocol/bodies.ts';
import { request } from '../api.ts';

const fresh = 60_000;

export class Site {
  /** Null until it is known. */
  readonly answer: Signal<WidgetAnswer | null> = signal(null);
  #path: string;
  #now: () => number;
  #askedAt = -Infinity;

  constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  async refresh(): Promise<void> {
    const now = this.#now();
    if (now - this.#askedAt < fresh) return;
    this.#askedAt = now;
    try {
      this.answer.value = await request<WidgetAnswer>({ method: 'GET', path: `${this.#path}/widget` });
    } catch {
      // The chat itself says what is wrong; the next look asks again.
      this.#askedAt = -Infinity;
    }
  }
}
