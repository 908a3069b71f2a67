/** The weekly drill: that the newest backup can be put back is proved, and missed where it is not. */
import type { Env } from '../../config.ts';
import { watchOf } from '../alarms.ts';
import { BackupStore } from '../backups.ts';
import { isDrillMissing } from './rules.ts';
import { type Restore, RestoreStore } from './store.ts';
import { beginRun } from '../runs.ts';

/** Once a week, where there is a backup. */
export async function drill(env: Env, now: number): Promise<void> {
  const number = (await new BackupStore(env.DB).all()).findLast(({ state }) => state === 'whole')?.number;
  if (number === undefined) return;
  const run = `drill-${now}`;
  if (await new RestoreStore(env.DB).begin({ run, isScratch: true, number, newest: number }, now))
    await beginRun(env, 'drill', run, now);
}

/** How the last one stands that was begun since then; undefined: none was. */
export async function drillSince(env: Env, at: number): Promise<Restore['state'] | undefined> {
  const last = await new RestoreStore(env.DB).last(true);
  return last === undefined || last.begunAt < at ? undefined : last.state;
}

/** Each night: gives up what takes for ever, and raises an alarm where there was no good one of late. */
export async function seeToDrills(env: Env, now: number): Promise<void> {
  const store = new RestoreStore(env.DB);
  await store.giveUp(now - 86_400_000 * 2, now);
  const since = (await new BackupStore(env.DB).all())[0]?.begunAt;
  if (isDrillMissing(await store.lastGoodDrill(), since, now))
    await watchOf(env).raise({
      rule: 'backup.drill',
      about: null,
      facts: { what: 'No backup was put back and compared for more than eight days' },
    });
}
