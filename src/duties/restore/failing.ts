/** What ends a restore, and what may go by. */
import { logFault } from '../../log.ts';
import { Wrong } from '../../protocol/backup-proof.ts';
import { VaultError } from '../../vault.ts';
import { type Place, textOf } from './steps.ts';
import type { Progress } from './store.ts';

const mostFailed = 10;

/** Why it can't go on after this, in words; null: it may go by, and is tried once more. */
export async function whyOver(
  store: Progress,
  run: string,
  place: Place,
  error: unknown,
): Promise<string | null> {
  if (error instanceof Wrong) return `${error.where} ${error.message}`;
  const wrong =
    error instanceof VaultError
      ? `Stage ${place.stage} has met what no key opens (${error.code})`
      : await stuckAt(store, run, place);
  if (wrong !== null) logFault('restore', error);
  return wrong;
}

/** Whatever comes again and again does not go by: it ends, so that it can be begun anew. */
async function stuckAt(store: Progress, run: string, place: Place): Promise<string | null> {
  const times = await store.stick(run, textOf(place));
  return times < mostFailed ? null : `Stage ${place.stage} has failed ${times} times at one place`;
}
