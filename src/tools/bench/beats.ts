/** A pace that waits for nobody: whoever is slow to answer is asked as often as whoever is quick. */
import { setTimeout as wait } from 'node:timers/promises';

/** The moment of each beat (`performance.now()`), as it comes; what is late follows at once, and says when it was due. */
export async function* beats(perSecond: number, seconds: number): AsyncGenerator<number> {
  const begun = performance.now();
  for (let n = 0; n < Math.round(perSecond * seconds); n++) {
    const due = begun + (n * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    yield due;
  }
}
