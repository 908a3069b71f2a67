/**
 * What a restore and the drill do alike: the backup is verified before anything is written, the register of what was
 * erased comes first, then the ledger, the conversations, and last of all the tables by which anybody gets in.
 */
import type { ConversationId } from '../../protocol/ids.ts';
import { checkPart, type Head, Wrong } from '../../protocol/backup-proof.ts';
import { fromBase64url } from '../../vault.ts';
import type { Table } from '../backups.ts';
import { asTheyAreStill } from './people.ts';
import { kindOf, ownParts, type Row, rowParts, rowsFor, rowsOf, type TableRow } from './reading.ts';
import { type Order, ordersFor, ordersForKeys, tableOf, withKeys } from './rows.ts';
import { orThrow, orUndefined, passedOver } from './passing.ts';
import { begin, type Place, type Restoring, type Step } from './steps.ts';
import { vaultOf } from './vault-of.ts';

const checkedAtOnce = 200;
const checkedBytes = 64 * 1024 * 1024;
/** Each takes its key from the store of keys: a portion has 1,000 requests. */
const keyedAtOnce = 500;
const toldAtOnce = 25;

const nothing = {};

// Verifying -------------------------------------------------------------------------------------------------------

/**
 * Every part that is needed, before anything is written.
 * @param as what lies below a layer of OpenPGP has to open, or is only looked at as it lies there
 * @param isNeeded which, by their names
 */
export async function verify(
  { reader, restore }: Restoring,
  place: Place,
  next: Place,
  as: 'it lies' | 'it opens' = 'it opens',
  isNeeded: (name: string) => boolean = () => true,
): Promise<Step> {
  const heads = await needed(reader, restore);
  const head = heads[place.at];
  if (head === undefined) return { next, counts: nothing };
  const parts = (await reader.parts(head)).filter(({ name }) => isNeeded(name));
  let [at, bytes] = [place.part, 0];
  const end = Math.min(at + checkedAtOnce, parts.length);
  for (; at < end && bytes < checkedBytes; at++) {
    const part = parts[at];
    if (part === undefined) break;
    const what = await checkPart(reader.shelf, part, as);
    if (what !== null) throw new Wrong(part.name, what);
    bytes += part.bytes;
  }
  const counts = { parts: at - place.part, bytes };
  if (at < parts.length) return { next: { ...place, part: at }, counts };
  return { next: { ...place, at: place.at + 1, part: 0 }, counts };
}

async function needed(
  reader: Restoring['reader'],
  { number, newest }: Pick<Restoring['restore'], 'number' | 'newest'>,
): Promise<Head[]> {
  const heads = [...(await reader.chain(number)), ...(await reader.chain(newest))];
  return [...new Map(heads.map((head) => [head.number, head])).values()];
}

// Tables ----------------------------------------------------------------------------------------------------------

/**
 * Tables that are as the newest says, whichever is put back: what was erased or restricted, what is held back in an
 * incident and the incidents themselves, and all that is the ledger's.
 */
const registers = ['erased', 'restrictions', 'containment', 'incidents'];
/** They refer to what is in those, and come once all of it is there: parts are read from the last one back. */
const ofIncidents = ['incident_notes', 'incident_tasks', 'incident_clocks'];
const ofLedger = ['ledger_archive', 'ledger_late', 'ledger_keys'];
export const ofNewest = [...registers, ...ofIncidents, ...ofLedger];

/**
 * The service keys of the newest, and those of the one that is put back, under which what it holds may lie; and whatever
 * can be read of those that are passed over.
 */
export async function serviceKeys(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { newest, number } = restoring.restore;
  const of = [...(await passedOver(restoring)), newest, number][place.at];
  if (of === undefined) return { next, counts: nothing };
  const then = { ...begin(place.stage), at: place.at + 1 };
  return tail(restoring, place, then, of, (rows) => Promise.resolve(ordersForKeys(rowsFor(rows, 'keys'))));
}

/**
 * From the newest: what must not come back, what still holds, and what the ledger needs. What can still be read of the
 * registers behind it counts before that.
 */
export async function register(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { newest } = restoring.restore;
  const all = [...(await passedOver(restoring)), newest];
  const isSecond = place.at >= all.length;
  const of = [...all, ...all][place.at];
  if (of === undefined) return { next, counts: nothing };
  const ordersIn = async (rows: TableRow[]) => {
    const names = isSecond ? ofIncidents : registers;
    const { orders } = await ordersOf(restoring, rows, names, { stays: true });
    if (isSecond || of > newest) return orders;
    return [...orders, ...(await ordersOf(restoring, rows, ofLedger)).orders];
  };
  return tail(restoring, place, { ...begin(place.stage), at: place.at + 1 }, of, ordersIn, keyedAtOnce);
}

/** From the one that is put back: which conversations there were, but for those that were erased since. */
export async function directory(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  return tail(restoring, place, next, restoring.restore.number, async (rows) => [
    ...(await ordersOf(restoring, rows, ['erased', 'conversations'])).orders,
    { sql: withoutErased, json: '[]' },
  ]);
}

/** Somebody who has come back after they were erased has what came after. */
const withoutErased = `DELETE FROM conversations WHERE ?1 = ?1 AND (id IN (SELECT id FROM erased)
  OR EXISTS (SELECT 1 FROM erased WHERE erased.id = visitor AND created_at <= erased.at))`;

/**
 * A backup's tables and what of the ledger lies behind them, from its last part back to its first table. Of one that is
 * passed over whatever can be read.
 */
export async function tail(
  restoring: Restoring,
  place: Place,
  next: Place,
  number: number,
  ordersIn: (rows: TableRow[]) => Promise<Order[]>,
  atOnce = Infinity,
): Promise<Step> {
  const { reader, restore, target } = restoring;
  const ifReadable = number > restore.newest ? orUndefined : orThrow;
  const parts = (await ownParts(reader, number).catch(ifReadable)) ?? [];
  const part = parts[parts.length - 1 - place.part];
  if (part === undefined) return { next, counts: nothing };
  const lines = await reader.lines(part).catch(ifReadable);
  if (lines === undefined) return { next: { ...place, part: place.part + 1, after: '' }, counts: nothing };
  const kind = kindOf(lines);
  if (kind === 'conversations') return { next, counts: nothing };
  const end = Number(place.after) + atOnce;
  if (kind === 'tables') await target.execute(await ordersIn(rowsOf(lines.slice(Number(place.after), end))));
  const isOver = kind !== 'tables' || end >= lines.length;
  const then = isOver ? { part: place.part + 1, after: '' } : { after: String(end) };
  return { next: { ...place, ...then }, counts: nothing };
}

/** All other tables of the one that is put back, in the order in which they refer to each other. */
export async function takeTables(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { reader, restore, target } = restoring;
  const part = (await ownParts(reader, restore.number))[place.part];
  if (part === undefined) return { next, counts: nothing };
  const behind = { next: { ...place, part: place.part + 1, after: '' } };
  const lines = await reader.lines(part);
  if (kindOf(lines) !== 'tables') return { ...behind, counts: nothing };
  const from = Number(place.after);
  const some = lines.slice(from, from + keyedAtOnce);
  const rows = await asTheyAreStill(restoring, rowsOf(some));
  const names = [...new Set(rows.map(({ table }) => table))];
  const done = ['keys', 'conversations', ...ofNewest];
  const { orders, counts } = await ordersOf(
    restoring,
    rows,
    names.filter((name) => !done.includes(name)),
  );
  await target.execute(orders);
  if (from + some.length < lines.length)
    return { next: { ...place, after: String(from + some.length) }, counts };
  return { ...behind, counts };
}

/**
 * What it takes to put these tables' rows back, and how many of them come back and do not.
 * @param more of each table: that what stands there already stays as it is
 */
export async function ordersOf(
  restoring: Restoring,
  all: readonly TableRow[],
  names: readonly string[],
  more: Pick<Table, 'stays'> = {},
): Promise<{ orders: Order[]; counts: Record<string, number> }> {
  const { env, target } = restoring;
  const counts: Record<string, number> = {};
  const orders: Order[] = [];
  const vault = await vaultOf(restoring);
  for (const name of names) {
    const table = tableOf(name);
    const given = rowsFor(all, name);
    // A table of a later version, or of an earlier one, has no place here.
    if (table === undefined || given.length === 0) continue;
    const there = name === 'visitors' ? await withoutErasedVisitors(target, given) : given;
    const rows = await withKeys(env, table, there, vault);
    orders.push(...ordersFor({ ...table, ...more }, rows));
    counts[`table ${name}`] = rows.length;
    counts[`left out ${name}`] = given.length - rows.length;
  }
  return { orders, counts };
}

async function withoutErasedVisitors(target: Restoring['target'], rows: readonly Row[]): Promise<Row[]> {
  const erased = await erasedAmong(
    target,
    rows.map((row) => row['id'] as string),
  );
  return rows.filter((row) => Number(row['created_at']) > (erased.get(row['id'] as string) ?? -1));
}

/** When each of these was erased. */
export async function erasedAmong(
  target: Restoring['target'],
  ids: readonly string[],
): Promise<Map<string, number>> {
  const sql = 'SELECT id, at FROM erased WHERE id IN (SELECT value FROM json_each(?))';
  const found = await target.query<{ id: string; at: number }>({ sql, json: JSON.stringify(ids) });
  return new Map(found.map(({ id, at }) => [id, at]));
}

// The ledger ------------------------------------------------------------------------------------------------------

/** The head that was signed when the newest was made: the last line of its last part. @throws {Wrong} there is none */
export async function headOf(reader: Restoring['reader'], newest: number): Promise<string> {
  const part = (await ownParts(reader, newest)).at(-1);
  const lines = part === undefined ? [] : await reader.lines(part);
  const last = JSON.parse(lines.at(-1) ?? '{}') as { checkpoint?: string };
  if (last.checkpoint === undefined) throw new Wrong(part?.name ?? '.', 'does not say how the ledger stood');
  return last.checkpoint;
}

/**
 * The ledger of the newest, whichever is put back: what has been entered and shown to others stays entered. Of each
 * backup of its chain the parts that hold any of it are found from the last one back.
 */
export async function takeLedger(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { reader, restore, target } = restoring;
  const head = (await reader.chain(restore.newest))[place.at];
  if (head === undefined) return { next, counts: nothing };
  const parts = rowParts(head, await reader.parts(head));
  if (place.after === '')
    return { next: { ...place, part: parts.length - 1, after: 'back' }, counts: nothing };
  const part = parts[place.part];
  if (part === undefined)
    return { next: { ...place, at: place.at + 1, part: 0, after: '' }, counts: nothing };
  const lines = await reader.lines(part);
  const isOfIt = kindOf(lines) === 'ledger';
  if (place.after === 'back' && isOfIt && place.part > 0)
    return { next: { ...place, part: place.part - 1 }, counts: nothing };
  if (place.after === 'back')
    return { next: { ...place, part: isOfIt ? place.part : place.part + 1, after: 'on' }, counts: nothing };
  const archived = await target.query<{ before: number }>({
    sql: 'SELECT before FROM ledger_archive WHERE ?1 = ?1',
    json: '[]',
  });
  const before = archived[0]?.before ?? 0;
  const rows = rowsFor(rowsOf(lines), 'ledger').flatMap((row) => {
    const { seq, leaf, details } = row;
    const bytes = typeof details === 'object' && details !== null ? (fromBase64url(details.b) ?? null) : null;
    return Number(seq) < before ? [] : [{ seq: Number(seq), leaf: leaf as string, details: bytes }];
  });
  await enter(restoring, rows, part.name, false);
  return { next: { ...place, part: place.part + 1 }, counts: { ledger: rows.length } };
}

/** Enters rows, and holds the tree against what was signed where it is as large. */
export async function enter(
  { restore, target }: Restoring,
  rows: readonly { seq: number; leaf: string; details: Uint8Array | null }[],
  where: string,
  isArchived: boolean,
): Promise<void> {
  const [, size, root] = restore.head?.split('\n') ?? [];
  const first = rows[0]?.seq ?? 0;
  // At the signed size the root is known.
  const cut = Math.min(Math.max(Number(size) - first, 0), rows.length);
  for (const some of [rows.slice(0, cut), rows.slice(cut)]) {
    const [from] = some;
    if (from === undefined) continue;
    const now = await target.ledger(from.seq, some, isArchived);
    if (now.size === Number(size) && now.root !== root)
      throw new Wrong(where, 'holds another ledger than was signed');
  }
}

// Conversations ---------------------------------------------------------------------------------------------------

/** A part after the other, of each backup that it takes: what lies in the directory, and no other. */
export async function conversations(
  restoring: Restoring,
  place: Place,
  next: Place,
  isWanted: (id: string) => boolean = () => true,
): Promise<Step> {
  const { reader, restore, target } = restoring;
  const head = (await reader.chain(restore.number))[place.at];
  if (head === undefined) return { next, counts: nothing };
  const part = rowParts(head, await reader.parts(head))[place.part];
  const lines = part === undefined ? [] : await reader.lines(part);
  if (part === undefined || kindOf(lines) !== 'conversations')
    return { next: { ...place, at: place.at + 1, part: 0 }, counts: nothing };
  const texts = byConversation(lines);
  const listed = await listedAmong(target, [...texts.keys()].filter(isWanted));
  for (let from = 0; from < listed.length; from += toldAtOnce)
    await Promise.all(
      listed.slice(from, from + toldAtOnce).map((id) => target.conversation(id, texts.get(id) ?? '')),
    );
  return { next: { ...place, part: place.part + 1 }, counts: nothing };
}

function byConversation(lines: readonly string[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const line of lines) {
    const id = /^\{"conversation":"([^"]+)"/.exec(line)?.[1];
    if (id !== undefined) texts.set(id, `${texts.get(id) ?? ''}${line}\n`);
  }
  return texts;
}

async function listedAmong(target: Restoring['target'], ids: readonly string[]): Promise<ConversationId[]> {
  const sql = 'SELECT id FROM conversations WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id';
  const found = await target.query<{ id: ConversationId }>({ sql, json: JSON.stringify(ids) });
  return found.map(({ id }) => id);
}
