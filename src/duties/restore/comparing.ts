/** What a drill has put back is held against the backup, and against what there is. */
import { conversationOf, isSameBeside, isSealedAlike, openSome, scratchOf } from '../../chat/conversation.ts';
import { type Env, vaultOf as liveVaultOf } from '../../config.ts';
import type { ConversationId } from '../../protocol/ids.ts';
import { Wrong } from '../../protocol/backup-proof.ts';
import { keyStore, type Vault } from '../../vault.ts';
import { BackupStore, type Table } from '../backups.ts';
import { keyPlaceOf } from '../rotation.ts';
import { kindOf, ownParts, type Row, rowsFor, rowsOf } from './reading.ts';
import { cellOf, comesBack, keyOf, opens, tableOf } from './rows.ts';
import type { Place, Restoring, Step } from './steps.ts';
import { vaultOf } from './vault-of.ts';

const rowsAtOnce = 200;
/** Keys opened, of each portion and table. */
const keysOpened = 20;
const messagesOpened = 20;
const conversationsAtOnce = 10;
const nothing = {};

/** Each row of each table, part after part from the last: it has to have come back as the backup has it. */
export async function compareTables(restoring: Restoring, place: Place, next: Place): Promise<Step> {
  const { reader, restore } = restoring;
  const parts = await ownParts(reader, restore.number);
  const part = parts[parts.length - 1 - place.part];
  if (part === undefined) return { next, counts: nothing };
  const lines = await reader.lines(part);
  const kind = kindOf(lines);
  if (kind === 'conversations') return { next, counts: nothing };
  const counts: Record<string, number> = {};
  const rows = kind === 'tables' ? rowsOf(lines) : [];
  const vault = await vaultOf(restoring);
  for (const name of new Set(rows.map((row) => row.table))) {
    const table = tableOf(name);
    const given = rowsFor(rows, name);
    if (table === undefined || name === 'keys') continue;
    for (let from = 0; from < given.length; from += rowsAtOnce)
      await compareRows(restoring, table, given.slice(from, from + rowsAtOnce), vault, counts);
  }
  return { next: { ...place, part: place.part + 1 }, counts };
}

async function compareRows(
  { env, target }: Restoring,
  table: Table,
  given: readonly Row[],
  vault: Vault,
  counts: Record<string, number>,
): Promise<void> {
  const { name, by, without } = table;
  const json = JSON.stringify(
    given.map((row) => Object.fromEntries(by.map((column) => [column, hexed(row[column])]))),
  );
  const these = `(${by.join(', ')}) IN (SELECT ${by.map(cellOf).join(', ')} FROM json_each(?))`;
  const there = await target.query<Record<string, unknown>>({
    sql: `SELECT * FROM ${name} WHERE ${these}`,
    json,
  });
  const found = new Map(there.map((row) => [keyText(by, row), row]));
  const alive = new Set<string>();
  if (without !== undefined) {
    const keyed = `SELECT ${by.join(', ')} FROM ${name} WHERE ${these} AND length(${without}) > 0`;
    const { results } = await env.DB.prepare(keyed).bind(json).all();
    for (const row of results) alive.add(keyText(by, row));
  }
  let opened = 0;
  const missing: Row[] = [];
  for (const row of given) {
    const key = keyText(by, row);
    const back = found.get(key);
    const record = without === undefined ? undefined : bytesIn(back?.[without]);
    // Whoever is still here has to come back, with their key.
    const isMissing = alive.has(key) && (record === undefined || record.length === 0);
    if (isMissing && (await isSealedAnew(env, name, row))) {
      counts['rows sealed anew since'] = (counts['rows sealed anew since'] ?? 0) + 1;
      continue;
    }
    if (isMissing)
      throw new Wrong(`Table ${name}`, 'has a row whose key is nowhere, so that it would not come back');
    if (back === undefined) missing.push(row);
    counts[back === undefined ? 'rows left out' : 'rows compared'] =
      (counts[back === undefined ? 'rows left out' : 'rows compared'] ?? 0) + 1;
    if (back === undefined) continue;
    // What somebody asked about their data is kept without its words once its key is gone.
    const isWordless = name === 'requests' && record === undefined;
    if (
      !isWordless &&
      Object.entries(row).some(
        ([column, cell]) =>
          cellText(back[column]) !== cellText(cell) &&
          !(back[column] === null && table.mayRefer?.[column] !== undefined),
      )
    )
      throw new Wrong(`Table ${name}`, 'has a row that did not come back as it was');
    const at = keyOf(name, row);
    if (at === undefined || record === undefined || record.length === 0 || opened++ >= keysOpened) continue;
    await vault.dataKey(keyPlaceOf(at.kind, at.id), record).catch(() => {
      throw new Wrong(`Table ${name}`, 'has a row that its key does not open');
    });
    counts['keys opened'] = (counts['keys opened'] ?? 0) + 1;
  }
  // What has no key any more, or refers to what did not come back, does not come back.
  const mayMiss = without !== undefined || name === 'conversations';
  if (!mayMiss && (await isAnyOf(target, table, missing)))
    throw new Wrong(`Table ${name}`, 'has a row that did not come back');
}

async function isAnyOf(target: Restoring['target'], table: Table, missing: readonly Row[]): Promise<boolean> {
  if (missing.length === 0) return false;
  const json = JSON.stringify(missing);
  const sql = `SELECT 1 FROM json_each(?) WHERE ${comesBack(table)} LIMIT 1`;
  return (await target.query({ sql, json })).length > 0;
}

/** It opens by another key than what is kept of it in the store of keys, which is theirs of today. */
async function isSealedAnew(env: Env, table: string, row: Row): Promise<boolean> {
  const at = keyOf(table, row);
  const record = at && (await keyStore(env.KEYS).get(at.kind, at.id));
  return record !== undefined && !(await opens(await liveVaultOf(env), table, row, record));
}

const hexed = (cell: Row[string] | undefined) =>
  typeof cell === 'object' && cell !== null
    ? { x: Uint8Array.fromBase64(cell.b, { alphabet: 'base64url' }).toHex() }
    : cell;

function bytesIn(cell: unknown): Uint8Array | undefined {
  return cell instanceof ArrayBuffer ? new Uint8Array(cell) : undefined;
}

/** A value as the backup, the database and the scratch space have it: bytes in each are another thing. */
function cellText(cell: unknown): string {
  const base64 = (bytes: Uint8Array) => `b ${bytes.toBase64({ alphabet: 'base64url', omitPadding: true })}`;
  if (cell instanceof ArrayBuffer) return base64(new Uint8Array(cell));
  if (Array.isArray(cell)) return base64(Uint8Array.from(cell as number[]));
  if (typeof cell === 'object' && cell !== null) return `b ${(cell as { b: string }).b}`;
  return JSON.stringify(cell);
}

function keyText(by: readonly string[], row: Readonly<Record<string, unknown>>): string {
  return by.map((column) => cellText(row[column])).join(' ');
}

/** Some conversations: each has to be what it was when it was backed up, and what it is, if nothing has changed since. */
export async function compareConversations(
  restoring: Restoring,
  place: Place,
  next: Place,
  isWanted: (id: string) => boolean,
): Promise<Step> {
  const { target, env, restore } = restoring;
  const sql = "SELECT id FROM conversations WHERE id > json_extract(?1, '$[0]') ORDER BY id LIMIT 1000";
  const page = await target.query<{ id: ConversationId }>({ sql, json: JSON.stringify([place.after]) });
  const wanted = page.map(({ id }) => id).filter(isWanted);
  const ids = wanted.slice(0, conversationsAtOnce);
  const last = wanted.length > ids.length ? ids.at(-1) : page.at(-1)?.id;
  if (last === undefined) return { next, counts: nothing };
  const counts: Record<string, number> = {};
  const marks = await new BackupStore(env.DB).marks(ids, restore.number + 1);
  const vault = await vaultOf(restoring);
  for (const id of ids) {
    const mine = await imageOf((from) => scratchOf(env, id).putBackImage(restore.run, from));
    if (mine === undefined) throw new Wrong(id, 'did not come back whole');
    const known = marks.get(id);
    if (
      known !== undefined &&
      (known.position !== mine.mark.position || !isSameBeside(known.digest, mine.mark.digest))
    )
      throw new Wrong(id, 'did not come back as it was');
    const live = await imageOf((from) => conversationOf(env, id).image(null, from));
    const count = (what: string, by = 1) => (counts[what] = (counts[what] ?? 0) + by);
    // It was erased since, and its keys with it.
    if (live === undefined) {
      count('conversations erased since');
      continue;
    }
    // Its old keys are destroyed, and nothing of before opens.
    if (known !== undefined && !isSealedAlike(known.digest, live.mark.digest)) {
      count('conversations sealed anew since');
      continue;
    }
    const isSame =
      live.mark.position === mine.mark.position && isSameBeside(live.mark.digest, mine.mark.digest);
    if (isSame && live.lines.join('\n') !== mine.lines.join('\n'))
      throw new Wrong(id, 'did not come back as it is');
    count(isSame ? 'conversations compared' : 'conversations changed since');
    const opened = await openSome(vault, keyStore(env.KEYS), id, mine.lines, messagesOpened).catch(() => {
      throw new Wrong(id, 'has messages that can not be opened');
    });
    count('messages opened', opened);
  }
  return { next: { ...place, after: last }, counts };
}

type Imaged = { text: string; next: number | null; mark: { position: number; digest: string } };

async function imageOf(
  read: (from: number | null) => Promise<unknown>,
): Promise<{ lines: string[]; mark: Imaged['mark'] } | undefined> {
  const lines: string[] = [];
  for (let from: number | null = null; ;) {
    const image = (await read(from)) as Imaged | undefined;
    if (image === undefined) return undefined;
    lines.push(...image.text.trimEnd().split('\n'));
    if (image.next === null) return { lines, mark: image.mark };
    from = image.next;
  }
}
