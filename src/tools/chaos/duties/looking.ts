/** What came of long duties, as it is stored: past the server, while that is down. */
import { join } from 'node:path';
import { readList, partsName } from '../../../protocol/backup-proof.ts';
import type { Checkpoint } from '../../../protocol/ledger-proof.ts';
import { namedKey } from '../../../vault.ts';
import { download, linesOf, verify } from '../../engine/backups.ts';
import { objectsIn } from '../../engine/stored.ts';
import type { Finding } from '../checker/finding.ts';
import { checkLedger } from '../checker/ledger.ts';
import { Past } from '../past.ts';
import { checkBackedUp, checkGone, checkKeys, checkNamed, checkTraces, type MessageLine } from './checker.ts';
import { bytesIn, everythingIn, idsIn, inDatabase, namesIn, settledBytesIn, talksIn } from './raw.ts';
import { MARK, type Talks } from './talks.ts';

/** Who was to go is gone, and who was to stay is there. @param keys those of whoever was erased */
export function lookAtTalks(state: string, talks: Talks, keys: readonly Buffer[]): Finding[] {
  // Before any of it is opened, which puts the journal's pages in their places: nothing in the clear lies in those either.
  const bytes = bytesIn(state);
  const standing = {
    ...{ talks: talksIn(state), directory: idsIn(state, 'SELECT id FROM conversations') },
    ...{ keys: namesIn(state, 'sotto-keys'), files: namesIn(state, 'sotto-files') },
    erased: idsIn(state, 'SELECT id FROM erased'),
  };
  return [
    ...checkGone(standing, talks.gone, [...talks.there.keys()]),
    ...checkTraces(everythingIn(state), keys, [MARK]),
    ...checkTraces(bytes, [], [MARK]),
    ...checkTraces(settledBytesIn(state), keys, [MARK]),
  ];
}

/** Each part of a copy lies there once, and of whoever was erased there is none. */
export function lookAtCopies(state: string, erased: string): Finding[] {
  const names = namesIn(state, 'sotto-copies');
  const parts = names.map((name) => name.replace(/[/][^/]*$/, ''));
  const doubled = parts.filter((part, at) => parts.indexOf(part) !== at);
  const left = names.filter((name) => name.startsWith(`${erased}/`));
  return [...doubled, ...left].map((name) => ({ kind: 'not healed', what: `${name} lies among copies` }));
}

/**
 * @param folder where it is downloaded to
 * @param begunAt what was said before then lies in it
 */
export async function lookAtBackups(
  state: string,
  folder: string,
  keyring: string,
  { talks, begunAt }: { talks: Talks; begunAt: number },
): Promise<Finding[]> {
  download(state, 'sotto-backups', folder);
  const { ok, output } = await verify(folder);
  if (!ok) return [{ kind: 'changed', what: `a backup is not whole: ${output}` }];
  const backups = inDatabase(state, 'SELECT number, state, begun_at FROM backups ORDER BY number');
  const broken = backups.filter((row) => row['state'] !== 'whole');
  const lines: MessageLine[] = [];
  for (const row of backups.filter(({ state: is }) => is === 'whole'))
    for await (const some of linesOf(folder, Number(row['number']), keyring))
      lines.push(...some.filter((line) => 'message' in line).map((line) => line as MessageLine));
  const named = inDatabase(state, 'SELECT name FROM backup_parts UNION SELECT name FROM backup_objects');
  const there = objectsIn(state, 'sotto-backups').filter(
    ({ key, uploaded }) =>
      !/[/](?:manifest|parts)$/.test(key) &&
      // Keys that were renewed lie there until a backup that was begun then has them.
      !(key.startsWith('keys/') && uploaded >= Number(backups.at(-1)?.['begun_at'])),
  );
  return [
    ...broken.map((row): Finding => ({ kind: 'not healed', what: `a backup is ${String(row['state'])}` })),
    ...checkNamed(
      'backups',
      there.map(({ key }) => key),
      [...new Set([...named.map((row) => String(row['name'])), ...listedIn(state)])],
    ),
    ...checkBackedUp(
      [...talksIn(state).values()].filter(({ id }) => talks.there.has(id)),
      lines,
      begunAt,
    ),
  ];
}

/** What the backups name themselves: of those that were found when one was put back the database knows no more. */
function listedIn(state: string): string[] {
  const lists = new Set(
    inDatabase(state, 'SELECT number FROM backups').map((row) => partsName(Number(row['number']))),
  );
  return objectsIn(state, 'sotto-backups')
    .filter(({ key }) => lists.has(key))
    .flatMap(({ read }) => readList(Buffer.from(read()).toString()))
    .flatMap((part) => (part === undefined ? [] : [part.name]));
}

/** The ledger is whole, and nothing lies under a key that is gone. */
export function lookAtEnd(state: string, folder: string, head: Checkpoint | undefined): Finding[] {
  const ledger = { ...new Past(state, join(folder, 'copies')).ledger(), head };
  return [
    ...checkLedger({ clients: [], conversations: [], inboxes: [], directory: [], ledger }),
    ...checkKeys(recordsIn(state), keysIn(state)),
  ];
}

const pepperedIn = {
  ledger_witness: 'address',
  contracts: 'note',
  controller: 'contacts',
  incident_policies: 'text',
  incident_roles: 'contact',
  check_exceptions: 'reason',
};

/** Every wrapped key and peppered value that a rotation has to reach, with the key that it lies under. */
export function recordsIn(state: string): { at: string; key: number }[] {
  const columns = [
    ...['people', 'visitors', 'bans', 'requests', 'incidents'].map(
      (table) => `SELECT id AS name, key AS sealed FROM ${table}`,
    ),
    `SELECT owner || '/' || month AS name, key AS sealed FROM ledger_keys`,
    'SELECT id AS name, secret AS sealed FROM site_keys',
    ...Object.entries(pepperedIn).map(
      ([table, column]) => `SELECT '${table}' AS name, ${column} AS sealed FROM ${table}`,
    ),
  ];
  const rows = columns.flatMap((query) => inDatabase(state, query));
  const inD1 = rows.flatMap(({ name, sealed }) =>
    sealed instanceof Uint8Array && sealed.length > 5 ? [{ at: String(name), key: namedKey(sealed) }] : [],
  );
  const own = [...talksIn(state).values()].flatMap(({ id, keys }) =>
    keys.map((record) => ({ at: id, key: namedKey(record) })),
  );
  const kept = objectsIn(state, 'sotto-keys').map(({ key, read }) => ({ at: key, key: namedKey(read()) }));
  return [...inD1, ...own, ...kept];
}

export function keysIn(state: string): Set<number> {
  return new Set(inDatabase(state, 'SELECT id FROM keys').map((row) => Number(row['id'])));
}
