/** Keeps a seat: brings a new ticket over the open socket before the time that the server set runs out. */
import type { Cancel, Surroundings } from './surroundings.ts';

const margin = 30_000;
const answerPatience = 10_000;
const shortestWait = 5_000;

export class Renewal {
  #surroundings: Surroundings;
  #serverNow: () => number;
  #ticket: () => Promise<string>;
  #send: (ticket: string) => void;
  #cancel: Cancel = () => {};
  #round = 0;

  constructor(
    surroundings: Surroundings,
    serverNow: () => number,
    ticket: () => Promise<string>,
    send: (ticket: string) => void,
  ) {
    this.#surroundings = surroundings;
    this.#serverNow = serverNow;
    this.#ticket = ticket;
    this.#send = send;
  }

  /** The server holds the seat until then, in its own Unix milliseconds. */
  until(time: number): void {
    const left = time - this.#serverNow();
    const wait = left > 2 * margin ? left - margin : left / 2;
    this.#again(Math.max(wait, shortestWait));
  }

  stop(): void {
    this.#round += 1;
    this.#cancel();
  }

  async #renew(): Promise<void> {
    const round = this.#round;
    try {
      const ticket = await this.#ticket();
      if (round !== this.#round) return;
      this.#send(ticket);
      // The answer is a frame that leads to until(); without one there is another try.
      this.#again(answerPatience);
    } catch {
      // No ticket now. If it stays so, the server ends the seat with a close code that says why.
      if (round === this.#round) this.#again(shortestWait);
    }
  }

  #again(wait: number): void {
    this.stop();
    this.#cancel = this.#surroundings.after(wait, () => void this.#renew());
  }
}
