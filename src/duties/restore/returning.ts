/**
 * Puts one conversation, or all of one visitor's, back from a backup while everything goes on, by the stages that put a
 * whole one back. Nothing is put over what is there; what was erased, or has no key any more, does not come back; and what
 * is not as it was signed is found before anything is written.
 */
import { conversationOf } from '../../chat/conversation.ts';
import { dropFromDirectory, restrictionsOf } from '../../chat/directory.ts';
import { idOf } from '../../ledger.ts';
import { enter } from '../../people/recording.ts';
import { Wrong } from '../../protocol/backup-proof.ts';
import { type ConversationId, isId } from '../../protocol/ids.ts';
import { BackupStore } from '../backups.ts';
import { sealReturned } from '../rotation.ts';
import type { Portion } from '../runs.ts';
import { whyOver } from './failing.ts';
import { dropFiles, hasKey, putObjects } from './objects.ts';
import { openThese } from './opening.ts';
import { BackupReader, copiedFrom, rowsFor, type TableRow } from './reading.ts';
import { ordersFor, tableOf } from './rows.ts';
import { conversations, erasedAmong, ordersOf, tail, verify } from './stages.ts';
import { begin, type Place, placeFrom, type Restoring, type Step, textOf } from './steps.ts';
import { type Found, ReturnStore } from './store.ts';
import { deployment } from './target.ts';

/** Each is asked something. */
const askedAtOnce = 50;
const all = Number.MAX_SAFE_INTEGER;
const nothing = {};

type Returning = Restoring & { store: ReturnStore; wanted: string };
type Stage = (returning: Returning, place: Place, next: Place) => Promise<Step>;

/** In their order. Up to `visitor` nothing is written but what is to come back. */
const stages: Readonly<Record<string, Stage>> = {
  find,
  look,
  verify: verifyThese,
  visitor,
  directory,
  objects,
  conversations: async (returning, place, next) => {
    const ids = await wantedIn(returning);
    return conversations(returning, place, next, (id) => ids.has(id));
  },
  open,
  end,
  drop,
};
const names = Object.keys(stages);

export const returnPortion: Portion = async (env, run, from) => {
  const store = new ReturnStore(env.DB);
  const given = await store.ofRun(run);
  if (given?.state !== 'working') return { place: null, done: 0 };
  const { number, wanted } = given;
  const place = from === null ? begin(names[0] ?? '') : placeFrom(from);
  const next = begin(names[names.indexOf(place.stage) + 1] ?? '');
  const restore = { ...given, newest: number, isScratch: false, head: null, settledAt: null };
  const target = deployment(env, run);
  const returning = { env, reader: new BackupReader(env), restore, target, store, wanted };
  try {
    const step = (await stages[place.stage]?.(returning, place, next)) ?? { next: null, counts: nothing };
    await store.count(run, textOf(place), step.counts);
    const done = Object.values(step.counts).reduce((sum, count) => sum + count, 0);
    if (step.next === null) await over(returning);
    return { place: step.next && textOf(step.next), done };
  } catch (error) {
    const wrong = await whyOver(store, run, place, error);
    if (wrong === null) throw error;
    if (place.stage !== 'drop') {
      await store.setWrong(run, wrong);
      return { place: textOf(begin('drop')), done: 0 };
    }
    await over(returning);
    return { place: null, done: 0 };
  }
};

/** Which conversations the backup has of what is wanted, but for those that were erased since. */
async function find(returning: Returning, place: Place, next: Place): Promise<Step> {
  const { restore, store, target, wanted } = returning;
  const counts: Record<string, number> = {};
  const step = await tail(returning, place, next, restore.number, async (rows) => {
    const lines = rowsFor(rows, 'conversations').map((line) => ({ line, id: line['id'] as ConversationId }));
    const meant = lines.filter(({ id, line }) => id === wanted || line['visitor'] === wanted);
    const kept = await notErased(target, meant);
    counts['erased conversations'] = meant.length - kept.length;
    await store.addFound(
      restore.run,
      kept.map(({ line }) => line),
    );
    return [];
  });
  return { ...step, counts };
}

/** Those that the register has not, nor, later than they were begun, their visitor. */
async function notErased<Line extends Pick<Found, 'id' | 'line'>>(
  target: Returning['target'],
  lines: readonly Line[],
): Promise<Line[]> {
  const whose = ({ line }: Line) => line['visitor'] as string;
  const erased = await erasedAmong(
    target,
    lines.flatMap((each) => [each.id, whose(each)]),
  );
  return lines.filter(
    (each) => !erased.has(each.id) && Number(each.line['created_at']) > (erased.get(whose(each)) ?? -1),
  );
}

/** Those that are there stay as they are. */
async function look({ env, restore: { run }, store }: Returning, place: Place, next: Place): Promise<Step> {
  const ids = (await store.found(run, place.after, askedAtOnce, 'all')).map(({ id }) => id);
  const last = ids.at(-1);
  if (last === undefined) return { next, counts: nothing };
  const areThere = await Promise.all(ids.map((id) => conversationOf(env, id).isThere()));
  const there = ids.filter((_, at) => areThere[at]);
  await store.stay(run, there);
  return { next: { ...place, after: last }, counts: { 'conversations that were there': there.length } };
}

async function wantedIn({ restore: { run }, store }: Returning): Promise<Set<string>> {
  return new Set((await store.found(run, '', all, 'to come back')).map(({ id }) => id));
}

/** Every part that holds rows, for nobody knows which of them holds what is wanted, and the copies of its files. */
async function verifyThese(returning: Returning, place: Place, next: Place): Promise<Step> {
  const ids = await wantedIn(returning);
  if (ids.size === 0) return { next, counts: nothing };
  return verify(returning, place, next, 'it opens', (name) => {
    const file = copiedFrom('files', name);
    return file === undefined ? !name.startsWith('objects/') : ids.has(conversationIn(file));
  });
}

/** Whoever began them is known again by what they had proved, if they are not. Their browsers are not, and prove it anew. */
async function visitor(returning: Returning, place: Place, next: Place): Promise<Step> {
  const { restore, store, target, wanted } = returning;
  const lines = await store.found(restore.run, '', all, 'to come back');
  const who = new Set([wanted, ...lines.map(({ line }) => line['visitor'])]);
  const counts: Record<string, number> = {};
  const step = await tail(returning, place, next, restore.number, async (rows) => {
    const theirs = rows.filter(({ table, row }) => table === 'visitors' && who.has(row['id'] ?? null));
    const found = await ordersOf(returning, await missingAmong(target, theirs), ['visitors'], {
      stays: true,
    });
    Object.assign(counts, found.counts);
    // Before it is done: by this it is known whose row goes again, should this come to nothing.
    await store.count(restore.run, textOf(place), counts);
    return found.orders;
  });
  return { ...step, counts };
}

async function missingAmong(target: Returning['target'], rows: readonly TableRow[]): Promise<TableRow[]> {
  const sql = 'SELECT id FROM visitors WHERE id IN (SELECT value FROM json_each(?))';
  const json = JSON.stringify(rows.map(({ row }) => row['id']));
  const there = new Set<unknown>((await target.query<{ id: string }>({ sql, json })).map(({ id }) => id));
  return rows.filter(({ row }) => !there.has(row['id']));
}

/** Their lines come first, so that what is restricted is so when they are opened. */
async function directory(
  { restore: { run }, store, target }: Returning,
  _: Place,
  next: Place,
): Promise<Step> {
  const table = tableOf('conversations');
  const lines = (await store.found(run, '', all, 'to come back')).map(({ line }) => line);
  if (table !== undefined) await target.execute(ordersFor({ ...table, stays: true }, lines));
  return { next, counts: nothing };
}

async function objects(returning: Returning, place: Place, next: Place): Promise<Step> {
  const { env, restore } = returning;
  const ids = await wantedIn(returning);
  const isTheirs = (name: string) => ids.has(conversationIn(name));
  return putObjects(returning, place, next, 'files', restore.number, (name) => hasKey(env, name), isTheirs);
}

function conversationIn(file: string): string {
  return file.split('/')[0] ?? '';
}

async function open(returning: Returning, place: Place, next: Place): Promise<Step> {
  const { env, restore, store, target } = returning;
  const { run } = restore;
  const found = await store.found(run, place.after, askedAtOnce, 'to come back');
  const last = found.at(-1)?.id;
  if (last === undefined) return { next, counts: nothing };
  // What was erased since it was looked for has told nobody who puts it back.
  const kept = new Set((await notErased(target, found)).map(({ id }) => id));
  const erased = found.filter(({ id }) => !kept.has(id));
  for (const { id } of erased) {
    await conversationOf(env, id).dropPutBack(run);
    await conversationOf(env, id).erase(null);
  }
  const ids = [...kept];
  // Where the line was there, it says where each stands today.
  const known = ids.filter((id) => found.some((each) => each.id === id && !each.isNew));
  const opened = await openThese(env, run, ids, known);
  const counts = { ...opened, ...(erased.length > 0 && { 'erased conversations': erased.length }) };
  // One that was restricted just now has not heard it: it was not there yet.
  for (const [id, restriction] of await restrictionsOf(env, ids))
    await conversationOf(env, id).restrict(restriction);
  return { next: { ...place, after: last }, counts };
}

/** What came back, or why nothing could. */
async function end({ restore: { run, number }, store, wanted }: Returning): Promise<Step> {
  const counts = await store.counts(run);
  const met = [
    'conversations',
    'conversations that were there',
    'erased conversations',
    'left out conversations',
  ];
  if (![...met, 'table visitors', 'left out visitors'].some((what) => (counts[what] ?? 0) > 0))
    throw new Wrong(`Backup ${number}`, `holds nothing of ${wanted} that is not here`);
  return { next: null, counts: nothing };
}

/** Nothing stays of what could not be put back to its end; what was there before does. */
async function drop(returning: Returning, place: Place): Promise<Step> {
  const { env, restore, store } = returning;
  const { run } = restore;
  const found = await store.found(run, place.after, askedAtOnce, 'to come back');
  const last = found.at(-1);
  if (last === undefined) {
    await dropVisitor(returning);
    return { next: null, counts: nothing };
  }
  const areThere = await Promise.all(
    found.map(async ({ id }) => {
      await conversationOf(env, id).dropPutBack(run);
      const isThere = await conversationOf(env, id).isThere();
      if (!isThere) await dropFiles(env, run, id);
      return isThere;
    }),
  );
  await dropFromDirectory(
    env,
    found.flatMap(({ id, isNew }, at) => (isNew && areThere[at] !== true ? id : [])),
  );
  return { next: { ...place, after: last.id }, counts: nothing };
}

/** Unless there is something of theirs by now, or they are back themselves. */
async function dropVisitor({ restore: { run }, store, target, wanted }: Returning): Promise<void> {
  if (((await store.counts(run))['table visitors'] ?? 0) === 0) return;
  const lines = await store.found(run, '', all, 'to come back');
  const sql = `DELETE FROM visitors WHERE id IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM conversations WHERE visitor = visitors.id)
    AND NOT EXISTS (SELECT 1 FROM visitor_holds WHERE visitor = visitors.id)`;
  await target.execute([
    { sql, json: JSON.stringify([wanted, ...lines.map(({ line }) => line['visitor'])]) },
  ]);
}

/** The ledger has what became of it. */
async function over({ env, restore, store, wanted }: Returning): Promise<void> {
  const { run, number } = restore;
  const [counts, given] = await Promise.all([store.counts(run), store.ofRun(run)]);
  const wrong = given?.wrong ?? null;
  const facts = {
    ...{ number, isWhole: wrong === null },
    conversations: counts['conversations'] ?? 0,
    files: counts['files'] ?? 0,
    leftOut: (counts['left out conversations'] ?? 0) + (counts['erased conversations'] ?? 0),
  };
  // Its customer may read this entry, and so it has nothing of legal holds (D80).
  const about = isId('visitor', wanted) ? { subject: wanted } : { object: wanted };
  await enter(env, { actor: null, action: 'backup.return', ...about, facts }, idOf('backup.return', run));
  if (wrong === null) {
    const ids = (await store.found(run, '', all, 'to come back')).map(({ id }) => id);
    await sealReturned(env, ids, await new BackupStore(env.DB).begunAt(number), run);
  }
  await store.forgetFound(run);
  await store.finish(run, wrong, Date.now());
}
