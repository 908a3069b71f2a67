/**
 * Backups that are damaged, and that are passed over: an older one counts as the newest. What can still be read of them
 * counts all the same where it says what must not come back.
 */
import { Wrong } from '../../protocol/backup-proof.ts';
import type { Restoring } from './steps.ts';

/** Those that lie behind the one that counts as the newest, the last one first. A drill is about one backup alone. */
export async function passedOver({
  reader,
  restore,
}: Pick<Restoring, 'reader' | 'restore'>): Promise<number[]> {
  if (restore.isScratch) return [];
  return (await reader.shelf.numbers()).filter((number) => number > restore.newest).toReversed();
}

/** What is not as it was signed is as if it were not there. */
export function orUndefined(error: unknown): undefined {
  if (!(error instanceof Wrong)) throw error;
}

export function orThrow(error: unknown): never {
  throw error;
}
