/** Faults are counted where everybody's are together: those of a second and an isolate are one call. */
import { env, waitUntil } from 'cloudflare:workers';
import type { Env } from '../../config.ts';
import { watchOf } from './watching.ts';

const gatherFor = 1_000;
const gathered = new Map<string, number>();
let due = 0;

/** For `countFaultsBy`. What can't be counted has been logged all the same. */
export function countFault(fault: string): void {
  gathered.set(fault, (gathered.get(fault) ?? 0) + 1);
  const now = Date.now();
  // Should the work that was to tell it have been cut off, a later fault takes it along.
  if (now < due && due - now <= gatherFor) return;
  due = now + gatherFor;
  try {
    waitUntil(tell());
  } catch {
    // Not within any work that could wait: the next fault takes it along.
    due = 0;
  }
}

async function tell(): Promise<void> {
  await scheduler.wait(gatherFor);
  due = 0;
  const counts = [...gathered];
  gathered.clear();
  await watchOf(env as unknown as Env)
    .countFaults(counts)
    .catch(() => undefined);
}
