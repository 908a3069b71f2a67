import { setTimeout as wait } from 'node:timers/promises';
import { ApiRefusal } from '../demo/client.ts';

const PATIENCE_MS = 90_000;
const PAUSE_MS = 100;

/**
 * Asks again until somebody answers: nobody is there, was in haste, or failed.
 * @returns undefined if the answer was no
 * @throws when nobody answered for very long
 */
export async function insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ApiRefusal && error.status < 429) return undefined;
      if (Date.now() > end) throw error;
    }
    await wait(PAUSE_MS);
  }
}
