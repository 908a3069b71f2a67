/** The weekly drill: that the newest backup can be put back is proved, and missed where it is not. */
import type { Env } from '../../config.ts';
import type { BackupsAnswer } from '../../protocol/backups.ts';
import { watchOf } from '../alarms.ts';
import { BackupStore } from '../backups.ts';
import { isDrillMissing } from './rules.ts';
import { type Restore, RestoreStore } from './store.ts';
import { beginRun } from '../runs.ts';
import { handStanding } from '../tried.ts';

/** Once a week, where there is a backup. */
export async function drill(env: Env, now: number): Promise<void> {
  const number = (await new BackupStore(env.DB).all()).findLast(({ state }) => state === 'whole')?.number;
  if (number === undefined) return;
  const run = `drill-${now}`;
  if (await new RestoreStore(env.DB).begin({ run, isScratch: true, number, newest: number }, now))
    await beginRun(env, 'drill', run, now);
}

/** The last one, and whether there should be a good one that is newer. */
export async function drillStanding(
  env: Env,
  now: number,
): Promise<Pick<BackupsAnswer, 'drill' | 'isDrillMissing' | 'tried' | 'isTryDue'>> {
  const store = new RestoreStore(env.DB);
  const [last, good, since, byHand] = await Promise.all([
    store.last(true),
    store.lastGoodDrill(),
    oldest(env),
    handStanding(env, now),
  ]);
  const isMissing = isDrillMissing(good, since, now);
  if (last === undefined) return { drill: null, isDrillMissing: isMissing, ...byHand };
  const { number, state, begunAt, wrong } = last;
  const counts = await store.counts(last.run);
  const compared = {
    rows: counts['rows compared'] ?? 0,
    conversations: (counts['conversations compared'] ?? 0) + (counts['conversations changed since'] ?? 0),
    opened: (counts['messages opened'] ?? 0) + (counts['keys opened'] ?? 0),
  };
  return { drill: { number, state, begunAt, wrong, ...compared }, isDrillMissing: isMissing, ...byHand };
}

/** When the oldest backup that is kept was begun. */
async function oldest(env: Env): Promise<number | undefined> {
  return (await new BackupStore(env.DB).all())[0]?.begunAt;
}

/** How the last one stands that was begun since then; undefined: none was. */
export async function drillSince(env: Env, at: number): Promise<Restore['state'] | undefined> {
  const last = await new RestoreStore(env.DB).last(true);
  return last === undefined || last.begunAt < at ? undefined : last.state;
}

/** Each night: gives up what takes for ever, and raises an alarm where there was no good one of late, or none by hand. */
export async function seeToDrills(env: Env, now: number): Promise<void> {
  const store = new RestoreStore(env.DB);
  await store.giveUp(now - 86_400_000 * 2, now);
  if (isDrillMissing(await store.lastGoodDrill(), await oldest(env), now))
    await watchOf(env).raise({
      rule: 'backup.drill',
      about: null,
      facts: { what: 'No backup was put back and compared for more than eight days' },
    });
  if ((await handStanding(env, now)).isTryDue)
    await watchOf(env).raise({
      rule: 'backup.drill',
      about: null,
      facts: {
        what: 'No backup was put back by hand for more than ninety days, and none can be opened here',
      },
    });
}
