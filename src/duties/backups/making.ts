/**
 * Makes a backup, portion by portion, while everything goes on. First the conversations, each as it is at one moment, then
 * the objects of other buckets, and last the tables and the ledger: so nothing is in it that refers to what is not. A part
 * that was made is entered with where the next one begins, and made only once, whoever tries.
 */
import { conversationOf, type Imaged, sealingIn, withSealing } from '../../chat/conversation.ts';
import { conversationsAfter } from '../../chat/directory.ts';
import { type Env, keyringOf } from '../../config.ts';
import { ledgerOf } from '../../ledger.ts';
import { pgpOf } from '../../people/organisation.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { nameOfNumber } from '../../protocol/backup-proof.ts';
import type { BackupStage } from '../../protocol/backups.ts';
import { PgpError } from '../../vault.ts';
import type { Portion } from '../runs.ts';
import { check, close, end } from './closing.ts';
import { lineOf, packed } from './lines.ts';
import { BackupShelf } from './shelf.ts';
import { BackupStore, type Cell, type Copied, type MarkOf } from './store.ts';
import type { Making, Place, Step } from './steps.ts';
import { tables } from './tables.ts';
import { sweep, tidy } from './tidying.ts';

/** What one portion does at most: enough that a part is worth its object, and little enough to be held in memory. */
const most = { text: 4 * 1024 * 1024, asked: 500, copied: 50, copiedBytes: 32 * 1024 * 1024 };
const conversationsAtOnce = 25;
const rowsAtOnce = 200;
const listedAtOnce = 200;

const stages: Record<BackupStage, (making: Making, place: Place) => Promise<Step>> = {
  sweep,
  conversations,
  objects,
  tables: takeTables,
  ledger: takeLedger,
  close,
  check,
  tidy,
};

export const backupPortion: Portion = async (env, run, from) => {
  const store = new BackupStore(env.DB);
  if (from === null) await enterBackup(env, run, Date.now());
  const backup = await store.ofRun(run);
  const place = placeFrom(from);
  // Another is being made, or this one was given up.
  if (backup === undefined || (backup.state !== 'making' && place.stage !== 'tidy'))
    return { place: null, done: 0 };
  const { active } = await keyringOf(env);
  await store.usesRoot(backup.number, active);
  const made = await store.part(backup.number, place.n);
  if (made !== undefined) return { place: made.next, done: 1 };
  const making = { env, store, shelf: new BackupShelf(env, backup.pgpKey), backup, root: active };
  try {
    const { next, done } = await stages[place.stage](making, place);
    return { place: next && textOf(next), done };
  } catch (error) {
    if (!(error instanceof PgpError)) throw error;
    // Better none, and an alarm, than one that lacks the layer that was asked for.
    await end(making, `the OpenPGP key of the organisation is ${error.flaw}`);
    return { place: null, done: 0 };
  }
};

/** Enters one that is to be made, unless another is being made. */
export async function enterBackup(env: Env, run: string, now: number): Promise<void> {
  const [pgp, there] = await Promise.all([pgpOf(env), new BackupShelf(env).last()]);
  await new BackupStore(env.DB).begin(run, { pgp, there }, now);
}

async function conversations(making: Making, place: Place): Promise<Step> {
  const { env, store, backup } = making;
  const pages = idsFrom(env, place.after);
  let [text, asked] = ['', 0];
  const marks: MarkOf[] = [];
  const cut = (after: string) => part(making, place, text, { ...place, after }, marks);
  for await (const { ids, from, sealing: before } of pages) {
    const known = await store.marks(ids, backup.number);
    const ask = (id: ConversationId, behind: number | null) =>
      conversationOf(env, id).image(known.get(id) ?? null, behind) as Promise<Imaged | undefined>;
    const images = await Promise.all(ids.map((id, at) => ask(id, at === 0 ? from : null)));
    asked += ids.length;
    for (const [at, id] of ids.entries()) {
      let image = images[at];
      // One that is sealed anew between two pages is to be taken whole by the next backup.
      const sealing = before ?? (image === undefined ? '' : sealingIn(image.mark.digest));
      while (image !== undefined) {
        text += image.text;
        if (image.next === null) {
          marks.push({ conversation: id, ...withSealing(sealing, image.mark) });
          break;
        }
        if (text.length >= most.text) return cut(`${id} ${image.next} ${sealing}`);
        image = await ask(id, image.next);
      }
      if (text.length >= most.text) return cut(id);
    }
    if (asked >= most.asked) return cut(ids.at(-1) ?? '');
  }
  return part(making, place, text, { ...place, stage: 'objects', after: `${buckets[0]} ` }, marks);
}

/**
 * All conversations, a page at a time.
 * @param after the last that is done, or one with the message up to which it is, and how it was sealed when that began
 */
async function* idsFrom(
  env: Env,
  after: string,
): AsyncGenerator<{ ids: ConversationId[]; from: number | null; sealing?: string }> {
  const [first = '', behind, sealing = ''] = after.split(' ');
  let last = first;
  if (behind !== undefined) yield { ids: [last as ConversationId], from: Number(behind), sealing };
  for (;;) {
    const ids = await conversationsAfter(env, last, conversationsAtOnce);
    if (ids.length === 0) return;
    yield { ids, from: null };
    last = ids.at(-1) ?? last;
  }
}

const buckets = ['files', 'ledger'] as const;

/** Copies what is new in the other buckets: whatever lies there is never changed. */
async function objects({ env, store, shelf, backup, root }: Making, place: Place): Promise<Step> {
  const space = place.after.indexOf(' ');
  const [bucket, after] = [
    place.after.slice(0, space) as (typeof buckets)[number],
    place.after.slice(space + 1),
  ];
  const from = { files: env.FILES, ledger: env.LEDGER }[bucket];
  const { objects, truncated } = await from.list({
    limit: listedAtOnce,
    ...(after !== '' && { startAfter: after }),
  });
  const sourceOf = (key: string) => `${bucket}/${key}`;
  const known = await store.copied(
    objects.map(({ key }) => sourceOf(key)),
    backup,
    root,
  );
  const copies: Copied[] = [];
  let [last, bytes] = [after, 0];
  for (const { key } of objects) {
    if (copies.length >= most.copied || bytes >= most.copiedBytes) break;
    last = key;
    if (known.has(sourceOf(key))) continue;
    const object = await from.get(key);
    // It was deleted meanwhile.
    if (object === null) continue;
    const copy = await shelf.put(`objects/${sourceOf(key)}`, new Uint8Array(await object.arrayBuffer()));
    copies.push({ ...copy, source: sourceOf(key) });
    bytes += copy.bytes;
  }
  await shelf.delete(await store.addCopies(backup, root, copies));
  const done = copies.length;
  if (truncated || last !== (objects.at(-1)?.key ?? after))
    return { next: { ...place, after: `${bucket} ${last}` }, done };
  const following = buckets[buckets.indexOf(bucket) + 1];
  if (following !== undefined) return { next: { ...place, after: `${following} ` }, done };
  return { next: { ...place, stage: 'tables', after: '' }, done };
}

/** @param place `after`: the table and the key of its last row that is done, as JSON */
async function takeTables(making: Making, place: Place): Promise<Step> {
  type After = [table: string, key: Cell[] | null];
  let [name, key] = place.after === '' ? [tables[0]?.name, null] : (JSON.parse(place.after) as After);
  let text = '';
  for (;;) {
    const at = tables.findIndex((table) => table.name === name);
    const table = tables[at];
    if (table === undefined) break;
    const rows = await making.store.rows(table, key, rowsAtOnce);
    for (const row of rows) text += lineOf(table.name, row, table.without);
    const last = rows.at(-1);
    if (rows.length < rowsAtOnce || last === undefined) [name, key] = [tables[at + 1]?.name, null];
    else key = table.by.map((column) => last[column] ?? null);
    if (text.length >= most.text && name !== undefined)
      return part(making, place, text, { ...place, after: JSON.stringify([name, key]) });
  }
  return part(making, place, text, { ...place, stage: 'ledger', after: '' });
}

/** From where the backup before ended; all that was told by now is in it, and the head that says so. */
async function takeLedger(making: Making, place: Place): Promise<Step> {
  const { env, store, backup } = making;
  let next = place.after === '' ? await beginOf(making) : Number(place.after);
  const { note, size } = await ledgerOf(env).checkpoint();
  let text = '';
  while (next < size) {
    const rows = await store.ledger(next, rowsAtOnce);
    if (rows.length === 0) break;
    for (const row of rows) text += lineOf('ledger', row);
    next = Number(rows.at(-1)?.['seq']) + 1;
    if (text.length >= most.text) return part(making, place, text, { ...place, after: String(next) });
  }
  text += `${JSON.stringify({ checkpoint: note, backup: backup.number })}\n`;
  return part(making, place, text, { ...place, stage: 'close', after: String(next) });
}

async function beginOf({ store, backup }: Making): Promise<number> {
  if (backup.isFull) return 0;
  return (await store.all()).find(({ number }) => number === backup.previous)?.ledger ?? 0;
}

/** Stores what was gathered as the next part, if anything was. */
async function part(
  { store, shelf, backup }: Making,
  { n }: Place,
  text: string,
  behind: Place,
  marks: readonly MarkOf[] = [],
): Promise<Step> {
  if (text === '') return { next: behind, done: 0 };
  const name = `${nameOfNumber(backup.number)}/${String(n).padStart(6, '0')}`;
  const stored = await shelf.put(name, await packed(text));
  const next = textOf({ ...behind, n: n + 1 });
  const counts = await store.addPart(backup.number, n, { ...stored, next }, marks);
  if (counts.name !== stored.name) await shelf.delete([stored.name]);
  return { next: placeFrom(counts.next), done: 1 };
}

/** What is next to be done of a backup. @param text where the last portion ended; null: nothing was done yet */
export function stageAt(text: string | null): BackupStage {
  return placeFrom(text).stage;
}

function textOf({ n, stage, after }: Place): string {
  return `${n} ${stage} ${after}`;
}

function placeFrom(text: string | null): Place {
  const [, n, stage, after] = /^(\d+) (\w+) (.*)$/s.exec(text ?? '0 sweep ') ?? [];
  return { n: Number(n), stage: stage as BackupStage, after: after ?? '' };
}
