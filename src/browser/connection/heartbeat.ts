/**
 * Notices a half-open socket: within 30 s in a visible tab, 90 s in a hidden one, 3 s when somebody comes back.
 * Whatever the server says is a sign of life. Timers are set anew in the handler of what was heard, never in a
 * chain of their own: browsers slow down long chains of timers in hidden tabs to one a minute.
 */
import { ping } from '../../protocol/subprotocol.ts';
import type { Cancel, Surroundings } from './surroundings.ts';

const quietVisible = 10_000;
const quietHidden = 25_000;
const patienceVisible = 10_000;
const patienceHidden = 30_000;
const patienceOnReturn = 3_000;

export class Heartbeat {
  #surroundings: Surroundings;
  #send: (text: string) => void;
  #dead: () => void;
  #cancel: Cancel = () => {};
  #probing = false;

  constructor(surroundings: Surroundings, send: (text: string) => void, dead: () => void) {
    this.#surroundings = surroundings;
    this.#send = send;
    this.#dead = dead;
  }

  /** A sign of life, the first one included. */
  heard(): void {
    this.#probing = false;
    this.#wait(this.#surroundings.visible() ? quietVisible : quietHidden, () => {
      this.#ask(this.#surroundings.visible() ? patienceVisible : patienceHidden);
    });
  }

  /** Somebody is looking: is the line still there? Asking again does not give it more time. */
  probe(): void {
    if (this.#probing) return;
    this.#probing = true;
    this.#ask(patienceOnReturn);
  }

  stop(): void {
    this.#cancel();
    this.#probing = false;
  }

  #ask(patience: number): void {
    this.#wait(patience, this.#dead);
    this.#send(ping);
  }

  #wait(milliseconds: number, then: () => void): void {
    this.#cancel();
    this.#cancel = this.#surroundings.after(milliseconds, then);
  }
}
