/**
 * Posts on their way in: the first of a quiet room goes at once, those of the next 4 ms share one commit and frame;
 * what was known or refused goes to its sender alone.
 */
import type { Asker } from '../../people/permission.ts';
import type { Message, Post } from '../../protocol/frames.ts';
import { logFault } from '../../log.ts';
import type { Sockets } from '../sockets.ts';
import type { Incoming, Outcome } from './posts.ts';

const flushAfter = 4;

export type Waiting = Incoming & { socket: WebSocket };
/** What became of each post, and what is still to be done: saying what is new. */
export type Taken = { outcomes: readonly Outcome[]; announce: () => void };
type Ways = {
  /** Stores a batch when it is its turn; undefined if there is nothing that could take it. */
  take: (batch: readonly Waiting[]) => Promise<Taken | undefined>;
  /** Says a message that was there already to whoever sent it again. */
  known: (socket: WebSocket, asker: Asker, message: Message) => void;
  /** Runs work in its turn, and keeps the object awake until it is done. */
  inTurn: (work: () => Promise<void>) => void;
};

export class PostQueue {
  readonly #sockets: Sockets;
  readonly #ways: Ways;
  #waiting: Waiting[] = [];
  #flushPlanned = false;
  #lastFlush = 0;

  constructor(sockets: Sockets, ways: Ways) {
    this.#sockets = sockets;
    this.#ways = ways;
  }

  add(socket: WebSocket, asker: Asker, posts: readonly Post[]): void {
    this.#waiting.push(...posts.map((post) => ({ socket, asker, post })));
    if (this.#flushPlanned) return;
    this.#flushPlanned = true;
    const quiet = Date.now() - this.#lastFlush >= flushAfter;
    const flush = () => this.#ways.inTurn(() => this.#flush());
    if (quiet) flush();
    else setTimeout(flush, flushAfter);
  }

  async #flush(): Promise<void> {
    // What a socket had said before it was closed by its own side still counts; what we ended, we no longer hear.
    const batch = this.#waiting.filter(({ socket }) => !this.#sockets.wasClosedByUs(socket));
    this.#waiting = [];
    this.#flushPlanned = false;
    this.#lastFlush = Date.now();
    const taken = await this.#stored(batch);
    if (taken === undefined) {
      for (const socket of new Set(batch.map((waiting) => waiting.socket)))
        this.#sockets.refuse(socket, 'unavailable');
      return;
    }
    taken.announce();
    for (const [index, { socket, asker, post }] of batch.entries()) {
      const outcome: Outcome = taken.outcomes[index] ?? { refused: 'internal' };
      if ('known' in outcome) this.#ways.known(socket, asker, outcome.known);
      if ('refused' in outcome)
        this.#sockets.forbid(socket, asker, `frame post, ${post.kind}`, outcome, post.id);
    }
  }

  /** Undefined if none of them could be stored. */
  async #stored(batch: readonly Waiting[]): Promise<Taken | undefined> {
    try {
      return await this.#ways.take(batch);
    } catch (error) {
      logFault('conversation.post', error);
      return undefined;
    }
  }
}
