/**
 * Puts a backup back into a deployment that is empty, portion by portion. Each comes to the same if it is done twice, so
 * that it ends right wherever it is cut off. Nobody gets in before the end: who works here comes last.
 */
import { conversationsAfter } from '../../chat/directory.ts';
import { vaultOf } from '../../config.ts';
import { archivedBundle, idOf, ledgerOf, verifierKeys } from '../../ledger.ts';
import { enter as enterInLedger } from '../../people/recording.ts';
import { StaffDirectory, tellRights } from '../../people/staff.ts';
import { Wrong } from '../../protocol/backup-proof.ts';
import { readCheckpoint, readVerifierKey } from '../../protocol/ledger-proof.ts';
import { RETIRING_MS } from '../../vault.ts';
import { BackupStore, keptKeys, leftOut, tables } from '../backups.ts';
import { rootsFromKeys } from '../rotation.ts';
import type { Portion } from '../runs.ts';
import { whyOver } from './failing.ts';
import { hasKey, putObjects } from './objects.ts';
import { openThese } from './opening.ts';
import { BackupReader, copiedFrom } from './reading.ts';
import { passedOver } from './passing.ts';
import { ordersForKeys } from './rows.ts';
import {
  conversations,
  directory,
  enter,
  headOf,
  register,
  serviceKeys,
  takeLedger,
  takeTables,
  verify,
} from './stages.ts';
import { begin, type Place, placeFrom, type Restoring, type Step, textOf } from './steps.ts';
import { RestoreStore } from './store.ts';
import { deployment } from './target.ts';

type Stage = (restoring: Restoring, place: Place, next: Place) => Promise<Step>;

/** In their order. What is erased is known before anything comes back, and the keys before what they open. */
const stages: Readonly<Record<string, Stage>> = {
  verify,
  clear,
  serviceKeys,
  keys,
  register,
  directory,
  objects,
  archive,
  ledger: takeLedger,
  conversations,
  settle,
  tables: takeTables,
  open,
  rights,
  shelf,
  end,
};
const names = Object.keys(stages);

/** What one portion does at most, of what costs a few requests each. */
const most = { bundles: 50, opened: 50, told: 100, waited: 5_000 };
const nothing = {};

export const restorePortion: Portion = async (env, run, from) => {
  const store = new RestoreStore(env.DB);
  const restore = await store.ofRun(run);
  if (restore?.state !== 'working' || restore.isScratch) return { place: null, done: 0 };
  const place = from === null ? begin(names[0] ?? '') : placeFrom(from);
  const next = begin(names[names.indexOf(place.stage) + 1] ?? '');
  const restoring = { env, reader: new BackupReader(env), restore, target: deployment(env, run) };
  try {
    const step = (await stages[place.stage]?.(restoring, place, next)) ?? { next: null, counts: nothing };
    await store.count(run, textOf(place), step.counts);
    const done = Object.values(step.counts).reduce((sum, count) => sum + count, 0);
    if (step.next === null) await store.finish(run, null, Date.now());
    return { place: step.next && textOf(step.next), done };
  } catch (error) {
    const wrong = await whyOver(store, run, place, error);
    if (wrong === null) throw error;
    await store.finish(run, wrong, Date.now());
    return { place: null, done: 0 };
  }
};

/** Whatever there is of an empty deployment, or of a restore that failed, makes room; and the ledger is closed. */
async function clear({ env, reader, restore }: Restoring, _: Place, next: Place): Promise<Step> {
  const { run, newest } = restore;
  if (!(await ledgerOf(env).beginPutBack(run)))
    throw new Wrong('The ledger', 'of this deployment is another one, which the database has lost');
  const store = new RestoreStore(env.DB);
  await store.setHead(run, await headOf(reader, newest));
  // Whoever has opened the keys of the empty deployment may seal under them for a while.
  const hasKeys = (await env.DB.prepare('SELECT 1 FROM keys LIMIT 1').first()) !== null;
  await store.setSettled(run, hasKeys ? Date.now() + RETIRING_MS : Date.now());
  // Where this deployment lies is its own. Since when a root is in use what comes back says.
  const kept = ['runs', 'restores', 'restore_counts', 'residency'];
  const others = Object.keys(leftOut).filter((name) => !kept.includes(name));
  const all = [...others, ...tables.map(({ name }) => name).toReversed()];
  await env.DB.batch([
    env.DB.prepare('UPDATE ledger_archive SET before = 0'),
    env.DB.prepare(`DELETE FROM runs WHERE duty <> 'restore'`),
    ...all.filter((name) => name !== 'ledger_archive').map((name) => env.DB.prepare(`DELETE FROM ${name}`)),
  ]);
  return { next, counts: nothing };
}

/** What was renewed since the newest was made: what lies in the store of keys may lie under it. */
async function keys({ env, restore, target }: Restoring, _: Place, next: Place): Promise<Step> {
  await target.execute(ordersForKeys(await keptKeys(env)));
  await (await vaultOf(env)).reload(Date.now());
  const trusted = (await verifierKeys(env)).flatMap((key) => readVerifierKey(key) ?? []);
  if ((await readCheckpoint(restore.head ?? '', trusted)) === undefined)
    throw new Wrong(`Backup ${restore.newest}`, 'has a head of the ledger that none of its keys has signed');
  return { next, counts: nothing };
}

/** Files of the one that is put back, where they have a key and a conversation, and the ledger's archive of the newest. */
async function objects(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { env, restore } = restoring;
  if (place.after === 'ledger') return putObjects(restoring, place, next, 'ledger', restore.newest);
  const ledger = { ...begin(place.stage), after: 'ledger' };
  return putObjects(restoring, place, ledger, 'files', restore.number, (name) => hasKey(env, name));
}

/** The tree begins with what lies in the archive. */
async function archive(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { env } = restoring;
  const before = (await env.DB.prepare('SELECT before FROM ledger_archive').first<number>('before')) ?? 0;
  const end = Math.min(place.part + most.bundles, before / 256);
  for (let index = place.part; index < end; index++) {
    const rows = await archivedBundle(env, index);
    if (rows === undefined) throw new Wrong(`Bundle ${index}`, 'of the ledger’s archive is in no backup');
    await enter(restoring, rows, `Bundle ${index}`, true);
  }
  const counts = { ledger: (end - place.part) * 256 };
  return end < before / 256 ? { next: { ...place, part: end }, counts } : { next, counts };
}

async function settle({ restore }: Restoring, place: Place, next: Place): Promise<Step> {
  const left = (restore.settledAt ?? 0) - Date.now();
  if (left <= 0) return { next, counts: nothing };
  await scheduler.wait(Math.min(left, most.waited));
  return { next: place, counts: nothing };
}

/** Each conversation is opened once all of it is here, and tells its inbox. */
async function open({ env, restore }: Restoring, place: Place, next: Place): Promise<Step> {
  const ids = await conversationsAfter(env, place.after, most.opened);
  const last = ids.at(-1);
  if (last === undefined) return { next, counts: nothing };
  return { next: { ...place, after: last }, counts: await openThese(env, restore.run, ids) };
}

/** From here on people can sign in. */
async function rights({ env, restore }: Restoring, place: Place, next: Place): Promise<Step> {
  const owners = `SELECT 1 FROM people WHERE role = 'owner' AND state = 'active' LIMIT 1`;
  if (restore.number !== restore.newest && (await env.DB.prepare(owners).first()) === null)
    throw new Wrong(
      `Backup ${restore.number}`,
      'has no owner who is one still: a newer one has to be put back',
    );
  const ids = await new StaffDirectory(env).store.idsAfter(place.after, most.told);
  const last = ids.at(-1);
  if (last === undefined) return { next, counts: nothing };
  await tellRights(env, ids);
  return { next: { ...place, after: last }, counts: nothing };
}

/**
 * The backups that lie in the bucket are known again: they are kept for their days, and the next one is full. Before it is
 * made, those that were passed over are cleared away, because none may lie between two that follow each other.
 */
async function shelf({ env, reader, restore }: Restoring, place: Place, next: Place): Promise<Step> {
  const head = (await reader.heads({ upTo: restore.newest }))[place.at];
  if (head === undefined) {
    const passed = await passedOver({ reader, restore });
    const wrong = `It was passed over when backup ${restore.newest} was put back`;
    for (const number of passed) await new BackupStore(env.DB).addBroken(number, wrong, Date.now());
    return { next, counts: { 'backups passed over': passed.length } };
  }
  // One that is wrong is none; those that are needed were looked at.
  const isNeeded = head.number === restore.number || head.number === restore.newest;
  const parts = await reader.parts(head).catch((error: unknown) => {
    if (error instanceof Wrong && !isNeeded) return [];
    throw error;
  });
  const copies = parts.flatMap((part) =>
    (['files', 'ledger'] as const).flatMap((bucket) => {
      const name = copiedFrom(bucket, part.name);
      return name === undefined ? [] : [{ ...part, source: `${bucket}/${name}` }];
    }),
  );
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  await new BackupStore(env.DB).addFound({ ...head, bytes }, copies);
  return { next: { ...place, at: place.at + 1 }, counts: nothing };
}

/** The ledger goes on where the newest backup ended, and says first why. */
async function end({ env, restore }: Restoring): Promise<Step> {
  const { run, number, newest, head } = restore;
  await ledgerOf(env).endPutBack(run);
  await rootsFromKeys(env);
  const counts = await new RestoreStore(env.DB).counts(run);
  const facts = {
    ...{ number, newest, ledger: Number(head?.split('\n')[1] ?? 0) },
    conversations: counts['conversations'] ?? 0,
    leftOut: counts['left out conversations'] ?? 0,
    passedOver: counts['backups passed over'] ?? 0,
    holdsToLookAt: counts['legal holds to look at'] ?? 0,
  };
  await enterInLedger(env, { actor: null, action: 'backup.restore', facts }, idOf('backup.restore', run));
  return { next: null, counts: nothing };
}
