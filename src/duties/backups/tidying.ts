/** What is kept of backups no longer: what came of those that failed, and those whose days are over. */
import type { Making, Place, Step } from './steps.ts';
import { keptFrom } from './rules.ts';

const copiesAtOnce = 500;

/** Before anything else: of one that failed nothing stays that could be taken for a backup. */
export async function sweep({ store, shelf, backup }: Making, place: Place): Promise<Step> {
  const after = Number(place.after);
  const failed = (await store.all()).find(
    ({ number, state }) => state === 'broken' && number > after && number < backup.number,
  );
  if (failed === undefined) return { next: { ...place, stage: 'conversations', after: '' }, done: 0 };
  // What a lock keeps of it is met again by the next one.
  await shelf.deleteBackup(failed.number);
  return { next: { ...place, after: String(failed.number) }, done: 0 };
}

/** The bytes go first, one backup a portion, the oldest first; what says that there were any goes last. */
export async function tidy({ store, shelf }: Making, place: Place): Promise<Step> {
  const backups = await store.all();
  const kept = keptFrom(backups, Date.now());
  const old = backups.find(({ number }) => number < kept);
  if (old !== undefined) {
    // Where a lock lasts longer than backups are kept, they wait for another night.
    if (!(await shelf.deleteBackup(old.number))) return { next: null, done: 0 };
    await store.forget(old.number + 1);
    return { next: place, done: 0 };
  }
  const copies = await store.oldCopies(kept, copiesAtOnce);
  if (!(await shelf.delete(copies))) return { next: null, done: 0 };
  await store.forgetCopies(copies);
  if (copies.length === copiesAtOnce) return { next: place, done: 0 };
  await store.forgetMarks();
  return { next: null, done: 0 };
}
