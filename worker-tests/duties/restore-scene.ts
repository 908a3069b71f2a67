/** A deployment that is lost but for its backups and its store of keys, and what is put back into it. */
import { abortAllDurableObjects, listDurableObjectIds, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { vaultOf } from '../../src/config.ts';
import { backupPortion } from '../../src/duties/backups.ts';
import { BackupStore } from '../../src/duties/backups/store.ts';
import { restorePortion } from '../../src/duties/restore.ts';
import { type Restore, RestoreStore } from '../../src/duties/restore/store.ts';
import { BackupReader } from '../../src/duties/restore/reading.ts';

const classes = ['Account', 'Conversation', 'Inbox', 'Ledger', 'Watch'] as const;
/** Those of former tests, which nobody names any more: to wake each of them again takes longer than all else. */
const former = new Set<string>();
let count = 0;

/** There is nothing, neither backups nor keys. */
export async function nothing(): Promise<void> {
  await lost();
  for (const bucket of [env.BACKUPS, env.KEYS])
    for (const { key } of (await bucket.list()).objects) await bucket.delete(key);
  await (await vaultOf(env)).reload(Date.now());
}

/** As a test begins. */
export async function beginsWithNothing(): Promise<void> {
  await nothing();
  for (const name of ['Account', 'Conversation', 'Inbox'] as const)
    for (const id of await listDurableObjectIds(env[name])) former.add(id.toString());
}

/** Makes a backup. @returns its number */
export async function backedUp(): Promise<number> {
  const run = `backup-of-the-test-${count++}`;
  let place: string | null = null;
  do ({ place } = await backupPortion(env, run, place));
  while (place !== null);
  const made = await new BackupStore(env.DB).ofRun(run);
  expect(made).toMatchObject({ state: 'whole' });
  return made?.number ?? 0;
}

/** Everything is gone but the backups and the store of keys: the database, every object, the files and the archive. */
export async function lost({ but = [] }: { but?: string[] } = {}): Promise<void> {
  await emptied(but);
  const query = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'
    AND name NOT IN ('sqlite_sequence', 'd1_migrations', 'ledger_archive', 'restores')`;
  const { results } = await env.DB.prepare(query).all<{ name: string }>();
  // Where one is put back the ledger makes room.
  const restore = `INSERT OR REPLACE INTO restores (run, scratch, number, newest, state, begun_at) VALUES ('', 0, 1, 1, 'working', 0)`;
  await env.DB.batch(
    [
      'PRAGMA defer_foreign_keys = on',
      'DELETE FROM restores',
      restore,
      'UPDATE ledger_archive SET before = 0',
      ...results.map(({ name }) => `DELETE FROM "${name}"`),
      'DELETE FROM restores',
      `INSERT INTO organisation (only, settings) VALUES (1, '{}')`,
    ].map((sql) => env.DB.prepare(sql)),
  );
  for (const bucket of [env.FILES, env.LEDGER, env.COPIES])
    for (const { key } of (await bucket.list()).objects) await bucket.delete(key);
}

async function emptied(but: readonly string[]): Promise<void> {
  for (const name of classes.filter((each) => !but.includes(each)))
    for (const id of await listDurableObjectIds(env[name]))
      if (!former.has(id.toString()))
        await runInDurableObject(env[name].get(id), (_, { storage }) => storage.deleteAll());
  await abortAllDurableObjects();
}

/**
 * Enters that a backup is to be put back, and leaves it to the test to do its portions.
 * @param last the one that counts as the newest; else it is the newest
 */
export async function toPutBack(number?: number, last?: number): Promise<string> {
  const newest = last ?? (await new BackupReader(env).heads()).at(-1)?.number ?? 0;
  const run = `restore-of-the-test-${count++}`;
  const wish = { run, isScratch: false, number: number ?? newest, newest };
  expect(await new RestoreStore(env.DB).begin(wish, Date.now() + count)).toBe(true);
  return run;
}

/** Does one portion after another, each as often as this says, up to a place. */
export async function drive(
  run: string,
  times = 1,
  until: (place: string) => boolean = () => false,
  begun: string | null = null,
): Promise<void> {
  let place: string | null = begun;
  do {
    const from: string | null = place;
    for (let time = 0; time < times; time++) {
      const { place: to } = await restorePortion(env, run, from);
      if (time === 0 || to !== null) place = to;
    }
  } while (place !== null && !until(place));
}

export async function putBack(
  number?: number,
  times = 1,
): Promise<Restore & { counts: Readonly<Record<string, number>> }> {
  const store = new RestoreStore(env.DB);
  const run = await toPutBack(number);
  await drive(run, times);
  const restore = await store.ofRun(run);
  if (restore === undefined) throw new Error('there is no such restore');
  return { ...restore, counts: await store.counts(run) };
}
