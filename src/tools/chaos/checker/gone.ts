import type { Rollback } from '../evidence.ts';

/** Only what was told after a copy was made goes when that copy is put back. */
export function mayBeGone(life: number, rollbacks: readonly Rollback[]): boolean {
  return rollbacks.some(({ to, from }) => to < life && life <= from);
}
