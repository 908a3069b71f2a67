/** One conversation, or all of one visitor's, opened out of a backup with the keys of a copy of their store. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from '../../protocol/backup-proof.ts';
import {
  bind,
  type DataKey,
  fromBase64url,
  type Keyring,
  type KeyTable,
  Vault,
  VaultError,
} from '../../vault.ts';
import { Halt } from '../halt.ts';
import { fileIn, namesIn } from './folder.ts';
import { type Backups, type Beside, linesIn, type Row } from './reading.ts';

const placesPerSeq = 2 ** 16;
const bytesOf = (cell: Row[string] | undefined): Uint8Array =>
  typeof cell === 'object' && cell !== null ? (fromBase64url(cell.b) ?? new Uint8Array()) : new Uint8Array();

type Held = { messages: Map<number, Row>; beside: Beside };
type Sources = { backups: Backups; folder: string; keys: string; keyring: Keyring };
export type Wanted = { conversation: string } | { visitor: string };

/** Writes what is wanted as JSON, and its files beside it. @returns how many conversations and files that were */
export async function openInto(
  to: string,
  { backups, folder, keys, keyring }: Sources,
  number: number,
  wanted: Wanted,
): Promise<{ conversations: number; files: number }> {
  const newest = (await backups.heads()).at(-1);
  const service: Row[] = [];
  const erased = new Set<string>();
  const conversations = new Map<string, Held>();
  const objects = new Map<string, Part>();
  let visitor: Row | undefined;
  if (newest !== undefined)
    for await (const line of backups.lines(newest)) {
      if (!('table' in line)) continue;
      if (line.table === 'erased') erased.add(line.row['id'] as string);
      if (line.table === 'keys') service.push(line.row);
    }
  const id = 'conversation' in wanted ? wanted.conversation : wanted.visitor;
  if (erased.has(id)) throw new Halt(`${id} was erased.`);
  const ids = await idsOf(backups, number, wanted);
  for (const head of await backups.chain(number)) {
    for (const part of await backups.parts(head))
      if (part.name.startsWith('objects/files/'))
        objects.set(part.name.slice('objects/files/'.length, -37), part);
    for await (const line of backups.lines(head)) {
      if ('table' in line && line.table === 'keys') service.push(line.row);
      if ('table' in line && line.table === 'visitors' && line.row['id'] === id) visitor = line.row;
      if (!('conversation' in line) || erased.has(line.conversation) || !ids.has(line.conversation)) continue;
      const held = conversations.get(line.conversation) ?? { messages: new Map(), beside: none };
      if ('message' in line) held.messages.set(Number(line.message['position']), line.message);
      else held.beside = line.beside;
      conversations.set(line.conversation, held);
    }
  }
  for (const name of namesIn(folder).filter((each) => each.startsWith('keys/'))) {
    const packed = await backups.openBeside(name, (await fileIn(folder, name)) ?? new Uint8Array());
    if (packed !== undefined) service.push(...linesIn(packed).map((row) => JSON.parse(row) as Row));
  }
  const vault = await vaultOf(keyring, service);
  const record = async (name: string) => fileIn(keys, name);
  mkdirSync(to, { recursive: true });
  const count = { conversations: 0, files: 0 };
  for (const [each, held] of conversations) {
    const files = await openConversation(to, each, held, { vault, record, objects, backups });
    count.conversations++;
    count.files += files;
  }
  if (visitor !== undefined) await openVisitor(to, id, visitor, vault, await record(`visitor/${id}`));
  if (count.conversations === 0 && visitor === undefined)
    throw new Halt(`Backup ${number} holds nothing of ${id}.`);
  return count;
}

/** Which conversations are wanted: those of a visitor stand in the table of all. */
async function idsOf(backups: Backups, number: number, wanted: Wanted): Promise<Set<string>> {
  if ('conversation' in wanted) return new Set([wanted.conversation]);
  const ids = new Set<string>();
  for await (const line of backups.lines((await backups.chain(number)).at(-1)))
    if ('table' in line && line.table === 'conversations' && line.row['visitor'] === wanted.visitor)
      ids.add(line.row['id'] as string);
  return ids;
}

const none: Beside = { conversation: {}, removals: [], marks: [], entries: [], files: [] };

type Opening = {
  vault: Vault;
  record: (name: string) => Promise<Uint8Array | undefined>;
  objects: ReadonlyMap<string, Part>;
  backups: Backups;
};

async function openConversation(
  to: string,
  id: string,
  { messages, beside }: Held,
  opening: Opening,
): Promise<number> {
  const { vault, record } = opening;
  const { conversation: row, files, removals } = beside;
  const keys: { from: number; key: DataKey }[] = [];
  for (const from of JSON.parse(row['keys'] as string) as number[]) {
    const kept = await record(`conversation/${id}/${from}`);
    if (kept === undefined)
      throw new Halt(
        `The key of ${id} is nowhere: it was erased, or the copy of the store of keys is older.`,
      );
    keys.push({ from, key: await vault.dataKey(bind('sotto/conversation-key/1', [id, from]), kept) });
  }
  const keyAt = (seq: number) => keys.findLast(({ from }) => from <= seq)?.key ?? missing(id);
  const fact = async (name: string) =>
    JSON.parse(
      await keyAt(1).openText(bind('sotto/conversation-fact/1', [id, name]), bytesOf(row[name])),
    ) as unknown;
  const removed = new Set(removals.map(({ position }) => position));
  const said: object[] = [];
  for (const [position, message] of [...messages].toSorted(([one], [other]) => one - other)) {
    const { id: mark, author, at, author_kind } = message as Record<string, string | number>;
    const [seq, n] = [Math.floor(position / placesPerSeq), position % placesPerSeq];
    const kind = n > 0 ? 'note' : files.some((file) => file['seq'] === seq) ? 'file' : 'text';
    const place = bind('sotto/message/1', [id, seq, n, author ?? '', kind, at ?? 0, mark ?? '']);
    const isRemoved = removed.has(position);
    const text = isRemoved ? null : await keyAt(seq).openText(place, bytesOf(message['sealed']));
    said.push({
      ...{ seq, ...(n > 0 && { n }), at: new Date(Number(at)).toISOString(), kind },
      ...{ from: { kind: author_kind === 0 ? 'customer' : 'staff', id: author }, text, removed: isRemoved },
    });
  }
  const opened: object[] = [];
  for (const file of files.filter(({ state, seq }) => state !== 'gone' && seq !== null))
    opened.push(await openFile(to, id, file, opening));
  const { site, team, visitor, state, started_at } = row;
  const told = {
    ...{ id, site, team, visitor, state, startedAt: new Date(Number(started_at)).toISOString() },
    ...{ page: await fact('page'), customer: await fact('customer'), tags: await fact('tags') },
    ...{ messages: said, files: opened },
  };
  writeFileSync(join(to, `${id}.json`), `${JSON.stringify(told, null, 2)}\n`);
  return opened.length;
}

async function openFile(
  to: string,
  id: string,
  row: Row,
  { vault, record, objects, backups }: Opening,
): Promise<object> {
  const file = row['id'] as string;
  const kept = await record(`file/${id}/${file}`);
  if (kept === undefined) return { id: file, opened: false };
  const place = [id, file] as const;
  const key = await vault.fileKey([...place], kept);
  const about = JSON.parse(
    await key.openText(bind('sotto/file/1', [...place]), bytesOf(row['about'])),
  ) as Record<string, unknown>;
  const manifest = await key.openManifest(bytesOf(row['manifest']));
  const stream = await key.openBytes(
    manifest,
    { from: 0, to: manifest.length },
    async (part, attempt, range) => {
      const there = objects.get(`${id}/${file}/${part}/${attempt}`);
      if (there === undefined) return null;
      const bytes = await backups.open(there);
      const { offset, length } = range as { offset: number; length: number };
      return { size: bytes.length, body: new Blob([bytes.slice(offset, offset + length)]).stream() };
    },
  );
  const folder = join(to, id);
  mkdirSync(folder, { recursive: true });
  // What it is called is its sender's to say, and no path.
  writeFileSync(join(folder, file), new Uint8Array(await new Response(stream).arrayBuffer()));
  return { id: file, opened: true, path: `${id}/${file}`, ...about };
}

async function openVisitor(
  to: string,
  id: string,
  row: Row,
  vault: Vault,
  kept: Uint8Array | undefined,
): Promise<void> {
  if (kept === undefined) throw new Halt(`The key of ${id} is nowhere: it was erased.`);
  const key = await vault.dataKey(bind('sotto/visitor-key/1', [id]), kept);
  const field = async (name: string) =>
    row[name] === null ? null : key.openText(bind('sotto/visitor/1', [id, name]), bytesOf(row[name]));
  const told = { id, site: row['site'], name: await field('name'), address: await field('address') };
  writeFileSync(join(to, `${id}.json`), `${JSON.stringify(told, null, 2)}\n`);
}

/** The vault of these keys, and of no others. */
function vaultOf(keyring: Keyring, rows: readonly Row[]): Promise<Vault> {
  const byId = new Map(rows.map((row) => [row['id'], row]));
  const all = [...byId.values()].map((row) => ({
    ...(row as unknown as Awaited<ReturnType<KeyTable['all']>>[number]),
    wrapped: bytesOf(row['wrapped']),
    createdAt: Number(row['created_at']),
  }));
  const table = {
    all: () => Promise.resolve(all),
    insertActive: (row: (typeof all)[number]) => Promise.resolve(void all.push(row)),
  };
  return Vault.open(keyring, table as unknown as KeyTable, Date.now());
}

function missing(id: string): never {
  throw new VaultError('key_unknown', `no key of ${id} is for this message`);
}
