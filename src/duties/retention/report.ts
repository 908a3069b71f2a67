/** What was deleted because its time was over: day by day, in the dashboard, and each day once in the ledger. */
import type { Env } from '../../config.ts';
import { idOf } from '../../ledger.ts';
import { enter } from '../../people/recording.ts';
import { type Deleted, RetentionStore } from './store.ts';

const day = 86_400_000;
/** For how long it is shown. */
const shown = 90 * day;

export function deletedLately(env: Env, now: number): Promise<Deleted[]> {
  return new RetentionStore(env.DB).deletedSince(now - shown, now + day);
}

/** Enters what the day before this run's has deleted, of each site by itself. Done again it is the same. */
export async function enterDay(env: Env, run: string): Promise<void> {
  const today = Date.parse(run.slice('retention-'.length));
  if (Number.isNaN(today)) return;
  const all = await new RetentionStore(env.DB).deletedSince(today - day, today);
  for (const [site, deleted] of Map.groupBy(all, (each) => each.site)) {
    const counts = Object.fromEntries(deleted.map(({ kind, count }) => [kind, count]));
    const facts = { day: new Date(today - day).toISOString().slice(0, 10), ...counts };
    const what = site === null ? { facts } : { object: site, facts };
    const told = { actor: null, action: 'retention.report', ...what } as const;
    await enter(env, told, idOf('retention.report', facts.day, site ?? ''));
  }
}
