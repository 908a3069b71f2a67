/** Doing many things at once, and waiting for what takes its time. */
import { setTimeout as wait } from 'node:timers/promises';

const LANES = 8;
const LOOK_MS = 100;
const PATIENCE_MS = 150_000;

export async function inLanes<Result>(
  count: number,
  work: (n: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) results[n] = await work(n);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/**
 * As long as what is waited for goes on: a round of a rotation begins two minutes after the one before.
 * @throws with what was waited for, when it does not come
 */
export async function until(what: () => string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  let [seen, since] = [what(), Date.now()];
  while (!(await isSo())) {
    const now = what();
    if (now !== seen) [seen, since] = [now, Date.now()];
    if (Date.now() - since > PATIENCE_MS) throw new Error(`in vain was waited until ${now}`);
    await wait(LOOK_MS);
  }
}
