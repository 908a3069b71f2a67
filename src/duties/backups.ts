/** Backups: made each night and on demand, checked as they lie there, and missed when there is none (docs/BACKUPS.md). */
import type { Env } from '../config.ts';
import { StaffDirectory } from '../people/staff.ts';
import { watchOf } from './alarms.ts';
import { isGivenUp, isMissing } from './backups/rules.ts';
import { enterBackup } from './backups/making.ts';
import { BackupStore } from './backups/store.ts';
import { beginRun } from './runs.ts';

export { keepKeys, keptKeys } from './backups/keys.ts';
export { lineOf, unpacked } from './backups/lines.ts';
export { figures as backupFigures } from './backups/rules.ts';
export { backupPortion } from './backups/making.ts';
export { BackupShelf } from './backups/shelf.ts';
export { BackupStore } from './backups/store.ts';
export { leftOut, type Table, tables } from './backups/tables.ts';

/** The one of every night. */
export async function backUp(env: Env, now: number): Promise<void> {
  // Where nobody is yet there is nothing to lose, but perhaps a backup that is to be put back.
  if (await new StaffDirectory(env).store.isEmpty()) return;
  await beginRun(env, 'backup', `backup-${new Date(now).toISOString().slice(0, 10)}`, now);
}

/** One that somebody wants now. Where one is being made already, it is that. @returns its number */
export async function backUpNow(env: Env, now: number): Promise<number> {
  const store = new BackupStore(env.DB);
  // Entered before it is begun, so that of two who ask at once both find the one that counts.
  await enterBackup(env, `backup-${now}`, now);
  const newest = (await store.all()).at(-1);
  if (newest === undefined) throw new Error('the backup that was begun is not there');
  await beginRun(env, 'backup', newest.run, now);
  return newest.number;
}

/**
 * A full one, because what those of before hold was sealed anew and opens from them no more.
 * @returns false: another one is being made, which may have read some of it before; ask again once that is over
 */
export async function backUpAnew(env: Env, now: number): Promise<boolean> {
  const store = new BackupStore(env.DB);
  if ((await store.all()).at(-1)?.state === 'making') return false;
  await store.buildUponNone();
  await backUpNow(env, now);
  return true;
}

/**
 * Gives up what takes for ever, so that the next one can begin; begins what was entered alone, because whoever wanted it was
 * cut off; and raises an alarm where there is none of late.
 */
export async function seeToBackups(env: Env, now: number): Promise<void> {
  const store = new BackupStore(env.DB);
  const backups = await store.all();
  for (const { number } of backups.filter((each) => isGivenUp(each, now)))
    await store.finish(number, 'It was not done within two days', now);
  const making = backups.find((each) => each.state === 'making' && !isGivenUp(each, now));
  if (making !== undefined) await beginRun(env, 'backup', making.run, now);
  if (isMissing(backups, now))
    await watchOf(env).raise({
      rule: 'backup.missing',
      about: null,
      facts: { what: 'The last backup that is whole is more than 26 hours old' },
    });
}
