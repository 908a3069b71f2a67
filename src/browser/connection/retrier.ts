/** Asks over HTTP until there is an answer, and says meanwhile where that stands. */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { backoff } from './backoff.ts';
import { type ConnectionState, afterError, mayPass } from './state.ts';
import type { Cancel, Surroundings } from './surroundings.ts';

export class Retrier {
  readonly state: ReadonlySignal<ConnectionState>;
  #state: Signal<ConnectionState>;
  #surroundings: Surroundings;
  #go: () => void = () => {};

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#state = signal<ConnectionState>({ is: 'connecting' });
    this.state = this.#state;
  }

  /** Resolves to the answer; throws when the answer is a refusal that trying again does not change. */
  async run<Answer>(task: () => Promise<Answer>): Promise<Answer> {
    let since: number | null = null;
    for (let failures = 0; ; failures += 1) {
      if (since !== null) this.#show(since, null);
      try {
        const answer = await task();
        this.#state.value = { is: 'online' };
        return answer;
      } catch (error) {
        if (!mayPass(error)) {
          this.#state.value = { is: 'online' };
          throw error;
        }
        const verdict = afterError(error);
        since ??= this.#surroundings.now();
        const pause = verdict.then === 'pause' ? verdict.milliseconds : 0;
        await this.#wait(since, pause, pause + backoff(failures, this.#surroundings.random()));
      }
    }
  }

  tryNow(): void {
    this.#go();
  }

  /** Waits that long, or until it is worth a try earlier; never less than the pause. */
  async #wait(since: number, pause: number, wait: number): Promise<void> {
    this.#show(since, this.#surroundings.now() + wait);
    const cancels: Cancel[] = [];
    await new Promise<void>((resolve) => {
      this.#go = pause === 0 ? resolve : () => {};
      cancels.push(this.#surroundings.after(wait, resolve));
      cancels.push(
        this.#surroundings.watch((notice) => {
          if (notice === 'returned' || notice === 'online') this.#go();
        }),
      );
    });
    this.#go = () => {};
    for (const cancel of cancels) cancel();
  }

  #show(since: number, nextTry: number | null): void {
    this.#state.value = { is: this.#surroundings.online() ? 'reconnecting' : 'offline', since, nextTry };
  }
}
