/** Faults are counted where everybody's are together: those of a second and an isolate are one call. */
import { env, waitUntil } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { watchOf } from './watching.ts';

const gatherFor = 1_000;
const gathered = new Map<string, number>();
let isDue = false;

/** For `countFaultsBy`. What can't be counted has been logged all the same. */
export function countFault(fault: string): void {
  gathered.set(fault, (gathered.get(fault) ?? 0) + 1);
  if (isDue) return;
  isDue = true;
  try {
    waitUntil(tell());
  } catch {
    // Not within any work that could wait: the next fault takes it along.
    isDue = false;
  }
}

async function tell(): Promise<void> {
  await scheduler.wait(gatherFor);
  isDue = false;
  const counts = [...gathered];
  gathered.clear();
  await watchOf(env as unknown as Env)
    .countFaults(counts)
    .catch(() => undefined);
}
