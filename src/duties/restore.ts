/** Putting a backup back: for good, into a deployment that is empty, and each week to prove that it can be (docs/BACKUPS.md). */
import type { Env } from '../config.ts';
import { StaffDirectory } from '../people/staff.ts';
import type { RestoreView, RestoreWish } from '../protocol/restore.ts';
import { Wrong } from '../protocol/backup-proof.ts';
import { Refusal } from '../protocol/refusals.ts';
import { BackupReader } from './restore/reading.ts';
import { placeFrom } from './restore/steps.ts';
import { RestoreStore } from './restore/store.ts';
import { beginRun, runOf } from './runs.ts';

export { drillPortion } from './restore/drilling.ts';
export { tryDamaged } from './restore/damaged.ts';
export { drill, drillSince, drillStanding, seeToDrills } from './restore/drills.ts';
export { restorePortion } from './restore/portion.ts';
export { returnPortion } from './restore/returning.ts';
export { returnOf, seeToReturns } from './restore/returns.ts';

/** Whether a backup is being put back, or was not put back to its end: nothing that is timed is done meanwhile. */
export function isBeingPutBack(env: Env): Promise<boolean> {
  return new StaffDirectory(env).store.isBeingPutBack();
}

/**
 * Begins to put a backup back; begun again, it is the one that goes on.
 * @throws {Refusal} already_done: somebody is here; backup_refused, with what is wrong, before anything was written
 */
export async function beginRestore(
  env: Env,
  { number, newest, passOver }: RestoreWish,
  now: number,
): Promise<void> {
  const store = new RestoreStore(env.DB);
  const last = await store.last(false);
  // Whoever began it may have been cut off before it was driven.
  if (last?.state === 'working') return beginRun(env, 'restore', last.run, now);
  const isHalf = last?.state === 'failed' && last.head !== null;
  if (!isHalf && !(await new StaffDirectory(env).store.isEmpty())) throw new Refusal('already_done');
  const known = { ...(newest !== null && { newest }), ...(passOver && number !== null && { upTo: number }) };
  const heads = await new BackupReader(env).heads(known).catch((error: unknown) => {
    if (error instanceof Wrong) throw new Refusal('backup_refused', `${error.where} ${error.message}.`);
    throw error;
  });
  const end = heads.at(-1)?.number ?? 0;
  const wanted = number ?? end;
  if (!heads.some((head) => head.number === wanted))
    throw new Refusal('backup_refused', `There is no backup ${wanted}.`);
  const run = `restore-${wanted}-${now}`;
  if (await store.begin({ run, isScratch: false, number: wanted, newest: end }, now))
    await beginRun(env, 'restore', run, now);
}

/** How far the last one is; null: there was none. One that stands still is set going again by whoever looks. */
export async function restoreOf(env: Env, now: number): Promise<RestoreView | null> {
  const store = new RestoreStore(env.DB);
  const last = await store.last(false);
  if (last === undefined) return null;
  const { run, number, newest, state, begunAt, overAt, wrong } = last;
  if (state === 'sealed') return null;
  const place = (await runOf(env, run, now))?.place ?? null;
  return {
    ...{ number, newest, state, begunAt, overAt, wrong },
    stage: state === 'working' ? placeFrom(place ?? 'verify 0 0 ').stage : null,
    counts: await store.counts(run),
  };
}
