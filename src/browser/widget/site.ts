/** What a site says of itself, and whether somebody is there: asked for again when somebody looks. */
import { type Signal, signal } from '@preact/signals-core';
import type { WidgetAnswer } from '../../protocol/bodies.ts';
import { request } from '../api.ts';
import type { Cancel, Surroundings } from '../connection.ts';

const fresh = 60_000;

export class Site {
  /** Null until it is known. */
  readonly answer: Signal<WidgetAnswer | null> = signal(null);
  #path: string;
  #surroundings: Surroundings;
  #askedAt = -Infinity;

  constructor(path: string, surroundings: Surroundings) {
    this.#path = path;
    this.#surroundings = surroundings;
  }

  async refresh(): Promise<void> {
    if (this.#surroundings.now() - this.#askedAt >= fresh) await this.ask();
  }

  /** Asks again and again, for as long as somebody looks: people come and go without a word. */
  watch(): Cancel {
    const again = () => {
      if (this.#surroundings.visible()) void this.ask();
      cancel = this.#surroundings.after(fresh, again);
    };
    let cancel = this.#surroundings.after(fresh, again);
    return () => cancel();
  }

  async ask(): Promise<void> {
    this.#askedAt = this.#surroundings.now();
    try {
      this.answer.value = await request<WidgetAnswer>({ method: 'GET', path: `${this.#path}/widget` });
    } catch {
      // The chat itself says what is wrong; the next look asks again.
      this.#askedAt = -Infinity;
    }
  }
}
