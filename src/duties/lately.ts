/**
 * An answer for all who ask at once, however many: it is asked for once in a while, by one of them, and meanwhile the
 * others have the last one. Its promise is nobody else's: it is lost with the request that made it.
 */
const reuse = 1_000;
/** By then whoever asks has been answered, or is gone. */
const patience = 5_000;

export class Lately<Answer> {
  #last: { at: number; answer: Answer } | undefined;
  #askedAt = -Infinity;

  async get(ask: () => Promise<Answer>): Promise<Answer> {
    const now = Date.now();
    const last = this.#last;
    const within = this.#isAsking(now) ? patience : reuse;
    if (last !== undefined && Math.abs(now - last.at) < within) return last.answer;
    this.#askedAt = now;
    try {
      const answer = await ask();
      this.#last = { at: now, answer };
      return answer;
    } finally {
      this.#askedAt = -Infinity;
    }
  }

  #isAsking(now: number): boolean {
    return Math.abs(now - this.#askedAt) < patience;
  }
}
