/** What of the ledger is old, or too much, leaves the database for the archive: the same ledger, proved by the same tree. */
import type { Env } from '../../config.ts';
import { ledgerOf } from '../../ledger.ts';
import { BackupStore } from '../backups.ts';
import { beginRun, type Portion } from '../runs.ts';

/** Once a day, if anything is to go. */
export async function seeToArchive(env: Env, now: number): Promise<void> {
  if ((await ledgerOf(env).toArchive()) === 0) return;
  await beginRun(env, 'archive', `archive-${new Date(now).toISOString().slice(0, 10)}`, now);
}

/** While a backup is being made nothing may go: it stays where it is, and whoever sees to those that stand still asks again. */
export async function isArchiveHeld(env: Env): Promise<boolean> {
  return (await new BackupStore(env.DB).all()).some(({ state }) => state === 'making');
}

/** Stretch by stretch, until nothing is left that may go. Its place is where the archive ends. */
export const archivePortion: Portion = async (env) => {
  const { before, moved, isDone } = await ledgerOf(env).archive();
  return { place: isDone ? null : String(before), done: moved };
};
