/**
 * Gets the ticket for a conversation while somebody still reads its line in the list: asked for only once it is
 * opened, it is more than a third of the time until its messages are there.
 */
import type { Access, Cancel, Surroundings } from '../connection.ts';

/** Whoever passes over a line, by keys or by mouse, means another one. */
const lookFor = 80;
/** Well below the life of a ticket. */
const good = 30_000;

interface Foreseen {
  path: string;
  at: number;
  answer: Promise<unknown>;
}

export interface QuietAccess extends Access {
  /** Asks without troubling anybody. */
  quietly<Answer>(path: string, body: object): Promise<Answer>;
}

export class Foresight implements Access {
  #access: QuietAccess;
  #surroundings: Pick<Surroundings, 'after' | 'now'>;
  #foreseen: Foreseen | null = null;
  #cancel: Cancel = () => {};

  constructor(access: QuietAccess, surroundings: Pick<Surroundings, 'after' | 'now'>) {
    this.#access = access;
    this.#surroundings = surroundings;
  }

  /** Somebody looks at this line, instead of the one before. */
  foresee(ticketPath: string): void {
    this.#cancel();
    if (this.#goodFor(ticketPath) !== null) return;
    this.#cancel = this.#surroundings.after(lookFor, () => {
      const answer = this.#access.quietly(ticketPath, {});
      const foreseen = { path: ticketPath, at: this.#surroundings.now(), answer };
      this.#foreseen = foreseen;
      // Why it failed is told when it is asked for in earnest.
      answer.catch(() => {
        if (this.#foreseen === foreseen) this.#foreseen = null;
      });
    });
  }

  /** What was foreseen is given once, since a ticket opens one door once. */
  post<Answer>(path: string, body: object): Promise<Answer> {
    const foreseen = this.#goodFor(path);
    if (foreseen === null) return this.#access.post<Answer>(path, body);
    this.#foreseen = null;
    return foreseen.answer.catch(() => this.#access.post(path, body)) as Promise<Answer>;
  }

  refresh(): Promise<boolean> {
    return this.#access.refresh();
  }

  serverNow(): number {
    return this.#access.serverNow();
  }

  #goodFor(path: string): Foreseen | null {
    const foreseen = this.#foreseen;
    if (foreseen?.path !== path) return null;
    return this.#surroundings.now() - foreseen.at < good ? foreseen : null;
  }
}
